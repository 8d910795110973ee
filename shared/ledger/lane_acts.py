"""What an operator did to a lane by command, as events of the listening service's own log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from shared.domain import Actor, Aggregate, FirstEvent, registered


@registered
class LaneAct(Aggregate):
    """One act on one lane, with who did it and why; each is a stream of its own."""

    TOPIC = "messages.lane_act"

    class LaneRetried(FirstEvent):
        """The lane was tried again at once; `was` is what it had waited for."""

        TOPIC = "messages.lane_retried"
        source: str
        was: str
        reason: str

    class PublicEventSkipped(FirstEvent):
        """Exactly this public event was settled without any effect."""

        TOPIC = "messages.public_event_skipped"
        source: str
        number: int
        type: str
        hash: str
        reason: str

    class LaneReconciled(FirstEvent):
        """The lane follows a restored source's new incarnation.

        `handled` are numbers that were kept and handled now, `lost` those that were handled here and the source no
        longer knows, `told_before` those of the new incarnation that repeat what was handled here: each as [from, to].
        """

        TOPIC = "messages.lane_reconciled"
        source: str
        previous: UUID | None
        incarnation: UUID
        from_number: int
        to_number: int
        handled: list[list[int]]
        lost: list[list[int]]
        told_before: list[list[int]]
        reason: str

    @classmethod
    def record(cls, event_class: Any, *, id: UUID, by: Actor, at: datetime, **facts: Any) -> Self:
        """One act, as one of the three events."""
        return cls._begin(event_class, id=id, by=by, at=at, **facts)

    def _lane_retried(self, event: LaneRetried) -> None:
        self.source = event.source

    def _public_event_skipped(self, event: PublicEventSkipped) -> None:
        self.source = event.source

    def _lane_reconciled(self, event: LaneReconciled) -> None:
        self.source = event.source
