"""What other services tell referrals, only the fields used here; and what referrals tells itself across tenants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class AgencyRegistered:
    """accounts.agency_registered.v1."""

    agency: UUID
    kind: str
    channel: str
    virtual_host: str | None = None
    encryption_key: Mapping[str, Any] | None = None
    signing_key: Mapping[str, Any] | None = None
    department: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CaseOpened:
    """cases.case_opened.v1."""

    case: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class CaseWalled:
    """cases.report_linked.v1 and cases.person_walled_off.v1: more people who must not learn of a case."""

    case: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class TeamMemberJoined:
    """cases.team_member_joined.v1."""

    case: UUID
    person: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class TeamMemberLeft:
    """cases.team_member_left.v1."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class CoordinatorAppointed:
    """cases.coordinator_appointed.v1."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class GlassBroken:
    """cases.glass_broken.v1."""

    case: UUID
    person: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class CaseClosed:
    """cases.case_closed.v1."""

    case: UUID


@dataclass(frozen=True, kw_only=True)
class CaseReopened:
    """cases.case_reopened.v1."""

    case: UUID


@dataclass(frozen=True, kw_only=True)
class ReferralRequested:
    """referrals.referral_requested.v1, heard by referrals itself."""

    referral: UUID
    agency: UUID
    acknowledge_by: datetime
    begin_by: datetime
    report_back_by: datetime


@dataclass(frozen=True, kw_only=True)
class ReferralMoved:
    """Any later public event of a referral, heard by ourselves; `state` where the type alone does not tell it."""

    referral: UUID
    agency: UUID
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class DestructionApproved:
    """`cases.destruction_approved.v1`: two persons destroy a case; `streams` are ours."""

    erasure: UUID
    streams: Sequence[UUID]
    rule: str
    requested_by: UUID
    approved_by: UUID
