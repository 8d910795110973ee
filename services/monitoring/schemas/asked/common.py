"""Kinds of fields of what callers ask. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load, validate

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
LONGEST_CODE = 60
MOST = 50
MESSAGES: dict[str, Any] = {
    "required": "required",
    "null": "required",
    "invalid": "invalid",
    "invalid_utf8": "invalid",
    "invalid_uuid": "not_an_id",
    "type": "invalid",
    "unknown": "unknown_choice",
    "validator_failed": "invalid",
}
UNKNOWN_FIELD: dict[str, Any] = {"unknown": "unknown_field", "type": "invalid"}
NOT_BLANK = validate.Regexp(r"(?s).*\S", error="required")
A_CODE = validate.Regexp(r"[a-z][a-z0-9_]*\Z", error="unknown_choice")


class Incoming(Schema):
    """Base of what comes in: an unknown field is a fault."""

    error_messages = UNKNOWN_FIELD

    @post_load
    def _lists_are_tuples(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def text_field(*, longest: int = LONGEST_TEXT, **options: Any) -> fields.String:
    """A text that is said, or may be left out where there is a default."""
    checks: list[Any] = [validate.Length(max=longest, error="too_long")]
    if options.get("required"):
        checks.append(NOT_BLANK)
    return fields.String(validate=checks, error_messages=MESSAGES, **options)


def code_field() -> fields.String:
    """A code of a list that the regulations hold."""
    checks = [validate.Length(max=LONGEST_CODE, error="too_long"), A_CODE]
    return fields.String(validate=checks, error_messages=MESSAGES, required=True)


def choice_field(kind: type[StrEnum], **options: Any) -> fields.Enum[Any]:
    """A code of one of our lists."""
    return fields.Enum(kind, by_value=True, error_messages=MESSAGES, **options)


def id_field(*, required: bool = True) -> fields.UUID:
    """An id."""
    if required:
        return fields.UUID(error_messages=MESSAGES, required=True)
    return fields.UUID(error_messages=MESSAGES, load_default=None, allow_none=True)


def day_field(*, required: bool = True) -> fields.Date:
    """A calendar day."""
    messages = MESSAGES | {"invalid": "not_a_date"}
    if required:
        return fields.Date(error_messages=messages, required=True)
    return fields.Date(error_messages=messages, load_default=None, allow_none=True)


def number_field(*, least: int, most: int, required: bool = True) -> fields.Integer:
    """A whole number within its limits."""
    limits = validate.Range(min=least, max=most, error="out_of_range")
    if required:
        return fields.Integer(strict=True, validate=limits, error_messages=MESSAGES, required=True)
    return fields.Integer(strict=True, validate=limits, error_messages=MESSAGES, load_default=None, allow_none=True)


def flag(**options: Any) -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(error_messages=MESSAGES, load_default=False, **options)


def some(field: fields.Field[Any]) -> fields.List[Any]:
    """A list of one or more that is not endless."""
    checks = [validate.Length(min=1, error="required"), validate.Length(max=MOST, error="too_many")]
    return fields.List(field, validate=checks, error_messages=MESSAGES, required=True)


def many(field: fields.Field[Any]) -> fields.List[Any]:
    """A list that may be empty or left out, and is not endless."""
    checks = validate.Length(max=MOST, error="too_many")
    return fields.List(field, validate=checks, error_messages=MESSAGES, load_default=())
