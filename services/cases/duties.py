"""What our events make fall due, and what they end; what was missed climbs (`shared/ladder.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.cases.domain.case import Case
from services.cases.domain.days import end_of_month
from services.cases.domain.interagency import TASK_RULE, task_duty
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import MEETING_DUTY, duty_of, month_duty, owner_of, training_duty
from services.cases.domain.values import OWNERS, Duty
from shared.duties import Change, Meets, Opens, climbed


def case_opened(event: Case.Opened) -> Sequence[Change]:
    """Risk is to be assessed, and the child is accompanied."""
    return [
        _opens(event, Duty.RISK_ASSESSMENT, event.assess_by),
        *_session(event, event.session_by, event.session_rule),
    ]


def report_linked(event: Case.ReportLinked | Case.NewFactsNoted) -> Sequence[Change]:
    """New facts: risk is to be assessed, or assessed again (RSK-05)."""
    return [_opens(event, Duty(event.duty), event.assess_by)]


def risk_assessed(event: Case.RiskAssessed) -> Sequence[Change]:
    """Assessed, until the next time (RSK-05)."""
    plan = [] if event.plan_by is None else [_opens(event, Duty.SUPPORT_PLAN, event.plan_by, event.plan_rule)]
    return [_meets(event, Duty.RISK_ASSESSMENT), _opens(event, Duty.REASSESSMENT, event.reassess_by), *plan]


def duty_to_inform_opened(event: Case.DutyToInformOpened) -> Sequence[Change]:
    """Agencies are to be informed (REF-01)."""
    return [_opens(event, Duty.INFORM_AGENCIES, event.due_at)]


def duty_to_inform_ended(event: Case.DutyToInformMet | Case.NoLiabilityRecorded) -> Sequence[Change]:
    """They were, or need not be (REF-01)."""
    return [_meets(event, Duty.INFORM_AGENCIES)]


def plan_to_review(
    event: Case.SupportPlanDrawnUp | Case.SafetyPlanDrawnUp | Case.PlanReviewed,
) -> Sequence[Change]:
    """The plans are to be reviewed, for the first time or again."""
    return [_opens(event, Duty.PLAN_REVIEW, event.review_by)]


def support_plan_drawn_up(event: Case.SupportPlanDrawnUp) -> Sequence[Change]:
    """It was (RSK-04), and is to be reviewed."""
    return [_meets(event, Duty.SUPPORT_PLAN), *plan_to_review(event)]


def session_held(event: Case.SessionHeld) -> Sequence[Change]:
    """One was, and the next is owed as long as some are left (PLN-04)."""
    return [_meets(event, Duty.SESSION), *_session(event, event.next_by, event.next_rule)]


def sessions_extended(event: Case.SessionsExtended) -> Sequence[Change]:
    """Some are left again (PLN-04)."""
    return _session(event, event.next_by, event.next_rule)


def duty_waived(event: Case.DutyWaived) -> Sequence[Change]:
    """It is left this time; one that returns is owed again."""
    duty = Duty(event.duty)
    again = [] if event.again_by is None else [_opens(event, duty, event.again_by, event.again_rule)]
    return [_meets(event, duty), *again]


def own_measures_opened(event: Case.OwnMeasuresOpened) -> Sequence[Change]:
    """The school is to act itself (REF-07)."""
    return [_opens(event, Duty.OWN_MEASURES, event.due_at)]


def own_measures_taken(event: Case.OwnMeasuresTaken) -> Sequence[Change]:
    """It did (REF-07)."""
    return [_meets(event, Duty.OWN_MEASURES)]


def interagency_task_given(event: Case.InteragencyTaskGiven) -> Sequence[Change]:
    """Somebody is to do it by then (REF-05)."""
    owner = f"person:{event.person}" if event.person else f"agency:{event.agency}"
    duty = task_duty(event.task)
    return [Opens(duty=duty, stream=event.originator_id, due_at=event.due_at, owner=owner, rule=TASK_RULE)]


def interagency_task_ended(event: Case.InteragencyTaskDone | Case.InteragencyTaskDropped) -> Sequence[Change]:
    """It was done, or need not be."""
    return [Meets(duty=task_duty(event.task), stream=event.originator_id)]


def interagency_task_missed(event: Case.InteragencyTaskMissed) -> Sequence[Change]:
    """The clock has said it on one rung of the school's ladder; the case shows it as overdue."""
    owner = f"person:{event.person}" if event.person else f"agency:{event.agency}"
    return climbed(event, task_duty(event.task), event.rule, owner)


def deadline_missed(event: Case.DeadlineMissed) -> Sequence[Change]:
    """The clock has said it on one rung; the case still owes it, and the next rung falls due."""
    return climbed(event, event.duty, event.rule, event.owner)


def case_closed(event: Case.Closed) -> Sequence[Change]:
    """Nothing is owed any more."""
    return [_meets(event, duty) for duty in Duty]


