"""What is planned and done for the child, and whether it helps."""

from __future__ import annotations

from marshmallow import fields, validate

from services.cases.domain.values import Area, Attendee, Criterion, MedicalHelp, MedicalHelper, Nature, Rating
from services.cases.schemas.asked.common import (
    MESSAGES,
    MOST_SESSIONS_MORE,
    Asked,
    OneCase,
    choice,
    day,
    identifier,
    line,
    many,
    text,
    time,
)


class Measure(Asked):
    """A measure of a support plan: what, of which nature, by whom, until when."""

    measure = text()
    nature = choice(Nature)
    owner = line()
    due_on = day()


class Goal(Asked):
    """A goal of a support plan in one of its areas."""

    area = choice(Area)
    goal = text()
    measures = many(fields.Nested(Measure, error_messages=MESSAGES))


class DrawUpSupportPlan(OneCase):
    """What `draw_up_support_plan` takes."""

    goals = many(fields.Nested(Goal, error_messages=MESSAGES), least=1)


class DrawUpSafetyPlan(OneCase):
    """What `draw_up_safety_plan` takes."""

    dangers = many(text(), least=1)
    safe_people = many(line(), least=1)
    safe_places = many(line(), least=1)
    child_does = many(text(), least=1)
    adults_do = many(text(), least=1)


class ReviewPlan(OneCase):
    """What `review_plan` takes."""

    findings = text()
    results = many(text(), required=False)
    change_seen = fields.Boolean(required=True, error_messages=MESSAGES)


class HoldSession(OneCase):
    """What `hold_session` takes."""

    attended = many(choice(Attendee))
    observed_change = text()
    note = text()


class ExtendSessions(OneCase):
    """What `extend_sessions` takes."""

    more = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=MOST_SESSIONS_MORE, error="out_of_range"),
        error_messages=MESSAGES | {"invalid": "not_a_number", "too_large": "out_of_range"},
    )
    reason = text()


class CriterionRating(Asked):
    """One criterion with its rating and the evidence for it."""

    criterion = choice(Criterion)
    rating = choice(Rating)
    evidence = text()


class RateCriteria(OneCase):
    """What `rate_criteria` takes."""

    ratings = many(fields.Nested(CriterionRating, error_messages=MESSAGES), least=1)


class TakeOwnMeasures(OneCase):
    """What `take_own_measures` takes."""

    measures = many(text(), least=1)


class OrganiseMedicalHelp(OneCase):
    """What `organise_medical_help` takes."""

    kind = choice(MedicalHelp)
    called_at = time()
    what_happened = text()


class RecordMedicalHelp(OneCase):
    """What `record_medical_help` takes; no times where nobody came."""

    medical_help = identifier()
    helper = choice(MedicalHelper)
    began_at = time(required=False)
    ended_at = time(required=False)
    outcome = text()
