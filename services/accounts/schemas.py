"""What comes in at the door, and what other services tell. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.accounts import incoming
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


class OfOneGrant(Incoming):
    """One grant."""

    grant = id_field(required=True)


class NamePersonForGrant(OfOneGrant):
    """Whom the agency names."""

    person = id_field(required=True)


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


class ChangePolicy(Incoming):
    """A value of the department's own; `value` null takes it back."""

    key = text_field(required=True)
    unit = choice_field(values.Counted, required=True)
    value = fields.Integer(required=True, allow_none=True, strict=True, error_messages=MESSAGES)
    since = fields.Date(required=True, error_messages=MESSAGES)
    reason = text_field(required=True, longest=LONGEST_TEXT)


class ChangeDay(Incoming):
    """A day of the department's table."""

    day = fields.Date(required=True, error_messages=MESSAGES)
    worked = fields.Boolean(required=True, error_messages=MESSAGES)
    reason = text_field(required=True, longest=LONGEST_TEXT)


class _DepartmentChanged(Schema):
    class Meta:
        unknown = EXCLUDE

    change = fields.UUID(required=True)


def read_department_changed(body: Mapping[str, Any]) -> incoming.DepartmentChanged:
    """The fields we use of our own `accounts.department_policy_changed.v1` and `accounts.department_day_changed.v1`."""
    return incoming.DepartmentChanged(**_DepartmentChanged().load(body))


class _Told(Schema):
    """Base of what other services tell: we take the fields we use and leave the rest aside."""

    class Meta:
        unknown = EXCLUDE

    matter = fields.UUID(required=True, data_key="case")


class _SeatOffered(_Told):
    seat = fields.UUID(required=True)
    agency = fields.UUID(required=True)
    rights = fields.List(fields.String(), required=True)
    ends_at = fields.AwareDateTime(required=True)
    walled = fields.List(fields.UUID(), required=True)


class _SeatEnded(_Told):
    seat = fields.UUID(required=True)
    reason = fields.String(required=True)


class _Walled(_Told):
    walled = fields.List(fields.UUID(), required=True)


class _PersonWalled(_Told):
    person = fields.UUID(required=True)


def read_seat_offered(body: Mapping[str, Any]) -> incoming.SeatOffered:
    """cases.interagency_seat_offered.v1."""
    return incoming.SeatOffered(**_SeatOffered().load(body))


def read_seat_ended(body: Mapping[str, Any]) -> incoming.SeatEnded:
    """cases.interagency_seat_ended.v1."""
    return incoming.SeatEnded(**_SeatEnded().load(body))


def read_case_closed(body: Mapping[str, Any]) -> incoming.CaseClosed:
    """cases.case_closed.v1."""
    return incoming.CaseClosed(**_Told().load(body))


def read_report_linked(body: Mapping[str, Any]) -> incoming.PeopleWalledOff:
    """cases.report_linked.v1."""
    return incoming.PeopleWalledOff(**_Walled().load(body))


def read_person_walled_off(body: Mapping[str, Any]) -> incoming.PeopleWalledOff:
    """cases.person_walled_off.v1."""
    told = _PersonWalled().load(body)
    return incoming.PeopleWalledOff(matter=told["matter"], walled=[told["person"]])
