"""What keys an installation has, as its key folder shows it: ids, generations and modes, never key material."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.services import ALL_SERVICES
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.master_keys import FolderMasterKeys
from shared.signing import FORMER, KeyRing, SigningKey
from shared.signing_rotation import next_file, signing_file

OWNER_ONLY = 0o600


@dataclass(frozen=True, kw_only=True)
class ServiceKeys:
    """One service's keys: ids of signing keys, how many tenants have how many generations, what wraps them."""

    service: str
    signs: str | None
    prepared: str | None
    believed: Sequence[str]
    former: Sequence[str]
    tenants: int
    generations: int
    newest: int
    destroyed: int
    master: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """All of it; `readable_by_others` names private files whose mode is not 0600."""

    master: Sequence[int]
    services: Sequence[ServiceKeys]
    readable_by_others: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def inventory(keys: Path) -> Inventory:
    """Looks through the key folder of an installation; makes nothing."""
    masters = FolderMasterKeys(keys / "master.key")
    services = [
        _of_service(keys, parts.name, masters) for parts in ALL_SERVICES if (keys / "tenants" / parts.name).is_dir()
    ]
    loose = [
        str(path.relative_to(keys))
        for path in sorted(keys.rglob("*"))
        if path.is_file() and _is_private(path, keys) and stat.S_IMODE(path.stat().st_mode) != OWNER_ONLY
    ]
    return Inventory(master=masters.generations(), services=services, readable_by_others=loose)


def tenant_keys(keys: Path, service: str) -> FolderTenantKeys:
    """The tenants' keys of one service."""
    return FolderTenantKeys(keys / "tenants" / service, FolderMasterKeys(keys / "master.key"))


def tenants_with_keys(folder: FolderTenantKeys) -> list[UUID]:
    """The tenants that have a key in a service's folder."""
    return sorted({UUID(path.name.partition(".")[0]) for path in folder.files() if path.suffix == ".key"})


def _of_service(keys: Path, service: str, masters: FolderMasterKeys) -> ServiceKeys:
    folder = FolderTenantKeys(keys / "tenants" / service, masters)
    counted = [folder.generations(tenant) for tenant in tenants_with_keys(folder)]
    signs = _id_of(signing_file(keys, service), service)
    return ServiceKeys(
        service=service,
        signs=signs,
        prepared=_id_of(next_file(keys, service), service),
        believed=sorted(KeyRing(keys / "public").keys_of(service)),
        former=sorted(KeyRing(keys / "public" / FORMER).keys_of(service)),
        tenants=len(counted),
        generations=sum(map(len, counted)),
        newest=max((max(one) for one in counted), default=0),
        destroyed=len(folder.destroyed_tenants()),
        master=sorted(folder.master_generations()),
    )


def _id_of(path: Path, service: str) -> str | None:
    return SigningKey.load(path, service).id if path.exists() else None


def _is_private(path: Path, keys: Path) -> bool:
    return path.relative_to(keys).parts[0] != "public" and path.name != "public.jwks.json"
