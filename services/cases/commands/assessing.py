"""What is known of a case, and who must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Answer, Level, Role, Step


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
