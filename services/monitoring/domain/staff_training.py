"""Training that the service itself holds for staff: it counts under TRN-09 (SSS-09)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.monitoring.domain.rules import informing as rules
from services.monitoring.domain.rules.group import reasons_are_given
from services.monitoring.domain.values import Topic
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import local_day


@registered
class StaffTraining(Aggregate):
    """One training, as it was held. Who was there stands by id; `count` has those without an account as well."""

    TOPIC = "monitoring.staff_training"

    class Held(FirstEvent):
        TOPIC = "monitoring.staff_training_held"
        title: str
        topics: list[str]
        held_on: str
        minutes: int
        attended: list[UUID]
        count: int
        held_by: list[UUID]

    class AttendanceCorrected(Event):
        TOPIC = "monitoring.staff_training_attendance_corrected"
        attended: list[UUID]
        count: int
        reasons: str

    @classmethod
    def record(
        cls,
        *,
        id: UUID,
        title: str,
        topics: Collection[Topic],
        held_on: date,
        minutes: int,
        attended: Collection[UUID],
        count: int,
        held_by: Collection[UUID],
        by: Actor,
        at: datetime,
    ) -> Self:
        """Puts down what was held, for how long, and who was there."""
        rules.day_has_come(held_on, local_day(at))
        rules.attended_are_counted(attended, count)
        return cls._begin(
            cls.Held,
            id=id,
            by=by,
            at=at,
            title=title,
            topics=sorted({one.value for one in topics}),
            held_on=held_on.isoformat(),
            minutes=minutes,
            attended=sorted(set(attended)),
            count=count,
            held_by=sorted(set(held_by)),
        )

    def correct(self, *, attended: Collection[UUID], count: int, reasons: str, by: Actor, at: datetime) -> None:
        """Others were there than was put down."""
        reasons_are_given(reasons)
        rules.attended_are_counted(attended, count)
        self._record(
            self.AttendanceCorrected, by=by, at=at, attended=sorted(set(attended)), count=count, reasons=reasons
        )

    def _held(self, event: Held) -> None:
        self.count = event.count

    def _attendance_corrected(self, event: AttendanceCorrected) -> None:
        self.count = event.count
