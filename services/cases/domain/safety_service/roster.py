"""Who sits in the service, in which role, since when, chosen for what (SSS-01, SSS-02)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.days import start_of
from services.cases.domain.safety_service.owing import training_duty
from services.cases.domain.safety_service.state import PoliceAgreement, ServiceChapter
from services.cases.domain.values import TEACHERS, OpenDuty, Release, Role
from shared.domain import Actor, Event
from shared.regulation import RuleBook, local_day


class Roster(ServiceChapter):
    """Members come and go; the juvenile police by agreement."""

    class MemberAdmitted(Event):
        """A person sits in the service in a role since a day, chosen for skills; a permanent member's grace ends at
        `grace_until`, and they are to be trained, for the first time or again, by `train_by` (SSS-02). Teachers are no
        permanent members: theirs are None, as is `train_by` of whoever has another seat and owes it already.
        """

        TOPIC = "cases.service_member_admitted"
        person: UUID
        role: str
        since: str
        skills: str
        grace_until: datetime | None
        train_by: datetime | None
        rule: str

    class MemberReleased(Event):
        """A person sits in the service in that role no more; `is_last` where it was their last permanent one."""

        TOPIC = "cases.service_member_released"
        person: UUID
        role: str
        reason: str
        is_last: bool

    class PoliceAgreed(Event):
        """The police agreed that their representative sits in the service (SSS-01)."""

        TOPIC = "cases.service_police_agreed"
        agreed_on: str
        until: str | None
        agreement: str

    def admit_member(
        self, *, person: UUID, role: Role, since: date, skills: str, book: RuleBook, by: Actor, at: datetime
    ) -> None:
        """Head or deputy give a person a seat; the police only by an agreement in force.

        Grace is given once: whoever left and came back, or got another role, keeps the time of the first admission.
        """
        rules.head_acts(by, "SSS-01")
        rules.day_is_not_ahead(since, at)
        rules.role_is_one_of_the_schools(role)
        rules.seat_is_free_of_the_person(self, person, role)
        rules.police_sit_by_agreement(self, role, local_day(at))
        grace = book.at("cases.training_grace", at)
        until = self.grace_until.get(person, start_of(since + timedelta(days=grace.value + 1)))
        train_by = max(until, self.trained_until.get(person, until))
        owes_already = training_duty(person) in self.open_duties
        self._record(
            self.MemberAdmitted,
            by=by,
            at=at,
            person=person,
            role=role.value,
            since=since.isoformat(),
            skills=skills,
            grace_until=None if role in TEACHERS else until,
            train_by=None if role in TEACHERS or owes_already else train_by,
            rule=grace.version,
        )

    def release_member(self, *, person: UUID, role: Role, reason: Release, by: Actor, at: datetime) -> None:
        """Head or deputy end a seat; cases that the person works on are handed over there, not here (CON-04)."""
        rules.head_acts(by, "SSS-01")
        rules.person_has_the_seat(self, person, role)
        permanent = set(self.seats[person]) - TEACHERS
        self._record(
            self.MemberReleased,
            by=by,
            at=at,
            person=person,
            role=role.value,
            reason=reason.value,
            is_last=permanent == {role},
        )

    def record_police_agreement(
        self, *, agreed_on: date, until: date | None, agreement: str, by: Actor, at: datetime
    ) -> None:
        """Head or deputy put down what was agreed with the police; a newer agreement takes the older one's place."""
        rules.head_acts(by, "SSS-01")
        rules.day_is_not_ahead(agreed_on, at)
        self._record(
            self.PoliceAgreed,
            by=by,
            at=at,
            agreed_on=agreed_on.isoformat(),
            until=None if until is None else until.isoformat(),
            agreement=agreement,
        )

    def let_take_case(self, *, person: UUID, role: Role, at: datetime) -> None:
        """Lets a person take a case in a role of the service, or refuses: only a member whose training is valid, or not
        yet owed, does (SSS-02). Teachers and others take part as employees, not as members.
        """
        if role in TEACHERS:
            return
        if role is not Role.TRIAGING_MEMBER:
            rules.person_has_the_seat(self, person, role)
            rules.police_sit_by_agreement(self, role, local_day(at))
        if person in self.members:
            rules.member_is_trained(self, person, role, at)

    def _member_admitted(self, event: MemberAdmitted) -> None:
        self.seats.setdefault(event.person, {})[Role(event.role)] = date.fromisoformat(event.since)
        if event.grace_until is not None:
            self.grace_until[event.person] = event.grace_until
        if event.train_by is not None:
            duty = training_duty(event.person)
            if duty not in self.open_duties:
                self.open_duties[duty] = OpenDuty(event.train_by, event.rule)

    def _member_released(self, event: MemberReleased) -> None:
        del self.seats[event.person][Role(event.role)]
        if not self.seats[event.person]:
            del self.seats[event.person]
        if event.is_last:
            self._settle(training_duty(event.person))

    def _police_agreed(self, event: PoliceAgreed) -> None:
        until = None if event.until is None else date.fromisoformat(event.until)
        self.police_agreement = PoliceAgreement(agreed_on=date.fromisoformat(event.agreed_on), until=until)
