"""Both toys in one house, on SQLite or PostgreSQL, and what a test wants to see of them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import (
    select,
)
from sqlalchemy.engine import URL

from shared.clock import Clock, SystemClock
from shared.ids import new_id
from shared.ledger.application import Answer, LedgerParts
from shared.ledger.database import Database
from shared.ledger.install import Roles, install_sqlite
from shared.ledger.tables import due, inbox, lanes, positions, waiting_lanes
from shared.messaging.envelope import PublicEvent, open_event
from shared.messaging.filler import Filler
from shared.messaging.lanes import Lanes
from shared.messaging.pages import PAGE
from shared.messaging.pull import pull_page
from shared.runners.door import OpenDoor
from shared.runners.news import Grown
from shared.runners.parts import ServiceApp, ServiceParts
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.keys import KeyCache
from shared.sealing.master_keys import FixedMasterKey
from shared.signing import KeyRing, SigningKey
from shared.testing.toy_services.alpha import ALPHA, PERSON, SOMEBODY, Alpha, Ring, bells
from shared.testing.toy_services.beta import BETA, Beta
from shared.tokens import mint_person_token


@dataclass
class Toy:
    """One of the two, with the events that wake its relay and its follower."""

    service: ServiceApp
    relay_woken: threading.Event = field(default_factory=threading.Event)
    follower_woken: threading.Event = field(default_factory=threading.Event)
    relay_grown: Grown = field(default_factory=Grown)
    follower_grown: Grown = field(default_factory=Grown)


class AtTheDoor:
    """Calls of another service that go straight to its door, in this process; `away` names those that do not answer."""

    def __init__(self, *services: ServiceApp) -> None:
        self._doors = {service.name: OpenDoor(service) for service in services}
        self.away: set[str] = set()
        self.called: list[tuple[str, str]] = []

    def call(self, service: str, method: str, *args: Any, timeout: float) -> dict[str, Any]:
        """What the door answers."""
        self.called.append((service, method))
        if service in self.away:
            raise TimeoutError
        if method == "pull":
            return self._doors[service].pull(*args)
        return self._doors[service].heads(*args)


class ToyHouse:
    """Alpha and beta, opened; a fresh tenant for whoever asks."""

    def __init__(self, folder: Path, clock: Clock | None, databases: Mapping[str, Callable[[], Database]]) -> None:
        self.folder = folder
        self.clock = clock or SystemClock()
        self._databases = databases
        self._master = FixedMasterKey(secrets.token_bytes(32))
        self._platform = new_id()
        (folder / "public").mkdir(parents=True, exist_ok=True)
        self.public_keys = KeyRing(folder / "public")
        self.signing_keys = {name: SigningKey.generate(name) for name in ("alpha", "beta", "accounts")}
        for key in self.signing_keys.values():
            key.publish(folder / "public")
        self._opened: list[Database] = []
        self.toys: dict[str, Toy] = {}
        for parts in (ALPHA, BETA):
            self.reopen(parts.name)
        self.rpc = AtTheDoor(self.toys["alpha"].service, self.toys["beta"].service)

    @classmethod
    def on_sqlite(cls, folder: Path, clock: Clock | None = None) -> Self:
        """Each in a SQLite file; the database is made once, as a file has one connection."""
        opened: dict[str, Database] = {}

        def database(parts: ServiceParts) -> Database:
            if parts.name not in opened:
                opened[parts.name] = Database(f"sqlite:///{folder / parts.name}.db")
                install_sqlite(opened[parts.name], parts.metadata)
            return opened[parts.name]

        return cls(folder, clock, {"alpha": lambda: database(ALPHA), "beta": lambda: database(BETA)})

    @classmethod
    def on_postgres(cls, folder: Path, admin: URL, prefix: str, clock: Clock | None = None) -> Self:
        """Each in a database of its own, `<prefix>_alpha` and `<prefix>_beta`, which must be installed."""

        def database(name: str) -> Database:
            roles = Roles(f"{prefix}_{name}")

            def url(role: str) -> Any:
                return admin.set(database=roles.database, username=role)

            return Database(url(roles.service), relay_url=url(roles.relay), clock_url=url(roles.clock))

        return cls(folder, clock, {"alpha": lambda: database("alpha"), "beta": lambda: database("beta")})

    def reopen(self, name: str) -> Toy:
        """The toy as another process would have it: built anew on the same database."""
        parts = {"alpha": ALPHA, "beta": BETA}[name]
        database = self._databases[name]()
        self._opened.append(database)
        relay_woken, follower_woken = threading.Event(), threading.Event()
        relay_grown, follower_grown = Grown(), Grown()

        def wake(tenant: UUID) -> None:
            relay_grown.add(tenant)
            follower_grown.add(tenant)
            relay_woken.set()
            follower_woken.set()

        application = parts.build(
            LedgerParts(
                database=database,
                tenant_keys=FolderTenantKeys(self.folder / "tenants" / name, self._master),
                clock=self.clock,
                platform=self._platform,
                key_cache=KeyCache(),
                woken=wake,
                signing_key=self.signing_keys[name],
            )
        )
        service = ServiceApp(
            parts=parts,
            application=application,
            database=database,
            signing_key=self.signing_keys[name],
            public_keys=self.public_keys,
            clock=self.clock,
            heard_by=frozenset({"beta"} if name == "alpha" else ()),
        )
        toy = Toy(service, relay_woken, follower_woken, relay_grown, follower_grown)
        self.toys.setdefault(name, toy)
        return toy

    def close(self) -> None:
        """Closes every database."""
        for database in self._opened:
            database.dispose()

    @property
    def alpha(self) -> Alpha:
        """Alpha's application."""
        return cast("Alpha", self.toys["alpha"].service.application)

    @property
    def beta(self) -> Beta:
        """Beta's application."""
        return cast("Beta", self.toys["beta"].service.application)

    def ring(self, tenant: UUID, **facts: Any) -> Answer:
        """A bell rung in alpha; `number` and whatever else a Ring has."""
        return self.alpha.execute(Ring(tenant=tenant, command_id=new_id(), by=SOMEBODY, **facts))

    def ring_all(self, tenant: UUID, count: int) -> list[int]:
        """Bells with the numbers 101, 102, …; gives the numbers."""
        numbers = [101 + step for step in range(count)]
        for number in numbers:
            self.ring(tenant, number=number)
        return numbers

    def events(self, tenant: UUID) -> list[PublicEvent]:
        """What alpha published of a tenant."""
        messages = pull_page(self.toys["alpha"].service, tenant, 0, PAGE)
        return [open_event(message, "alpha", self.public_keys) for message in messages]

    def heard(self, tenant: UUID) -> list[int]:
        """The numbers that beta repeated, in the order of its log."""
        ledger = self.beta.for_tenant(tenant)
        recorded = ledger.recorder.select_notifications(1, 10_000)
        opened: list[Any] = [ledger.mapper.to_domain_event(one) for one in recorded]
        return [event.number for event in opened]

    def lanes(self) -> Lanes:
        """The lanes of one more replica of beta."""
        return Lanes(self.beta)

    def filler(self, lanes: Lanes | None = None) -> Filler:
        """A filler of beta's that calls alpha's door."""
        return Filler(self.toys["beta"].service, lanes or self.lanes(), self.rpc)

    def lane(self, tenant: UUID) -> int:
        """The number of the last of alpha's events that beta handled."""
        with self.beta.parts.database.tenant(tenant) as connection:
            return connection.scalar(select(lanes.c.number).where(lanes.c.tenant == tenant)) or 0

    def waiting(self, tenant: UUID) -> Any:
        """The row of beta's lane in `waiting_lanes`, or None."""
        with self.beta.parts.database.tenant(tenant) as connection:
            return connection.execute(select(waiting_lanes).where(waiting_lanes.c.tenant == tenant)).one_or_none()

    def outcomes(self, tenant: UUID) -> list[str]:
        """What became of each event, in order, by beta's inbox."""
        chosen = select(inbox.c.outcome).where(inbox.c.tenant == tenant).order_by(inbox.c.number)
        with self.beta.parts.database.tenant(tenant) as connection:
            return list(connection.scalars(chosen))

    def bells(self, tenant: UUID) -> list[tuple[int, str]]:
        """Alpha's read model: number and state of each bell."""
        chosen = select(bells.c.number, bells.c.state).where(bells.c.tenant == tenant).order_by(bells.c.number)
        with self.alpha.read(tenant) as connection:
            return [(number, state) for number, state in connection.execute(chosen)]

    def duties(self, tenant: UUID) -> list[tuple[str, int]]:
        """Alpha's open duties: name and step."""
        with self.alpha.read(tenant) as connection:
            chosen = select(due.c.duty, due.c.step).where(due.c.tenant == tenant).order_by(due.c.due_at)
            return [(duty, step) for duty, step in connection.execute(chosen)]

    def position(self, tenant: UUID) -> int:
        """How far alpha's follower is."""
        with self.alpha.read(tenant) as connection:
            return connection.scalar(select(positions.c.position).where(positions.c.tenant == tenant)) or 0

    def token(self, tenant: UUID, audience: str = "alpha") -> str:
        """A person token for a door."""
        return mint_person_token(
            self.signing_keys["accounts"],
            person=PERSON,
            tenant=tenant,
            roles=["head"],
            home=tenant,
            purpose="",
            audience=audience,
            now=SystemClock().now(),
        )
