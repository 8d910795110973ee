"""What falls due on a report, and what ends that: the first action and the verification (REP-06, REP-08, REP-10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.reports.domain.breach import INQUIRY, Breach
from services.reports.domain.report import Report
from services.reports.domain.sign_note import CONSIDERATION, SignNote
from services.reports.domain.values import Duty, Role
from shared.duties import Change, Meets, Opens, Passes, climbed


def received(event: Report.Received) -> Sequence[Change]:
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


def urgent_action_taken(event: Report.UrgentActionTaken) -> Sequence[Change]:
    """Something was done: the first action (REP-08)."""
    return [Meets(duty=Duty.FIRST_ACTION, stream=event.originator_id)]


def triaged(event: Report.Triaged) -> Sequence[Change]:
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


def verification_begun(event: Report.VerificationBegun) -> Sequence[Change]:
    """The verification is somebody's now; its time stays, and how far it has climbed."""
    return [Passes(duty=Duty.VERIFICATION, stream=event.originator_id, owner=f"person:{event.owner}")]


def deadline_missed(event: Report.DeadlineMissed) -> Sequence[Change]:
    """The clock said it on one rung; the next falls due, and the report itself shows it as overdue."""
    return climbed(event, event.duty, event.rule, f"role:{Role.HEAD}")


def duty_waived(event: Report.DutyWaived) -> Sequence[Change]:
    """It is left for a reason."""
    return [Meets(duty=event.duty, stream=event.originator_id)]


def ended(event: Any) -> Sequence[Change]:
    """Nothing is due on a report that has ended."""
    return [Meets(duty=duty, stream=event.originator_id) for duty in Duty]


def sign_noted(event: SignNote.Noted) -> Sequence[Change]:
    """The service is to consider it, past who is named in it (REP-09)."""
    owner = f"role:{_next_in_line(event.accused)}"
    return [
        Opens(duty=CONSIDERATION, stream=event.originator_id, due_at=event.consider_by, owner=owner, rule=event.rule)
    ]


def sign_considered(event: SignNote.Considered) -> Sequence[Change]:
    """It was."""
    return [Meets(duty=CONSIDERATION, stream=event.originator_id)]


def breach_reported(event: Breach.Reported) -> Sequence[Change]:
    """Somebody looks into it, past whom it is about (REP-04)."""
    owner = f"role:{_next_in_line(event.accused)}"
    return [Opens(duty=INQUIRY, stream=event.originator_id, due_at=event.due_at, owner=owner, rule=event.rule)]


def breach_owner_appointed(event: Breach.OwnerAppointed) -> Sequence[Change]:
    """It is somebody's now; its time stays, and how far it has climbed."""
    return [Passes(duty=INQUIRY, stream=event.originator_id, owner=f"person:{event.owner}")]


def breach_inquiry_missed(event: Breach.InquiryMissed) -> Sequence[Change]:
    """The clock has said on one rung that it did not end in time."""
    return climbed(event, INQUIRY, event.rule, f"role:{Role.HEAD}")


def breach_ended(event: Breach.Ended) -> Sequence[Change]:
    """It ended."""
    return [Meets(duty=INQUIRY, stream=event.originator_id)]


def sign_consideration_missed(event: SignNote.ConsiderationMissed) -> Sequence[Change]:
    """The clock has said on one rung that it was not."""
    return climbed(event, CONSIDERATION, event.rule, f"role:{Role.HEAD}")


def _next_in_line(accused: Sequence[Mapping[str, Any]]) -> Role:
    """Who is to act first, past those complained of (REP-02)."""
    roles = {one["role"] for one in accused}
    line = (Role.HEAD, Role.DEPUTY, Role.SAFEGUARDING_LEAD)
    return next((role for role in line if role not in roles), Role.SAFEGUARDING_LEAD)


DUTIES: Mapping[str, Callable[[Any], Sequence[Change]]] = {
    Report.Received.TOPIC: received,
    Report.UrgentActionTaken.TOPIC: urgent_action_taken,
    Report.Triaged.TOPIC: triaged,
    Report.VerificationBegun.TOPIC: verification_begun,
    Report.DutyWaived.TOPIC: duty_waived,
    Report.DeadlineMissed.TOPIC: deadline_missed,
    SignNote.Noted.TOPIC: sign_noted,
    SignNote.Considered.TOPIC: sign_considered,
    SignNote.ConsiderationMissed.TOPIC: sign_consideration_missed,
    Breach.Reported.TOPIC: breach_reported,
    Breach.OwnerAppointed.TOPIC: breach_owner_appointed,
    Breach.InquiryMissed.TOPIC: breach_inquiry_missed,
    Breach.Ended.TOPIC: breach_ended,
    Report.Confirmed.TOPIC: ended,
    Report.NotConfirmed.TOPIC: ended,
    Report.LeftOutOfScope.TOPIC: ended,
}
