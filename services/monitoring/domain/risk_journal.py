"""The school's risk journal as a whole: reviewed at intervals; and the walks that feed it (RSK-06, MON-06)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.monitoring.domain.group_entry import Due
from services.monitoring.domain.rules import informing
from services.monitoring.domain.rules import journal as rules
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.regulation import local_day

JOURNAL_REVIEW = "journal_review"
"""The duty to review the journal."""


def journal_of(tenant: UUID) -> UUID:
    """Each school has one."""
    return derived_id(tenant, "risk_journal")


@registered
class RiskJournal(Aggregate):
    """Opened with the school, reviewed as a whole."""

    TOPIC = "monitoring.risk_journal"

    class Opened(FirstEvent):
        TOPIC = "monitoring.risk_journal_opened"
        review_by: datetime
        rule: str

    class Reviewed(Event):
        """The service looked at every area that the policy names."""

        TOPIC = "monitoring.risk_journal_reviewed"
        areas: list[str]
        findings: str
        areas_rule: str
        review_by: datetime
        rule: str

    class ReviewMissed(Event):
        TOPIC = "monitoring.risk_journal_review_missed"
        due_at: datetime

    @classmethod
    def open(cls, *, tenant: UUID, due: Due, by: Actor, at: datetime) -> Self:
        """Begins a school's journal; its first review is due."""
        return cls._begin(cls.Opened, id=journal_of(tenant), by=by, at=at, review_by=due.at, rule=due.rule)

    def review(
        self,
        *,
        areas: Collection[str],
        demanded: Collection[str],
        areas_rule: str,
        findings: str,
        due: Due,
        by: Actor,
        at: datetime,
    ) -> None:
        """Looks at the whole; the next review is due."""
        rules.all_areas_are_looked_at(areas, demanded)
        known = {"areas": sorted(set(areas)), "findings": findings, "areas_rule": areas_rule}
        self._record(self.Reviewed, by=by, at=at, **known, review_by=due.at, rule=due.rule)

    def miss(self, *, by: Actor, at: datetime) -> None:
        """Says once that a review was not held in time, where that is so."""
        if at >= self.due.at and not self.was_missed:
            self._record(self.ReviewMissed, by=by, at=at, due_at=self.due.at)

    def _opened(self, event: Opened) -> None:
        self.due, self.was_missed = Due(at=event.review_by, rule=event.rule), False
        self.reviewed_at: datetime | None = None

    def _reviewed(self, event: Reviewed) -> None:
        self.due, self.was_missed = Due(at=event.review_by, rule=event.rule), False
        self.reviewed_at = event.timestamp

    def _review_missed(self, event: ReviewMissed) -> None:
        self.was_missed = True


@registered
class Walk(Aggregate):
    """A walk through the surroundings: who went where, and what they found."""

    TOPIC = "monitoring.walk"

    class Taken(FirstEvent):
        TOPIC = "monitoring.walk_taken"
        where: str
        taken_on: str
        walkers: list[UUID]
        found: list[str]

    @classmethod
    def take(
        cls,
        *,
        id: UUID,
        where: str,
        taken_on: date,
        walkers: Collection[UUID],
        found: Sequence[str],
        by: Actor,
        at: datetime,
    ) -> Self:
        """Puts down what was found."""
        informing.day_has_come(taken_on, local_day(at))
        known = {"where": where, "taken_on": taken_on.isoformat(), "found": list(found)}
        return cls._begin(cls.Taken, id=id, by=by, at=at, **known, walkers=sorted(set(walkers)))

    def _taken(self, event: Taken) -> None:
        """Nothing later depends on it."""
