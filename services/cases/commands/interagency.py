"""The interagency team of a case (REF-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.interagency import Right, SeatEnding


@dataclass(frozen=True, kw_only=True)
class ConveneInteragencyTeam(CaseCommand):
    """Convene it by decision."""

    reasons: str
    best_interests: str


@dataclass(frozen=True, kw_only=True)
class OfferSeat(CaseCommand):
    """Ask an agency, or the department, for its person."""

    agency: UUID
    rights: Sequence[Right]
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EndSeat(CaseCommand):
    """End an agency's seat."""

    seat: UUID
    reason: SeatEnding


@dataclass(frozen=True, kw_only=True)
class NoteMemberNamed(CaseCommand):
    """By policy: the agency named its person."""

    seat: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class NoteGrantEnded(CaseCommand):
    """By policy: the grant ended."""

    seat: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class TakeSeat(CaseCommand):
    """By an outsider, for oneself: accept the confidentiality warning (CON-02)."""


@dataclass(frozen=True, kw_only=True)
class HoldInteragencyMeeting(CaseCommand):
    """Put down a meeting of both sides."""

    held_at: datetime
    participants: Sequence[UUID]
    discussed: str
    decisions: Sequence[Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class ConfirmInteragencyParticipation(CaseCommand):
    """Say for oneself whether one took part."""

    meeting: UUID
    took_part: bool


@dataclass(frozen=True, kw_only=True)
class RecordJointDecision(CaseCommand):
    """Make a decision of a meeting a joint one."""

    meeting: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class GiveInteragencyTask(CaseCommand):
    """Give an agency, or a person, something to do by a time."""

    what: str
    due_at: datetime
    agency: UUID | None = None
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DoInteragencyTask(CaseCommand):
    """Say what came of one's task."""

    task: UUID
    result: str


@dataclass(frozen=True, kw_only=True)
class DropInteragencyTask(CaseCommand):
    """Say why a task need not be done."""

    task: UUID
    reason: str
