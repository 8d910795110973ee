"""The grants of one matter of a school: who from outside may act in it, with which rights, until when (REF-05).

In the school's tenant, one stream per matter. The school asks for a seat, the agency names its person; the grant ends
by time, by an event, or with the matter. Whoever the matter walls off neither gets one nor learns of one (REP-02).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain import rules
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def grants_of(school: UUID, matter: UUID) -> UUID:
    """The stream that holds a matter's grants."""
    return derived_id(school, "matter_grants", str(matter))


@dataclass(frozen=True, kw_only=True)
class MatterGrant:
    """A grant that has not ended by an event; `person` once the agency named one."""

    agency: UUID
    rights: frozenset[str]
    ends_at: datetime
    person: UUID | None = None

    def runs(self, moment: datetime) -> bool:
        """Whether its time has not passed."""
        return moment < self.ends_at


@registered
class MatterGrants(Aggregate):
    """Decides who may be given a token for the matter."""

    TOPIC = "accounts.matter_grants"

    class Begun(FirstEvent):
        """Somebody from outside is to be let into a matter for the first time."""

        TOPIC = "accounts.matter_grants_begun"
        matter: UUID

    class GrantAsked(Event):
        """The school asked an agency, or the department, for a person."""

        TOPIC = "accounts.grant_asked"
        matter: UUID
        grant: UUID
        agency: UUID
        rights: list[str]
        ends_at: datetime

    class PersonNamed(Event):
        """The agency named its person: from now on the person may act in the matter."""

        TOPIC = "accounts.grant_given"
        matter: UUID
        grant: UUID
        agency: UUID
        person: UUID
        rights: list[str]
        ends_at: datetime

    class GrantEnded(Event):
        """It holds no longer; `reason` is a code."""

        TOPIC = "accounts.grant_ended"
        matter: UUID
        grant: UUID
        reason: str

    class PersonKeptAway(Event):
        """The matter walls a person off (REP-02)."""

        TOPIC = "accounts.person_kept_away"
        person: UUID

    @classmethod
    def begin(cls, *, school: UUID, matter: UUID, by: Actor, at: datetime) -> Self:
        """No grant yet."""
        return cls._begin(cls.Begun, id=grants_of(school, matter), by=by, at=at, matter=matter)

    def ask(
        self, *, grant: UUID, agency: UUID, rights: Collection[str], ends_at: datetime, by: Actor, at: datetime
    ) -> None:
        """Asks an agency for a person, once under each id."""
        if grant not in self.known:
            facts = {"matter": self.matter, "grant": grant, "agency": agency}
            self._record(self.GrantAsked, by=by, at=at, rights=sorted(rights), ends_at=ends_at, **facts)

    def name_person(self, *, grant: UUID, agency: UUID, person: UUID, by: Actor, at: datetime) -> None:
        """The agency that was asked names its person; for whoever is walled off there is nothing to name for."""
        asked = rules.grant_is_open(self, grant, agency, at)
        rules.nobody_walled_knows(self, by.person)
        rules.person_is_not_kept_away(self, person)
        rules.nobody_was_named(asked)
        self._record(
            self.PersonNamed,
            by=by,
            at=at,
            matter=self.matter,
            grant=grant,
            agency=agency,
            person=person,
            rights=sorted(asked.rights),
            ends_at=asked.ends_at,
        )

    def withdraw(self, *, grant: UUID, agency: UUID, by: Actor, at: datetime) -> None:
        """The agency takes its person back."""
        rules.grant_is_open(self, grant, agency, at)
        rules.nobody_walled_knows(self, by.person)
        self.end(grant=grant, reason="by_the_agency", by=by, at=at)

    def end(self, *, grant: UUID, reason: str, by: Actor, at: datetime) -> None:
        """Ends one, once."""
        if grant in self.grants:
            self._record(self.GrantEnded, by=by, at=at, matter=self.matter, grant=grant, reason=reason)

    def end_all(self, *, reason: str, by: Actor, at: datetime) -> None:
        """The matter is closed."""
        for grant in sorted(self.grants):
            self.end(grant=grant, reason=reason, by=by, at=at)

    def keep_away(self, *, people: Iterable[UUID], by: Actor, at: datetime) -> None:
        """Whom the matter walls off: a grant of theirs ends, and they see none from now on."""
        for person in sorted(set(people) - self.walled):
            self._record(self.PersonKeptAway, by=by, at=at, person=person)
            for grant in sorted(grant for grant, one in self.grants.items() if one.person == person):
                self.end(grant=grant, reason="walled", by=by, at=at)

    def opens_to(self, *, grant: UUID, person: UUID, moment: datetime) -> bool:
        """Whether the grant lets that person in at that moment."""
        one = self.grants.get(grant)
        return one is not None and one.person == person and one.runs(moment) and person not in self.walled

    def _begun(self, event: Begun) -> None:
        self.matter = event.matter
        self.grants: dict[UUID, MatterGrant] = {}
        self.known: set[UUID] = set()
        self.walled: frozenset[UUID] = frozenset()

    def _grant_asked(self, event: GrantAsked) -> None:
        self.known.add(event.grant)
        self.grants[event.grant] = MatterGrant(
            agency=event.agency, rights=frozenset(event.rights), ends_at=event.ends_at
        )

    def _person_named(self, event: PersonNamed) -> None:
        self.grants[event.grant] = replace(self.grants[event.grant], person=event.person)

    def _grant_ended(self, event: GrantEnded) -> None:
        del self.grants[event.grant]

    def _person_kept_away(self, event: PersonKeptAway) -> None:
        self.walled |= {event.person}
