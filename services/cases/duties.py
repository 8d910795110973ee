"""What our events make fall due, and what they end. `step` stays 0: one rung; the next ones come with the ladder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.cases.domain.case import Case
from services.cases.domain.values import OWNERS, Duty
from shared.duties import Meets, Opens


def case_opened(event: Case.Opened) -> Sequence[Opens | Meets]:
    """Risk is to be assessed."""
    return [_opens(event, Duty.RISK_ASSESSMENT, event.assess_by)]


def report_linked(event: Case.ReportLinked) -> Sequence[Opens | Meets]:
    """New facts: risk is to be assessed, or assessed again (RSK-05)."""
    return [_opens(event, Duty(event.duty), event.assess_by)]


def risk_assessed(event: Case.RiskAssessed) -> Sequence[Opens | Meets]:
    """Assessed, until the next time (RSK-05)."""
    return [_meets(event, Duty.RISK_ASSESSMENT), _opens(event, Duty.REASSESSMENT, event.reassess_by)]


def duty_to_inform_opened(event: Case.DutyToInformOpened) -> Sequence[Opens | Meets]:
    """Agencies are to be informed (REF-01)."""
    return [_opens(event, Duty.INFORM_AGENCIES, event.due_at)]


def duty_to_inform_ended(event: Case.DutyToInformMet | Case.NoLiabilityRecorded) -> Sequence[Opens | Meets]:
    """They were, or need not be (REF-01)."""
    return [_meets(event, Duty.INFORM_AGENCIES)]


def plan_to_review(
    event: Case.SupportPlanDrawnUp | Case.SafetyPlanDrawnUp | Case.PlanReviewed,
) -> Sequence[Opens | Meets]:
    """The plans are to be reviewed, for the first time or again."""
    return [_opens(event, Duty.PLAN_REVIEW, event.review_by)]


def own_measures_opened(event: Case.OwnMeasuresOpened) -> Sequence[Opens | Meets]:
    """The school is to act itself (REF-07)."""
    return [_opens(event, Duty.OWN_MEASURES, event.due_at)]


def own_measures_taken(event: Case.OwnMeasuresTaken) -> Sequence[Opens | Meets]:
    """It did (REF-07)."""
    return [_meets(event, Duty.OWN_MEASURES)]


def deadline_missed(event: Case.DeadlineMissed) -> Sequence[Opens | Meets]:
    """The clock has said it; the case still owes it, and shows it as overdue."""
    return [_meets(event, Duty(event.duty))]


def case_closed(event: Case.Closed) -> Sequence[Opens | Meets]:
    """Nothing is owed any more."""
    return [_meets(event, duty) for duty in Duty]


def case_reopened(event: Case.Reopened) -> Sequence[Opens | Meets]:
    """Risk is to be assessed anew (PLN-06)."""
    return [_opens(event, Duty.RISK_ASSESSMENT, event.assess_by)]


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.DutyToInformOpened.TOPIC: duty_to_inform_opened,
    Case.DutyToInformMet.TOPIC: duty_to_inform_ended,
    Case.NoLiabilityRecorded.TOPIC: duty_to_inform_ended,
    Case.SupportPlanDrawnUp.TOPIC: plan_to_review,
    Case.SafetyPlanDrawnUp.TOPIC: plan_to_review,
    Case.PlanReviewed.TOPIC: plan_to_review,
    Case.OwnMeasuresOpened.TOPIC: own_measures_opened,
    Case.OwnMeasuresTaken.TOPIC: own_measures_taken,
    Case.DeadlineMissed.TOPIC: deadline_missed,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
}


def _opens(event: Any, duty: Duty, due_at: datetime) -> Opens:
    return Opens(duty=duty.value, stream=event.originator_id, due_at=due_at, owner=OWNERS[duty], rule=event.rule)


def _meets(event: Any, duty: Duty) -> Meets:
    return Meets(duty=duty.value, stream=event.originator_id)
