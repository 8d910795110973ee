"""What the school asks of an agency for a child, and everything that becomes of it (REF-01, REF-03, REF-07)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.referrals.domain import rules
from services.referrals.domain.templates import Template
from services.referrals.domain.values import DUTY_OF_CLOCK, AgencyKind, Clock, Purpose, State, Step, Urgency
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ladder import Climbing, Ladder, named


@dataclass(frozen=True)
class Deadline:
    """When an agency owes something, and the rule that says so."""

    due_at: datetime
    rule: str


class ReferralEvent(Event):
    """What every event of a sent referral repeats, so that its public form needs nothing else."""

    case: UUID
    agency: UUID


@registered
class Referral(Climbing, Aggregate):
    """One referral from draft to outcome, in the tenant of the school that asks."""

    TOPIC = "referrals.referral"

    class Drafted(FirstEvent):
        """Somebody of the team filled in the template of the agency's kind; nothing has left yet."""

        TOPIC = "referrals.referral_drafted"
        case: UUID
        agency: UUID
        kind: str
        purpose: str
        urgency: str
        template: str
        facts: dict[str, Any]

    class Approved(ReferralEvent):
        """The head, or who stands in, let exactly these fields leave."""

        TOPIC = "referrals.referral_approved"
        fields: list[str]
        rule: str

    class Requested(ReferralEvent):
        """The agency is asked; three clocks run, each by its rule."""

        TOPIC = "referrals.referral_requested"
        acknowledge_by: datetime
        acknowledge_rule: str
        begin_by: datetime
        begin_rule: str
        report_back_by: datetime
        report_back_rule: str

    class Delivered(ReferralEvent):
        """It reached the agency's broker, or its inbox."""

        TOPIC = "referrals.referral_delivered"
        channel: str
        message_id: str
        purpose: str = Purpose.NOTIFICATION.value

    class Accepted(ReferralEvent):
        """The agency took it on."""

        TOPIC = "referrals.referral_accepted"

    class Declined(ReferralEvent):
        """The agency will not do it; the school takes measures of its own (REF-07)."""

        TOPIC = "referrals.referral_declined"
        reason: str
        text: str

    class Begun(ReferralEvent):
        """The agency works on it."""

        TOPIC = "referrals.referral_begun"

    class PutOnHold(ReferralEvent):
        """The agency waits for something; the clocks run on."""

        TOPIC = "referrals.referral_put_on_hold"
        reason: str

    class Resumed(ReferralEvent):
        """The agency goes on, in the state it was in before."""

        TOPIC = "referrals.referral_resumed"
        state: str

    class Completed(ReferralEvent):
        """The agency reported back: an outcome by its code, and words that stay sealed."""

        TOPIC = "referrals.referral_completed"
        outcome: str
        text: str

    class Failed(ReferralEvent):
        """The agency began and could not finish."""

        TOPIC = "referrals.referral_failed"
        reason: str
        text: str

    class Cancelled(ReferralEvent):
        """The school took it back."""

        TOPIC = "referrals.referral_cancelled"
        reason: str
        was: str

    class FellSilent(ReferralEvent):
        """A clock ran out and the agency had not answered (REF-07)."""

        TOPIC = "referrals.referral_fell_silent"
        clock: str
        due_at: datetime
        rule: str
        step: int = 0
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class SilenceClimbed(ReferralEvent):
        """The agency is silent still, and the next rung of the school's ladder learnt of it."""

        TOPIC = "referrals.silence_climbed"
        clock: str
        duty: str
        due_at: datetime
        rule: str
        step: int
        told: Sequence[str]
        climbs_at: datetime | None
        climb_rule: str
        department: UUID | None
        walled: Sequence[str]

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "referrals.climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    class SilenceLeft(ReferralEvent):
        """The school decided to do no more about an agency's silence, why, and how that serves the child."""

        TOPIC = "referrals.silence_left"
        clock: str
        due_at: datetime
        rule: str
        reason: str
        best_interests: str

    class LinkExpired(ReferralEvent):
        """The agency's link ran out before it had answered with it: silence, whatever the clock says (REF-07)."""

        TOPIC = "referrals.referral_link_expired"
        clock: str
        due_at: datetime
        rule: str

    # -- commands

    @classmethod
    def draft(
        cls,
        *,
        id: UUID,
        case: UUID,
        agency: UUID,
        kind: AgencyKind,
        purpose: Purpose,
        urgency: Urgency,
        template: Template,
        facts: Mapping[str, Any],
        by: Actor,
        at: datetime,
    ) -> Self:
        """A draft from the template: required facts are there and no others than it asks for (REF-03)."""
        template.takes(facts)
        return cls._begin(
            cls.Drafted,
            id=id,
            by=by,
            at=at,
            case=case,
            agency=agency,
            kind=kind.value,
            purpose=purpose.value,
            urgency=urgency.value,
            template=template.rule,
            facts=dict(facts),
        )

    def approve(self, *, fields: Sequence[str], rule: str, by: Actor, at: datetime) -> None:
        """Lets exactly `fields` leave; `rule` is the one under which this person may approve."""
        rules.step_fits_the_state(self.state, Step.APPROVE)
        rules.approver_is_not_the_drafter(self, by)
        rules.approval_names_the_fields_that_leave(self.facts, fields)
        self._note(self.Approved, by=by, at=at, fields=sorted(fields), rule=rule)

    def request(self, *, clocks: Mapping[Clock, Deadline], by: Actor, at: datetime) -> None:
        """Asks the agency, once approved; each clock has its time and rule."""
        rules.step_fits_the_state(self.state, Step.APPROVE)
        times: dict[str, Any] = {}
        for clock, deadline in clocks.items():
            times |= {f"{clock}_by": deadline.due_at, f"{clock}_rule": deadline.rule}
        self._note(self.Requested, by=by, at=at, **times)

    def record_delivery(self, *, channel: str, message_id: str, by: Actor, at: datetime) -> None:
        """Notes that it reached the agency; the first time counts, whatever has become of it since."""
        if self.delivered_at is None and self.state is not State.DRAFT:
            facts = {"channel": channel, "message_id": message_id, "purpose": self.purpose.value}
            self._note(self.Delivered, by=by, at=at, **facts)

    def accept(self, *, agency: UUID, by: Actor, at: datetime) -> None:
        """The agency takes it on."""
        self._answered(agency, Step.ACCEPT)
        self._note(self.Accepted, by=by, at=at)

    def decline(self, *, agency: UUID, reason: str, text: str, by: Actor, at: datetime) -> None:
        """The agency will not do it, and says why."""
        self._answered(agency, Step.DECLINE)
        self._note(self.Declined, by=by, at=at, reason=reason, text=text)

    def begin(self, *, agency: UUID, by: Actor, at: datetime) -> None:
        """The agency begins."""
        self._answered(agency, Step.BEGIN)
        self._note(self.Begun, by=by, at=at)

    def put_on_hold(self, *, agency: UUID, reason: str, by: Actor, at: datetime) -> None:
        """The agency waits."""
        self._answered(agency, Step.HOLD)
        self._note(self.PutOnHold, by=by, at=at, reason=reason)

    def resume(self, *, agency: UUID, by: Actor, at: datetime) -> None:
        """The agency goes on from where it stopped."""
        self._answered(agency, Step.RESUME)
        self._note(self.Resumed, by=by, at=at, state=self.before_hold.value)

    def complete(self, *, agency: UUID, outcome: str, text: str, by: Actor, at: datetime) -> None:
        """The agency reports back what came of it."""
        self._answered(agency, Step.COMPLETE)
        self._note(self.Completed, by=by, at=at, outcome=outcome, text=text)

    def fail(self, *, agency: UUID, reason: str, text: str, by: Actor, at: datetime) -> None:
        """The agency gives up what it took on."""
        self._answered(agency, Step.FAIL)
        self._note(self.Failed, by=by, at=at, reason=reason, text=text)

    def cancel(self, *, reason: str, by: Actor, at: datetime) -> None:
        """The school takes it back."""
        rules.step_fits_the_state(self.state, Step.CANCEL)
        self._note(self.Cancelled, by=by, at=at, reason=reason, was=self.state.value)

    def fall_silent(
        self,
        *,
        clock: Clock,
        step: int,
        ladder: Ladder,
        coordinator: UUID | None,
        walled: Collection[UUID],
        by: Actor,
        at: datetime,
    ) -> bool:
        """Records that a clock ran out, and then each rung of the school's ladder, once; no where nothing is due."""
        duty, so_far = DUTY_OF_CLOCK[clock], self.climbs.get(DUTY_OF_CLOCK[clock])
        if clock not in self.running and so_far is None:
            return False
        deadline, held_by = self.deadlines[clock], named({coordinator} - set(walled))
        climb = ladder.climb(
            due_at=deadline.due_at,
            rule=deadline.rule,
            so_far=so_far,
            step=step,
            owner=held_by,
            coordinator=held_by,
            walled=walled,
            at=at,
        )
        if climb is None:
            return False
        facts = {"clock": clock.value, "due_at": deadline.due_at, "rule": deadline.rule, **climb}
        if so_far is None:
            self._note(self.FellSilent, by=by, at=at, **facts)
        else:
            self._note(self.SilenceClimbed, by=by, at=at, duty=duty, **facts)
        return True

    def note_link_expired(self, *, due_at: datetime, rule: str, by: Actor, at: datetime) -> None:
        """An unanswered link ran out; nothing new where the agency has answered, or its silence is noted already."""
        clock = Clock.ACKNOWLEDGE
        if self.state is State.REQUESTED and clock in self.running:
            self._note(self.LinkExpired, by=by, at=at, clock=clock.value, due_at=due_at, rule=rule)

    def leave_silence(self, *, clock: Clock, reason: str, best_interests: str, by: Actor, at: datetime) -> None:
        """Decides to do no more about an agency's silence (RSK-07); whether it still answers is the agency's."""
        deadline = rules.clock_ran_out(self, clock)
        facts = {"due_at": deadline.due_at, "rule": deadline.rule, "reason": reason, "best_interests": best_interests}
        self._note(self.SilenceLeft, by=by, at=at, clock=clock.value, **facts)

    def _answered(self, agency: UUID, step: Step) -> None:
        rules.answer_is_the_agencys_own(self, agency)
        rules.step_fits_the_state(self.state, step)

    def _note(self, event_class: Any, *, by: Actor, at: datetime, **facts: Any) -> None:
        self._record(event_class, by=by, at=at, case=self.case, agency=self.agency, **facts)

    # -- applies

    def _drafted(self, event: Drafted) -> None:
        self.state = State.DRAFT
        self.case, self.agency, self.kind = event.case, event.agency, AgencyKind(event.kind)
        self.purpose, self.urgency = Purpose(event.purpose), Urgency(event.urgency)
        self.template, self.facts = event.template, event.facts
        self.drafted_by = event.actor
        self.changed_at = event.timestamp
        self.requested_at: datetime | None = None
        self.delivered_at: datetime | None = None
        self.deadlines: dict[Clock, Deadline] = {}
        self.running: dict[Clock, Deadline] = {}
        self.climbs = {}
        self.missed: dict[Clock, datetime] = {}
        self.before_hold = State.ACCEPTED
        self.answer: dict[str, str] = {}

    def _approved(self, event: Approved) -> None:
        self.approved_by = event.actor

    def _requested(self, event: Requested) -> None:
        self._moved(event, State.REQUESTED)
        self.requested_at = event.timestamp
        self.deadlines = {
            Clock.ACKNOWLEDGE: Deadline(event.acknowledge_by, event.acknowledge_rule),
            Clock.BEGIN: Deadline(event.begin_by, event.begin_rule),
            Clock.REPORT_BACK: Deadline(event.report_back_by, event.report_back_rule),
        }
        self.running = dict(self.deadlines)

    def _delivered(self, event: Delivered) -> None:
        self.delivered_at = event.timestamp

    def _accepted(self, event: Accepted) -> None:
        self._moved(event, State.ACCEPTED, Clock.ACKNOWLEDGE)

    def _declined(self, event: Declined) -> None:
        self._moved(event, State.REJECTED, *Clock)
        self.answer = {"reason": event.reason, "text": event.text}

    def _begun(self, event: Begun) -> None:
        self._moved(event, State.IN_PROGRESS, Clock.BEGIN)

    def _put_on_hold(self, event: PutOnHold) -> None:
        self.before_hold = self.state
        self._moved(event, State.ON_HOLD)

    def _resumed(self, event: Resumed) -> None:
        self._moved(event, State(event.state))

    def _completed(self, event: Completed) -> None:
        self._moved(event, State.COMPLETED, *Clock)
        self.answer = {"outcome": event.outcome, "text": event.text}

    def _failed(self, event: Failed) -> None:
        self._moved(event, State.FAILED, *Clock)
        self.answer = {"reason": event.reason, "text": event.text}

    def _cancelled(self, event: Cancelled) -> None:
        self._moved(event, State.CANCELLED, *Clock)

    def _fell_silent(self, event: FellSilent) -> None:
        clock = Clock(event.clock)
        self.running.pop(clock, None)
        self.missed[clock] = event.timestamp
        self._has_climbed(DUTY_OF_CLOCK[clock], event)

    def _silence_climbed(self, event: SilenceClimbed) -> None:
        self._has_climbed(event.duty, event)

    def _silence_left(self, event: SilenceLeft) -> None:
        self._climbs_no_more(DUTY_OF_CLOCK[Clock(event.clock)])

    def _link_expired(self, event: LinkExpired) -> None:
        """The clock runs on, for the ladder is its own (FellSilent)."""
        self.link_expired_at = event.timestamp

    def _moved(self, event: Event, state: State, *met: Clock) -> None:
        self.state = state
        self.changed_at = event.timestamp
        for clock in met:
            self.running.pop(clock, None)
            self._climbs_no_more(DUTY_OF_CLOCK[clock])
