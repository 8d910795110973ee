"""What the school does at once, what waits for an agency's decision, and what follows then (REF-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Awaited
from shared.domain import Actor, Event


class Waiting(Chapter):
    """A waiting step names the agency that it waits for, and ends by what that agency did or did not decide."""

    class AgencyAwaited(Event):
        """Done `at_once`, `awaited` from the agency, and what follows `then` (REF-06)."""

        TOPIC = "cases.agency_awaited"
        waiting: UUID
        agency: UUID
        at_once: str
        awaited: str
        then: str

    class WaitingEnded(Event):
        """What the agency said, or that it said nothing, and what the school does now (REF-06)."""

        TOPIC = "cases.waiting_ended"
        waiting: UUID
        agency: UUID
        outcome: str
        said: str
        follows: str

    def await_agency(
        self, *, waiting: UUID, agency: UUID, at_once: str, awaited: str, then: str, by: Actor, at: datetime
    ) -> None:
        """Waits for an agency that the school turned to in this case."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-06")
        rules.agency_was_asked(self, agency)
        self._record(
            self.AgencyAwaited,
            by=by,
            at=at,
            waiting=waiting,
            agency=agency,
            at_once=at_once,
            awaited=awaited,
            then=then,
        )

    def end_waiting(self, *, waiting: UUID, outcome: Awaited, said: str, follows: str, by: Actor, at: datetime) -> None:
        """Says what came of it, once."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-06")
        agency = rules.agency_is_awaited(self, waiting)
        self._record(
            self.WaitingEnded,
            by=by,
            at=at,
            waiting=waiting,
            agency=agency,
            outcome=outcome.value,
            said=said,
            follows=follows,
        )

    def _agency_awaited(self, event: AgencyAwaited) -> None:
        self.waiting_for[event.waiting] = event.agency

    def _waiting_ended(self, event: WaitingEnded) -> None:
        del self.waiting_for[event.waiting]
