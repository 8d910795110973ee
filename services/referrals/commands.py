"""What may be asked of referrals: imperative, frozen, keyword-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.domain.values import Step
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
