"""A sign that a member of staff noticed, and how: not a report yet, and in place of none (REP-09).

Notes about one child add up and are shown together; a note reaches the safety service at once, which says what comes of
it. Whoever a note names as possible offender sees nothing of it, nor does whom the report keeps away that was filed
because of it (REP-02).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.values import Accused, Child, Kind, Method, Outcome, Place, Role
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ladder import Climbing, Ladder

CONSIDERATION = "sign_consideration"
"""The duty to consider a note."""


@registered
class SignNote(Climbing, Aggregate):
    """One note."""

    TOPIC = "reports.sign_note"

    class Noted(FirstEvent):
        """Somebody noticed something; `child_marks` are keyed hashes by which notes of one child are found."""

        TOPIC = "reports.sign_noted"
        method: str
        sign: str
        child: dict[str, Any] | None
        child_marks: Mapping[str, str]
        kinds: list[str]
        place: str | None
        noticed_at: datetime | None
        accused: list[dict[str, Any]]
        walled: list[UUID]
        walled_roles: list[str]
        consider_by: datetime
        rule: str

    class Considered(Event):
        """The service says what comes of it; `report` is what was filed because of it."""

        TOPIC = "reports.sign_considered"
        outcome: str
        reasons: str
        report: UUID | None

    class ConsiderationMissed(Event):
        """Nobody considered it in time; on which rung that was said to whom, as of a report's duties."""

        TOPIC = "reports.sign_consideration_missed"
        due_at: datetime
        duty: str = CONSIDERATION
        step: int = 0
        rule: str = ""
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "reports.sign_climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    @classmethod
    def note(
        cls,
        *,
        id: UUID,
        method: Method,
        sign: str,
        child: Child | None,
        child_marks: Mapping[str, str],
        kinds: Sequence[Kind],
        place: Place | None,
        noticed_at: datetime | None,
        accused: Sequence[Accused],
        consider_by: datetime,
        rule: str,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Puts down what was noticed."""
        return cls._begin(
            cls.Noted,
            id=id,
            by=by,
            at=at,
            method=method.value,
            sign=sign,
            child=None if child is None else child.stored(),
            child_marks=dict(child_marks),
            kinds=sorted({kind.value for kind in kinds}),
            place=None if place is None else place.value,
            noticed_at=noticed_at,
            accused=[one.stored() for one in accused],
            walled=sorted({one.person for one in accused if one.person is not None}),
            walled_roles=sorted({one.role for one in accused if one.role is not None and one.person is None}),
            consider_by=consider_by,
            rule=rule,
        )

    def consider(self, *, outcome: Outcome, reasons: str, report: UUID | None, by: Actor, at: datetime) -> None:
        """Says what comes of it, once or again: later notes may change how an earlier one looks."""
        rules.reasons_are_given(reasons)
        rules.what_was_reported_is_named(outcome, report)
        self._record(self.Considered, by=by, at=at, outcome=outcome.value, reasons=reasons, report=report)

    def miss_consideration(self, *, step: int, ladder: Ladder, by: Actor, at: datetime) -> None:
        """Says that nobody considered it in time, once on each rung, where that is so."""
        if self.outcome is not None:
            return
        climb = ladder.climb(
            due_at=self.consider_by,
            rule=self.rule,
            so_far=self.climbs.get(CONSIDERATION),
            step=step,
            owner=ladder.leaders(self.walled, self.walled_roles),
            coordinator=[],
            walled=self.walled,
            walled_roles=self.walled_roles,
            at=at,
        )
        if climb is not None:
            facts = {"duty": CONSIDERATION, "due_at": self.consider_by, "rule": self.rule}
            self._record(self.ConsiderationMissed, by=by, at=at, **facts, **climb)

    def _noted(self, event: Noted) -> None:
        self.noted_by = event.actor
        self.walled = set(event.walled)
        self.walled_roles = frozenset(Role(role) for role in event.walled_roles)
        self.complains_of_the_service = any(one["person"] or one["role"] for one in event.accused)
        self.consider_by, self.rule = event.consider_by, event.rule
        self.climbs = {}
        self.outcome: Outcome | None = None
        self.reports: set[UUID] = set()
        self.was_missed = False

    def _considered(self, event: Considered) -> None:
        self.outcome = Outcome(event.outcome)
        if event.report is not None:
            self.reports.add(event.report)
        self._climbs_no_more(CONSIDERATION)

    def _consideration_missed(self, event: ConsiderationMissed) -> None:
        self.was_missed = True
        self._has_climbed(CONSIDERATION, event)
