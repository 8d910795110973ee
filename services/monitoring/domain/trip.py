"""A trip at home or abroad, whose risks are assessed before it starts and when it was held (RSK-06)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self
from uuid import UUID

from services.monitoring.domain.rules import informing, journal
from services.monitoring.domain.rules.group import reasons_are_given
from services.monitoring.domain.values import TripState
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import ALMATY, local_day

TRIP_ASSESSMENT = "trip_assessment"
"""The duty to assess a trip's risks before it starts."""


@registered
class Trip(Aggregate):
    """Planned, assessed, held; or called off."""

    TOPIC = "monitoring.trip"

    class Planned(FirstEvent):
        TOPIC = "monitoring.trip_planned"
        destination: str
        abroad: bool
        starts_on: str
        ends_on: str
        group: str
        leader: UUID
        assess_by: datetime

    class Assessed(Event):
        """A risk of it was entered in the journal; `before_start` as it is demanded."""

        TOPIC = "monitoring.trip_assessed"
        risk: UUID
        before_start: bool

    class AssessmentMissed(Event):
        TOPIC = "monitoring.trip_assessment_missed"
        due_at: datetime

    class Held(Event):
        """What it showed; `assessed` says whether its risks had been assessed before it started."""

        TOPIC = "monitoring.trip_held"
        happened: str
        assessed: bool

    class CalledOff(Event):
        TOPIC = "monitoring.trip_called_off"
        reasons: str

    @classmethod
    def plan(
        cls,
        *,
        id: UUID,
        destination: str,
        abroad: bool,
        starts_on: date,
        ends_on: date,
        group: str,
        leader: UUID,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Plans a trip; its assessment is due when the day of its start begins."""
        informing.period_is_in_order(starts_on, ends_on)
        return cls._begin(
            cls.Planned,
            id=id,
            by=by,
            at=at,
            destination=destination,
            abroad=abroad,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat(),
            group=group,
            leader=leader,
            assess_by=datetime.combine(starts_on, time(0), ALMATY).astimezone(at.tzinfo),
        )

    def assess(self, *, risk: UUID, by: Actor, at: datetime) -> None:
        """Notes a risk of it."""
        journal.trip_takes_place(self)
        self._record(self.Assessed, by=by, at=at, risk=risk, before_start=at < self.assess_by)

    def hold(self, *, happened: str, by: Actor, at: datetime) -> None:
        """It took place."""
        journal.trip_is_planned(self)
        informing.day_has_come(self.starts_on, local_day(at))
        self._record(self.Held, by=by, at=at, happened=happened, assessed=self.was_assessed_before)

    def call_off(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It will not take place."""
        journal.trip_is_planned(self)
        reasons_are_given(reasons)
        self._record(self.CalledOff, by=by, at=at, reasons=reasons)

    def miss(self, *, by: Actor, at: datetime) -> None:
        """Says once that it starts without an assessment, where that is so."""
        if self.state is TripState.PLANNED and at >= self.assess_by and not self.is_assessed and not self.was_missed:
            self._record(self.AssessmentMissed, by=by, at=at, due_at=self.assess_by)

    def _planned(self, event: Planned) -> None:
        self.state = TripState.PLANNED
        self.starts_on, self.assess_by = date.fromisoformat(event.starts_on), event.assess_by
        self.is_assessed = self.was_assessed_before = self.was_missed = False

    def _assessed(self, event: Assessed) -> None:
        self.is_assessed = True
        self.was_assessed_before = self.was_assessed_before or event.before_start

    def _assessment_missed(self, event: AssessmentMissed) -> None:
        self.was_missed = True

    def _held(self, event: Held) -> None:
        self.state = TripState.HELD

    def _called_off(self, event: CalledOff) -> None:
        self.state = TripState.CALLED_OFF
