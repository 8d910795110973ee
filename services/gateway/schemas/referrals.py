"""Referrals: what is asked of agencies, and what they answer."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Deadline,
    Done,
    anything,
    choice,
    code,
    identifier,
    many,
    number,
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

    fields_ = fields.List(fields.String(), required=True, data_key="fields")


class CancelReferral(Schema):
    """Why the school takes it back."""

    reason = code("Of `referrals.cancel_reasons`")


class DeclineReferral(Schema):
    """Why the agency will not."""

    reason = code("Of `referrals.decline_reasons`")
    text = text(required=False)


class PutOnHold(Schema):
    """What the agency waits for."""

    reason = code("Of `referrals.hold_reasons`")


class CompleteReferral(Schema):
    """What came of it."""

    outcome = code("Of `referrals.outcomes`")
    text = text(required=False)


class FailReferral(Schema):
    """Why the agency gives it up."""

    reason = code("Of `referrals.fail_reasons`")
    text = text(required=False)


class ReferralState(Done):
    """Where a referral stands, in the states of FHIR's Task."""

    referral = identifier()
    state = choice(codes.REFERRAL_STATES)
    version = number(required=True)
    changed_at = time(required=True)


class ReferralDrafted(ReferralState):
    """A draft, with the fields that would leave."""

    template = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")


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


class DirectoryEntry(Schema):
    """An agency, and what a referral to it says."""

    agency = identifier()
    kind = choice(codes.AGENCY_KINDS)
    channel = choice(codes.AGENCY_CHANNELS)
    template = anything(required=True)


class Directory(Schema):
    """The agencies that can be asked."""

    agencies = many(DirectoryEntry)
