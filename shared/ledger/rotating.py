"""Rotation of a service's keys, each recorded as an act in the log concerned (shared/ledger/key_acts.py).

Every one may be broken off anywhere and begun again: an older key is destroyed only once nothing needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from shared.domain import Actor, DomainError, UnknownError
from shared.ids import new_id
from shared.ledger.application import LedgerApplication
from shared.ledger.key_acts import KeyAct
from shared.ledger.key_rows import renew_tenant_key
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.stream_keys import KeyDestroyedError


class ReasonMissingError(DomainError):
    """An act on keys has a reason."""

    code = "keys.reason_missing"


def rotate_tenant_key(
    application: LedgerApplication, tenant: UUID, by: Actor, reason: str
) -> Iterator[tuple[int, int]]:
    """A new key in the place of a tenant's; yields (done, all) stream keys of this service. Raises UnknownError."""
    keys = application.parts.tenant_keys
    if keys.is_destroyed(tenant):
        raise UnknownError(what="tenant")
    act = record(application, tenant, KeyAct.TenantKeyRotationBegun, by, reason)
    done = 0
    for done, total in renew_tenant_key(application.parts.database, tenant, keys):
        yield done, total
    end(application, tenant, act, KeyAct.TenantKeyRotated, by, generation=keys.newest(tenant), rewrapped=done)


def rewrap_by_master(
    application: LedgerApplication, generation: int, by: Actor, reason: str
) -> Iterator[tuple[int, int]]:
    """Wraps all of this service's tenant keys anew under the newest master key; yields (done, all) files."""
    keys: Any = application.parts.tenant_keys
    if not isinstance(keys, FolderTenantKeys):
        raise TypeError("only a key folder is wrapped by a master key")
    platform = application.parts.platform
    begun = KeyAct.MasterKeyRotationBegun
    act = record(application, platform, begun, by, reason, generation=generation)
    done = 0
    for done, total in keys.rewrap_all():
        yield done, total
    end(application, platform, act, KeyAct.MasterKeyRotated, by, rewrapped=done)


def renew_stream_key(application: LedgerApplication, tenant: UUID, stream: UUID, by: Actor, reason: str) -> int:
    """Seals a stream's coming events under a new key; gives how many keys it has then. Raises UnknownError.

    What was sealed before stays as it is: with the key that leaked it can be read in any copy, for good.
    """
    try:
        keys = application.keys(tenant).renew(stream)
    except KeyDestroyedError:
        raise UnknownError(what="stream") from None
    record(application, tenant, KeyAct.StreamKeyRenewed, by, reason, stream=stream, keys=keys)
    return keys


def record(
    application: LedgerApplication, tenant: UUID, event_class: Any, by: Actor, reason: str, **facts: Any
) -> KeyAct:
    """Appends the first event of an act. Raises ReasonMissingError."""
    if not reason.strip():
        raise ReasonMissingError
    ledger = application.for_tenant(tenant)
    act = KeyAct.begin(event_class, id=new_id(), by=by, at=ledger.now(), reason=reason, **facts)
    ledger.save(act)
    return act


def end(application: LedgerApplication, tenant: UUID, act: KeyAct, event_class: Any, by: Actor, **facts: Any) -> None:
    """Appends what became of an act."""
    ledger = application.for_tenant(tenant)
    act.end(event_class, by=by, at=ledger.now(), **facts)
    ledger.save(act)
