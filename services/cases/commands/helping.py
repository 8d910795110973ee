"""What is planned and done for the child, and whether it helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Attendee, MedicalHelp, MedicalHelper


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
class OrganiseMedicalHelp(CaseCommand):
    """Put down that medical help was asked for (PLN-01)."""

    kind: MedicalHelp
    called_at: datetime
    what_happened: str


@dataclass(frozen=True, kw_only=True)
class RecordMedicalHelp(CaseCommand):
    """Put down what came of it (PLN-01)."""

    medical_help: UUID
    helper: MedicalHelper
    began_at: datetime | None
    ended_at: datetime | None
    outcome: str
