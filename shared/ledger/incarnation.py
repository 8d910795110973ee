"""The life of a log after its database was put back from an older copy: opened by an event, never silently.

Public numbers of an incarnation begin at n * 2**32 + 1, where n counts the incarnations that came before: so no number
is ever given twice, whatever was lost, and nothing new can be taken for what a listener has handled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.policy import PublicForm

BITS = 32
LOG_RESTORED = "log_restored.v1"


def generation_of(number: int) -> int:
    """How many incarnations came before the one that gave this public number."""
    return number >> BITS


def number_before(generation: int) -> int:
    """The number before the first of a generation's public numbers."""
    return generation << BITS


@registered
class Incarnation(Aggregate):
    """A log's life since it was restored."""

    TOPIC = "ledger.incarnation"

    class LogRestored(FirstEvent):
        """A tenant's log goes on from an older copy.

        `kept`: for each of the tenant's logs name, size, checkpoint_size and checkpoint_root (hex) of the last
        checkpoint in the database. `lost`: what is known to be gone, as log or listener, from and to (sizes, or public
        numbers), known_by. `last_number_kept` is the last public number that holds; `told_again` counts the public
        events behind it, which follow under new numbers.
        """

        TOPIC = "ledger.log_restored"
        previous: UUID
        incarnation: UUID
        generation: int
        last_number_kept: int
        told_again: int
        kept: list[dict[str, Any]]
        lost: list[dict[str, Any]]
        incident: str
        reason: str

    class PublicEventToldAgain(Event):
        """A public event whose number some listener knows another event by, published under a number of its own."""

        TOPIC = "ledger.public_event_told_again"
        number: int
        type: str
        body: str

    @classmethod
    def open(
        cls, *, tenant: UUID, log: str, incarnation: UUID, previous: UUID, by: Actor, at: datetime, **facts: Any
    ) -> Self:
        """The incarnation that follows `previous`; `facts` as in LogRestored."""
        stream = derived_id(tenant, "incarnation", log, str(incarnation))
        return cls._begin(cls.LogRestored, id=stream, by=by, at=at, previous=previous, incarnation=incarnation, **facts)

    def tell_again(self, *, number: int, type_: str, body: str, by: Actor, at: datetime) -> None:
        """Publishes anew what was published under `number`; `at` is when it happened."""
        self._record(self.PublicEventToldAgain, by=by, at=at, number=number, type=type_, body=body)

    def _log_restored(self, event: LogRestored) -> None:
        self.incarnation = event.incarnation
        self.told_again: list[int] = []

    def _public_event_told_again(self, event: PublicEventToldAgain) -> None:
        self.told_again.append(event.number)


def publications(service: str) -> dict[str, Any]:
    """What leaves any service of these events: numbers and ids only."""

    def log_restored(event: Incarnation.LogRestored) -> PublicForm:
        return PublicForm(
            type=f"{service}.{LOG_RESTORED}",
            body={
                "previous_incarnation": event.previous,
                "last_number_kept": event.last_number_kept,
                "told_again": event.told_again,
            },
        )

    return {Incarnation.LogRestored.TOPIC: log_restored, Incarnation.PublicEventToldAgain.TOPIC: _told_again}


def _told_again(event: Incarnation.PublicEventToldAgain) -> PublicForm:
    body: Mapping[str, Any] = json.loads(event.body)
    return PublicForm(type=event.type, body=body)


def as_ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers as [from, to] pairs of neighbours."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges
