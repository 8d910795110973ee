"""What agencies do, noted by policies, and what the school does where they don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Awaited


@dataclass(frozen=True, kw_only=True)
class TakeOwnMeasures(CaseCommand):
    """Put down what the school does where no agency helps (REF-07)."""

    measures: Sequence[str]


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


@dataclass(frozen=True, kw_only=True)
class AwaitAgency(CaseCommand):
    """Say what waits for an agency, what is done at once, what follows then (REF-06)."""

    agency: UUID
    at_once: str
    awaited: str
    then: str


@dataclass(frozen=True, kw_only=True)
class EndWaiting(CaseCommand):
    """Say what came of it (REF-06)."""

    waiting: UUID
    outcome: Awaited
    said: str
    follows: str
