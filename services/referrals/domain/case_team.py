"""A case as referrals knows it: who is on its team, who is walled off, and which agencies have been asked already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from services.referrals.domain import rules
from services.referrals.domain.values import HEAD
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class CaseTeam(Aggregate):
    """The team of one case; its id is the case's. What it knows was told by `cases` (CON-01)."""

    TOPIC = "referrals.case_team"

    class Formed(FirstEvent):
        """The case was opened; `walled` are the people who must not learn of it."""

        TOPIC = "referrals.case_team_formed"
        walled: list[str]

    class MemberAdmitted(Event):
        """Somebody works on the case now, in a role of the school safety service."""

        TOPIC = "referrals.case_team_member_admitted"
        person: UUID
        role: str

    class MemberReleased(Event):
        """Somebody works on it no longer."""

        TOPIC = "referrals.case_team_member_released"
        person: UUID

    class PersonWalledOff(Event):
        """It turned out later that somebody must not learn of the case; a member is none any more (REP-02)."""

        TOPIC = "referrals.case_team_person_walled_off"
        person: UUID

    class CoordinatorNamed(Event):
        """Who holds the case."""

        TOPIC = "referrals.case_team_coordinator_named"
        person: UUID

    class GlassBroken(Event):
        """Somebody who is not on the team sees it until then, as two decided in the case (CON-01)."""

        TOPIC = "referrals.case_team_glass_broken"
        person: UUID
        until: datetime

    class ReferralOpened(Event):
        """An agency is about to be asked for this case."""

        TOPIC = "referrals.case_team_referral_opened"
        agency: UUID
        referral: UUID

    class ReferralEnded(Event):
        """That agency owes nothing more for this case."""

        TOPIC = "referrals.case_team_referral_ended"
        agency: UUID
        referral: UUID

    class Dissolved(Event):
        """The case was closed."""

        TOPIC = "referrals.case_team_dissolved"

    class Reformed(Event):
        """The case was opened again."""

        TOPIC = "referrals.case_team_reformed"

    # -- commands

    @classmethod
    def form(cls, *, case: UUID, walled: Sequence[UUID], by: Actor, at: datetime) -> Self:
        """The team of a case that was opened, still empty."""
        return cls._begin(cls.Formed, id=case, by=by, at=at, walled=[str(person) for person in walled])

    def admit_member(self, *, person: UUID, role: str, by: Actor, at: datetime) -> None:
        """Somebody joined the team, or has another role now."""
        if self.members.get(str(person)) != role:
            self._record(self.MemberAdmitted, by=by, at=at, person=person, role=role)

    def release_member(self, *, person: UUID, by: Actor, at: datetime) -> None:
        """Somebody left the team."""
        if str(person) in self.members:
            self._record(self.MemberReleased, by=by, at=at, person=person)

    def wall_off(self, *, persons: Collection[UUID], by: Actor, at: datetime) -> None:
        """Keeps people away from now on, each once."""
        for person in sorted(set(persons)):
            if str(person) not in self.walled:
                self._record(self.PersonWalledOff, by=by, at=at, person=person)

    def name_coordinator(self, *, person: UUID, by: Actor, at: datetime) -> None:
        """Somebody holds the case now (SSS-03)."""
        if self.coordinator != person:
            self._record(self.CoordinatorNamed, by=by, at=at, person=person)

    def note_glass_broken(self, *, person: UUID, until: datetime, by: Actor, at: datetime) -> None:
        """Somebody sees the case for a time; told again, nothing changes, and no wall opens by it."""
        if str(person) not in self.walled and self.glass_broken.get(person) != until:
            self._record(self.GlassBroken, by=by, at=at, person=person, until=until)

    def open_referral(self, *, agency: UUID, referral: UUID, by: Actor, at: datetime) -> None:
        """An agency is to be asked; refused while it has an open referral for this case."""
        rules.case_is_open(self)
        rules.no_other_referral_is_open(self, agency)
        self._record(self.ReferralOpened, by=by, at=at, agency=agency, referral=referral)

    def end_referral(self, *, agency: UUID, referral: UUID, by: Actor, at: datetime) -> None:
        """A referral came to its end; the agency may be asked anew."""
        if self.open_referrals.get(str(agency)) == referral:
            self._record(self.ReferralEnded, by=by, at=at, agency=agency, referral=referral)

    def dissolve(self, *, by: Actor, at: datetime) -> None:
        """The case was closed."""
        if not self.closed:
            self._record(self.Dissolved, by=by, at=at)

    def reform(self, *, by: Actor, at: datetime) -> None:
        """The case was opened again."""
        if self.closed:
            self._record(self.Reformed, by=by, at=at)

    # -- what others ask

    def walls_off(self, by: Actor) -> bool:
        """Whether this person must not learn of the case."""
        return by.person is not None and str(by.person) in self.walled

    def has_member(self, by: Actor) -> bool:
        """Whether this person is on the team."""
        return by.person is not None and str(by.person) in self.members

    def sees_through_glass(self, by: Actor, at: datetime) -> bool:
        """Whether the glass is broken for this person now."""
        until = self.glass_broken.get(by.person) if by.person is not None else None
        return until is not None and at < until

    @property
    def head_is_walled(self) -> bool:
        """Whether the deputy stands in: somebody is walled off and no head is on the team, where the head belongs."""
        return bool(self.walled) and HEAD not in self.members.values()

    # -- applies

    def _formed(self, event: Formed) -> None:
        self.walled = frozenset(event.walled)
        self.members: dict[str, str] = {}
        self.coordinator: UUID | None = None
        self.glass_broken: dict[UUID, datetime] = {}
        self.open_referrals: dict[str, UUID] = {}
        self.referrals: list[UUID] = []
        self.closed = False

    def _member_admitted(self, event: MemberAdmitted) -> None:
        self.members[str(event.person)] = event.role

    def _member_released(self, event: MemberReleased) -> None:
        self.members.pop(str(event.person), None)

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled |= {str(event.person)}
        self.members.pop(str(event.person), None)
        if self.coordinator == event.person:
            self.coordinator = None

    def _coordinator_named(self, event: CoordinatorNamed) -> None:
        self.coordinator = event.person

    def _glass_broken(self, event: GlassBroken) -> None:
        self.glass_broken[event.person] = event.until

    def _referral_opened(self, event: ReferralOpened) -> None:
        self.open_referrals[str(event.agency)] = event.referral
        self.referrals.append(event.referral)

    def _referral_ended(self, event: ReferralEnded) -> None:
        self.open_referrals.pop(str(event.agency), None)

    def _dissolved(self, event: Dissolved) -> None:
        self.closed = True

    def _reformed(self, event: Reformed) -> None:
        self.closed = False
