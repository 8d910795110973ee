"""What other services tell us: only the fields we use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cases.domain.values import ConfirmedReport

NOTIFICATION = "notification"
"""The purpose of a referral that informs in the sense of REF-01; a service that is asked for does not."""


@dataclass(frozen=True, kw_only=True)
class ReportConfirmed:
    """`reports.report_confirmed.v1`: `cases` names those to join; where none is named, `count_of_cases` new ones."""

    report: ConfirmedReport
    cases: Sequence[UUID]
    count_of_cases: int


@dataclass(frozen=True, kw_only=True)
class PersonWalledOff:
    """`reports.person_walled_off.v1`: `cases` are those that the report led to as far as reports knew."""

    report: UUID
    person: UUID
    cases: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class ReferralTold:
    """What every public event of a referral says."""

    referral: UUID
    case: UUID
    agency: UUID


@dataclass(frozen=True, kw_only=True)
class ReferralRequested(ReferralTold):
    """`referrals.referral_requested.v1`."""


@dataclass(frozen=True, kw_only=True)
class ReferralDelivered(ReferralTold):
    """`referrals.referral_delivered.v1`."""

    delivered_at: datetime
    purpose: str = NOTIFICATION


@dataclass(frozen=True, kw_only=True)
class ReferralAccepted(ReferralTold):
    """`referrals.referral_accepted.v1`."""


@dataclass(frozen=True, kw_only=True)
class ReferralDeclined(ReferralTold):
    """`referrals.referral_declined.v1`."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ReferralFellSilent(ReferralTold):
    """`referrals.referral_fell_silent.v1`; the clock is `acknowledge`, `begin` or `report_back`."""

    silent_clock: str


@dataclass(frozen=True, kw_only=True)
class ReferralCompleted(ReferralTold):
    """`referrals.referral_completed.v1`."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReferralCancelled(ReferralTold):
    """`referrals.referral_cancelled.v1`."""
