"""What the service tells staff, pupils and parents, and how many it reached (SSS-05)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.monitoring.domain.rules import informing as rules
from services.monitoring.domain.rules.group import reasons_are_given
from services.monitoring.domain.values import Audience, CampaignState, Coverage, Means, Topic
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import local_day


@registered
class Campaign(Aggregate):
    """Planned, held, its coverage recorded; or called off with reasons."""

    TOPIC = "monitoring.campaign"

    class Planned(FirstEvent):
        TOPIC = "monitoring.campaign_planned"
        title: str
        audiences: list[str]
        topics: list[str]
        means: str
        starts_on: str
        ends_on: str

    class Held(Event):
        TOPIC = "monitoring.campaign_held"
        held_on: str
        note: str

    class CoverageRecorded(Event):
        """How many of an audience were reached; counted again, the last count holds."""

        TOPIC = "monitoring.campaign_coverage_recorded"
        audience: str
        reached: int
        out_of: int

    class CalledOff(Event):
        TOPIC = "monitoring.campaign_called_off"
        reasons: str

    @classmethod
    def plan(
        cls,
        *,
        id: UUID,
        title: str,
        audiences: Collection[Audience],
        topics: Collection[Topic],
        means: Means,
        starts_on: date,
        ends_on: date,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Says who is to be told what, in which way and when."""
        rules.period_is_in_order(starts_on, ends_on)
        return cls._begin(
            cls.Planned,
            id=id,
            by=by,
            at=at,
            title=title,
            audiences=sorted({one.value for one in audiences}),
            topics=sorted({one.value for one in topics}),
            means=means.value,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat(),
        )

    def hold(self, *, held_on: date, note: str, by: Actor, at: datetime) -> None:
        """It took place."""
        rules.campaign_is_planned(self)
        rules.day_has_come(held_on, local_day(at))
        self._record(self.Held, by=by, at=at, held_on=held_on.isoformat(), note=note)

    def record_coverage(self, *, coverage: Coverage, by: Actor, at: datetime) -> None:
        """How many of an audience were reached."""
        rules.campaign_is_held(self)
        rules.coverage_is_of_audiences([coverage], self.audiences)
        rules.reached_are_among_all([coverage])
        self._record(self.CoverageRecorded, by=by, at=at, **coverage.stored())

    def call_off(self, *, reasons: str, by: Actor, at: datetime) -> None:
        """It will not take place."""
        rules.campaign_is_planned(self)
        reasons_are_given(reasons)
        self._record(self.CalledOff, by=by, at=at, reasons=reasons)

    def _planned(self, event: Planned) -> None:
        self.state = CampaignState.PLANNED
        self.audiences = frozenset(Audience(one) for one in event.audiences)

    def _held(self, event: Held) -> None:
        self.state = CampaignState.HELD

    def _coverage_recorded(self, event: CoverageRecorded) -> None:
        """Nothing later depends on it."""

    def _called_off(self, event: CalledOff) -> None:
        self.state = CampaignState.CALLED_OFF
