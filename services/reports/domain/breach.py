"""A breach of what protects whoever reports: retaliation, or a disclosure without need (REP-04, REP-12).

    reported -> under inquiry -> substantiated | unsubstantiated

It is no part of a report's history: who may read that may be whom it is about. It names the report that it belongs to,
where that is known, and keeps away whom that keeps away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from services.reports.domain import errors, rules
from services.reports.domain.values import Accused, Role
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ladder import Climbing, Ladder, named

INQUIRY = "breach_inquiry"
"""The duty to look into a breach."""


class BreachKind(StrEnum):
    """What happened to who reported, or to what is confidential."""

    RETALIATION = "retaliation"
    DISCLOSURE_OF_REPORTER = "disclosure_of_reporter"
    DISCLOSURE_OF_INFORMATION = "disclosure_of_information"


class BreachState(StrEnum):
    """How far it is; the last two are final."""

    REPORTED = "breach_reported"
    UNDER_INQUIRY = "breach_under_inquiry"
    SUBSTANTIATED = "substantiated"
    UNSUBSTANTIATED = "unsubstantiated"


class BreachOutcome(StrEnum):
    """What an inquiry ends with."""

    SUBSTANTIATED = "substantiated"
    UNSUBSTANTIATED = "unsubstantiated"


@dataclass(frozen=True, kw_only=True)
class SchoolRule:
    """The school's own rule that set the consequence beforehand (REP-12)."""

    title: str
    article: str
    in_force_since: date

    def stored(self) -> dict[str, str]:
        """As it stands in events."""
        return {"title": self.title, "article": self.article, "in_force_since": self.in_force_since.isoformat()}


