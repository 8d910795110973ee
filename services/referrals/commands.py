"""What may be asked of referrals: imperative, frozen, keyword-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.domain.values import Clock, Step
from shared.domain import Command

# -- the directory (fed by accounts)


@dataclass(frozen=True, kw_only=True)
class ListAgency(Command):
    """Enters an agency in the directory, in its own tenant or in the directory's, or revises its entry (REF-02)."""

    agency: UUID
    kind: str
    channel: str
    virtual_host: str | None
    encryption_key: Mapping[str, Any] | None
    signing_key: Mapping[str, Any] | None
    department: UUID | None = None


# -- what the directory says of it; tenant is the department that registered the agency


@dataclass(frozen=True, kw_only=True)
class DescribeAgency(Command):
    """Says what an agency is, whom to call, when to turn to it (REF-02); the same again confirms it."""

    agency: UUID
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ConfirmEntry(Command):
    """Says that an agency's entry is still true."""

    agency: UUID


@dataclass(frozen=True, kw_only=True)
class ImportDirectory(Command):
    """The entries of many agencies at once, as HSDS has organizations; where one is at fault, none is entered."""

    organizations: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EnterDescription(Command):
    """In the agency's own tenant."""

    details: Mapping[str, Any]


# -- who works on a case (fed by cases)


@dataclass(frozen=True, kw_only=True)
class FormTeam(Command):
    """A case was opened; the people in `walled` must not learn of it."""

    case: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class WallOffPersons(Command):
    """It turned out that more people must not learn of the case."""

    case: UUID
    persons: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class AdmitMember(Command):
    """Somebody joined a case's team."""

    case: UUID
    person: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class ReleaseMember(Command):
    """Somebody left it."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class NameCoordinator(Command):
    """Somebody holds the case now."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class NoteGlassBroken(Command):
    """Somebody who is not on the team sees the case until then."""

    case: UUID
    person: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class DissolveTeam(Command):
    """The case was closed."""

    case: UUID


@dataclass(frozen=True, kw_only=True)
class ReformTeam(Command):
    """The case was opened again."""

    case: UUID


# -- the school


@dataclass(frozen=True, kw_only=True)
class DraftReferral(Command):
    """Fills in the template of the agency's kind; the new referral's id follows from the command's."""

    case: UUID
    agency: UUID
    purpose: str
    urgency: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ApproveReferral(Command):
    """Lets exactly these fields leave, and asks the agency."""

    referral: UUID
    fields: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CancelReferral(Command):
    """Takes a referral back; `reason` is one of `referrals.cancel_reasons`."""

    referral: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeaveSilence(Command):
    """Decides to do no more about an agency's silence past one of its clocks; the ladder ends (RSK-07)."""

    referral: UUID
    clock: Clock
    reason: str = field(repr=False)
    best_interests: str = field(repr=False)


# -- the agency: tenant is the agency's own; the referral lives in the school's


@dataclass(frozen=True, kw_only=True)
class PartnerCommand(Command):
    """What an agency says of a referral in its inbox; `digest` tells apart messages that come under one id."""

    referral: UUID
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptReferral(PartnerCommand):
    """The agency takes it on."""


@dataclass(frozen=True, kw_only=True)
class DeclineReferral(PartnerCommand):
    """It will not; `reason` is one of `referrals.decline_reasons`."""

    reason: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class BeginWork(PartnerCommand):
    """It begins."""


@dataclass(frozen=True, kw_only=True)
class PutOnHold(PartnerCommand):
    """It waits; `reason` is one of `referrals.hold_reasons`."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Resume(PartnerCommand):
    """It goes on."""


@dataclass(frozen=True, kw_only=True)
class CompleteReferral(PartnerCommand):
    """It reports back; `outcome` is one of `referrals.outcomes`, `text` stays sealed."""

    outcome: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FailReferral(PartnerCommand):
    """It gives up what it took on; `reason` is one of `referrals.fail_reasons`."""

    reason: str
    text: str = ""


# -- between the school's tenant and the agency's; never at the door


@dataclass(frozen=True, kw_only=True)
class PlaceInInbox(Command):
    """Lays a requested referral of `school` in the agency's inbox; tenant is the agency."""

    referral: UUID
    agency: UUID
    school: UUID
    requested_at: datetime
    acknowledge_by: datetime
    begin_by: datetime
    report_back_by: datetime


@dataclass(frozen=True, kw_only=True)
class NoteState(Command):
    """Notes in the agency's inbox how far a referral got; tenant is the agency."""

    referral: UUID
    state: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordDelivery(Command):
    """The agency was sent `message` (`requested` or `cancelled`) about a referral; tenant is the agency."""

    referral: UUID
    message: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class TakeStep(Command):
    """An agency's step, in the tenant of the school; `details` are reason, outcome and text as the step has them."""

    referral: UUID
    agency: UUID
    step: Step
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TakeDelivery(Command):
    """A referral reached its agency; tenant is the school."""

    referral: UUID
    channel: str
    message_id: str


# -- one-time links (REF-04)


@dataclass(frozen=True, kw_only=True)
class HandOverLink(Command):
    """A new link for an agency without an account, told once to who may approve; the one before leads nowhere."""

    referral: UUID


@dataclass(frozen=True, kw_only=True)
class WithdrawLink(Command):
    """The link that leads to a referral leads nowhere any more."""

    referral: UUID


@dataclass(frozen=True, kw_only=True)
class IssueLink(Command):
    """In the agency's tenant: the link whose stream is `link` leads to a referral, in place of the one before."""

    referral: UUID
    link: UUID
    handed_to: str


@dataclass(frozen=True, kw_only=True)
class RevokeLink(Command):
    """In the agency's tenant."""

    referral: UUID


@dataclass(frozen=True, kw_only=True)
class OpenLink(Command):
    """In the agency's tenant: who holds the link looks."""

    link: UUID


@dataclass(frozen=True, kw_only=True)
class AnswerByLink(Command):
    """In the agency's tenant: who holds the link takes a step."""

    link: UUID
    step: Step
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NoteLinkExpired(Command):
    """In the school's tenant: a link ran out, perhaps before the agency had answered."""

    referral: UUID
    due_at: datetime
    rule: str


# -- webhooks, and what did not get through (REF-04)


@dataclass(frozen=True, kw_only=True)
class SetWebhook(Command):
    """Where an agency's machine listens; the answer tells the number of the new secret. Tenant is the department."""

    agency: UUID
    address: str


@dataclass(frozen=True, kw_only=True)
class EnableWebhook(Command):
    """A webhook that was disabled is sent to again. Tenant is the department."""

    agency: UUID


@dataclass(frozen=True, kw_only=True)
class Redeliver(Command):
    """A message is sent anew, at once. Tenant is the department."""

    agency: UUID
    referral: UUID
    message: str


@dataclass(frozen=True, kw_only=True)
class EnterWebhook(Command):
    """In the agency's tenant; None enables the address that there is."""

    address: str | None


@dataclass(frozen=True, kw_only=True)
class ResumeSending(Command):
    """In the agency's tenant."""

    referral: UUID
    message: str


@dataclass(frozen=True, kw_only=True)
class NoteSendingFailed(Command):
    """In the agency's tenant: a message did not get through, and why (a code)."""

    referral: UUID
    message: str
    status: str
