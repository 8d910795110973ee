"""A house: all services opened on their databases, keys and clock, in a home (embedded) or as the environment says.

A home is a folder that holds `data/<service>.db`, `keys/` (mode 0700: master key, tenant keys, signing keys, public
keys, platform id), `clock` (a rehearsal's shift in seconds), `lock` and, while it is served, `address`.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import select

from cli.services import ALL_SERVICES
from cli.settings import Settings
from shared.clock import Clock, ShiftedClock, SystemClock
from shared.ids import new_id
from shared.ledger.application import LedgerParts
from shared.ledger.database import Database
from shared.ledger.install import Roles, install_postgres, install_sqlite
from shared.ledger.tables import heads
from shared.runners.follower import Follower
from shared.runners.news import Grown
from shared.runners.parts import ServiceApp, ServiceParts
from shared.sealing.files import write_once
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.keys import KeyCache
from shared.sealing.master_keys import FolderMasterKeys
from shared.signing import KeyRing, SigningKey


class HomeInUseError(Exception):
    """Another process has this home; `address` is where it answers, if it serves."""

    def __init__(self, home: Path, address: str | None) -> None:
        super().__init__(f"the home {home} is in use by another process")
        self.address = address


@dataclass
class House:
    """The services of one installation, opened."""

    settings: Settings
    services: dict[str, ServiceApp]
    public_keys: KeyRing
    clock: Clock
    platform: UUID
    woken: dict[str, tuple[threading.Event, threading.Event]] = field(default_factory=dict)
    grown: dict[str, tuple[Grown, Grown]] = field(default_factory=dict)

    @classmethod
    def build(cls, settings: Settings, names: Sequence[str] | None = None) -> House:
        """Opens the named services (all, if none is named); makes what is missing of a home, and keys."""
        clock: Clock = ShiftedClock(settings.clock_file) if settings.clock_file else SystemClock()
        keys = _folder(settings.keys_folder)
        public = KeyRing(_folder(keys / "public"))
        house = cls(settings, {}, public, clock, _platform(keys))
        for parts in ALL_SERVICES:
            if names is None or parts.name in names:
                house.services[parts.name] = house._open(parts)
        return house

    def _open(self, parts: ServiceParts) -> ServiceApp:
        database = self._database(parts)
        relay, follower = self.woken[parts.name] = (threading.Event(), threading.Event())
        grown = self.grown[parts.name] = (Grown(), Grown())
        keys = self.settings.keys_folder
        signing_key = _signing_key(keys, parts.name)

        def wake(tenant: UUID) -> None:
            for one in grown:
                one.add(tenant)
            relay.set()
            follower.set()

        application = parts.build(
            LedgerParts(
                database=database,
                tenant_keys=FolderTenantKeys(keys / "tenants" / parts.name, FolderMasterKeys(keys / "master.key")),
                clock=self.clock,
                platform=self.platform,
                key_cache=KeyCache(),
                woken=wake,
                signing_key=signing_key,
                public_keys=self.public_keys,
            )
        )
        return ServiceApp(
            parts=parts,
            application=application,
            database=database,
            signing_key=signing_key,
            public_keys=self.public_keys,
            clock=self.clock,
            heard_by=frozenset(other.name for other in ALL_SERVICES if parts.name in other.listens_to),
        )

    def _database(self, parts: ServiceParts) -> Database:
        address = self.settings.database_url
        if address is None:
            database = Database(f"sqlite:///{self.settings.data_folder / parts.name}.db")
            install_sqlite(database, parts.metadata)
            return database
        roles = Roles(f"{self.settings.database_prefix}_{parts.name}")

        def url(role: str) -> str:
            return address.format(role=role, database=roles.database)

        return Database(url(roles.service), relay_url=url(roles.relay), clock_url=url(roles.clock))

    def install(self, admin_url: str) -> None:
        """Makes every service's database and signing key, where they are missing; `admin_url` is a superuser's.

        A process opens the private key of its own service only, so that each can be mounted where it belongs.
        """
        for parts in ALL_SERVICES:
            _signing_key(self.settings.keys_folder, parts.name)
            install_postgres(admin_url, f"{self.settings.database_prefix}_{parts.name}", parts.metadata)

    def tenants(self, service: str) -> list[UUID]:
        """The tenants that a service has a log of."""
        with self.services[service].database.relay() as connection:
            return sorted(connection.scalars(select(heads.c.tenant).distinct()))

    def checkpoint(self) -> None:
        """Signs a checkpoint of every log that grew, as the followers do now and then."""
        for name, service in self.services.items():
            Follower(service, self.woken[name][1]).checkpoint()

    def close(self) -> None:
        """Closes every database."""
        for service in self.services.values():
            service.database.dispose()

    @classmethod
    @contextmanager
    def open(cls, home: Path) -> Iterator[House]:
        """An embedded home, locked for this process. Raises HomeInUseError."""
        with locked(home):
            house = cls.build(Settings.of_home(home))
            try:
                yield house
            finally:
                house.close()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Holds a home's lock: one process at a time. Raises HomeInUseError.

    An address that was left behind by a process that was killed is nobody's.
    """
    _folder(home)
    lock: IO[str]
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeInUseError(home, address_of(home)) from None
        (home / "address").unlink(missing_ok=True)
        yield


def address_of(home: Path) -> str | None:
    """Where the process that has the home serves its API; None where it serves none."""
    try:
        return (home / "address").read_text().strip() or None
    except FileNotFoundError:
        return None


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _platform(keys: Path) -> UUID:
    write_once(keys / "platform.id", str(new_id()).encode())
    return UUID((keys / "platform.id").read_text())


def _signing_key(keys: Path, service: str) -> SigningKey:
    path = keys / "signing" / f"{service}.pem"
    if not path.exists():
        write_once(path, SigningKey.generate(service).pem())
    key = SigningKey.load(path, service)
    key.publish(_folder(keys / "public"))
    return key


def service_names() -> Mapping[str, ServiceParts]:
    """The services by name."""
    return {parts.name: parts for parts in ALL_SERVICES}
