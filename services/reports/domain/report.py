"""A report: what was said, how it was checked, and how that ended (REP-01 to REP-08).

The chapters hold its parts; here stand its beginning, its end, and what is missed in between.

    verifying    what is done at once, triage, verification
    walling      who is kept away, and the cases it led to
    conversing   what the school and whoever reported write to each other
    attaching    files that belong to it
    behaving     that problem behaviour goes to the risk group
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.chapters.attaching import Attaching
from services.reports.domain.chapters.behaving import Behaving
from services.reports.domain.chapters.chapter import codes, walled_roles
from services.reports.domain.chapters.conversing import Conversing
from services.reports.domain.chapters.verifying import Verifying
from services.reports.domain.chapters.walling import Walling
from services.reports.domain.values import (
    FINAL,
    Accused,
    Channel,
    Child,
    Duty,
    Kind,
    Place,
    Source,
    State,
    Timing,
    Urgency,
)
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ladder import Ladder, named


@registered
class Report(Verifying, Walling, Conversing, Attaching, Behaving, Aggregate):
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
        child_marks: Mapping[str, str] | None = None  # keyed hashes by which one child is found again
        adult_marks: Sequence[str] = ()  # and those complained of

    class DeadlineMissed(Event):
        """A duty's time ran out with nothing done; `told` learnt of it on the rung `step`, the next is due at
        `climbs_at`. On the last rung stands also whose the school is, and who must not learn of it there.
        """

        TOPIC = "reports.deadline_missed"
        duty: str
        step: int
        due_at: datetime
        rule: str = ""
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "reports.climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    class DutyWaived(Event):
        """Whoever decides on the report left a duty, why, and how that serves the child; its ladder ends."""

        TOPIC = "reports.duty_waived"
        duty: str
        due_at: datetime
        rule: str
        reason: str
        best_interests: str

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
        accused_categories: Sequence[str] = ()  # whom the child is to be kept from, as codes (SSS-07)
        happened_at: datetime | None = None
        received_at: datetime | None = None
        first_action_at: datetime | None = None

    class NotConfirmed(Event):
        TOPIC = "reports.report_not_confirmed"
        reasons: str

    class LeftOutOfScope(Event):
        TOPIC = "reports.report_out_of_scope"
        reasons: str

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
        child_marks: Mapping[str, str] | None = None,
        adult_marks: Sequence[str] = (),
        by: Actor,
        at: datetime,
    ) -> Self:
        """Takes in a fact or a suspicion; nothing that was said is refused (REP-01). `by` is the report's pseudonym."""
        report = cls._begin(
            cls.Received,
            id=id,
            by=by,
            at=at,
            source=source.value,
            channel=channel.value,
            place=None if place is None else place.value,
            kinds=codes(kinds),
            description=description,
            child=None if child is None else child.stored(),
            accused=[one.stored() for one in accused],
            walled=sorted({one.person for one in accused if one.person is not None}),
            walled_roles=sorted(walled_roles(accused)),
            immediate_danger=immediate_danger,
            timing=timing.value,
            happened_at=happened_at,
            happened_text=happened_text,
            on_behalf=on_behalf,
            first_action_due_at=first_action_due_at,
            first_action_rule=first_action_rule,
            child_marks=child_marks,
            adult_marks=list(adult_marks),
        )
        report.pass_on_problem_behaviour(by=by, at=at)
        return report

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
            kinds=codes(kinds),
            place=where.value,
            immediate_danger=self.immediate_danger,
            walled=sorted(self.walled),
            owner=self.owner,
            cases=sorted(set(cases)),
            count_of_cases=count_of_cases,
            accused_categories=sorted({one.category.value for one in self.accused}),
            happened_at=self.happened_at,
            received_at=self.received_at,
            first_action_at=self.first_action_at,
        )
        self.pass_on_problem_behaviour(by=by, at=at)

    def not_confirm(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It was checked and is no fact (REP-06)."""
        rules.report_has_not_ended(self)
        rules.verification_has_begun(self)
        rules.verification_has_a_finding(self)
        rules.reasons_are_given(reasons)
        self._record(self.NotConfirmed, by=by, at=at, reasons=reasons)
        self.pass_on_problem_behaviour(by=by, at=at)

    def leave_out_of_scope(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It is nothing for this service; the reasons say whose it is (REP-06)."""
        rules.report_has_not_ended(self)
        rules.report_is_triaged(self)
        rules.reasons_are_given(reasons)
        self._record(self.LeftOutOfScope, by=by, at=at, reasons=reasons)
        self.pass_on_problem_behaviour(by=by, at=at)

    def miss_deadline(
        self, *, duty: Duty, step: int, ladder: Ladder, walled: Collection[UUID], by: Actor, at: datetime
    ) -> None:
        """Records that a duty is past its time, once on each rung, where it is still open and due (REP-02).

        `walled` are all who must not learn of it, those of its cases included.
        """
        if duty not in self.open_duties:
            return
        due_at, rule = self.due[duty]
        climb = ladder.climb(
            due_at=due_at,
            rule=rule,
            so_far=self.climbs.get(duty),
            step=step,
            owner=self.who_owes(duty, ladder, walled),
            coordinator=[],
            walled=walled,
            walled_roles=self.walled_roles,
            at=at,
        )
        if climb is not None:
            self._record(self.DeadlineMissed, by=by, at=at, duty=duty.value, due_at=due_at, rule=rule, **climb)

    def waive_duty(self, *, duty: Duty, reason: str, best_interests: str, by: Actor, at: datetime) -> None:
        """Decides not to act on a duty, with reason and best interests (RSK-07)."""
        rules.report_has_not_ended(self)
        rules.reasons_are_given(reason)
        rules.duty_is_owed(self, duty)
        due_at, rule = self.due[duty]
        facts = {"duty": duty.value, "due_at": due_at, "rule": rule, "reason": reason}
        self._record(self.DutyWaived, by=by, at=at, **facts, best_interests=best_interests)

    def who_owes(self, duty: Duty, ladder: Ladder, walled: Collection[UUID]) -> list[str]:
        """Whoever verifies it; before, whoever leads the service and is not complained of (REP-02)."""
        if duty is Duty.VERIFICATION and self.owner is not None:
            return named({self.owner} - set(walled))
        return ladder.leaders(walled, self.walled_roles)

    # ---- applies: only assign

    def _received(self, event: Received) -> None:
        self.state = State.RECEIVED
        self.reporter = event.actor
        self.happened_at, self.received_at = event.happened_at, event.timestamp
        self.first_action_at: datetime | None = None
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
        self.joined: list[UUID] = []
        self.messages = 0
        self.questions: set[int] = set()
        self.attachments: set[UUID] = set()
        self.missed: set[tuple[Duty, int]] = set()
        self.behaviour_passed_on = False
        self.climbs = {}
        self.due = {Duty.FIRST_ACTION: (event.first_action_due_at, event.first_action_rule)}
        self.open_duties = {Duty.FIRST_ACTION: event.first_action_due_at}

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.missed.add((Duty(event.duty), event.step))
        self._has_climbed(event.duty, event)

    def _duty_waived(self, event: DutyWaived) -> None:
        self._settle(Duty(event.duty))

    def _confirmed(self, event: Confirmed) -> None:
        self._end(State.CONFIRMED)
        self.kinds = [Kind(code) for code in event.kinds]
        self.place = Place(event.place)
        self.cases += event.cases

    def _not_confirmed(self, event: NotConfirmed) -> None:
        self._end(State.NOT_CONFIRMED)

    def _left_out_of_scope(self, event: LeftOutOfScope) -> None:
        self._end(State.OUT_OF_SCOPE)

    def _end(self, state: State) -> None:
        self.state = state
        self._settle(*Duty)

    # ---- what decisions ask

    @property
    def has_ended(self) -> bool:
        """Whether it is confirmed, not confirmed or out of scope."""
        return self.state in FINAL

    @property
    def complains_of_the_service(self) -> bool:
        """Whether it goes past somebody of the school to the department's safeguarding lead, too (REP-02)."""
        return any(one.is_of_the_school for one in self.accused)
