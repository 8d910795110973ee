"""Whom a report or a case keeps away, as `reports` and `cases` tell it: the walls of every entry that comes of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def walls_of(matter: UUID) -> UUID:
    """The stream that holds whom `matter`, a report or a case, keeps away as this service knows it."""
    return derived_id(matter, "monitoring_matter_walls")


@registered
class MatterWalls(Aggregate):
    """A matter's walls as heard; there are none of a matter that keeps nobody away."""

    TOPIC = "monitoring.matter_walls"

    class Heard(FirstEvent):
        TOPIC = "monitoring.matter_heard_of"
        matter: UUID

    class PersonWalledOff(Event):
        """Somebody is kept away from the matter, and so from every entry that came of it (REP-02)."""

        TOPIC = "monitoring.matter_person_walled_off"
        matter: UUID
        person: UUID

    @classmethod
    def hear(cls, *, matter: UUID, by: Actor, at: datetime) -> Self:
        """Begins to follow a matter."""
        return cls._begin(cls.Heard, id=walls_of(matter), by=by, at=at, matter=matter)

    def wall_off(self, *, persons: Collection[UUID], by: Actor, at: datetime) -> None:
        """Notes whom the matter keeps away, each once."""
        for person in sorted(set(persons) - self.walled):
            self._record(self.PersonWalledOff, by=by, at=at, matter=self.matter, person=person)

    def _heard(self, event: Heard) -> None:
        self.matter = event.matter
        self.walled: set[UUID] = set()

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled.add(event.person)
