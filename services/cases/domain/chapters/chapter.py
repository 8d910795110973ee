"""What every chapter of a case may lean on: the state they share, and the way into the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.cases.domain.criteria import Rated
from services.cases.domain.values import Criterion, Duty, Level, Member, OpenDuty, ReferralState, Step
from shared.regulation import Deadline


class Chapter:
    """Base of the chapters. The state is set when the case opens (`Case._opened`) and kept to what decisions need."""

    _record: Callable[..., None]

    is_open: bool
    immediate_danger: bool
    walled: frozenset[UUID]
    team: dict[UUID, Member]
    coordinator: UUID | None
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
    awaiting_own_measures: list[UUID]

    def _sooner(self, duty: Duty, deadline: Deadline) -> Deadline:
        """The nearer of a duty's present time, if it is open, and a new one."""
        open_duty = self.open_duties.get(duty)
        return open_duty.sooner_of(deadline) if open_duty else deadline

    def _owe(self, duty: Duty, due_at: datetime, rule: str) -> None:
        """Keeps that a duty is open; a time that stays as it was stays missed if it was."""
        before = self.open_duties.get(duty)
        missed = before is not None and before.missed and before.due_at == due_at
        self.open_duties[duty] = OpenDuty(due_at, rule, missed)

    def _settle(self, *duties: Duty) -> None:
        """Keeps that duties are no longer open."""
        for duty in duties:
            self.open_duties.pop(duty, None)
