"""The cases service as it runs: application, follower and clock over a SQLite file, and commands in short."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from services.cases import commands
from services.cases.application import CasesApplication
from services.cases.bootstrap import SERVICE, build
from services.cases.domain.case import Case
from services.cases.domain.values import ConfirmedReport, Level, Role
from services.cases.tests.builders import (
    DOCTOR,
    HEAD,
    MONDAY,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    a_report,
    all_factors,
    person,
)
from shared.clock import FixedClock
from shared.domain import Actor, Command
from shared.ledger.application import Answer
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import ledger_parts

SCHOOL = UUID("5b1d94f5-63e5-4b34-9a5d-0a5dfd8b6d02")


@dataclass(frozen=True, kw_only=True)
class World:
    """One service, one school."""

    service: ServiceApp
    application: CasesApplication
    clock: FixedClock
    follower: Follower
    clockwork: Clockwork

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Self]:
        """Over a fresh SQLite file in `folder`; at MONDAY until the clock is moved."""
        database = Database(f"sqlite:///{folder / 'cases.sqlite'}")
        install_sqlite(database, SERVICE.metadata)
        clock = FixedClock(MONDAY)
        application = build(ledger_parts(database, folder / "keys", clock))
        service = ServiceApp(
            parts=SERVICE,
            application=application,
            database=database,
            signing_key=SigningKey.generate("cases"),
            public_keys=KeyRing(folder / "public"),
            clock=clock,
        )
        follower = Follower(service, threading.Event())
        yield cls(
            service=service,
            application=application,
            clock=clock,
            follower=follower,
            clockwork=Clockwork(service),
        )
        database.dispose()

    def do(
        self,
        command: type[Command],
        by: Actor,
        *,
        command_id: UUID | None = None,
        tenant: UUID = SCHOOL,
        **asked: Any,
    ) -> Answer:
        """Does a command in the school's tenant, or another's, and lets the read models catch up."""
        done = self.application.execute(command(tenant=tenant, command_id=command_id or uuid4(), by=by, **asked))
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

    def open_case(self, report: ConfirmedReport | None = None, command_id: UUID | None = None) -> UUID:
        """A case from a confirmed report."""
        answer = self.do(commands.OpenCase, POLICY, command_id=command_id, report=report or a_report())
        return UUID(answer.body["case"])

    def staff(self, case: UUID) -> None:
        """Psychologist and doctor join."""
        for actor, role in ((PSYCHOLOGIST, Role.PSYCHOLOGIST), (DOCTOR, Role.SCHOOL_DOCTOR)):
            self.do(commands.JoinTeam, HEAD, case=case, person=person(actor), role=role)

    def assess(self, case: UUID, level: Level = Level.MEDIUM) -> Answer:
        """The pedagogue assesses risk."""
        return self.do(
            commands.AssessRisk,
            PEDAGOGUE,
            case=case,
            level=level,
            factors=all_factors(),
            reasons="Қысым жалғасуда",
            childs_place="Қорқады",
            childs_safety="Жоқ",
            best_interests="Қауіпсіздік бірінші",
        )

    def case(self, case: UUID) -> Case:
        """The aggregate as stored."""
        return self.application.for_tenant(SCHOOL).get(Case, case)

    def meet(self, case: UUID, *participants: Actor, decisions: Sequence[str] = (), closing: bool = False) -> UUID:
        """The first puts a meeting down, each of the others confirms; by default all three of the service."""
        first, *others = participants or (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        met = self.do(
            commands.HoldMeeting,
            first,
            case=case,
            held_at=self.clock.now(),
            participants=[person(actor) for actor in (first, *others)],
            discussed="Өзгеріс тұрақты",
            decisions=[{"decision": one, "best_interests": "Бала қауіпсіз"} for one in decisions],
            closing={"reasons": "Тұрақты оң өзгеріс", "best_interests": "Бала қауіпсіз"} if closing else None,
        )
        meeting = UUID(met.body["meeting"])
        for actor in others:
            self.do(commands.ConfirmParticipation, actor, case=case, meeting=meeting, took_part=True)
        return meeting

    def accesses(self) -> list[tuple[str, dict[str, Any]]]:
        """The access log: (topic, facts), oldest first."""
        return [(entry.topic, facts) for entry, facts in self.application.access_log.entries(SCHOOL)]
