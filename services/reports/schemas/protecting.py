"""What callers ask about breaches of what protects whoever reports."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from services.reports.domain import breach
from services.reports.schemas.asked import (
    LONGEST_NAME,
    MESSAGES,
    UNKNOWN_FIELD,
    Accused,
    Incoming,
    OfOneReceipt,
    choice_field,
    id_field,
    many,
    text_field,
)

LONGEST_CODE = 100
NOT_A_DATE = MESSAGES | {"invalid": "not_a_date"}


class ReportBreachHow(Incoming):
    """What happened."""

    kind = choice_field(breach.BreachKind, required=True)
    description = text_field(required=True)
    happened_on = fields.Date(load_default=None, allow_none=True, error_messages=NOT_A_DATE)
    accused = many(fields.Nested(Accused, error_messages=MESSAGES), load_default=())


class ReportBreach(ReportBreachHow):
    """By staff, or by somebody without a name; `report` where it belongs to one that the caller knows."""

    report = id_field(load_default=None, allow_none=True)


class ReportBreachByReceipt(ReportBreachHow, OfOneReceipt):
    """By whoever holds the receipt of the report that it belongs to."""


class OfOneBreach(Incoming):
    """Anything about one breach."""

    breach = id_field(required=True)


class WallOffFromBreach(OfOneBreach):
    """Whom to keep away."""

    person = id_field(required=True)
    accused = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=MESSAGES)


class AppointBreachOwner(OfOneBreach):
    """Who looks into it."""

    owner = id_field(required=True)


class TakeBreachStep(OfOneBreach):
    """What was done."""

    what = text_field(required=True)
    finding = text_field(required=True)


class SchoolRule(Schema):
    """The school's rule, and since when it holds."""

    error_messages = UNKNOWN_FIELD
    title = text_field(longest=LONGEST_NAME, required=True)
    article = text_field(longest=LONGEST_NAME, required=True)
    in_force_since = fields.Date(required=True, error_messages=NOT_A_DATE)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> breach.SchoolRule:
        return breach.SchoolRule(**data)


class EndBreach(OfOneBreach):
    """Whether it was so, and what follows."""

    outcome = choice_field(breach.BreachOutcome, required=True)
    reasons = text_field(required=True)
    consequence = fields.String(load_default=None, allow_none=True, error_messages=MESSAGES)
    school_rule = fields.Nested(SchoolRule, load_default=None, allow_none=True, error_messages=MESSAGES)