def case_reopened(event: Case.Reopened) -> Sequence[Change]:
    """Risk is to be assessed anew (PLN-06)."""
    return [
        _opens(event, Duty.RISK_ASSESSMENT, event.assess_by),
        *_session(event, event.session_by, event.session_rule),
    ]


def service_member_admitted(event: SafetyService.MemberAdmitted) -> Sequence[Change]:
    """A permanent member is to be trained, for the first time or again (SSS-02)."""
    return _training(event, event.train_by)


def service_member_trained(event: SafetyService.MemberTrained) -> Sequence[Change]:
    """Trained, until the next time (SSS-02)."""
    return _training(event, event.covered_until)


def service_member_released(event: SafetyService.MemberReleased) -> Sequence[Change]:
    """Who sits there no more owes nothing."""
    duty = training_duty(event.person)
    return [Meets(duty=duty, stream=event.originator_id)] if event.is_last else []


def service_meeting_owed(
    event: SafetyService.SetUp | SafetyService.MeetingCounted | SafetyService.MonthMissed,
) -> Sequence[Change]:
    """The meeting of a month: the first, or the next once one was held or missed (SSS-04)."""
    return [_meeting(event, MEETING_DUTY, event.meet_by)]


def service_meeting_counted(event: SafetyService.MeetingCounted) -> Sequence[Change]:
    """The service met: months that it had missed climb no further (SSS-04)."""
    ended = [Meets(duty=month_duty(month), stream=event.originator_id) for month in event.made_up]
    return [*ended, *service_meeting_owed(event)]


def service_month_missed(event: SafetyService.MonthMissed) -> Sequence[Change]:
    """The next month is owed; that this one was missed climbs until the service meets (SSS-04)."""
    climbing = [_meeting(event, month_duty(event.month), end_of_month(event.month))] if event.climbs else []
    return [*climbing, *service_meeting_owed(event)]


def service_deadline_missed(event: SafetyService.DeadlineMissed) -> Sequence[Change]:
    """The clock has said it on one rung; the service still owes it, and the next rung falls due."""
    return climbed(event, duty_of(event.duty, event.person, event.month), event.rule, event.owner)


DUTIES: Mapping[str, Callable[[Any], Sequence[Change]]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.NewFactsNoted.TOPIC: report_linked,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.DutyToInformOpened.TOPIC: duty_to_inform_opened,
    Case.DutyToInformMet.TOPIC: duty_to_inform_ended,
    Case.NoLiabilityRecorded.TOPIC: duty_to_inform_ended,
    Case.SupportPlanDrawnUp.TOPIC: support_plan_drawn_up,
    Case.SafetyPlanDrawnUp.TOPIC: plan_to_review,
    Case.PlanReviewed.TOPIC: plan_to_review,
    Case.OwnMeasuresOpened.TOPIC: own_measures_opened,
    Case.OwnMeasuresTaken.TOPIC: own_measures_taken,
    Case.SessionHeld.TOPIC: session_held,
    Case.SessionsExtended.TOPIC: sessions_extended,
    Case.DutyWaived.TOPIC: duty_waived,
    Case.DeadlineMissed.TOPIC: deadline_missed,
    Case.InteragencyTaskGiven.TOPIC: interagency_task_given,
    Case.InteragencyTaskDone.TOPIC: interagency_task_ended,
    Case.InteragencyTaskDropped.TOPIC: interagency_task_ended,
    Case.InteragencyTaskMissed.TOPIC: interagency_task_missed,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
    SafetyService.MemberAdmitted.TOPIC: service_member_admitted,
    SafetyService.MemberTrained.TOPIC: service_member_trained,
    SafetyService.MemberReleased.TOPIC: service_member_released,
    SafetyService.SetUp.TOPIC: service_meeting_owed,
    SafetyService.MeetingCounted.TOPIC: service_meeting_counted,
    SafetyService.MonthMissed.TOPIC: service_month_missed,
    SafetyService.DeadlineMissed.TOPIC: service_deadline_missed,
}


def _opens(event: Any, duty: Duty, due_at: datetime, rule: str = "") -> Opens:
    rule = rule or event.rule
    return Opens(duty=duty.value, stream=event.originator_id, due_at=due_at, owner=OWNERS[duty], rule=rule)


def _session(event: Any, due_at: datetime | None, rule: str) -> Sequence[Change]:
    """The next session; older events did not say when."""
    return [] if due_at is None else [_opens(event, Duty.SESSION, due_at, rule)]


def _training(event: Any, due_at: datetime | None) -> Sequence[Change]:
    if due_at is None:
        return []
    duty = training_duty(event.person)
    return [Opens(duty=duty, stream=event.originator_id, due_at=due_at, owner=owner_of(duty), rule=event.rule)]


def _meeting(event: Any, duty: str, due_at: datetime) -> Opens:
    return Opens(duty=duty, stream=event.originator_id, due_at=due_at, owner=owner_of(duty), rule=event.rule)


def _meets(event: Any, duty: Duty) -> Meets:
    return Meets(duty=duty.value, stream=event.originator_id)
