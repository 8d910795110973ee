"""What callers ask: one schema per command and query. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from services.cases.domain.values import Answer, Area, Attendee, Criterion, Leaving, Level, Rating, Role, Step

LONGEST_TEXT = 20_000
LONGEST_LINE = 500
LONGEST_LIST = 100
MOST_SESSIONS_MORE = 50
_MESSAGES: dict[str, Any] = {
    "required": "required",
    "null": "required",
    "validator_failed": "invalid",
    "invalid": "invalid",
    "invalid_uuid": "not_an_id",
    "invalid_utf8": "not_text",
    "unknown": "unknown_choice",
    "must_be_bool": "invalid",
}


def _id(**options: Any) -> fields.UUID:
    return fields.UUID(**({"required": True} | options), error_messages=_MESSAGES)


def _words(longest: int) -> fields.String:
    not_blank = validate.Regexp(r"(?s).*\S", error="required")
    length = validate.Length(max=longest, error="too_long")
    return fields.String(
        required=True, validate=[not_blank, length], error_messages=_MESSAGES | {"invalid": "not_text"}
    )


def _text() -> fields.String:
    return _words(LONGEST_TEXT)


def _line() -> fields.String:
    return _words(LONGEST_LINE)


def _choice(choices: type[StrEnum]) -> fields.Enum[Any]:
    return fields.Enum(choices, by_value=True, required=True, error_messages=_MESSAGES)


def _day() -> fields.Date:
    return fields.Date(required=True, format="iso", error_messages=_MESSAGES | {"invalid": "not_a_date"})


def _list(of: fields.Field[Any], *, least: int = 0, required: bool = True) -> fields.List[Any]:
    lengths = [validate.Length(min=least, error="required"), validate.Length(max=LONGEST_LIST, error="too_long")]
    options: dict[str, Any] = {"required": True} if required else {"load_default": list}
    return fields.List(of, validate=lengths, error_messages=_MESSAGES | {"invalid": "not_a_list"}, **options)


class Asked(Schema):
    """What a caller sends: unknown fields are faults."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 marshmallow declares it so

    class Meta:
        unknown = RAISE


class OneCase(Asked):
    """A case by its id."""

    case = _id()


class AcceptConfidentialityWarning(OneCase):
    """What `accept_confidentiality_warning` takes."""


class FindLiabilityPossible(OneCase):
    """What `find_liability_possible` takes."""


class CaseTimeline(OneCase):
    """What `case_timeline` takes."""


class JoinTeam(OneCase):
    """What `join_team` takes."""

    person = _id()
    role = _choice(Role)


class LeaveTeam(OneCase):
    """What `leave_team` takes."""

    person = _id()
    reason = _choice(Leaving)


class AppointCoordinator(OneCase):
    """What `appoint_coordinator` takes."""

    person = _id()
    reason = _text()


class RecordDecision(OneCase):
    """What `record_decision` takes."""

    decision = _text()
    participants = _list(_id(), least=1)
    best_interests = _text()


class IdentifyChild(OneCase):
    """What `identify_child` takes."""

    name = _line()
    birth_date = _day()
    class_name = _line()


class RecordAssessmentStep(OneCase):
    """What `record_assessment_step` takes."""

    step = _choice(Step)
    role = _choice(Role)
    result = _text()
    on = _day()


class AssessRisk(OneCase):
    """What `assess_risk` takes; which factors must be answered the regulation says."""

    level = _choice(Level)
    factors = fields.Dict(
        keys=fields.String(error_messages=_MESSAGES),
        values=_choice(Answer),
        required=True,
        error_messages=_MESSAGES | {"invalid": "not_an_object"},
    )
    reasons = _text()
    childs_place = _text()
    childs_safety = _text()
    best_interests = _text()


class MeetDutyToInform(OneCase):
    """What `meet_duty_to_inform` takes."""

    referral = _id()


class RecordNoLiability(OneCase):
    """What `record_no_liability` takes."""

    reasons = _text()
    best_interests = _text()


class Measure(Asked):
    """A measure of a support plan: what, by whom, until when."""

    measure = _text()
    owner = _line()
    due_on = _day()


class Goal(Asked):
    """A goal of a support plan in one of its areas."""

    area = _choice(Area)
    goal = _text()
    measures = _list(fields.Nested(Measure, error_messages=_MESSAGES))


class DrawUpSupportPlan(OneCase):
    """What `draw_up_support_plan` takes."""

    goals = _list(fields.Nested(Goal, error_messages=_MESSAGES), least=1)


class DrawUpSafetyPlan(OneCase):
    """What `draw_up_safety_plan` takes."""

    dangers = _list(_text(), least=1)
    safe_people = _list(_line(), least=1)
    safe_places = _list(_line(), least=1)
    child_does = _list(_text(), least=1)
    adults_do = _list(_text(), least=1)


class ReviewPlan(OneCase):
    """What `review_plan` takes."""

    findings = _text()
    results = _list(_text(), required=False)
    change_seen = fields.Boolean(required=True, error_messages=_MESSAGES)


class HoldSession(OneCase):
    """What `hold_session` takes."""

    attended = _list(_choice(Attendee))
    observed_change = _text()
    note = _text()


class ExtendSessions(OneCase):
    """What `extend_sessions` takes."""

    more = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=MOST_SESSIONS_MORE, error="out_of_range"),
        error_messages=_MESSAGES | {"invalid": "not_a_number", "too_large": "out_of_range"},
    )
    reason = _text()


class CriterionRating(Asked):
    """One criterion with its rating and the evidence for it."""

    criterion = _choice(Criterion)
    rating = _choice(Rating)
    evidence = _text()


class RateCriteria(OneCase):
    """What `rate_criteria` takes."""

    ratings = _list(fields.Nested(CriterionRating, error_messages=_MESSAGES), least=1)


class TakeOwnMeasures(OneCase):
    """What `take_own_measures` takes."""

    measures = _list(_text(), least=1)


class CloseCase(OneCase):
    """What `close_case` takes."""

    reasons = _text()
    best_interests = _text()
    participants = _list(_id(), least=1)


class ReopenCase(OneCase):
    """What `reopen_case` takes."""

    reason = _text()
    report = _id(required=False, allow_none=True, load_default=None)


class RegisterOfCases(Asked):
    """What `register_of_cases` takes; of one school year (the year it began in), or of all."""

    register_year = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=_MESSAGES)


class MyCases(Asked):
    """What `my_cases` takes."""
