"""A report: what was said, how it was checked, and how that ended (REP-01 to REP-08)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.values import (
    FINAL,
    Accused,
    Channel,
    Child,
    Duty,
    Kind,
    Place,
    Role,
    Source,
    State,
    Timing,
    Urgency,
    WallReason,
)
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class Report(Aggregate):
    """One report. It keeps `cases` it led to, `walled` persons and roles, and which duties are open."""

    TOPIC = "reports.report"

    # ---- events, in the order of a report's life

    class Received(FirstEvent):
        """Somebody said something. The actor is the report's own pseudonym, whoever it was (REP-04)."""

        TOPIC = "reports.report_received"
        source: str
        channel: str
        place: str | None
        kinds: list[str]
        description: str
        child: dict[str, Any] | None
        accused: list[dict[str, Any]]
        walled: list[UUID]
        walled_roles: list[str]
        immediate_danger: bool
        timing: str
        happened_at: datetime | None
        happened_text: str
        on_behalf: bool
        first_action_due_at: datetime
        first_action_rule: str

    class PersonWalledOff(Event):
        """It turned out whom to keep away: somebody accused, or close to one (REP-02); also from `cases` it led to."""

        TOPIC = "reports.person_walled_off"
        person: UUID
        reason: str
        accused: int | None
        cases: Sequence[UUID] = ()

    class UrgentActionTaken(Event):
        """The service acted before anything was verified (REP-08)."""

        TOPIC = "reports.urgent_action_taken"
        what: str
        informed: list[str]

    class Triaged(Event):
        TOPIC = "reports.report_triaged"
        kinds: list[str]
        immediate_danger: bool
        urgency: str
        note: str
        owner: UUID | None
        verification_due_at: datetime
        verification_rule: str

    class VerificationBegun(Event):
        TOPIC = "reports.verification_begun"
        owner: UUID
        due_at: datetime
        rule: str

    class VerificationStepRecorded(Event):
        TOPIC = "reports.verification_step_recorded"
        what: str
        finding: str

    class DeadlineMissed(Event):
        """A duty's time ran out with nothing done; `step` is its rung."""

        TOPIC = "reports.deadline_missed"
        duty: str
        step: int
        due_at: datetime

    class Confirmed(Event):
        """It is a fact: it joins `cases`, or opens `count_of_cases` new ones. Carries what a case begins with."""

        TOPIC = "reports.report_confirmed"
        reasons: str
        kinds: list[str]
        place: str
        immediate_danger: bool
        walled: list[UUID]
        owner: UUID
        cases: list[UUID]
        count_of_cases: int

    class NotConfirmed(Event):
        TOPIC = "reports.report_not_confirmed"
        reasons: str

    class LeftOutOfScope(Event):
        TOPIC = "reports.report_out_of_scope"
        reasons: str

    class CaseLinked(Event):
        """A case was opened because of this report."""

        TOPIC = "reports.case_linked"
        case: UUID

    class WallPassedOn(Event):
        """The case became known after the person was walled off: it is told as well (REP-02)."""

        TOPIC = "reports.wall_passed_on"
        person: UUID
        case: UUID

    # ---- commands: decide, then record

    @classmethod
    def receive(
        cls,
        *,
        id: UUID,
        source: Source,
        channel: Channel,
        place: Place | None,
        kinds: Collection[Kind],
        description: str,
        child: Child | None,
        accused: Sequence[Accused],
        immediate_danger: bool,
        timing: Timing,
        happened_at: datetime | None,
        happened_text: str,
        on_behalf: bool,
        first_action_due_at: datetime,
        first_action_rule: str,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Takes in a fact or a suspicion; nothing that was said is refused (REP-01). `by` is the report's pseudonym."""
        return cls._begin(
            cls.Received,
            id=id,
            by=by,
            at=at,
            source=source.value,
            channel=channel.value,
            place=None if place is None else place.value,
            kinds=_codes(kinds),
            description=description,
            child=None if child is None else child.stored(),
            accused=[one.stored() for one in accused],
            walled=sorted({one.person for one in accused if one.person is not None}),
            walled_roles=sorted(_walled_roles(accused)),
            immediate_danger=immediate_danger,
            timing=timing.value,
            happened_at=happened_at,
            happened_text=happened_text,
            on_behalf=on_behalf,
            first_action_due_at=first_action_due_at,
            first_action_rule=first_action_rule,
        )

    def wall_off(self, *, person: UUID, reason: WallReason, accused: int | None, by: Actor, at: datetime) -> None:
        """Keeps `person` away from now on, and from the cases it led to, whether the report has ended or not.

        `accused` is the index of the one complained of who it turned out to be.
        """
        rules.accused_exists(self, accused)
        known = accused is None or self.accused[accused].person == person
        if person not in self.walled or not known:
            self._record(
                self.PersonWalledOff,
                by=by,
                at=at,
                person=person,
                reason=reason.value,
                accused=accused,
                cases=list(self.cases),
            )

    def take_urgent_action(self, *, what: str, informed: Collection[str], by: Actor, at: datetime) -> None:
        """What was done at once, and which kinds of agency were told, before verification ends (REP-08)."""
        rules.report_has_not_ended(self)
        self._record(self.UrgentActionTaken, by=by, at=at, what=what, informed=sorted(set(informed)))

    def triage(
        self,
        *,
        kinds: Collection[Kind],
        immediate_danger: bool,
        urgency: Urgency,
        note: str,
        owner: UUID | None,
        verification_due_at: datetime,
        verification_rule: str,
        by: Actor,
        at: datetime,
    ) -> None:
        """A member of the service judges what it is, how urgent, and who should verify it."""
        rules.report_has_not_ended(self)
        rules.report_is_not_triaged_yet(self)
        rules.danger_is_immediately_urgent(immediate_danger, urgency)
        rules.owner_is_not_walled_off(self, owner)
        self._record(
            self.Triaged,
            by=by,
            at=at,
            kinds=_codes(kinds),
            immediate_danger=immediate_danger,
            urgency=urgency.value,
            note=note,
            owner=owner,
            verification_due_at=verification_due_at,
            verification_rule=verification_rule,
        )

    def begin_verification(self, *, owner: UUID, by: Actor, at: datetime) -> None:
        """Somebody owns the verification from now on; its deadline stands since triage (REP-06)."""
        rules.report_has_not_ended(self)
        rules.report_is_triaged(self)
        rules.verification_has_not_begun(self)
        rules.owner_is_not_walled_off(self, owner)
        due_at, rule = self.due[Duty.VERIFICATION]
        self._record(self.VerificationBegun, by=by, at=at, owner=owner, due_at=due_at, rule=rule)

    def record_verification_step(self, *, what: str, finding: str, by: Actor, at: datetime) -> None:
        """What was done to find out, and what was found (REP-06)."""
        rules.report_has_not_ended(self)
        rules.verification_has_begun(self)
        self._record(self.VerificationStepRecorded, by=by, at=at, what=what, finding=finding)

    def confirm(
        self,
        *,
        reasons: str,
        kinds: Collection[Kind],
        place: Place | None,
        cases: Collection[UUID],
        count_of_cases: int,
        by: Actor,
        at: datetime,
    ) -> None:
        """It is a fact and goes into the case register: as part of `cases`, or as new ones (REP-07)."""
        rules.report_has_not_ended(self)
        rules.verification_has_begun(self)
        rules.verification_has_a_finding(self)
        rules.reasons_are_given(reasons)
        rules.confirmed_kinds_are_of_violence(kinds)
        where = rules.place_is_known(place or self.place)
        rules.accused_of_the_service_are_identified(self.accused)
        rules.a_case_follows(cases, count_of_cases)
        self._record(
            self.Confirmed,
            by=by,
            at=at,
            reasons=reasons,
            kinds=_codes(kinds),
            place=where.value,
            immediate_danger=self.immediate_danger,
            walled=sorted(self.walled),
            owner=self.owner,
            cases=sorted(set(cases)),
            count_of_cases=count_of_cases,
        )

    def not_confirm(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It was checked and is no fact (REP-06)."""
        rules.report_has_not_ended(self)
        rules.verification_has_begun(self)
        rules.verification_has_a_finding(self)
        rules.reasons_are_given(reasons)
        self._record(self.NotConfirmed, by=by, at=at, reasons=reasons)

    def leave_out_of_scope(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It is nothing for this service; the reasons say whose it is (REP-06)."""
        rules.report_has_not_ended(self)
        rules.report_is_triaged(self)
        rules.reasons_are_given(reasons)
        self._record(self.LeftOutOfScope, by=by, at=at, reasons=reasons)

    def link_case(self, *, case: UUID, by: Actor, at: datetime) -> None:
        """Notes the case that was opened because of this report; noting it again changes nothing.

        The case knows who was walled off when the report was confirmed; of those walled off since, it is told now.
        """
        if case in self.cases:
            return
        self._record(self.CaseLinked, by=by, at=at, case=case)
        for person in sorted(self.walled_since):
            self._record(self.WallPassedOn, by=by, at=at, person=person, case=case)

    def miss_deadline(self, *, duty: Duty, step: int, by: Actor, at: datetime) -> None:
        """Records that a duty is past its time, where it is still open, due and not recorded yet."""
        open_since = self.open_duties.get(duty)
        if open_since is not None and at >= open_since and (duty, step) not in self.missed:
            self._record(self.DeadlineMissed, by=by, at=at, duty=duty.value, step=step, due_at=open_since)

    # ---- applies: only assign

    def _received(self, event: Received) -> None:
        self.state = State.RECEIVED
        self.reporter = event.actor
        self.place = None if event.place is None else Place(event.place)
        self.kinds = [Kind(code) for code in event.kinds]
        self.accused = [Accused.from_stored(one) for one in event.accused]
        self.walled = set(event.walled)
        self.walled_since: set[UUID] = set()
        self.immediate_danger = event.immediate_danger
        self.urgency: Urgency | None = None
        self.owner: UUID | None = None
        self.triaged_by = ""
        self.steps = 0
        self.cases: list[UUID] = []
        self.missed: set[tuple[Duty, int]] = set()
        self.due = {Duty.FIRST_ACTION: (event.first_action_due_at, event.first_action_rule)}
        self.open_duties = {Duty.FIRST_ACTION: event.first_action_due_at}

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        if self.state is State.CONFIRMED and event.person not in self.walled:
            self.walled_since.add(event.person)
        self.walled.add(event.person)
        if event.accused is not None:
            known = self.accused[event.accused]
            self.accused[event.accused] = Accused(
                name=known.name, category=known.category, role=known.role, person=event.person
            )

    def _urgent_action_taken(self, event: UrgentActionTaken) -> None:
        self.open_duties.pop(Duty.FIRST_ACTION, None)

    def _triaged(self, event: Triaged) -> None:
        self.state = State.TRIAGED
        self.kinds = [Kind(code) for code in event.kinds]
        self.immediate_danger = event.immediate_danger
        self.urgency = Urgency(event.urgency)
        self.owner = event.owner
        self.triaged_by = event.actor
        self.open_duties.pop(Duty.FIRST_ACTION, None)
        self.due[Duty.VERIFICATION] = (event.verification_due_at, event.verification_rule)
        self.open_duties[Duty.VERIFICATION] = event.verification_due_at

    def _verification_begun(self, event: VerificationBegun) -> None:
        self.state = State.UNDER_VERIFICATION
        self.owner = event.owner

    def _verification_step_recorded(self, event: VerificationStepRecorded) -> None:
        self.steps += 1

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.missed.add((Duty(event.duty), event.step))

    def _confirmed(self, event: Confirmed) -> None:
        self._end(State.CONFIRMED)
        self.kinds = [Kind(code) for code in event.kinds]
        self.place = Place(event.place)
        self.cases += event.cases

    def _not_confirmed(self, event: NotConfirmed) -> None:
        self._end(State.NOT_CONFIRMED)

    def _left_out_of_scope(self, event: LeftOutOfScope) -> None:
        self._end(State.OUT_OF_SCOPE)

    def _case_linked(self, event: CaseLinked) -> None:
        self.cases.append(event.case)

    def _wall_passed_on(self, event: WallPassedOn) -> None:
        """Nothing later depends on it."""

    def _end(self, state: State) -> None:
        self.state = state
        self.open_duties.clear()

    # ---- what decisions ask

    @property
    def walled_roles(self) -> frozenset[Role]:
        """Roles kept away because somebody holding one is complained of and not identified yet (REP-02)."""
        return frozenset(_walled_roles(self.accused))

    @property
    def has_ended(self) -> bool:
        """Whether it is confirmed, not confirmed or out of scope."""
        return self.state in FINAL

    @property
    def complains_of_the_service(self) -> bool:
        """Whether it goes past somebody of the school to the department's safeguarding lead, too (REP-02)."""
        return any(one.is_of_the_school for one in self.accused)


def _walled_roles(accused: Sequence[Accused]) -> set[Role]:
    return {one.role for one in accused if one.role is not None and one.person is None}


def _codes(kinds: Collection[Kind]) -> list[str]:
    return sorted({kind.value for kind in kinds})
