"""What comes in at the door. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.accounts.domain import values

LONGEST_NAME = 200
LONGEST_TEXT = 2_000
MOST = 10_000
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
NOT_BLANK = validate.Regexp(r"(?s).*\S", error="required")


def text_field(*, longest: int = LONGEST_NAME, **options: Any) -> fields.String:
    """A text with something in it."""
    checks = [validate.Length(max=longest, error="too_long"), NOT_BLANK]
    return fields.String(validate=checks, error_messages=MESSAGES, **options)


def choice_field(kind: type[StrEnum], **options: Any) -> fields.Enum[Any]:
    """A code of one of our lists."""
    return fields.Enum(kind, by_value=True, error_messages=MESSAGES, **options)


def id_field(**options: Any) -> fields.UUID:
    """An id."""
    return fields.UUID(error_messages=MESSAGES, **options)


def time_field(**options: Any) -> fields.AwareDateTime:
    """A time, UTC where no zone is said."""
    return fields.AwareDateTime(default_timezone=UTC, error_messages=MESSAGES, **options)


def language_field() -> fields.Enum[Any]:
    """Kazakh, Russian or English."""
    return choice_field(values.Language, load_default=values.Language.KAZAKH)


class Incoming(Schema):
    """Base of what comes in: an unknown field is a fault."""

    error_messages: dict[str, Any] = {"unknown": "unknown_field", "type": "invalid"}  # noqa: RUF012 - marshmallow's own

    @post_load
    def _lists_are_tuples(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class Nothing(Incoming):
    """A question without details."""


class RegisterSchool(Incoming):
    """A school of the caller's department."""

    name = text_field(required=True)
    language = language_field()
    school = id_field(load_default=None, allow_none=True)


class RegisterAgency(Incoming):
    """An agency of the caller's department."""

    kind = choice_field(values.AgencyKind, required=True)
    name = text_field(required=True)
    channel = choice_field(values.AgencyChannel, load_default=values.AgencyChannel.WEB)
    virtual_host = text_field(load_default=None, allow_none=True)
    encryption_key = fields.Dict(load_default=None, allow_none=True, error_messages=MESSAGES)
    signing_key = fields.Dict(load_default=None, allow_none=True, error_messages=MESSAGES)
    agency = id_field(load_default=None, allow_none=True)


class OfOneAgency(Incoming):
    """One agency."""

    agency = id_field(required=True)


class RegisterPerson(Incoming):
    """A person of one of the department's tenants."""

    home = id_field(required=True)
    name = text_field(required=True)
    language = language_field()
    login = text_field(load_default=None, allow_none=True)


class OfOnePerson(Incoming):
    """One person, and where they live."""

    person = id_field(required=True)
    home = id_field(required=True)


class SetPassword(OfOnePerson):
    """A new password."""

    password = fields.String(
        required=True, validate=validate.Length(max=1000, error="too_long"), error_messages=MESSAGES
    )


class EndRole(OfOnePerson):
    """A role at a tenant."""

    at = id_field(required=True)
    role = choice_field(values.Role, required=True)


class AssignRole(EndRole):
    """A role at a tenant, for a time."""

    starts_at = time_field(load_default=None, allow_none=True)
    ends_at = time_field(load_default=None, allow_none=True)


class OpenEngagement(Incoming):
    """What an auditor may read, and when."""

    auditor = id_field(required=True)
    home = id_field(required=True)
    tenants = fields.List(
        id_field(),
        required=True,
        validate=validate.Length(min=1, max=MOST, error="out_of_range"),
        error_messages=MESSAGES,
    )
    scope = fields.List(choice_field(values.Audience), load_default=tuple(values.Audience), error_messages=MESSAGES)
    purpose = text_field(longest=LONGEST_TEXT, required=True)
    starts_at = time_field(required=True)
    ends_at = time_field(required=True)


class CloseEngagement(Incoming):
    """Which engagement ends, and why."""

    engagement = id_field(required=True)
    reason = text_field(longest=LONGEST_TEXT, required=True)


class SignIn(Incoming):
    """A login name and a password."""

    login = fields.String(
        required=True, validate=validate.Length(max=LONGEST_NAME, error="too_long"), error_messages=MESSAGES
    )
    password = fields.String(
        required=True, validate=validate.Length(max=1000, error="too_long"), error_messages=MESSAGES
    )


class IssueToken(Incoming):
    """Which token a session is to buy."""

    session = fields.String(required=True, error_messages=MESSAGES)
    audience = choice_field(values.Audience, required=True)
    tenant = id_field(required=True)
    purpose = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_NAME, error="too_long"), error_messages=MESSAGES
    )


class IssueReporterToken(Incoming):
    """At which school something is to be reported; `audience` can be no other than reports."""

    tenant = id_field(required=True)
    audience = fields.String(
        load_default=values.Audience.REPORTS.value,
        validate=validate.Equal(values.Audience.REPORTS.value, error="unknown_choice"),
        error_messages=MESSAGES,
    )


class ShowPerson(Incoming):
    """One person, and where they live if not here."""

    person = id_field(required=True)
    home = id_field(load_default=None, allow_none=True)


class ListAgencies(Incoming):
    """Agencies of one kind, or of all."""

    kind = choice_field(values.AgencyKind, load_default=None, allow_none=True)
