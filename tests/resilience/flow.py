"""The steady flow: reports that come in, are verified and confirmed, in many schools at once, whatever else happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from cli.house import House
from services.reports import commands
from services.reports.domain.values import Channel, Kind, Place, Source, Urgency
from shared.domain import Actor, Command, VersionConflictError
from shared.ids import new_id
from shared.testing.waiting import wait_until

HANDS = 4
ON_THE_WAY = 60  # events that may still come after those waited for: so that it flows while the harm is done
BUSIEST = 4  # one report in so many is of one large school, where order is put to the test; the others take turns
# Of so many reports in turn, some are confirmed, and one is of danger that nobody looks at: a clock's business.
OF_SO_MANY, CONFIRMED, IN_DANGER = 14, (3, 10), 7
CASES_OF_A_REPORT = (1, 2, 3)  # in turn: how many cases a confirmed report opens
EVENTS_OF_A_CASE = 4  # opened, its duty to inform, its first team member, its coordinator: public all, and heard twice
PATIENCE_SECONDS = 300.0
PAUSE_SECONDS = 0.02
HEAD = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
REPORTER = Actor(id=f"reporter:{new_id()}", roles=frozenset({"reporter"}))


class Flow:
    """Executes commands of `reports` from several threads; a command that fails for want of a database is sent again
    under the same id until it is answered.
    """

    def __init__(self, house: House, tenants: Sequence[UUID]) -> None:
        self.house = house
        self.tenants = tenants
        self.confirmed: dict[UUID, int] = {}  # report: cases it opens
        self.left_open: list[UUID] = []
        self.events = 0  # public events that follow from the reports that have come in: their own, and their cases'
        self._application = house.services["reports"].application
        self._begun = 0
        self._allowed = 0
        self._guard = threading.Lock()
        self._stop = threading.Event()
        self._failures: list[BaseException] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Reports keep coming inside."""
        self._stop.clear()
        self._failures.clear()
        hands = [threading.Thread(target=self._work, daemon=True) for _ in range(HANDS)]
        for hand in hands:
            hand.start()
        try:
            yield
        finally:
            self._stop.set()
            for hand in hands:
                hand.join(PATIENCE_SECONDS)
        assert not self._failures, self._failures

    def wait_for(self, more: int) -> None:
        """Waits until reports have come from which so many more public events follow; a few more keep coming."""
        goal = self.events + more
        self._allowed = goal + ON_THE_WAY
        wait_until(lambda: self._failures or self.events >= goal, PATIENCE_SECONDS, f"{more} more events")
        assert not self._failures, self._failures

    def _work(self) -> None:
        try:
            while not self._stop.is_set():
                begun = self._begin()
                if begun is None:
                    self._stop.wait(PAUSE_SECONDS)
                    continue
                self._take_in(begun)
        except BaseException as error:  # noqa: BLE001 - told to the test
            self._failures.append(error)

    def _begin(self) -> int | None:
        """The number of the next report; None where enough have come for now."""
        with self._guard:
            if self.events >= self._allowed:
                return None
            self._begun += 1
            return self._begun

    def _take_in(self, count: int) -> None:
        kind = count % OF_SO_MANY
        tenant = self.tenants[count % len(self.tenants) if count % BUSIEST else 0]
        received = self._ask(
            commands.ReceiveReport,
            tenant,
            REPORTER,
            source=Source.CHILD_WITNESS,
            channel=Channel.WEB,
            description="Сыныптастары күн сайын ұрады",
            place=Place.SCHOOL,
            kinds=(Kind.PHYSICAL,),
            immediate_danger=kind == IN_DANGER,
        )
        report = UUID(received["report"])
        with self._guard:
            self.events += 1
            if kind == IN_DANGER:
                self.left_open.append(report)
        if kind in CONFIRMED:
            self._confirm(report, tenant, CASES_OF_A_REPORT[count // OF_SO_MANY % len(CASES_OF_A_REPORT)])

    def _confirm(self, report: UUID, tenant: UUID, cases: int) -> None:
        self._ask(commands.TriageReport, tenant, HEAD, report=report, kinds=(Kind.PHYSICAL,), urgency=Urgency.URGENT)
        self._ask(commands.BeginVerification, tenant, HEAD, report=report)
        self._ask(commands.RecordVerificationStep, tenant, HEAD, report=report, what="Әңгіме", finding="Көгерген")
        confirmation = {"report": report, "reasons": "Екі куәгер", "kinds": (Kind.PHYSICAL,), "count_of_cases": cases}
        self._ask(commands.ConfirmReport, tenant, HEAD, **confirmation)
        with self._guard:
            self.confirmed[report] = cases
            self.events += 1 + cases * EVENTS_OF_A_CASE

    def _ask(self, kind: type[Command], tenant: UUID, by: Actor, **facts: Any) -> dict[str, Any]:
        command = kind(tenant=tenant, command_id=new_id(), by=by, **facts)
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._application.execute(command).body
            except (SQLAlchemyError, psycopg.Error, VersionConflictError):
                if time.monotonic() >= ends:
                    raise
                time.sleep(0.1)  # a poll with a deadline: the database is away
