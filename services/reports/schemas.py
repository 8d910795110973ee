"""What comes in at the door, and readers of public events. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.reports import incoming
from services.reports.domain import values

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
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


def text_field(*, longest: int = LONGEST_TEXT, **options: Any) -> fields.String:
    """A text that is said, or may be left out where there is a default."""
    checks: list[Any] = [validate.Length(max=longest, error="too_long")]
    if options.get("required"):
        checks.append(NOT_BLANK)
    return fields.String(validate=checks, error_messages=MESSAGES, **options)


def choice_field(kind: type[StrEnum], **options: Any) -> fields.Enum[Any]:
    """A code of one of our lists."""
    return fields.Enum(kind, by_value=True, error_messages=MESSAGES, **options)


def id_field(**options: Any) -> fields.UUID:
    """An id."""
    return fields.UUID(error_messages=MESSAGES, **options)


def many(field: fields.Field[Any], **options: Any) -> fields.List[Any]:
    """A list that is not endless."""
    return fields.List(field, validate=validate.Length(max=MOST, error="too_many"), error_messages=MESSAGES, **options)


def flag(**options: Any) -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(error_messages=MESSAGES, load_default=False, **options)


class Incoming(Schema):
    """Base of what comes in: an unknown field is a fault."""

    error_messages = UNKNOWN_FIELD

    @post_load
    def _lists_are_tuples(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class Child(Schema):
    """The child it is about, as far as known."""

    error_messages = UNKNOWN_FIELD
    name = text_field(longest=LONGEST_NAME, required=True)
    class_name = text_field(longest=LONGEST_NAME, load_default="")
    age = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0, max=18, error="out_of_range"),
        error_messages=MESSAGES,
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Child:
        return values.Child(**data)


class Accused(Schema):
    """Somebody complained of; a name may be unknown."""

    error_messages = UNKNOWN_FIELD
    name = text_field(longest=LONGEST_NAME, load_default="")
    category = choice_field(values.Category, load_default=values.Category.UNKNOWN)
    person = id_field(load_default=None, allow_none=True)
    role = choice_field(values.Role, load_default=None, allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Accused:
        return values.Accused(**data)


class Informant(Schema):
    """Who reports, where that is told."""

    error_messages = UNKNOWN_FIELD
    name = text_field(longest=LONGEST_NAME, load_default="")
    contact = text_field(longest=LONGEST_NAME, load_default="")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> values.Informant:
        return values.Informant(**data)


class ReceiveReport(Incoming):
    """A report, as complete as whoever tells it can make it."""

    source = choice_field(values.Source, required=True)
    channel = choice_field(values.Channel, required=True)
    place = choice_field(values.Place, load_default=None, allow_none=True)
    kinds = many(choice_field(values.Kind), load_default=())
    description = text_field(required=True)
    child = fields.Nested(Child, load_default=None, allow_none=True, error_messages=MESSAGES)
    accused = many(fields.Nested(Accused, error_messages=MESSAGES), load_default=())
    immediate_danger = flag()
    timing = choice_field(values.Timing, load_default=values.Timing.UNKNOWN)
    happened_at = fields.AwareDateTime(
        default_timezone=UTC, load_default=None, allow_none=True, error_messages=MESSAGES
    )
    happened_text = text_field(longest=LONGEST_NAME, load_default="")
    on_behalf = flag()
    informant = fields.Nested(Informant, load_default=None, allow_none=True, error_messages=MESSAGES)


class OfOneReport(Incoming):
    """Anything about one report."""

    report = id_field(required=True)


class WallOffPerson(OfOneReport):
    """Whom to keep away, and why."""

    person = id_field(required=True)
    reason = choice_field(values.WallReason, load_default=values.WallReason.ACCUSED)
    accused = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=MESSAGES)


class TakeUrgentAction(OfOneReport):
    """What was done at once."""

    what = text_field(required=True)
    informed = many(text_field(longest=LONGEST_NAME), load_default=())


class TriageReport(OfOneReport):
    """How it is judged."""

    kinds = many(choice_field(values.Kind), required=True)
    urgency = choice_field(values.Urgency, required=True)
    immediate_danger = flag()
    note = text_field(load_default="")
    owner = id_field(load_default=None, allow_none=True)


class BeginVerification(OfOneReport):
    """Who verifies it."""

    owner = id_field(load_default=None, allow_none=True)


class RecordVerificationStep(OfOneReport):
    """What was done to find out."""

    what = text_field(required=True)
    finding = text_field(required=True)


class ConfirmReport(OfOneReport):
    """Why it is a fact, and which cases it leads to."""

    reasons = text_field(required=True)
    kinds = many(choice_field(values.Kind), required=True)
    place = choice_field(values.Place, load_default=None, allow_none=True)
    cases = many(id_field(), load_default=())
    count_of_cases = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0, max=MOST, error="out_of_range"),
        error_messages=MESSAGES,
    )


class EndReport(OfOneReport):
    """Not confirmed, or out of scope."""

    reasons = text_field(required=True)


class OpenReporterIdentity(OfOneReport):
    """Why one must know who reported."""

    reason = text_field(required=True)


class ListReports(Incoming):
    """Which states to list; the open ones where none is named."""

    states = many(choice_field(values.State), load_default=())


class Nothing(Incoming):
    """A question without details."""


class Read(Schema):
    """Base of the readers of public events: only the fields that we use."""

    class Meta:
        unknown = EXCLUDE


class _CaseOpened(Read):
    case = fields.UUID(required=True)
    report = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), load_default=list)


class _ReportLinked(Read):
    case = fields.UUID(required=True)
    walled = fields.List(fields.UUID(), required=True)


class _PersonWalledOff(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)


class _TeamMemberJoined(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)
    role = fields.String(required=True)


class _TeamMemberLeft(Read):
    case = fields.UUID(required=True)
    person = fields.UUID(required=True)


def read_case_opened(body: Mapping[str, Any]) -> incoming.CaseOpened:
    """`cases.case_opened.v1`."""
    return incoming.CaseOpened(**_CaseOpened().load(body))


def read_report_linked(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """`cases.report_linked.v1`."""
    return incoming.CaseWalled(**_ReportLinked().load(body))


def read_person_walled_off(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """`cases.person_walled_off.v1`."""
    told = _PersonWalledOff().load(body)
    return incoming.CaseWalled(case=told["case"], walled=[told["person"]])


def read_team_member_joined(body: Mapping[str, Any]) -> incoming.TeamMemberJoined:
    """`cases.team_member_joined.v1`."""
    return incoming.TeamMemberJoined(**_TeamMemberJoined().load(body))


def read_team_member_left(body: Mapping[str, Any]) -> incoming.TeamMemberLeft:
    """`cases.team_member_left.v1`."""
    return incoming.TeamMemberLeft(**_TeamMemberLeft().load(body))
