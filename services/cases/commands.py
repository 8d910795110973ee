"""What may be asked of cases. `case` is the id of the case; fields are those of the case's method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.cases.domain.values import Answer, Attendee, ConfirmedReport, Leaving, Level, Role, Step
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class OpenCase(Command):
    """By policy: enter a confirmed report in the register (REP-07)."""

    report: ConfirmedReport


@dataclass(frozen=True, kw_only=True)
class LinkReport(Command):
    """By policy: join a report of the same events; where that case can't take it, a new one is opened."""

    case: UUID
    report: ConfirmedReport


@dataclass(frozen=True, kw_only=True)
class CaseCommand(Command):
    """Something asked of one case."""

    case: UUID


@dataclass(frozen=True, kw_only=True)
class WallOffPerson(CaseCommand):
    """By policy: keep a person away whom a report of the case walls off since it was confirmed (REP-02)."""

    person: UUID
    report: UUID


@dataclass(frozen=True, kw_only=True)
class JoinTeam(CaseCommand):
    """Let a person in (CON-01, CON-02)."""

    person: UUID
    role: Role


@dataclass(frozen=True, kw_only=True)
class LeaveTeam(CaseCommand):
    """End a person's part in the case."""

    person: UUID
    reason: Leaving


@dataclass(frozen=True, kw_only=True)
class AcceptConfidentialityWarning(CaseCommand):
    """Accept the warning, for oneself (CON-02)."""


@dataclass(frozen=True, kw_only=True)
class AppointCoordinator(CaseCommand):
    """Pass coordination on (SSS-03)."""

    person: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordDecision(CaseCommand):
    """Put down a joint decision (SSS-08)."""

    decision: str
    participants: Sequence[UUID]
    best_interests: str


@dataclass(frozen=True, kw_only=True)
class IdentifyChild(CaseCommand):
    """Put down who the child is."""

    name: str
    birth_date: date
    class_name: str


@dataclass(frozen=True, kw_only=True)
class RecordAssessmentStep(CaseCommand):
    """Put down a step of the assessment (RSK-01, RSK-02)."""

    step: Step
    role: Role
    result: str
    on: date


@dataclass(frozen=True, kw_only=True)
class AssessRisk(CaseCommand):
    """Assess risk, the first time or again (RSK-03, RSK-05)."""

    level: Level
    factors: Mapping[str, Answer]
    reasons: str
    childs_place: str
    childs_safety: str
    best_interests: str


@dataclass(frozen=True, kw_only=True)
class FindLiabilityPossible(CaseCommand):
    """Open the duty to inform (REF-01)."""


@dataclass(frozen=True, kw_only=True)
class MeetDutyToInform(CaseCommand):
    """Name the delivered notification that meets the duty (REF-01)."""

    referral: UUID


@dataclass(frozen=True, kw_only=True)
class RecordNoLiability(CaseCommand):
    """Put down why no liability arises (REF-01)."""

    reasons: str
    best_interests: str


@dataclass(frozen=True, kw_only=True)
class DrawUpSupportPlan(CaseCommand):
    """Draw up the intervention and support plan (PLN-02)."""

    goals: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class DrawUpSafetyPlan(CaseCommand):
    """Draw up the safety plan (PLN-03)."""

    dangers: Sequence[str]
    safe_people: Sequence[str]
    safe_places: Sequence[str]
    child_does: Sequence[str]
    adults_do: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ReviewPlan(CaseCommand):
    """Put down a review of the plans."""

    findings: str
    results: Sequence[str]
    change_seen: bool


@dataclass(frozen=True, kw_only=True)
class HoldSession(CaseCommand):
    """Put down a session with its note, by the one who held it (PLN-04)."""

    attended: Sequence[Attendee]
    observed_change: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ExtendSessions(CaseCommand):
    """Allow more sessions (PLN-04)."""

    more: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RateCriteria(CaseCommand):
    """Rate criteria of lasting change (PLN-05)."""

    ratings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class TakeOwnMeasures(CaseCommand):
    """Put down what the school does where no agency helps (REF-07)."""

    measures: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CloseCase(CaseCommand):
    """Close (PLN-05)."""

    reasons: str
    best_interests: str
    participants: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class ReopenCase(CaseCommand):
    """Take a closed case up again (PLN-06)."""

    reason: str
    report: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NoteReferral(CaseCommand):
    """By policy: something happened to a referral of this case."""

    referral: UUID
    agency: UUID


@dataclass(frozen=True, kw_only=True)
class NoteReferralRequested(NoteReferral):
    """The school turned to an agency."""


@dataclass(frozen=True, kw_only=True)
class NoteReferralDelivered(NoteReferral):
    """The referral arrived; where it `notifies`, it meets the duty to inform (REF-01)."""

    delivered_at: datetime
    notifies: bool = True


@dataclass(frozen=True, kw_only=True)
class NoteReferralAccepted(NoteReferral):
    """The agency took it up."""


@dataclass(frozen=True, kw_only=True)
class NoteReferralDeclined(NoteReferral):
    """The agency declined; opens own measures (REF-07)."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class NoteReferralFellSilent(NoteReferral):
    """The agency is silent past a clock; opens own measures (REF-07)."""

    silent_clock: str


@dataclass(frozen=True, kw_only=True)
class NoteReferralCompleted(NoteReferral):
    """The agency reported back."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class NoteReferralCancelled(NoteReferral):
    """The school took it back."""
