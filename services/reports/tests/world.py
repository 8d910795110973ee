"""The reports service as it runs: application, follower and clock over a SQLite file, and commands in short."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from services.reports import commands
from services.reports.application import ReportsApplication
from services.reports.bootstrap import SERVICE, build
from services.reports.domain.report import Report
from services.reports.domain.values import Channel, Kind, Place, Source, Urgency
from services.reports.tests.builders import DEPUTY, PSYCHOLOGIST, PSYCHOLOGIST_ID, RECEIVED_AT, a_reporter
from shared.clock import FixedClock
from shared.domain import Actor, Command
from shared.ids import new_id
from shared.ledger.application import Answer
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import ledger_parts

SCHOOL = UUID("0f0e3b8a-4f52-4a4e-9d9b-0c5c1a52d111")
OTHER_SCHOOL = UUID("7c1d7d52-92c3-4a27-8a8e-3a1f5d1e5222")
DESCRIPTION = "Бүгін түскі үзілісте дене шынықтыру мұғалімі Ғазизді құлағынан тартты"


@dataclass(frozen=True, kw_only=True)
class World:
    """One service, one school."""

    folder: Path
    service: ServiceApp
    application: ReportsApplication
    clock: FixedClock
    follower: Follower
    clockwork: Clockwork

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """Over a fresh SQLite file in `folder`; at RECEIVED_AT until the clock is moved."""
        database = Database(f"sqlite:///{folder / 'reports.sqlite'}")
        install_sqlite(database, SERVICE.metadata)
        clock = FixedClock(RECEIVED_AT)
        key = SigningKey.generate("reports")
        application = build(replace(ledger_parts(database, folder / "keys", clock), signing_key=key))
        service = ServiceApp(
            parts=SERVICE,
            application=application,
            database=database,
            signing_key=key,
            public_keys=KeyRing(folder / "public"),
            clock=clock,
        )
        follower = Follower(service, threading.Event())
        yield cls(
            folder=folder,
            service=service,
            application=application,
            clock=clock,
            follower=follower,
            clockwork=Clockwork(service),
        )
        database.dispose()

    def do(
        self, command: type[Command], by: Actor, *, tenant: UUID = SCHOOL, command_id: UUID | None = None, **asked: Any
    ) -> Answer:
        """Does a command and lets the read models catch up."""
        done = self.application.execute(command(tenant=tenant, command_id=command_id or new_id(), by=by, **asked))
        self.settle()
        return done

    def settle(self) -> None:
        """The follower catches up."""
        while self.follower.follow_once():
            pass

    def later(self, **time: float) -> None:
        """Lets time pass, and the clock say what was missed."""
        self.clock.advance(timedelta(**time))
        self.clockwork.tick()
        self.settle()

    def receive(self, by: Actor | None = None, **said: Any) -> UUID:
        """Somebody reports."""
        facts: dict[str, Any] = {"source": Source.CHILD_WITNESS, "channel": Channel.WEB, "description": DESCRIPTION}
        return UUID(self.do(commands.ReceiveReport, by or a_reporter(), **(facts | said)).body["report"])

    def triage(self, report: UUID, by: Actor = DEPUTY, **judged: Any) -> Answer:
        """The deputy judges it and proposes the psychologist."""
        facts: dict[str, Any] = {
            "kinds": (Kind.PHYSICAL,),
            "urgency": Urgency.URGENT,
            "owner": PSYCHOLOGIST_ID,
        } | judged
        return self.do(commands.TriageReport, by, report=report, **facts)

    def verify(self, report: UUID) -> None:
        """The psychologist takes it and finds something."""
        self.do(commands.BeginVerification, PSYCHOLOGIST, report=report)
        self.do(
            commands.RecordVerificationStep,
            PSYCHOLOGIST,
            report=report,
            what="Куәгер балалармен әңгіме",
            finding="Үшеуі де көрген",
        )

    def confirm(self, report: UUID, **found: Any) -> Answer:
        """It is a fact."""
        facts: dict[str, Any] = {"reasons": "Үш куәгер", "kinds": (Kind.PHYSICAL,), "place": Place.SCHOOL} | found
        return self.do(commands.ConfirmReport, PSYCHOLOGIST, report=report, **facts)

    def report(self, report: UUID) -> Report:
        """The aggregate as stored."""
        return self.application.for_tenant(SCHOOL).get(Report, report)

    def accesses(self) -> list[tuple[str, str, dict[str, Any]]]:
        """The access log: (topic, actor, facts), oldest first."""
        return [(entry.topic, entry.actor, facts) for entry, facts in self.application.access_log.entries(SCHOOL)]
