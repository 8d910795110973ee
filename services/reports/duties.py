"""What falls due on a report, and what ends that: the first action and the verification (REP-06, REP-08, REP-10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.reports.domain.report import Report
from services.reports.domain.values import Duty, Role
from shared.duties import Meets, Opens


def received(event: Report.Received) -> Sequence[Opens | Meets]:
    """Something is to be done at once, or within working hours; by the next in line where the head is accused."""
    return [
        Opens(
            duty=Duty.FIRST_ACTION,
            stream=event.originator_id,
            due_at=event.first_action_due_at,
            owner=f"role:{_next_in_line(event.accused)}",
            rule=event.first_action_rule,
        )
    ]


def urgent_action_taken(event: Report.UrgentActionTaken) -> Sequence[Opens | Meets]:
    """Something was done: the first action (REP-08)."""
    return [Meets(duty=Duty.FIRST_ACTION, stream=event.originator_id)]


def triaged(event: Report.Triaged) -> Sequence[Opens | Meets]:
    """Somebody looked at it, and the verification's time runs, whether it has begun or not."""
    owner = f"role:{Role.HEAD}" if event.owner is None else f"person:{event.owner}"
    return [
        Meets(duty=Duty.FIRST_ACTION, stream=event.originator_id),
        Opens(
            duty=Duty.VERIFICATION,
            stream=event.originator_id,
            due_at=event.verification_due_at,
            owner=owner,
            rule=event.verification_rule,
        ),
    ]


def verification_begun(event: Report.VerificationBegun) -> Sequence[Opens | Meets]:
    """The verification is somebody's now; its time stays."""
    owner = f"person:{event.owner}"
    return [
        Opens(duty=Duty.VERIFICATION, stream=event.originator_id, due_at=event.due_at, owner=owner, rule=event.rule)
    ]


def deadline_missed(event: Report.DeadlineMissed) -> Sequence[Opens | Meets]:
    """The clock said it once; from then on the report itself shows it as overdue."""
    return [Meets(duty=event.duty, stream=event.originator_id)]


def ended(event: Any) -> Sequence[Opens | Meets]:
    """Nothing is due on a report that has ended."""
    return [Meets(duty=duty, stream=event.originator_id) for duty in Duty]


def _next_in_line(accused: Sequence[Mapping[str, Any]]) -> Role:
    """Who is to act first, past those complained of (REP-02)."""
    roles = {one["role"] for one in accused}
    line = (Role.HEAD, Role.DEPUTY, Role.SAFEGUARDING_LEAD)
    return next((role for role in line if role not in roles), Role.SAFEGUARDING_LEAD)


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    Report.Received.TOPIC: received,
    Report.UrgentActionTaken.TOPIC: urgent_action_taken,
    Report.Triaged.TOPIC: triaged,
    Report.VerificationBegun.TOPIC: verification_begun,
    Report.DeadlineMissed.TOPIC: deadline_missed,
    Report.Confirmed.TOPIC: ended,
    Report.NotConfirmed.TOPIC: ended,
    Report.LeftOutOfScope.TOPIC: ended,
}
