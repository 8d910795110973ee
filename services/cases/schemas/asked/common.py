"""Kinds of fields, and what every schema has in common; faults are codes."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

LONGEST_TEXT = 20_000
LONGEST_LINE = 500
LONGEST_LIST = 100
MOST_SESSIONS_MORE = 50
MESSAGES: dict[str, Any] = {
    "required": "required",
    "null": "required",
    "validator_failed": "invalid",
    "invalid": "invalid",
    "invalid_uuid": "not_an_id",
    "invalid_utf8": "not_text",
    "unknown": "unknown_choice",
    "must_be_bool": "invalid",
}


def identifier(**options: Any) -> fields.UUID:
    """An id."""
    return fields.UUID(**({"required": True} | options), error_messages=MESSAGES)


def words(longest: int) -> fields.String:
    """Words, not blank."""
    not_blank = validate.Regexp(r"(?s).*\S", error="required")
    length = validate.Length(max=longest, error="too_long")
    return fields.String(required=True, validate=[not_blank, length], error_messages=MESSAGES | {"invalid": "not_text"})


def text() -> fields.String:
    """Words at length."""
    return words(LONGEST_TEXT)


def line() -> fields.String:
    """A few words."""
    return words(LONGEST_LINE)


def choice(choices: type[StrEnum]) -> fields.Enum[Any]:
    """One of a list of codes."""
    return fields.Enum(choices, by_value=True, required=True, error_messages=MESSAGES)


def day(*, required: bool = True) -> fields.Date:
    """A calendar day, `2026-11-22`."""
    options: dict[str, Any] = {"required": True} if required else {"allow_none": True, "load_default": None}
    return fields.Date(format="iso", error_messages=MESSAGES | {"invalid": "not_a_date"}, **options)


def time(*, required: bool = True) -> fields.AwareDateTime:
    """A moment; one without a zone counts as UTC."""
    options: dict[str, Any] = {"required": True} if required else {"allow_none": True, "load_default": None}
    return fields.AwareDateTime(
        format="iso", default_timezone=UTC, error_messages=MESSAGES | {"invalid": "not_a_time"}, **options
    )


def many(of: fields.Field[Any], *, least: int = 0, required: bool = True) -> fields.List[Any]:
    """A list."""
    lengths = [validate.Length(min=least, error="required"), validate.Length(max=LONGEST_LIST, error="too_long")]
    options: dict[str, Any] = {"required": True} if required else {"load_default": list}
    return fields.List(of, validate=lengths, error_messages=MESSAGES | {"invalid": "not_a_list"}, **options)


class Asked(Schema):
    """What a caller sends: unknown fields are faults."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 marshmallow declares it so

    class Meta:
        unknown = RAISE


class OneCase(Asked):
    """A case by its id."""

    case = identifier()
