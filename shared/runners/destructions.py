"""What the doors of services that destroy by the API read. Faults are codes by field."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

LONGEST_TEXT = 2_000
MESSAGES: dict[str, Any] = {
    "required": "required",
    "null": "required",
    "validator_failed": "invalid",
    "invalid": "invalid",
    "invalid_uuid": "not_an_id",
    "invalid_utf8": "not_text",
}


class _Asked(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 marshmallow declares it so

    class Meta:
        unknown = RAISE


def _text(*, required: bool) -> fields.String:
    checks: list[Any] = [validate.Length(max=LONGEST_TEXT, error="too_long")]
    if required:
        checks.append(validate.Regexp(r"(?s).*\S", error="required"))
    options: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(validate=checks, error_messages=MESSAGES | {"invalid": "not_text"}, **options)


class RequestDestruction(_Asked):
    """A matter by its stream; the law, where its time is not over."""

    stream = fields.UUID(required=True, error_messages=MESSAGES)
    basis = _text(required=False)
    reason = _text(required=False)


class ApproveDestruction(_Asked):
    """What was asked for."""

    erasure = fields.UUID(required=True, error_messages=MESSAGES)


class HoldMatter(_Asked):
    """A matter, and why it is held, or no longer."""

    stream = fields.UUID(required=True, error_messages=MESSAGES)
    reason = _text(required=True)


class NothingAsked(_Asked):
    """A question without details."""
