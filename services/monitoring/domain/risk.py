"""A risk beyond a case, as it stands in the risk journal (RSK-06, MON-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.monitoring.domain.group_entry import Due
from services.monitoring.domain.rules import journal as rules
from services.monitoring.domain.rules.group import reasons_are_given
from services.monitoring.domain.values import Degree, Subject, Tendency
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered

RISK_REVIEW = "risk_review"
"""The duty to look at a risk again."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """How a risk is weighed, and what is done about it."""

    likelihood: Degree
    consequence: Degree
    residual: Degree
    measures: str
    options: str = ""

    def stored(self) -> dict[str, Any]:
        """As it stands in events."""
        degrees = {"likelihood": self.likelihood, "consequence": self.consequence, "residual": self.residual}
        told = {name: one.value for name, one in degrees.items()}
        return told | {"measures": self.measures, "options": self.options}


@registered
class Risk(Aggregate):
    """Noted, weighed again at intervals, closed with reasons."""

    TOPIC = "monitoring.risk"

    class Noted(FirstEvent):
        TOPIC = "monitoring.risk_noted"
        subject: str
        tendency: str | None
        where: str
        risk: str
        trip: UUID | None
        walk: UUID | None
        likelihood: str
        consequence: str
        residual: str
        measures: str
        options: str
        owner: UUID
        review_by: datetime
        rule: str

    class Reassessed(Event):
        """What watching it showed, and how it is weighed now."""

        TOPIC = "monitoring.risk_reassessed"
        watched: str
        likelihood: str
        consequence: str
        residual: str
        measures: str
        options: str
        review_by: datetime
        rule: str

    class ReviewMissed(Event):
        TOPIC = "monitoring.risk_review_missed"
        due_at: datetime

    class Closed(Event):
        TOPIC = "monitoring.risk_closed"
        reasons: str

    @classmethod
    def note(
        cls,
        *,
        id: UUID,
        subject: Subject,
        tendency: Tendency | None,
        where: str,
        risk: str,
        trip: UUID | None,
        walk: UUID | None,
        weighed: Weighed,
        owner: UUID,
        due: Due,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Enters a risk in the journal."""
        rules.subject_is_told(subject, tendency, trip)
        return cls._begin(
            cls.Noted,
            id=id,
            by=by,
            at=at,
            subject=subject.value,
            tendency=None if tendency is None else tendency.value,
            where=where,
            risk=risk,
            trip=trip,
            walk=walk,
            **weighed.stored(),
            owner=owner,
            review_by=due.at,
            rule=due.rule,
        )

    def reassess(self, *, watched: str, weighed: Weighed, due: Due, by: Actor, at: datetime) -> None:
        """Weighs it again."""
        rules.risk_is_open(self)
        known = {"watched": watched, **weighed.stored(), "review_by": due.at, "rule": due.rule}
        self._record(self.Reassessed, by=by, at=at, **known)

    def close(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It is a risk no longer."""
        rules.risk_is_open(self)
        reasons_are_given(reasons)
        self._record(self.Closed, by=by, at=at, reasons=reasons)

    def miss(self, *, by: Actor, at: datetime) -> None:
        """Says once that nobody looked at it in time, where that is so."""
        if not self.is_closed and at >= self.review_by and not self.was_missed:
            self._record(self.ReviewMissed, by=by, at=at, due_at=self.review_by)

    def _noted(self, event: Noted) -> None:
        self.is_closed = False
        self.review_by, self.was_missed = event.review_by, False

    def _reassessed(self, event: Reassessed) -> None:
        self.review_by, self.was_missed = event.review_by, False

    def _review_missed(self, event: ReviewMissed) -> None:
        self.was_missed = True

    def _closed(self, event: Closed) -> None:
        self.is_closed = True
