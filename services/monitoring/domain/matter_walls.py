"""Whom a report or a case keeps away, as `reports` and `cases` tell it: the walls of every entry that comes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

    class RolesWalledOff(Event):
        """Who holds one of `roles` is kept away, from now on these and no others: somebody of that role is complained
        of, and it is not known yet who (REP-02).
        """

        TOPIC = "monitoring.matter_roles_walled_off"
        matter: UUID
        roles: Sequence[str]

    @classmethod
    def hear(cls, *, matter: UUID, by: Actor, at: datetime) -> Self:
        """Begins to follow a matter."""
        return cls._begin(cls.Heard, id=walls_of(matter), by=by, at=at, matter=matter)

    def wall_off(
        self, *, persons: Collection[UUID], roles: Collection[str] | None = None, by: Actor, at: datetime
    ) -> None:
        """Notes whom the matter keeps away, each once, and which roles from now on; None leaves them."""
        for person in sorted(set(persons) - self.walled):
            self._record(self.PersonWalledOff, by=by, at=at, matter=self.matter, person=person)
        if roles is not None and set(roles) != self.walled_roles:
            self._record(self.RolesWalledOff, by=by, at=at, matter=self.matter, roles=sorted(set(roles)))

    def _heard(self, event: Heard) -> None:
        self.matter = event.matter
        self.walled: set[UUID] = set()
        self.walled_roles: frozenset[str] = frozenset()

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled.add(event.person)

    def _roles_walled_off(self, event: RolesWalledOff) -> None:
        self.walled_roles = frozenset(event.roles)
