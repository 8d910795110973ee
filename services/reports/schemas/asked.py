"""What callers ask of us. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.reports.domain import receipt, values
from services.reports.domain.iin import is_an_iin
from shared.ledger.blobs import PIECE_SIZE

LONGEST_NAME = 200
LONGEST_TEXT = 20_000
SHORTEST_SECRET = 32
LONGEST_PIECE = (PIECE_SIZE + 2) // 3 * 4
MOST_PIECES = 1_000
MOST_EVENTS = 2**53
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


class IinField(fields.String):
    """An identification number that is one by its rule, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        said = str(super()._deserialize(value, attr, data, **kwargs))
        if said and not is_an_iin(said):
            raise self.make_error("not_an_iin")
        return said


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

    birth_date = fields.Date(load_default=None, allow_none=True, error_messages=MESSAGES | {"invalid": "not_a_date"})
    iin = IinField(load_default="", error_messages=MESSAGES | {"not_an_iin": "not_an_iin"})

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
    retry_secret = fields.String(
        load_default="",
        validate=validate.Length(min=SHORTEST_SECRET, max=LONGEST_NAME, error="out_of_range"),
        error_messages=MESSAGES,
    )


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


class WaiveDuty(OfOneReport):
    """Which duty is left, and why."""

    duty = choice_field(values.Duty, required=True)
    reason = text_field(required=True)
    best_interests = text_field(required=True)


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


class WriteToReporter(OfOneReport):
    """An answer, or a question."""

    text = text_field(required=True)
    asks = flag()


class ReceiptField(fields.String):
    """A receipt as it was typed; a code of 24 characters once read."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = receipt.read(super()._deserialize(value, attr, data, **kwargs))
        if code is None:
            raise self.make_error("not_a_receipt")
        return code


class OfOneReceipt(Incoming):
    """Anything by receipt."""

    receipt = ReceiptField(required=True, error_messages=MESSAGES | {"not_a_receipt": "not_a_receipt"})


class AddFacts(OfOneReceipt):
    """What else is known, or the answer to a question."""

    text = text_field(required=True)
    answers = fields.Integer(load_default=None, allow_none=True, strict=True, error_messages=MESSAGES)


class BytesField(fields.String):
    """Bytes in base64, not more than a piece of a file has."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        said = str(super()._deserialize(value, attr, data, **kwargs))
        if len(said) > LONGEST_PIECE:
            raise self.make_error("too_long")
        try:
            return base64.b64decode(said, validate=True)
        except (binascii.Error, ValueError):
            raise self.make_error("invalid") from None


class PutAttachmentPiece(Incoming):
    """A piece of a file: all but the last are of one size."""

    attachment = id_field(required=True)
    number = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=0, max=MOST_PIECES - 1, error="out_of_range"),
        error_messages=MESSAGES,
    )
    content = BytesField(
        required=True,
        validate=validate.Length(min=1, error="required"),
        error_messages=MESSAGES | {"too_long": "too_long"},
    )


class AddAttachment(Incoming):
    """A file of which all pieces were sent."""

    attachment = id_field(required=True)
    name = text_field(longest=LONGEST_NAME, load_default="")
    pieces = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=MOST_PIECES, error="out_of_range"),
        error_messages=MESSAGES,
    )
    sha256 = fields.String(
        required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="invalid"), error_messages=MESSAGES
    )


class PutAttachmentPieceOfReport(PutAttachmentPiece, OfOneReport):
    """By whoever may see the report, or entered it."""


class PutAttachmentPieceByReceipt(PutAttachmentPiece, OfOneReceipt):
    """By whoever holds the receipt."""


class AddAttachmentToReport(AddAttachment, OfOneReport):
    """By whoever may see the report, or entered it."""


class AddAttachmentByReceipt(AddAttachment, OfOneReceipt):
    """By whoever holds the receipt."""


class OfOneAttachment(OfOneReport):
    """A piece of a kept file."""

    attachment = id_field(required=True)
    number = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(min=0, max=MOST_PIECES - 1, error="out_of_range"),
        error_messages=MESSAGES,
    )


class ProofOfFiling(OfOneReceipt):
    """A proof to take home, and which earlier one it is to continue."""

    with_content = flag()
    since = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=MOST_EVENTS, error="out_of_range"),
        error_messages=MESSAGES,
    )


class OfTwoReports(OfOneReport):
    """What is judged of a pair."""

    other = id_field(required=True)
    reasons = text_field(required=True)


class ListReports(Incoming):
    """Which states to list; the open ones where none is named."""

    states = many(choice_field(values.State), load_default=())


class Nothing(Incoming):
    """A question without details."""
