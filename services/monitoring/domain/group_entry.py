"""A child in the risk group: at raised risk, or after violence; apart from the case register (SSS-06).

Each entry is a stream of its own, sealed under a key of its own. It begins as a proposal (problem behaviour was
reported: REP-01) or with the child; measures and reviews follow, until the child leaves with reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from services.monitoring.domain.rules import group as rules
from services.monitoring.domain.values import (
    Change,
    Child,
    EntryState,
    LeavingReason,
    Level,
    Named,
    Nature,
    Role,
    WallReason,
)
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered

DECISION = "group_decision"
"""The duty to decide on a proposal."""
REVIEW = "group_review"
"""The duty to review an entry."""


@dataclass(frozen=True, kw_only=True)
class Categories:
    """What the policy lists at a level, and under which rule."""

    level: Level
    listed: Collection[str]
    rule: str


@dataclass(frozen=True, kw_only=True)
class Due:
    """Until when, and by which rule."""

    at: datetime
    rule: str


@dataclass(frozen=True, kw_only=True)
class Entering:
    """With what a child is entered; `matters` are the report and the case that led here, whose walls hold as well."""

    child: Child
    category: str
    reasons: str
    named: Sequence[Named] = ()
    matters: Sequence[UUID] = field(default=())


@registered
class GroupEntry(Aggregate):
    """One child's time in the risk group."""

    TOPIC = "monitoring.group_entry"

    class Proposed(FirstEvent):
        """Problem behaviour was reported: somebody decides whether the child is entered (REP-01)."""

        TOPIC = "monitoring.group_entry_proposed"
        report: UUID
        walled: list[UUID]
        walled_roles: list[str]
        decide_by: datetime
        rule: str

    class Entered(FirstEvent):
        """A child was entered without a proposal."""

        TOPIC = "monitoring.child_entered"
        child: dict[str, Any]
        level: str
        category: str
        reasons: str
        named: list[dict[str, Any]]
        matters: list[UUID]
        walled: list[UUID]
        walled_roles: list[str]
        category_rule: str
        review_by: datetime
        rule: str

    class ProposalAccepted(Event):
        """The child of a proposal was entered; the proposal's walls stay."""

        TOPIC = "monitoring.group_proposal_accepted"
        child: dict[str, Any]
        level: str
        category: str
        reasons: str
        named: list[dict[str, Any]]
        matters: list[UUID]
        walled: list[UUID]
        walled_roles: list[str]
        category_rule: str
        review_by: datetime
        rule: str

    class ProposalDeclined(Event):
        TOPIC = "monitoring.group_proposal_declined"
        reasons: str

    class DecisionMissed(Event):
        """Nobody decided in time."""

        TOPIC = "monitoring.group_decision_missed"
        due_at: datetime

    class PersonWalledOff(Event):
        """It turned out whom to keep away; `named` is the index of the one named who it turned out to be (REP-02)."""

        TOPIC = "monitoring.group_person_walled_off"
        person: UUID
        reason: str
        named: int | None

    class WorkerInvolved(Event):
        """Somebody works with the child, and may know of the entry (CON-01)."""

        TOPIC = "monitoring.group_worker_involved"
        person: UUID

    class WorkerReleased(Event):
        TOPIC = "monitoring.group_worker_released"
        person: UUID
        reasons: str

    class MeasureAdded(Event):
        """What is done so that behaviour changes; its owner works with the child."""

        TOPIC = "monitoring.group_measure_added"
        number: int
        what: str
        nature: str
        owner: UUID
        due_on: str | None

    class MeasureDone(Event):
        TOPIC = "monitoring.group_measure_done"
        number: int
        result: str

    class BehaviourNoted(Event):
        """Between reviews somebody saw how behaviour changes."""

        TOPIC = "monitoring.group_behaviour_noted"
        change: str
        observed: str

    class Reviewed(Event):
        """The service looked at the whole entry; the next review is due."""

        TOPIC = "monitoring.group_entry_reviewed"
        change: str
        findings: str
        review_by: datetime
        rule: str

    class ReviewMissed(Event):
        """A review was not held in time."""

        TOPIC = "monitoring.group_review_missed"
        due_at: datetime

    class Left(Event):
        """The child is in the group no longer."""

        TOPIC = "monitoring.child_left_group"
        reason: str
        reasons: str

    # ---- commands: decide, then record

    @classmethod
    def propose(
        cls,
        *,
        id: UUID,
        report: UUID,
        walled: Collection[UUID],
        walled_roles: Collection[str],
        due: Due,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Puts a report of problem behaviour before the service; nothing of it is dropped (REP-01)."""
        known = {"report": report, "walled": sorted(walled), "walled_roles": sorted(walled_roles)}
        return cls._begin(cls.Proposed, id=id, by=by, at=at, **known, decide_by=due.at, rule=due.rule)

    @classmethod
    def enter(cls, *, id: UUID, entering: Entering, categories: Categories, due: Due, by: Actor, at: datetime) -> Self:
        """Enters a child."""
        rules.reasons_are_given(entering.reasons)
        rules.category_is_listed(entering.category, categories)
        return cls._begin(cls.Entered, id=id, by=by, at=at, **_facts_of(entering, categories, due))

    def accept(self, *, entering: Entering, categories: Categories, due: Due, by: Actor, at: datetime) -> None:
        """Enters the child of a proposal."""
        rules.entry_has_not_ended(self)
        rules.entry_is_proposed(self)
        rules.reasons_are_given(entering.reasons)
        rules.category_is_listed(entering.category, categories)
        self._record(self.ProposalAccepted, by=by, at=at, **_facts_of(entering, categories, due))

    def decline(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """Says why the child is not entered."""
        rules.entry_has_not_ended(self)
        rules.entry_is_proposed(self)
        rules.reasons_are_given(reasons)
        self._record(self.ProposalDeclined, by=by, at=at, reasons=reasons)

    def wall_off(self, *, person: UUID, reason: WallReason, named: int | None, by: Actor, at: datetime) -> None:
        """Keeps `person` away from now on, also from an entry that has ended (REP-02)."""
        rules.named_person_exists(self, named)
        known = named is None or self.named[named].person == person
        if person not in self.walled or not known:
            self._record(self.PersonWalledOff, by=by, at=at, person=person, reason=reason.value, named=named)

    def involve(self, *, person: UUID, walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """Lets somebody who works with the child know of the entry; `walled` are those that its matters keep away."""
        rules.child_is_in_group(self)
        rules.person_is_not_walled_off(person, self.walled.union(walled))
        if person not in self.workers:
            self._record(self.WorkerInvolved, by=by, at=at, person=person)

    def release(self, *, person: UUID, reasons: str, by: Actor, at: datetime) -> None:
        """Ends that."""
        rules.person_works_with_child(self, person)
        self._record(self.WorkerReleased, by=by, at=at, person=person, reasons=reasons)

    def add_measure(
        self,
        *,
        what: str,
        nature: Nature,
        owner: UUID,
        due_on: date | None,
        walled: Collection[UUID],
        by: Actor,
        at: datetime,
    ) -> int:
        """Decides on a measure, and gives its number."""
        rules.child_is_in_group(self)
        rules.measure_is_not_a_penalty(nature)
        rules.person_is_not_walled_off(owner, self.walled.union(walled))
        number, due = self.measures + 1, None if due_on is None else due_on.isoformat()
        self._record(
            self.MeasureAdded, by=by, at=at, number=number, what=what, nature=nature.value, owner=owner, due_on=due
        )
        return number

    def finish_measure(self, *, number: int, result: str, by: Actor, at: datetime) -> None:
        """Says what came of a measure."""
        rules.child_is_in_group(self)
        rules.measure_is_open(self, number)
        self._record(self.MeasureDone, by=by, at=at, number=number, result=result)

    def note_behaviour(self, *, change: Change, observed: str, by: Actor, at: datetime) -> None:
        """Notes how behaviour changes."""
        rules.child_is_in_group(self)
        self._record(self.BehaviourNoted, by=by, at=at, change=change.value, observed=observed)

    def review(self, *, change: Change, findings: str, due: Due, by: Actor, at: datetime) -> None:
        """Looks at the whole; the next review is due by `due`."""
        rules.child_is_in_group(self)
        self._record(
            self.Reviewed, by=by, at=at, change=change.value, findings=findings, review_by=due.at, rule=due.rule
        )

    def leave(self, *, reason: LeavingReason, reasons: str, by: Actor, at: datetime) -> None:
        """Ends the child's time in the group."""
        rules.child_is_in_group(self)
        rules.reasons_are_given(reasons)
        rules.change_was_seen(self, reason)
        self._record(self.Left, by=by, at=at, reason=reason.value, reasons=reasons)

    def miss(self, *, duty: str, by: Actor, at: datetime) -> None:
        """Says once that a decision or a review was not there in time, where that is so."""
        due = self.open_duties.get(duty)
        if due is not None and at >= due.at and (duty, due.at) not in self.missed:
            missed = self.DecisionMissed if duty == DECISION else self.ReviewMissed
            self._record(missed, by=by, at=at, due_at=due.at)

    # ---- applies: only assign

    def _begun(self) -> None:
        self.level: Level | None = None
        self.category: str | None = None
        self.matters: set[UUID] = set()
        self.named: list[Named] = []
        self.walled: set[UUID] = set()
        self.role_walls: set[Role] = set()
        self.workers: set[UUID] = set()
        self.measures = 0
        self.open_measures: set[int] = set()
        self.last_change: Change | None = None
        self.open_duties: dict[str, Due] = {}
        self.missed: set[tuple[str, datetime]] = set()

    def _proposed(self, event: Proposed) -> None:
        self._begun()
        self.state = EntryState.PROPOSED
        self.report: UUID | None = event.report
        self.matters.add(event.report)
        self.walled.update(event.walled)
        self.role_walls.update(Role(role) for role in event.walled_roles if role in set(Role))
        self.open_duties[DECISION] = Due(at=event.decide_by, rule=event.rule)

    def _entered(self, event: Entered) -> None:
        self._begun()
        self.report = None
        self._taken_in(event)

    def _proposal_accepted(self, event: ProposalAccepted) -> None:
        self._taken_in(event)

    def _taken_in(self, event: Any) -> None:
        self.state = EntryState.IN_GROUP
        self.level, self.category = Level(event.level), event.category
        self.named = [Named.from_stored(one) for one in event.named]
        self.matters.update(event.matters)
        self.walled.update(event.walled)
        self.open_duties = {REVIEW: Due(at=event.review_by, rule=event.rule)}

    def _proposal_declined(self, event: ProposalDeclined) -> None:
        self.state = EntryState.DECLINED
        self.open_duties = {}

    def _decision_missed(self, event: DecisionMissed) -> None:
        self.missed.add((DECISION, event.due_at))

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled.add(event.person)
        self.workers.discard(event.person)
        if event.named is not None:
            known = self.named[event.named]
            self.named[event.named] = Named(
                name=known.name, category=known.category, role=known.role, person=event.person
            )

    def _worker_involved(self, event: WorkerInvolved) -> None:
        self.workers.add(event.person)

    def _worker_released(self, event: WorkerReleased) -> None:
        self.workers.discard(event.person)

    def _measure_added(self, event: MeasureAdded) -> None:
        self.measures = event.number
        self.open_measures.add(event.number)
        self.workers.add(event.owner)

    def _measure_done(self, event: MeasureDone) -> None:
        self.open_measures.discard(event.number)

    def _behaviour_noted(self, event: BehaviourNoted) -> None:
        self.last_change = Change(event.change)

    def _reviewed(self, event: Reviewed) -> None:
        self.last_change = Change(event.change)
        self.open_duties = {REVIEW: Due(at=event.review_by, rule=event.rule)}

    def _review_missed(self, event: ReviewMissed) -> None:
        self.missed.add((REVIEW, event.due_at))

    def _left(self, event: Left) -> None:
        self.state = EntryState.LEFT
        self.open_duties = {}

    # ---- what decisions ask

    @property
    def walled_roles(self) -> frozenset[Role]:
        """Roles kept away because somebody holding one is named and not identified yet (REP-02)."""
        return frozenset(self.role_walls | _roles_of(self.named))

    @property
    def names_the_service(self) -> bool:
        """Whether it goes past somebody of the school to the department's safeguarding lead, too (REP-02)."""
        return bool(self.walled or self.walled_roles)

    @property
    def has_ended(self) -> bool:
        """Whether the child has left, or the proposal was declined."""
        return self.state in (EntryState.LEFT, EntryState.DECLINED)


def _roles_of(named: Sequence[Named]) -> set[Role]:
    return {one.role for one in named if one.role is not None and one.person is None}


def _facts_of(entering: Entering, categories: Categories, due: Due) -> dict[str, Any]:
    return {
        "child": entering.child.stored(),
        "level": categories.level.value,
        "category": entering.category,
        "reasons": entering.reasons,
        "named": [one.stored() for one in entering.named],
        "matters": sorted(entering.matters),
        "walled": sorted({one.person for one in entering.named if one.person is not None}),
        "walled_roles": sorted(_roles_of(entering.named)),
        "category_rule": categories.rule,
        "review_by": due.at,
        "rule": due.rule,
    }
