"""What callers ask about signs, about a child, and of their own turn to a body."""

from __future__ import annotations

from datetime import UTC

from marshmallow import fields

from services.reports.domain import values
from services.reports.schemas.asked import (
    LONGEST_TEXT,
    MESSAGES,
    Accused,
    Child,
    Incoming,
    OfOneReport,
    choice_field,
    id_field,
    many,
    text_field,
)


class NoteSign(Incoming):
    """A sign, by which method it was noticed, and whom it is about."""

    method = choice_field(values.Method, required=True)
    sign = text_field(required=True)
    child = fields.Nested(Child, load_default=None, allow_none=True, error_messages=MESSAGES)
    kinds = many(choice_field(values.Kind), load_default=())
    place = choice_field(values.Place, load_default=None, allow_none=True)
    noticed_at = fields.AwareDateTime(default_timezone=UTC, load_default=None, allow_none=True, error_messages=MESSAGES)
    accused = many(fields.Nested(Accused, error_messages=MESSAGES), load_default=())


class OfOneSignNote(Incoming):
    """Anything about one note."""

    note = id_field(required=True)


class ConsiderSignNote(OfOneSignNote):
    """What comes of it."""

    outcome = choice_field(values.Outcome, required=True)
    reasons = text_field(required=True)
    report = id_field(load_default=None, allow_none=True)


class FindChild(Incoming):
    """Which child is looked for: with a birth date, a class or an IIN."""

    child = fields.Nested(Child, required=True, error_messages=MESSAGES)


class TurnToBody(OfOneReport):
    """Which body an employee turned to, and when."""

    body = choice_field(values.Body, required=True)
    turned_at = fields.AwareDateTime(default_timezone=UTC, load_default=None, allow_none=True, error_messages=MESSAGES)
    note = text_field(longest=LONGEST_TEXT, load_default="")
