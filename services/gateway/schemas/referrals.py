"""Referrals: what is asked of agencies, and what they answer."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Deadline,
    Done,
    anything,
    choice,
    code,
    identifier,
    line,
    many,
    number,
    one,
    text,
    time,
)


class DraftReferral(Schema):
    """What one agency is asked; `facts` are those of the template of its kind (`GET /directory`)."""

    agency = identifier()
    purpose = choice(codes.PURPOSES)
    urgency = choice(codes.URGENCIES)
    facts = anything(required=True)


class ApproveReferral(Schema):
    """Exactly the fields that the approval screen showed."""

    fields_ = fields.List(code(), required=True, data_key="fields", validate=validate.Length(max=50))


class CancelReferral(Schema):
    """Why the school takes it back."""

    reason = code("referrals.cancel_reasons")


class DeclineReferral(Schema):
    """Why the agency will not."""

    reason = code("referrals.decline_reasons")
    text = text(required=False, longest=10_000)


class PutOnHold(Schema):
    """What the agency waits for."""

    reason = code("referrals.hold_reasons")


class CompleteReferral(Schema):
    """What came of it."""

    outcome = code("referrals.outcomes")
    text = text(required=False, longest=10_000)


class FailReferral(Schema):
    """Why the agency gives it up."""

    reason = code("referrals.fail_reasons")
    text = text(required=False, longest=10_000)


class ReferralState(Done):
    """Where a referral stands, in the states of FHIR's Task."""

    referral = identifier()
    state = choice(codes.REFERRAL_STATES)
    version = number(required=True)
    changed_at = time(required=True)


class ReferralDrafted(ReferralState):
    """A draft, with the fields that would leave."""

    template = fields.String(required=True)
    fields_ = fields.List(code(), required=True, data_key="fields", validate=validate.Length(max=50))


class Referral(Schema):
    """A referral; an agency sees of it what it was sent."""

    referral = identifier()
    version = number(required=True)
    agency = identifier()
    kind = choice(codes.AGENCY_KINDS)
    purpose = choice(codes.PURPOSES)
    urgency = choice(codes.URGENCIES)
    template = fields.String(required=True)
    state = choice(codes.REFERRAL_STATES)
    changed_at = time(required=True)
    requested_at = time()
    deadlines = many(Deadline)
    facts = anything(required=True)
    answer = anything("What the agency answered")
    case = identifier(required=False)
    school = identifier("To the agency: who asks", required=False)
    drafted_by = fields.String()
    approved_by = fields.String(allow_none=True)
    delivered_at = time()
    missed = anything()
    open_to = anything("What the caller may do next")


class ReferralRow(Schema):
    """A referral of a case, in a list."""

    referral = identifier()
    case = identifier()
    agency = identifier()
    state = choice(codes.REFERRAL_STATES)
    changed_at = time(required=True)


class Referrals(Schema):
    """The referrals of a case, newest first."""

    referrals = many(ReferralRow)


class InboxEntry(Schema):
    """A referral in an agency's inbox."""

    referral = identifier()
    school = identifier()
    state = choice(codes.REFERRAL_STATES)
    requested_at = time(required=True)
    acknowledge_by = time(required=True)
    begin_by = time(required=True)
    report_back_by = time(required=True)
    changed_at = time(required=True)


class Inbox(Schema):
    """What lies in the agency's inbox."""

    referrals = many(InboxEntry)


class LinkHandedOver(Done):
    """A one-time link, told once: its page is `/answer/<link>`. Who asks again with the same id is told no link."""

    referral = identifier()
    expires_at = time(required=True)
    link = fields.String()


class LinkWithdrawn(Done):
    """Whose link leads nowhere any more."""

    referral = identifier()


