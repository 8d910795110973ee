"""Who works on a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Adult, Deletion, Ground, Leaving, Role, Telling


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
    ground: Ground
    reason: str


@dataclass(frozen=True, kw_only=True)
class HoldMeeting(CaseCommand):
    """Put down a confidential meeting (CON-03)."""

    held_at: datetime
    participants: Sequence[UUID]
    discussed: str
    decisions: Sequence[Mapping[str, str]]
    closing: Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class ConfirmParticipation(CaseCommand):
    """Say for oneself whether one took part in it (CON-03, SSS-08)."""

    meeting: UUID
    took_part: bool


@dataclass(frozen=True, kw_only=True)
class RecordDecision(CaseCommand):
    """Make a decision of a meeting a joint one (SSS-08)."""

    meeting: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class HandOverMaterial(CaseCommand):
    """Hand material over, and say of each place that nothing is left there (CON-04)."""

    to: UUID
    material: str
    computer: Deletion
    recycle_bin: Deletion
    email: Deletion


@dataclass(frozen=True, kw_only=True)
class DecideOnOffender(CaseCommand):
    """Put down what was decided on an adult alleged offender (REF-09)."""

    adult: Adult
    telling: Telling
    told_when: str
    told_of_the_process: str
    work_protected: str
    private_life_protected: str
    considered: str
    best_interests: str
    meeting: UUID
