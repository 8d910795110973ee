"""The monitoring service as it runs: application, follower and clock over a SQLite file, and commands in short."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from services.monitoring import commands
from services.monitoring.application import MonitoringApplication
from services.monitoring.bootstrap import SERVICE, build
from services.monitoring.domain.values import Level
from services.monitoring.reactions import REACTIONS
from services.monitoring.tests.builders import CHILD, NOW, PEDAGOGUE
from shared.clock import FixedClock
from shared.domain import Actor, Command
from shared.ids import new_id
from shared.ledger.application import Answer
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.policy import Heard
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import ledger_parts

SCHOOL = UUID("0f0e3b8a-4f52-4a4e-9d9b-0c5c1a52d111")
OTHER_SCHOOL = UUID("7c1d7d52-92c3-4a27-8a8e-3a1f5d1e5222")
NUMBERS = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class World:
    """One service, one school."""

    application: MonitoringApplication
    clock: FixedClock
    follower: Follower
    clockwork: Clockwork

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """Over a fresh SQLite file in `folder`; at NOW until the clock is moved."""
        database = Database(f"sqlite:///{folder / 'monitoring.sqlite'}")
        install_sqlite(database, SERVICE.metadata)
        clock = FixedClock(NOW)
        application = build(ledger_parts(database, folder / "keys", clock))
        service = ServiceApp(
            parts=SERVICE,
            application=application,
            database=database,
            signing_key=SigningKey.generate("monitoring"),
            public_keys=KeyRing(folder / "public"),
            clock=clock,
        )
        follower = Follower(service, threading.Event())
        yield cls(application=application, clock=clock, follower=follower, clockwork=Clockwork(service))
        database.dispose()

    def do(self, command: type[Command], by: Actor, *, tenant: UUID = SCHOOL, **asked: Any) -> Answer:
        """Does a command and lets the read models catch up."""
        asked.setdefault("command_id", new_id())
        done = self.application.execute(command(tenant=tenant, by=by, **asked))
        self.settle()
        return done

    def hear(self, type_: str, body: Mapping[str, Any], *, tenant: UUID = SCHOOL) -> None:
        """A public event of another service, as its reactions take it."""
        heard = Heard(
            source=type_.partition(".")[0],
            tenant=tenant,
            number=next(NUMBERS),
            hash=b"\0" * 32,
            incarnation=new_id(),
            type=type_,
            happened_at=self.clock.now(),
            recorded_at=self.clock.now(),
            cause=None,
        )
        for reaction in REACTIONS:
            if reaction.listens_to == type_:
                for command in reaction.policy(reaction.reader(body), heard):
                    self.application.execute(command)
        self.settle()

    def settle(self) -> None:
        """The follower catches up."""
        while self.follower.follow_once():
            pass

    def later(self, **time: float) -> None:
        """Lets time pass, and the clock say what was missed."""
        self.clock.advance(timedelta(**time))
        self.clockwork.tick()
        self.settle()

    def enter(self, by: Actor = PEDAGOGUE, **said: Any) -> UUID:
        """Enters a child in the risk group."""
        facts: dict[str, Any] = {
            "child": CHILD,
            "level": Level.SECONDARY,
            "category": "problem_behaviour",
            "reasons": "Үзілісте кішілерді итереді",
        }
        return UUID(self.do(commands.EnterChild, by, **(facts | said)).body["entry"])

    def topics(self, stream: UUID) -> list[str]:
        """What happened in a stream."""
        return [event.TOPIC for _, event in self.application.for_tenant(SCHOOL).events(stream)]

    def accesses(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The access log: (topic, actor, facts), oldest first."""
        return [(entry.topic, entry.actor, facts) for entry, facts in self.application.access_log.entries(SCHOOL)]
