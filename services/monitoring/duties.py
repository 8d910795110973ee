"""What falls due in prevention, and what ends that: decisions on proposals, reviews, assessments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.monitoring.domain.group_entry import DECISION, REVIEW, GroupEntry
from services.monitoring.domain.risk import RISK_REVIEW, Risk
from services.monitoring.domain.risk_journal import JOURNAL_REVIEW, RiskJournal
from services.monitoring.domain.trip import TRIP_ASSESSMENT, Trip
from services.monitoring.domain.values import Role
from shared.duties import Meets, Opens


def proposed(event: GroupEntry.Proposed) -> Sequence[Opens | Meets]:
    """Somebody is to decide, past those whom the report complains of."""
    owner = f"role:{_next_in_line(event.walled_roles)}"
    return [Opens(duty=DECISION, stream=event.originator_id, due_at=event.decide_by, owner=owner, rule=event.rule)]


def entered(event: Any) -> Sequence[Opens | Meets]:
    """It was decided, and the first review is due."""
    owner = f"role:{_next_in_line(event.walled_roles)}"
    return [
        Meets(duty=DECISION, stream=event.originator_id),
        Opens(duty=REVIEW, stream=event.originator_id, due_at=event.review_by, owner=owner, rule=event.rule),
    ]


def reviewed(event: GroupEntry.Reviewed) -> Sequence[Opens | Meets]:
    """The next one is due."""
    owner = f"role:{Role.SOCIAL_PEDAGOGUE}"
    return [Opens(duty=REVIEW, stream=event.originator_id, due_at=event.review_by, owner=owner, rule=event.rule)]


def ended(event: Any) -> Sequence[Opens | Meets]:
    """Nothing is due on an entry that has ended, or the clock has said that it was not done."""
    return [Meets(duty=duty, stream=event.originator_id) for duty in (DECISION, REVIEW)]


def due_again(event: Any) -> Sequence[Opens | Meets]:
    """The journal, or a risk of it, is to be looked at again."""
    duty = JOURNAL_REVIEW if event.TOPIC in OF_THE_WHOLE else RISK_REVIEW
    owner = f"role:{Role.HEAD}"
    return [Opens(duty=duty, stream=event.originator_id, due_at=event.review_by, owner=owner, rule=event.rule)]


def trip_planned(event: Trip.Planned) -> Sequence[Opens | Meets]:
    """Its risks are assessed before it starts; the source itself says so."""
    owner, rule = f"person:{event.leader}", "RSK-06"
    return [Opens(duty=TRIP_ASSESSMENT, stream=event.originator_id, due_at=event.assess_by, owner=owner, rule=rule)]


def done(event: Any) -> Sequence[Opens | Meets]:
    """It was done, or is due no longer, or the clock has said that it was not done."""
    return [Meets(duty=duty, stream=event.originator_id) for duty in (RISK_REVIEW, TRIP_ASSESSMENT, JOURNAL_REVIEW)]


OF_THE_WHOLE = {RiskJournal.Opened.TOPIC, RiskJournal.Reviewed.TOPIC}


def _next_in_line(walled_roles: Sequence[str]) -> Role:
    line = (Role.SOCIAL_PEDAGOGUE, Role.PSYCHOLOGIST, Role.DEPUTY, Role.HEAD)
    return next((role for role in line if role not in walled_roles), Role.SAFEGUARDING_LEAD)


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    GroupEntry.Proposed.TOPIC: proposed,
    GroupEntry.Entered.TOPIC: entered,
    GroupEntry.ProposalAccepted.TOPIC: entered,
    GroupEntry.Reviewed.TOPIC: reviewed,
    GroupEntry.ProposalDeclined.TOPIC: ended,
    GroupEntry.DecisionMissed.TOPIC: ended,
    GroupEntry.ReviewMissed.TOPIC: ended,
    GroupEntry.Left.TOPIC: ended,
    RiskJournal.Opened.TOPIC: due_again,
    RiskJournal.Reviewed.TOPIC: due_again,
    RiskJournal.ReviewMissed.TOPIC: done,
    Risk.Noted.TOPIC: due_again,
    Risk.Reassessed.TOPIC: due_again,
    Risk.ReviewMissed.TOPIC: done,
    Risk.Closed.TOPIC: done,
    Trip.Planned.TOPIC: trip_planned,
    Trip.Assessed.TOPIC: done,
    Trip.AssessmentMissed.TOPIC: done,
    Trip.Held.TOPIC: done,
    Trip.CalledOff.TOPIC: done,
}
