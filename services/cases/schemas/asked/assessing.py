"""What is known of a case, and who must be told."""

from __future__ import annotations

from marshmallow import fields

from services.cases.domain.values import Answer, Level, Role, Step
from services.cases.schemas.asked.common import MESSAGES, OneCase, choice, day, identifier, line, text


class IdentifyChild(OneCase):
    """What `identify_child` takes."""

    name = line()
    birth_date = day()
    class_name = line()


class RecordAssessmentStep(OneCase):
    """What `record_assessment_step` takes."""

    step = choice(Step)
    role = choice(Role)
    result = text()
    on = day()


class AssessRisk(OneCase):
    """What `assess_risk` takes; which factors must be answered the regulation says."""

    level = choice(Level)
    factors = fields.Dict(
        keys=fields.String(error_messages=MESSAGES),
        values=choice(Answer),
        required=True,
        error_messages=MESSAGES | {"invalid": "not_an_object"},
    )
    reasons = text()
    childs_place = text()
    childs_safety = text()
    best_interests = text()


class FindLiabilityPossible(OneCase):
    """What `find_liability_possible` takes."""


class MeetDutyToInform(OneCase):
    """What `meet_duty_to_inform` takes."""

    referral = identifier()


class RecordNoLiability(OneCase):
    """What `record_no_liability` takes."""

    reasons = text()
    best_interests = text()
