"""The small values of an interagency team: seats, what they allow, how they end; joint meetings and tasks (REF-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

TASK_DUTY = "interagency_task:"
"""A task's duty is named with its id: a case may owe several."""
TASK_RULE = "REF-05"
"""Whoever gives a task says by when; no regulation does."""


def task_duty(task: UUID) -> str:
    """What the duty to do a task is called."""
    return f"{TASK_DUTY}{task}"


def task_of(duty: str) -> UUID | None:
    """The task of a duty, None where it is none."""
    return UUID(duty.removeprefix(TASK_DUTY)) if duty.startswith(TASK_DUTY) else None


class Right(StrEnum):
    """What a seat allows: to see all materials of the case, to act in the workspace."""

    SEE_MATERIALS = "see_materials"
    TAKE_PART = "take_part"


class SeatEnding(StrEnum):
    """Why a seat ended."""

    NO_LONGER_NEEDED = "no_longer_needed"
    REPLACED = "replaced"
    BY_THE_AGENCY = "by_the_agency"
    WALLED = "walled"
    CASE_CLOSED = "case_closed"


ENDED_BY_THE_SCHOOL = frozenset({SeatEnding.NO_LONGER_NEEDED, SeatEnding.REPLACED})


@dataclass(frozen=True, kw_only=True)
class Seat:
    """An agency's place in the team; `person` once the agency named one, `accepted` once that person was warned."""

    agency: UUID
    rights: frozenset[Right]
    ends_at: datetime
    person: UUID | None = None
    accepted: bool = False

    def runs(self, moment: datetime) -> bool:
        """Whether its time has not passed."""
        return moment < self.ends_at


@dataclass(frozen=True, kw_only=True)
class JointMeeting:
    """A meeting of both sides: `seats` tells for which agency somebody from outside sat there."""

    participants: frozenset[UUID]
    seats: Mapping[UUID, UUID]
    decisions: tuple[Mapping[str, str], ...]
    confirmed: frozenset[UUID] = frozenset()
    denied: frozenset[UUID] = frozenset()
    recorded: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Task:
    """What an agency, or a person, is to do by a time."""

    agency: UUID | None
    person: UUID | None
    due_at: datetime
    missed: bool = False
