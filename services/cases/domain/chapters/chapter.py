"""What every chapter of a case may lean on: the state they share, and the way into the record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain.criteria import Rated
from services.cases.domain.interagency import JointMeeting, Seat, Task
from services.cases.domain.values import (
    Criterion,
    Duty,
    GlassAsked,
    Level,
    MedicalHelp,
    Meeting,
    Member,
    OpenDuty,
    ReferralState,
    ReleasedParts,
    Step,
)
from shared.ladder import Climbing
from shared.regulation import Deadline


class Chapter(Climbing):
    """Base of the chapters. The state is set when the case opens (`Case._opened`) and kept to what decisions need."""

    is_open: bool
    reports: set[UUID]
    immediate_danger: bool
    walled: frozenset[UUID]
    team: dict[UUID, Member]
    coordinator: UUID | None
    meetings: dict[UUID, Meeting]
    handed_over: set[UUID]
    papers_in: UUID | None
    steps_taken: set[Step]
    is_assessed: bool
    level: Level | None
    interagency_open: bool
    open_duties: dict[Duty, OpenDuty]
    agencies_informed: bool
    plans: set[str]
    reviews_without_change: int
    sessions_held: int
    sessions_extended: int
    ratings: dict[Criterion, list[Rated]]
    referrals: dict[UUID, ReferralState]
    arrived: set[UUID]
    delivered: set[UUID]
    agencies_asked: set[UUID]
    waiting_for: dict[UUID, UUID]
    awaiting_own_measures: list[UUID]
    seats: dict[UUID, Seat]
    joint_meetings: dict[UUID, JointMeeting]
    tasks: dict[UUID, Task]
    awaited_help: dict[UUID, tuple[MedicalHelp, datetime]]
    glass_asked: dict[UUID, GlassAsked]
    glass_broken: dict[UUID, datetime]
    releases: dict[UUID, ReleasedParts]

    def _sooner(self, duty: Duty, deadline: Deadline) -> Deadline:
        """The nearer of a duty's present time, if it is open, and a new one."""
        open_duty = self.open_duties.get(duty)
        return open_duty.sooner_of(deadline) if open_duty else deadline

    def _owe(self, duty: Duty, due_at: datetime, rule: str) -> None:
        """Keeps that a duty is open; a time that stays as it was stays missed if it was."""
        before = self.open_duties.get(duty)
        same = before is not None and before.due_at == due_at
        if not same:
            self._climbs_no_more(duty.value)
        self.open_duties[duty] = OpenDuty(due_at, rule, missed=before is not None and same and before.missed)

    def _settle(self, *duties: Duty) -> None:
        """Keeps that duties are no longer open."""
        for duty in duties:
            self.open_duties.pop(duty, None)
            self._climbs_no_more(duty.value)
