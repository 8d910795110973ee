"""Whether two reports are about the same events: said by a person, never by the suite (REP-07).

A stream of its own for each pair: who may see only one of both must not learn of the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.reports.domain import rules
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def pair_of(report: UUID, other: UUID) -> UUID:
    """The stream of a pair, whichever is named first."""
    first, second = sorted((report, other))
    return derived_id(first, "same_events", str(second))


@registered
class SameEvents(Aggregate):
    """What was judged of a pair, once or again; what was joined stays so, as its walls do."""

    TOPIC = "reports.same_events"

    class Compared(FirstEvent):
        TOPIC = "reports.reports_compared"
        reports: list[UUID]

    class Joined(Event):
        """They are about the same events."""

        TOPIC = "reports.reports_joined"
        reports: list[UUID]
        reasons: str

    class KeptApart(Event):
        """They are not, however alike they look."""

        TOPIC = "reports.reports_kept_apart"
        reports: list[UUID]
        reasons: str

    @classmethod
    def compare(cls, *, report: UUID, other: UUID, by: Actor, at: datetime) -> Self:
        """Begins to judge a pair."""
        rules.reports_differ(report, other)
        return cls._begin(cls.Compared, id=pair_of(report, other), by=by, at=at, reports=sorted((report, other)))

    def join(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """Says that both are about the same events."""
        rules.reasons_are_given(reasons)
        rules.reports_are_not_joined(self.are_joined)
        self._record(self.Joined, by=by, at=at, reports=self.reports, reasons=reasons)

    def keep_apart(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """Says that they are not."""
        rules.reasons_are_given(reasons)
        rules.reports_are_not_joined(self.are_joined)
        self._record(self.KeptApart, by=by, at=at, reports=self.reports, reasons=reasons)

    def _compared(self, event: Compared) -> None:
        self.reports = list(event.reports)
        self.are_joined = False

    def _joined(self, event: Joined) -> None:
        self.are_joined = True

    def _kept_apart(self, event: KeptApart) -> None:
        """Nothing later depends on it."""
