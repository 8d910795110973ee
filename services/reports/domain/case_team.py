"""Who is on the team of a case that reports led to, and who is walled off from it: told by `cases` (CON-01)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def team_of(case: UUID) -> UUID:
    """The stream that holds the team of `case` as this service knows it."""
    return derived_id(case, "reports_case_team")


@registered
class CaseTeam(Aggregate):
    """A case's team as heard; it exists as soon as anything of the case was heard."""

    TOPIC = "reports.case_team"

    class Heard(FirstEvent):
        TOPIC = "reports.case_heard_of"
        case: UUID

    class MemberJoined(Event):
        TOPIC = "reports.case_team_member_joined"
        case: UUID
        person: UUID
        role: str

    class MemberLeft(Event):
        TOPIC = "reports.case_team_member_left"
        case: UUID
        person: UUID

    class PersonWalledOff(Event):
        """Somebody is kept away from the case, and so from every report of it (REP-02)."""

        TOPIC = "reports.case_person_walled_off"
        case: UUID
        person: UUID

    @classmethod
    def hear(cls, *, case: UUID, by: Actor, at: datetime) -> Self:
        """Begins to follow the team of `case`."""
        return cls._begin(cls.Heard, id=team_of(case), by=by, at=at, case=case)

    def join(self, *, person: UUID, role: str, by: Actor, at: datetime) -> None:
        """Notes a member, once."""
        if person not in self.members:
            self._record(self.MemberJoined, by=by, at=at, case=self.case, person=person, role=role)

    def leave(self, *, person: UUID, by: Actor, at: datetime) -> None:
        """Notes that somebody is no member any more."""
        if person in self.members:
            self._record(self.MemberLeft, by=by, at=at, case=self.case, person=person)

    def wall_off(self, *, persons: Collection[UUID], by: Actor, at: datetime) -> None:
        """Notes whom the case keeps away, each once."""
        for person in sorted(set(persons) - self.walled):
            self._record(self.PersonWalledOff, by=by, at=at, case=self.case, person=person)

    def _heard(self, event: Heard) -> None:
        self.case = event.case
        self.walled: set[UUID] = set()
        self.members: set[UUID] = set()
        self.was_staffed = False

    def _member_joined(self, event: MemberJoined) -> None:
        self.members.add(event.person)
        self.was_staffed = True

    def _member_left(self, event: MemberLeft) -> None:
        self.members.discard(event.person)

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled.add(event.person)
