"""What is done at once, how a report is judged, and how it is checked (REP-06, REP-08)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.chapters.behaving import Behaving
from services.reports.domain.chapters.chapter import codes
from services.reports.domain.values import Body, Duty, Kind, State, Urgency
from shared.domain import Actor, Event


class Verifying(Behaving):
    """Judged once, owned by one, with steps and findings."""

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

    class BodyTurnedTo(Event):
        """An employee turned to a competent body on their own (REP-10); `turned_at` is when, as they say."""

        TOPIC = "reports.body_turned_to"
        body: str
        turned_at: datetime | None
        note: str

    def turn_to_body(self, *, body: Body, turned_at: datetime | None, note: str, by: Actor, at: datetime) -> None:
        """Records an employee's own turn to a body, at any time: no rule stands in its way (REP-10)."""
        self._record(self.BodyTurnedTo, by=by, at=at, body=body.value, turned_at=turned_at, note=note)

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
            kinds=codes(kinds),
            immediate_danger=immediate_danger,
            urgency=urgency.value,
            note=note,
            owner=owner,
            verification_due_at=verification_due_at,
            verification_rule=verification_rule,
        )
        self.pass_on_problem_behaviour(by=by, at=at)

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

    def _urgent_action_taken(self, event: UrgentActionTaken) -> None:
        self.first_action_at = self.first_action_at or event.timestamp
        self._settle(Duty.FIRST_ACTION)

    def _body_turned_to(self, event: BodyTurnedTo) -> None:
        """Nothing later depends on it."""

    def _triaged(self, event: Triaged) -> None:
        self.state = State.TRIAGED
        self.first_action_at = self.first_action_at or event.timestamp
        self.kinds = [Kind(code) for code in event.kinds]
        self.immediate_danger = event.immediate_danger
        self.urgency = Urgency(event.urgency)
        self.owner = event.owner
        self.triaged_by = event.actor
        self._settle(Duty.FIRST_ACTION)
        self.due[Duty.VERIFICATION] = (event.verification_due_at, event.verification_rule)
        self.open_duties[Duty.VERIFICATION] = event.verification_due_at

    def _verification_begun(self, event: VerificationBegun) -> None:
        self.state = State.UNDER_VERIFICATION
        self.owner = event.owner

    def _verification_step_recorded(self, event: VerificationStepRecorded) -> None:
        self.steps += 1
