"""What comes in at the door, and readers of public events. Faults are codes by field; texts live in the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from services.referrals import incoming
from services.referrals.domain.templates import LONGEST_LIST, LONGEST_TEXT
from services.referrals.domain.values import KINDS_OF_CASE, SERVICES_OFFERED, Clock, OutMessage, Purpose, Step, Urgency

LONGEST_CODE, MOST_ORGANIZATIONS = 100, 500
_MESSAGES: dict[str, Any] = {"required": "required", "null": "required", "validator_failed": "invalid"}


def _id(**options: Any) -> fields.UUID:
    return fields.UUID(required=True, error_messages=_MESSAGES | {"invalid_uuid": "not_an_id"}, **options)


def _code(**options: Any) -> fields.String:
    messages = _MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"}
    length = [validate.Length(min=1, error="required"), validate.Length(max=LONGEST_CODE, error="too_long")]
    return fields.String(required=True, validate=length, error_messages=messages, **options)


def _choice(*choices: str) -> fields.String:
    messages = _MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"}
    return fields.String(
        required=True, validate=validate.OneOf(choices, error="unknown_choice"), error_messages=messages
    )


def _text() -> fields.String:
    messages = _MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"}
    length = validate.Length(max=LONGEST_TEXT, error="too_long")
    return fields.String(load_default="", validate=length, error_messages=messages)


def _words() -> fields.String:
    messages = _MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"}
    checks = [
        validate.Length(max=LONGEST_TEXT, error="too_long"),
        validate.Regexp(r"(?s).*\S", error="required"),
    ]
    return fields.String(required=True, validate=checks, error_messages=messages)


class Incoming(Schema):
    """What a caller sends: unknown fields are faults."""

    error_messages = {  # noqa: RUF012 (marshmallow's way)
        "unknown": "unknown_field",
        "type": "not_an_object",
    }

    class Meta:
        unknown = RAISE


class DraftReferral(Incoming):
    """The template itself says which facts: the domain refuses those by field."""

    case = _id()
    agency = _id()
    purpose = _choice(*Purpose)
    urgency = _choice(*Urgency)
    facts = fields.Dict(keys=fields.String(), required=True, error_messages=_MESSAGES | {"invalid": "not_an_object"})


class ApproveReferral(Incoming):
    """The names of the fields as they stood on the approval screen."""

    referral = _id()
    fields_ = fields.List(
        _code(),
        required=True,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(max=LONGEST_LIST, error="too_long"),
        error_messages=_MESSAGES | {"invalid": "not_a_list"},
    )


class OneReferral(Incoming):
    """A referral by its id."""

    referral = _id()


class WithReason(OneReferral):
    """A step with a reason by its code."""

    reason = _code()


class LeaveSilence(OneReferral):
    """Which of an agency's silences the school leaves, and why."""

    clock = fields.Enum(Clock, by_value=True, required=True, error_messages=_MESSAGES | {"unknown": "unknown_choice"})
    reason = _words()
    best_interests = _words()


class WithReasonAndText(WithReason):
    """A step with a reason and words of its own."""

    text = _text()


class CompleteReferral(OneReferral):
    """What came of it."""

    outcome = _code()
    text = _text()


class OneCase(Incoming):
    """A case by its id."""

    case = _id()


class OneAgency(Incoming):
    """An agency by its id."""

    agency = _id()


def _line(longest: int = 500) -> fields.String:
    messages = _MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"}
    return fields.String(
        load_default="", validate=validate.Length(max=longest, error="too_long"), error_messages=messages
    )


def _list_of(inner: fields.Field[Any], most: int = LONGEST_LIST) -> fields.List[Any]:
    return fields.List(
        inner,
        load_default=list,
        validate=validate.Length(max=most, error="too_long"),
        error_messages=_MESSAGES | {"invalid": "not_a_list"},
    )


class Details(Incoming):
    """What the directory says of an agency (REF-02); lists of codes are those of the Algorithm's vocabulary."""

    name = fields.String(
        required=True,
        validate=[validate.Length(min=1, error="required"), validate.Length(max=500, error="too_long")],
        error_messages=_MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"},
    )
    description = _text()
    contact_person = _line()
    contact_role = _line()
    phones = _list_of(_code())
    email = fields.Email(
        load_default=None,
        allow_none=True,
        error_messages=_MESSAGES | {"invalid": "not_an_email", "invalid_utf8": "not_text"},
        validate=validate.Length(max=254, error="too_long"),
    )
    website = _line()
    address = _line()
    hours = _line()
    languages = _list_of(_choice("kk", "ru", "en"))
    needed_for = _list_of(_choice(*KINDS_OF_CASE))
    when_to_turn = _text()
    information_needed = _text()
    forms = _list_of(_code())
    steps = _list_of(_code())
    services = _list_of(_choice(*SERVICES_OFFERED))


class DescribeAgency(OneAgency):
    """An agency's entry, whole."""

    details = fields.Nested(Details, required=True, error_messages=_MESSAGES | {"type": "not_an_object"})


class ImportDirectory(Incoming):
    """A directory as Open Referral has it (HSDS 3): what each organization says is looked at by `hsds`, all at once."""

    organizations = fields.List(
        fields.Dict(keys=fields.String(), required=True, error_messages=_MESSAGES | {"invalid": "not_an_object"}),
        required=True,
        validate=[validate.Length(min=1, error="required"), validate.Length(max=MOST_ORGANIZATIONS, error="too_long")],
        error_messages=_MESSAGES | {"invalid": "not_a_list"},
    )


class AgenciesNeeded(Incoming):
    """Kinds of violence."""

    kinds = _list_of(_choice(*KINDS_OF_CASE))


