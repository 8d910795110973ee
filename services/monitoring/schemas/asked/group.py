"""What callers ask about the risk group."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from services.monitoring.domain import values
from services.monitoring.schemas.asked.common import (
    LONGEST_NAME,
    MESSAGES,
    UNKNOWN_FIELD,
    Incoming,
    choice_field,
    code_field,
    day_field,
    id_field,
    many,
    number_field,
    text_field,
)

MOST_MEASURES = 1_000


class Child(Schema):
    """The child."""

    error_messages = UNKNOWN_FIELD
    name = text_field(longest=LONGEST_NAME, required=True)
    class_name = text_field(longest=LONGEST_NAME, load_default="")
    birth_date = day_field(required=False)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Child:
        return values.Child(**data)


class Named(Schema):
    """Somebody from whom harm is feared; a name may be unknown."""

    error_messages = UNKNOWN_FIELD
    name = text_field(longest=LONGEST_NAME, load_default="")
    category = choice_field(values.Category, load_default=values.Category.UNKNOWN)
    person = id_field(required=False)
    role = choice_field(values.Role, load_default=None, allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Named:
        return values.Named(**data)


class EnterChild(Incoming):
    """The child, at which level and under which category, and who is named."""

    child = fields.Nested(Child, required=True, error_messages=MESSAGES)
    level = choice_field(values.Level, required=True)
    category = code_field()
    reasons = text_field(required=True)
    named = many(fields.Nested(Named, error_messages=MESSAGES))
    report = id_field(required=False)
    case = id_field(required=False)


class OfOneEntry(Incoming):
    """Anything about one entry."""

    entry = id_field()


class AcceptProposal(EnterChild):
    """The same, of a proposal."""

    entry = id_field()


class DeclineProposal(OfOneEntry):
    """Why not."""

    reasons = text_field(required=True)


class WallOffFromEntry(OfOneEntry):
    """Whom to keep away, and why."""

    person = id_field()
    reason = choice_field(values.WallReason, load_default=values.WallReason.ACCUSED)
    named = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=MESSAGES)


class InvolveWorker(OfOneEntry):
    """Who works with the child."""

    person = id_field()


class ReleaseWorker(OfOneEntry):
    """Who does no longer."""

    person = id_field()
    reasons = text_field(required=True)


class AddMeasure(OfOneEntry):
    """What is done, by whom, until when."""

    what = text_field(required=True)
    nature = choice_field(values.Nature, required=True)
    owner = id_field()
    due_on = day_field(required=False)


class FinishMeasure(OfOneEntry):
    """What came of it."""

    number = number_field(least=1, most=MOST_MEASURES)
    result = text_field(required=True)


class NoteBehaviour(OfOneEntry):
    """How behaviour changes."""

    change = choice_field(values.Change, required=True)
    observed = text_field(required=True)


class ReviewEntry(OfOneEntry):
    """What the review found."""

    change = choice_field(values.Change, required=True)
    findings = text_field(required=True)


class LeaveGroup(OfOneEntry):
    """Why the child is in the group no longer."""

    reason = choice_field(values.LeavingReason, required=True)
    reasons = text_field(required=True)


class ListRiskGroup(Incoming):
    """Which states to list; the open ones where none is named."""

    states = many(choice_field(values.EntryState))
