"""The services of a report's way in one process on SQLite: called at their doors, hearing of each other at once.

No broker, no relay: `settle` takes each public event from the log to the lanes of those who listen, until all is heard.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from sqlalchemy import select

from cli.services import ALL_SERVICES
from shared.clock import FixedClock
from shared.domain import Actor
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.ledger.tables import public_events
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import Lanes
from shared.policy import Heard
from shared.runners.door import OpenDoor
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp, ServiceParts
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import LedgerServer, ledger_parts
from shared.tokens import mint_person_token, mint_reporter_token

MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""09:00 in Almaty, a working day."""
Data = dict[str, Any]


@dataclass
class Running:
    """One service: its application, its door as nameko would call it, its lanes and its follower."""

    service: ServiceApp
    door: Any
    lanes: Lanes
    follower: Follower

    @classmethod
    def built(
        cls, parts: ServiceParts, folder: Path, clock: FixedClock, keys: KeyRing, server: LedgerServer | None
    ) -> Self:
        """Over a fresh SQLite file, or a database of `server` that is there."""
        if server is None:
            database = Database(f"sqlite:///{folder / parts.name}.sqlite")
            install_sqlite(database, parts.metadata)
        else:
            database = LedgerServer(server.admin, f"{server.name}_{parts.name}").open()
        key = SigningKey.generate(parts.name)
        opened = ledger_parts(database, folder / f"{parts.name}.keys", clock)
        application = parts.build(replace(opened, signing_key=key))
        service = ServiceApp(
            parts=parts,
            application=application,
            database=database,
            signing_key=key,
            public_keys=keys,
            clock=clock,
        )
        door = parts.door()
        door.door = OpenDoor(service)
        return cls(service, door, Lanes(application), Follower(service, threading.Event()))


@dataclass
class WholeHouse:
    """All services, one school; `accounts` is its key alone: who is who is what the tokens say."""

    folder: Path
    school: UUID = field(default_factory=uuid4)
    clock: FixedClock = field(default_factory=lambda: FixedClock(MONDAY))
    server: LedgerServer | None = None

    def __post_init__(self) -> None:
        self._told: dict[tuple[str, UUID], int] = {}
        self.asked_with: dict[UUID, dict[str, Data]] = {}
        """What was answered, by the id of the command and the tenant that it was sent in."""
        self.key = SigningKey.generate("accounts")
        self.key.publish(self.folder / "public")
        keys = KeyRing(self.folder / "public")
        self.running = {
            parts.name: Running.built(parts, self.folder, self.clock, keys, self.server) for parts in ALL_SERVICES
        }

    @classmethod
    @contextmanager
    def open(cls, folder: Path, server: LedgerServer | None = None) -> Iterator[Self]:
        """Until the test is over; on PostgreSQL with a database `<name>_<service>` of `server` for each."""
        house = cls(folder, server=server)
        yield house
        for one in house.running.values():
            one.service.database.dispose()

    def ask(self, call: str, by: Actor, data: Mapping[str, Any], *, tenant: UUID | None = None) -> Data:
        """What a door answers somebody with a token, to `service.method`; commands get an id of their own."""
        service, _, method = call.partition(".")
        payload = {"command_id": str(uuid4()), "data": json.loads(json.dumps(data, default=str))}
        token = self.token(by, service, tenant or self.school)
        answer: Data = getattr(self.running[service].door, method)(token, payload)
        self.asked_with.setdefault(tenant or self.school, {})[payload["command_id"]] = answer
        return answer

    def do(self, call: str, by: Actor, *, tenant: UUID | None = None, **data: Any) -> Any:
        """The body of an answer that is none of refusal, once everybody has heard of it."""
        answer = self.ask(call, by, data, tenant=tenant)
        assert answer["ok"], (call, answer)
        self.settle()
        return answer["answer"]

    def hear(self, source: str, type_: str, tenant: UUID, body: Mapping[str, Any]) -> None:
        """The first public event of a service that does not run along, in a tenant."""
        self._tell(source, type_, tenant, 1, body, MONDAY, b"\0" * 32, uuid4())

    def settle(self) -> None:
        """Every public event is heard by every listener, and the read models catch up."""
        while sum(self._pass_on(name) for name in self.running):
            pass
        for one in self.running.values():
            while one.follower.follow_once():
                pass

    def accesses(self, service: str) -> list[tuple[str, str, Data]]:
        """A service's access log at the school: (topic, actor, facts), oldest first."""
        log = self.running[service].service.application.access_log
        return [(entry.topic, entry.actor, facts) for entry, facts in log.entries(self.school)]

    def _pass_on(self, name: str) -> int:
        with self.running[name].service.database.relay() as connection:
            rows = connection.execute(select(public_events).order_by(public_events.c.number)).all()
        news = [row for row in rows if row.number > self._told.get((name, row.tenant), 0)]
        for row in news:
            self._told[(name, row.tenant)] = row.number
            at = datetime.fromtimestamp(row.happened_at / 1_000_000, UTC)
            body = json.loads(row.body)
            self._tell(name, row.type, row.tenant, row.number, body, at, bytes(row.hash), row.incarnation)
        return len(news)

    def _tell(
        self,
        source: str,
        type_: str,
        tenant: UUID,
        number: int,
        body: Mapping[str, Any],
        at: datetime,
        hash_: bytes,
        incarnation: UUID,
    ) -> None:
        heard = Heard(
            source=source,
            tenant=tenant,
            number=number,
            hash=hash_,
            incarnation=incarnation,
            type=type_,
            happened_at=at,
            recorded_at=at,
            cause=None,
        )
        for one in self.running.values():
            if source in one.service.parts.listens_to:
                one.lanes.take(PublicEvent(heard, body))

    def token(self, by: Actor, service: str, tenant: UUID) -> str:
        """As accounts would give one, to whoever is named."""
        if by.person is None:
            pseudonym = UUID(by.id.partition(":")[2])
            return mint_reporter_token(
                self.key, reporter=pseudonym, tenant=tenant, audience=service, now=datetime.now(UTC)
            )
        return mint_person_token(
            self.key,
            person=by.person,
            tenant=tenant,
            roles=by.roles,
            home=tenant,
            purpose=by.purpose,
            audience=service,
            now=datetime.now(UTC),
        )
