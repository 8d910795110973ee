"""Experts, specialists and volunteers of local organisations, invited to inform and train (REF-08)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from services.monitoring.domain.rules import informing as rules
from services.monitoring.domain.values import (
    Audience,
    Coverage,
    DeclineReason,
    Guest,
    InvitationState,
    Purpose,
    Topic,
)
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import local_day


@registered
class Invitation(Aggregate):
    """Sent; then the guest came, and it is known what was given to whom, or did not."""

    TOPIC = "monitoring.invitation"

    class Sent(FirstEvent):
        TOPIC = "monitoring.guest_invited"
        guest: str
        name: str
        organisation: str
        purpose: str
        audiences: list[str]
        topics: list[str]
        invited_for: str

    class Came(Event):
        TOPIC = "monitoring.guest_came"
        came_on: str
        given: str
        minutes: int
        coverage: list[dict[str, Any]]

    class Declined(Event):
        TOPIC = "monitoring.guest_declined"
        reason: str
        note: str

    @classmethod
    def send(
        cls,
        *,
        id: UUID,
        guest: Guest,
        name: str,
        organisation: str,
        purpose: Purpose,
        audiences: Collection[Audience],
        topics: Collection[Topic],
        invited_for: date,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Invites a guest."""
        return cls._begin(
            cls.Sent,
            id=id,
            by=by,
            at=at,
            guest=guest.value,
            name=name,
            organisation=organisation,
            purpose=purpose.value,
            audiences=sorted({one.value for one in audiences}),
            topics=sorted({one.value for one in topics}),
            invited_for=invited_for.isoformat(),
        )

    def come(
        self,
        *,
        came_on: date,
        given: str,
        minutes: int,
        coverage: Sequence[Coverage],
        by: Actor,
        at: datetime,
    ) -> None:
        """The guest came; what was given, and how many of whom it reached."""
        rules.invitation_is_open(self)
        rules.day_has_come(came_on, local_day(at))
        rules.coverage_is_of_audiences(coverage, self.audiences)
        rules.reached_are_among_all(coverage)
        self._record(
            self.Came,
            by=by,
            at=at,
            came_on=came_on.isoformat(),
            given=given,
            minutes=minutes,
            coverage=[one.stored() for one in coverage],
        )

    def decline(self, *, reason: DeclineReason, note: str, by: Actor, at: datetime) -> None:
        """The guest did not come."""
        rules.invitation_is_open(self)
        self._record(self.Declined, by=by, at=at, reason=reason.value, note=note)

    def _sent(self, event: Sent) -> None:
        self.state = InvitationState.INVITED
        self.audiences = frozenset(Audience(one) for one in event.audiences)

    def _came(self, event: Came) -> None:
        self.state = InvitationState.CAME

    def _declined(self, event: Declined) -> None:
        self.state = InvitationState.DECLINED