@registered
class Breach(Climbing, Aggregate):
    """One breach, as a matter with an owner, steps, an outcome and a deadline."""

    TOPIC = "reports.breach"

    class Reported(FirstEvent):
        """Somebody says that it happened; the actor is a pseudonym, whoever it was (REP-04)."""

        TOPIC = "reports.breach_reported"
        kind: str
        description: str
        happened_on: str | None
        accused: list[dict[str, Any]]
        walled: list[UUID]
        walled_roles: list[str]
        report: UUID | None
        due_at: datetime
        rule: str

    class PersonWalledOff(Event):
        """It turned out whom it is about, or who is close to them; `accused` is the index of who it is."""

        TOPIC = "reports.breach_person_walled_off"
        person: UUID
        accused: int | None

    class OwnerAppointed(Event):
        TOPIC = "reports.breach_owner_appointed"
        owner: UUID
        due_at: datetime
        rule: str

    class StepTaken(Event):
        """What was done: to find out, or so that it stops."""

        TOPIC = "reports.breach_step_taken"
        what: str
        finding: str

    class InquiryMissed(Event):
        """It did not end in time: `told` learnt of it on the rung `step`, the next is due at `climbs_at`."""

        TOPIC = "reports.breach_inquiry_missed"
        due_at: datetime
        duty: str = INQUIRY
        rule: str = ""
        step: int = 0
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "reports.breach_climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    class Ended(Event):
        """Whether it was so; if it was, with the consequence that the school's rule had set beforehand (REP-12).

        `consequences_rule` is the regulation that lists consequences, in the version of the day on which it happened.
        """

        TOPIC = "reports.breach_ended"
        outcome: str
        reasons: str
        consequence: str | None
        school_rule: Mapping[str, str] | None
        consequences_rule: str | None

    # ---- commands: decide, then record

    @classmethod
    def report(
        cls,
        *,
        id: UUID,
        kind: BreachKind,
        description: str,
        happened_on: date | None,
        accused: Sequence[Accused],
        report: UUID | None,
        due_at: datetime,
        rule: str,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Takes it in; nothing that was said is refused."""
        return cls._begin(
            cls.Reported,
            id=id,
            by=by,
            at=at,
            kind=kind.value,
            description=description,
            happened_on=None if happened_on is None else happened_on.isoformat(),
            accused=[one.stored() for one in accused],
            walled=sorted({one.person for one in accused if one.person is not None}),
            walled_roles=sorted({one.role for one in accused if one.role is not None and one.person is None}),
            report=report,
            due_at=due_at,
            rule=rule,
        )

    def wall_off(self, *, person: UUID, accused: int | None, by: Actor, at: datetime) -> None:
        """Keeps somebody away from now on (REP-02)."""
        self._is_open()
        if accused is not None and not 0 <= accused < len(self.accused):
            raise errors.NoSuchAccusedError(accused=len(self.accused))
        self._record(self.PersonWalledOff, by=by, at=at, person=person, accused=accused)

    def appoint_owner(self, *, owner: UUID, walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """Somebody looks into it from now on, who is not whom it is about; `walled` are kept away by its report."""
        self._is_open()
        if owner in self.walled | set(walled):
            raise errors.OwnerIsWalledOffError
        self._record(self.OwnerAppointed, by=by, at=at, owner=owner, due_at=self.due_at, rule=self.rule)

    def take_step(self, *, what: str, finding: str, by: Actor, at: datetime) -> None:
        """What was done, and what was found."""
        self._is_open()
        if self.owner is None:
            raise errors.BreachHasNoOwnerError
        self._record(self.StepTaken, by=by, at=at, what=what, finding=finding)

    def end(
        self,
        *,
        outcome: BreachOutcome,
        reasons: str,
        consequence: str | None,
        school_rule: SchoolRule | None,
        consequences: Collection[str],
        consequences_rule: str,
        by: Actor,
        at: datetime,
    ) -> None:
        """Says whether it was so; `consequences` are those that could be set on the day on which it happened."""
        self._is_open()
        rules.reasons_are_given(reasons)
        if self.steps == 0:
            raise errors.NothingFoundYetError
        named = outcome is BreachOutcome.SUBSTANTIATED
        if named:
            self._was_set_beforehand(consequence, school_rule, consequences)
        elif consequence is not None or school_rule is not None:
            raise errors.ConsequenceWithoutBreachError
        self._record(
            self.Ended,
            by=by,
            at=at,
            outcome=outcome.value,
            reasons=reasons,
            consequence=consequence,
            school_rule=school_rule.stored() if school_rule else None,
            consequences_rule=consequences_rule if named else None,
        )

    def miss_inquiry(
        self,
        *,
        step: int,
        ladder: Ladder,
        walled: Collection[UUID],
        walled_roles: Collection[Role],
        by: Actor,
        at: datetime,
    ) -> None:
        """Says that it did not end in time, once on each rung, where that is so; `walled` are those of its report."""
        if self.has_ended:
            return
        away, roles = self.walled | set(walled), self.walled_roles | set(walled_roles)
        looks_into_it = named({self.owner} - away) or ladder.leaders(away, roles)
        climb = ladder.climb(
            due_at=self.due_at,
            rule=self.rule,
            so_far=self.climbs.get(INQUIRY),
            step=step,
            owner=looks_into_it,
            coordinator=[],
            walled=away,
            walled_roles=roles,
            at=at,
        )
        if climb is not None:
            facts = {"duty": INQUIRY, "due_at": self.due_at, "rule": self.rule}
            self._record(self.InquiryMissed, by=by, at=at, **facts, **climb)

    def _is_open(self) -> None:
        if self.has_ended:
            raise errors.BreachAlreadyEndedError(state=self.state.value)

    def _was_set_beforehand(
        self, consequence: str | None, school_rule: SchoolRule | None, consequences: Collection[str]
    ) -> None:
        """A consequence is one that the school's rules had set before it happened (REP-12)."""
        if consequence is None or school_rule is None:
            raise errors.ConsequenceMissingError
        if consequence not in consequences:
            raise errors.ConsequenceNotListedError(consequence=consequence, listed=sorted(consequences))
        if school_rule.in_force_since > self.happened_on:
            raise errors.ConsequenceNotSetBeforehandError(
                in_force_since=school_rule.in_force_since.isoformat(), happened_on=self.happened_on.isoformat()
            )

    # ---- applies: only assign

    def _reported(self, event: Reported) -> None:
        self.state = BreachState.REPORTED
        self.kind = BreachKind(event.kind)
        self.reporter = event.actor
        self.happened_on = (
            event.timestamp.date() if event.happened_on is None else date.fromisoformat(event.happened_on)
        )
        self.accused = [Accused.from_stored(one) for one in event.accused]
        self.walled = set(event.walled)
        self.belongs_to = event.report
        self.due_at, self.rule = event.due_at, event.rule
        self.owner: UUID | None = None
        self.steps = 0
        self.was_missed = False
        self.climbs = {}

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled.add(event.person)
        if event.accused is not None:
            known = self.accused[event.accused]
            self.accused[event.accused] = Accused(
                name=known.name, category=known.category, role=known.role, person=event.person
            )

    def _owner_appointed(self, event: OwnerAppointed) -> None:
        self.owner = event.owner
        self.state = BreachState.UNDER_INQUIRY

    def _step_taken(self, event: StepTaken) -> None:
        self.steps += 1

    def _inquiry_missed(self, event: InquiryMissed) -> None:
        self.was_missed = True
        self._has_climbed(INQUIRY, event)

    def _ended(self, event: Ended) -> None:
        self.state = BreachState(event.outcome)
        self._climbs_no_more(INQUIRY)

    # ---- what decisions ask

    @property
    def has_ended(self) -> bool:
        """Whether its outcome is known."""
        return self.state in {BreachState.SUBSTANTIATED, BreachState.UNSUBSTANTIATED}

    @property
    def walled_roles(self) -> frozenset[Role]:
        """Roles kept away because somebody holding one is complained of and not identified yet (REP-02)."""
        return frozenset(one.role for one in self.accused if one.role is not None and one.person is None)

    @property
    def complains_of_the_service(self) -> bool:
        """Whether somebody of the school is complained of: then the department's safeguarding lead sees it, too."""
        return any(one.is_of_the_school for one in self.accused)