class Details(Schema):
    """What the directory says of an agency (REF-02)."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=500))
    description = text(required=False, longest=10_000)
    contact_person = line(required=False)
    contact_role = line(required=False)
    phones = many(code(), required=False, most=50)
    email = fields.String(
        allow_none=True,
        validate=validate.Length(max=254),
        metadata={"description": "Its mailbox: one-time links go there", "format": "email"},
    )
    website = line(required=False)
    address = line(required=False)
    hours = line(required=False)
    languages = many(choice(codes.LANGUAGES), required=False, most=50)
    needed_for = many(choice(codes.KINDS_OF_CASE), "Kinds of case that need it", required=False, most=50)
    when_to_turn = text(required=False, longest=10_000)
    information_needed = text(required=False, longest=10_000)
    forms = many(code(), required=False, most=50)
    steps = many(code(), "Steps of consideration, in their order", required=False, most=50)
    services = many(choice(codes.SERVICES_OFFERED), required=False, most=50)


class DescribeAgency(Schema):
    """An agency's entry, whole."""

    details = one(Details, required=True)


class EntryChanged(Done):
    """Until when somebody has to confirm it."""

    agency = identifier()
    confirm_by = time(required=True)


class Organizations(Schema):
    """Agencies as Open Referral's Human Services Data Specification has organizations (HSDS 3, JSON)."""

    organizations = many(anything("An organization with its phones, contacts, locations, services"))


class ImportDirectory(Schema):
    """What an export gives, or another directory in HSDS."""

    organizations = many(anything("An organization; its id is the agency's"), least=1, most=500)


class DirectoryImported(Done):
    """The agencies whose entries the file held."""

    agencies = many(identifier())


class SetWebhook(Schema):
    """Where the agency's machine listens."""

    address = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2000),
        metadata={"description": "https, in the public internet", "format": "uri"},
    )


class WebhookSet(Done):
    """The secret that messages are signed with (Standard Webhooks)."""

    agency = identifier()
    secret = fields.String(required=True)


class AgencyNoted(Done):
    """The agency's id."""

    agency = identifier()


class Redeliver(Schema):
    """A message of the delivery log."""

    referral = identifier()
    message = choice(codes.MESSAGES)


class Attempt(Schema):
    """One attempt to tell an agency something; `status` is `taken`, or why not."""

    referral = identifier()
    message = choice(codes.MESSAGES)
    message_id = identifier()
    attempt = number(required=True)
    status = code()
    at = time(required=True)
    next_at = time()


class DeliveryLog(Schema):
    """What an agency was sent, newest first."""

    webhook = anything("address, enabled, secret (its number); null without one", nullable=True)
    attempts = many(Attempt)


class TakeMessage(Schema):
    """An agency's answer: a CloudEvent as over the broker (docs/partners)."""

    agency = identifier()
    message = anything(required=True)


class MessageTaken(Schema):
    """The type of the message that was taken."""

    taken = fields.String(required=True)


class AgenciesNeeded(Schema):
    """Kinds of violence."""

    kinds = many(choice(codes.KINDS_OF_CASE), required=False, most=50)


class AgencyNeeded(Schema):
    """An agency, and for which of the kinds it is needed."""

    agency = identifier()
    kind = choice(codes.AGENCY_KINDS)
    because = many(choice(codes.KINDS_OF_CASE))
    entry = anything("Null where nobody has described it yet", nullable=True)


class NeededAgencies(Schema):
    """Whom to turn to; `missing` are kinds of body that the policy names and the directory lacks."""

    agencies = many(AgencyNeeded)
    missing = many(choice(codes.AGENCY_KINDS))
    rule = fields.String(required=True)


class DirectoryEntry(Schema):
    """An agency, and what a referral to it says."""

    agency = identifier()
    kind = choice(codes.AGENCY_KINDS)
    channel = choice(codes.AGENCY_CHANNELS)
    template = anything(required=True)
    entry = anything("details, confirmed_at, confirm_by, stale; null where nobody has described it yet", nullable=True)


class Directory(Schema):
    """The agencies that can be asked."""

    agencies = many(DirectoryEntry)


class LeaveSilence(Schema):
    """Which of the agency's silences is left, and why."""

    clock = choice(codes.CLOCKS)
    reason = text(longest=10_000)
    best_interests = text(longest=10_000)


class CameUpReferral(Schema):
    """An agency's silence."""

    referral = identifier()
    duty = fields.String(required=True)
    rung = choice(codes.RUNGS)
    due_at = time(required=True)
    climbed_at = time(required=True)
    rule = fields.String(required=True)


class ReferralsCameUp(Schema):
    """The longest overdue first."""

    referrals = many(CameUpReferral)