class SetWebhook(OneAgency):
    """Where the agency's machine listens: https."""

    address = fields.String(
        required=True,
        validate=[validate.Length(min=1, error="required"), validate.Length(max=2000, error="too_long")],
        error_messages=_MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"},
    )


class Redeliver(OneAgency):
    """A message of the delivery log."""

    referral = _id()
    message = _choice(*OutMessage)


class TakeMessage(OneAgency):
    """An agency's answer: a CloudEvent as over the broker, signed by its key and encrypted to ours."""

    message = fields.Dict(keys=fields.String(), required=True, error_messages=_MESSAGES | {"invalid": "not_an_object"})


class SeenByLink(Incoming):
    """A one-time link, and the id of this opening."""

    link = fields.String(required=True, error_messages=_MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"})
    opening = _id()


class AnsweredByLink(Incoming):
    """A step by a one-time link, and the id of this answer."""

    link = fields.String(required=True, error_messages=_MESSAGES | {"invalid": "not_text", "invalid_utf8": "not_text"})
    answer = _id()
    step = fields.Enum(Step, by_value=True, required=True, error_messages=_MESSAGES | {"unknown": "unknown_choice"})
    reason = _line(LONGEST_CODE)
    outcome = _line(LONGEST_CODE)
    text = _text()


class Nothing(Incoming):
    """No fields at all."""


# -- public events


class _Heard(Schema):
    """What we use of another service's event: anything else in it is left aside."""

    class Meta:
        unknown = EXCLUDE


class _AgencyRegistered(_Heard):
    agency = fields.UUID(required=True)
    kind = fields.String(required=True)
    channel = fields.String(required=True)
    virtual_host = fields.String(load_default=None, allow_none=True)
    encryption_key = fields.Dict(load_default=None, allow_none=True)
    signing_key = fields.Dict(load_default=None, allow_none=True)
    department = fields.UUID(load_default=None, allow_none=True)


class _OfCase(_Heard):
    case = fields.UUID(required=True)


class _CaseOpened(_OfCase):
    walled = fields.List(fields.UUID(), required=True)


class _Member(_OfCase):
    person = fields.UUID(required=True)


class _MemberJoined(_Member):
    role = fields.String(required=True)


class _GlassBroken(_Member):
    until = fields.AwareDateTime(required=True)


class _ReferralMoved(_Heard):
    referral = fields.UUID(required=True)
    agency = fields.UUID(required=True)


class _ReferralMovedTo(_ReferralMoved):
    state = fields.String(load_default=None)


class _ReferralRequested(_ReferralMoved):
    acknowledge_by = fields.AwareDateTime(required=True)
    begin_by = fields.AwareDateTime(required=True)
    report_back_by = fields.AwareDateTime(required=True)


def read_agency_registered(body: Mapping[str, Any]) -> incoming.AgencyRegistered:
    """accounts.agency_registered.v1."""
    return incoming.AgencyRegistered(**_AgencyRegistered().load(body))


def read_case_opened(body: Mapping[str, Any]) -> incoming.CaseOpened:
    """cases.case_opened.v1."""
    return incoming.CaseOpened(**_CaseOpened().load(body))


def read_report_linked(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """cases.report_linked.v1."""
    return incoming.CaseWalled(**_CaseOpened().load(body))


def read_person_walled_off(body: Mapping[str, Any]) -> incoming.CaseWalled:
    """cases.person_walled_off.v1."""
    told = _Member().load(body)
    return incoming.CaseWalled(case=told["case"], walled=[told["person"]])


def read_team_member_joined(body: Mapping[str, Any]) -> incoming.TeamMemberJoined:
    """cases.team_member_joined.v1."""
    return incoming.TeamMemberJoined(**_MemberJoined().load(body))


def read_team_member_left(body: Mapping[str, Any]) -> incoming.TeamMemberLeft:
    """cases.team_member_left.v1."""
    return incoming.TeamMemberLeft(**_Member().load(body))


def read_coordinator_appointed(body: Mapping[str, Any]) -> incoming.CoordinatorAppointed:
    """cases.coordinator_appointed.v1."""
    return incoming.CoordinatorAppointed(**_Member().load(body))


def read_glass_broken(body: Mapping[str, Any]) -> incoming.GlassBroken:
    """cases.glass_broken.v1."""
    return incoming.GlassBroken(**_GlassBroken().load(body))


def read_case_closed(body: Mapping[str, Any]) -> incoming.CaseClosed:
    """cases.case_closed.v1."""
    return incoming.CaseClosed(**_OfCase().load(body))


def read_case_reopened(body: Mapping[str, Any]) -> incoming.CaseReopened:
    """cases.case_reopened.v1."""
    return incoming.CaseReopened(**_OfCase().load(body))


def read_referral_requested(body: Mapping[str, Any]) -> incoming.ReferralRequested:
    """referrals.referral_requested.v1."""
    return incoming.ReferralRequested(**_ReferralRequested().load(body))


def read_referral_moved(body: Mapping[str, Any]) -> incoming.ReferralMoved:
    """referrals.referral_accepted.v1 and the like."""
    return incoming.ReferralMoved(**_ReferralMovedTo().load(body))


class _DestructionApproved(_Heard):
    erasure = fields.UUID(required=True)
    streams = fields.List(fields.UUID(), required=True, data_key="referrals")
    rule = fields.String(required=True)
    requested_by = fields.UUID(required=True)
    approved_by = fields.UUID(required=True)


def read_destruction_approved(body: Mapping[str, Any]) -> incoming.DestructionApproved:
    """cases.destruction_approved.v1."""
    return incoming.DestructionApproved(**_DestructionApproved().load(body))
