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


@dataclass(frozen=True, kw_only=True)
class GrantTold:
    """Something about the grant of a seat."""

    seat: UUID
    case: UUID


@dataclass(frozen=True, kw_only=True)
class GrantGiven(GrantTold):
    """`accounts.grant_given.v1`."""

    person: UUID


@dataclass(frozen=True, kw_only=True)
class GrantEnded(GrantTold):
    """`accounts.grant_ended.v1`."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DeadlineClimbed:
    """`<service>.deadline_climbed.v1`, of cases itself, too: a duty came up to the department."""

    matter: UUID
    duty: str
    due_at: datetime
    climbed_at: datetime
    rule: str
    department: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class ClimbEnded:
    """`<service>.climb_ended.v1`: it is settled."""

    matter: UUID
    duty: str
    due_at: datetime
    department: UUID


@dataclass(frozen=True, kw_only=True)
class FactsAdded:
    """`reports.facts_added.v1`: whoever reported said more; `cases` are those that the report had led to."""

    report: UUID
    cases: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class PartsReleased:
    """`cases.parts_released.v1`, our own: heard in the releasing school's tenant, done in that of `to`."""

    transfer: UUID
    case: UUID
    to: UUID


@dataclass(frozen=True, kw_only=True)
class WallPassedOn:
    """`cases.wall_passed_on.v1`, our own: heard in the releasing school's tenant, done in that of `to`."""

    transfer: UUID
    to: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class MatterAnswered:
    """`cases.matter_answered.v1`, our own: heard in the receiving school's tenant, done in that of `school`."""

    transfer: UUID
    case: UUID
    school: UUID
    outcome: str
