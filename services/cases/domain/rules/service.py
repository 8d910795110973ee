"""Seats in the School Safety Service, and the training that they take (SSS-01, SSS-02)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import HEADS, Role
from shared.domain import Actor, NotPermittedError
from shared.regulation import local_day

if TYPE_CHECKING:
    from services.cases.domain.safety_service.meetings import MonthlyMeetings
    from services.cases.domain.safety_service.state import ServiceChapter


def day_is_not_ahead(day: date, at: datetime) -> None:
    """What is put down as done is not ahead."""
    if day > local_day(at):
        raise errors.DayAheadError(day=day.isoformat())


def seat_is_free_of_the_person(service: ServiceChapter, person: UUID, role: Role) -> None:
    """A person takes the same seat once."""
    if role in service.seats.get(person, {}):
        raise errors.AlreadyAMemberError(person=str(person), role=role.value)


def person_has_the_seat(service: ServiceChapter, person: UUID, role: Role) -> None:
    """Only whoever sits in the service in a role gives it up, or takes a case in it (SSS-01)."""
    if role not in service.seats.get(person, {}):
        raise errors.NotAMemberError(person=str(person), role=role.value)


def police_sit_by_agreement(service: ServiceChapter, role: Role, day: date) -> None:
    """The juvenile police representative sits in the service by an agreement in force (SSS-01)."""
    agreement = service.police_agreement
    if role is Role.JUVENILE_POLICE and (agreement is None or not agreement.holds_on(day)):
        raise errors.NoPoliceAgreementError


def training_is_attested_by_another(person: UUID, by: Actor) -> None:
    """Head or deputy, never the person themselves, says that somebody was trained; or a policy of ours (SSS-02)."""
    if not by.is_the_system and (by.person == person or not by.roles & HEADS):
        raise NotPermittedError(rule="SSS-02")


def member_is_trained(service: ServiceChapter, person: UUID, role: Role, at: datetime) -> None:
    """A member takes a case only while their training, or their grace, lasts (SSS-02)."""
    until = service.covered_until(person)
    if until is None or at >= until:
        raise errors.MemberNotTrainedError(
            person=str(person), role=role.value, covered_until=None if until is None else until.isoformat()
        )


def participants_sit_in_the_service(service: ServiceChapter, participants: Collection[UUID]) -> None:
    """The service meets among those who sit in it, teachers and police included (SSS-04)."""
    strangers = sorted(str(person) for person in set(participants) if person not in service.seats)
    if strangers:
        raise errors.NotAMemberError(persons=strangers)


def put_down_by_one_who_was_there(by: Actor, participants: Collection[UUID]) -> None:
    """A meeting is put down, and corrected, by one who was there (SSS-04)."""
    if by.person not in participants:
        raise NotPermittedError(rule="SSS-04")


def service_met(service: MonthlyMeetings, meeting: UUID) -> None:
    """The service had that meeting."""
    if meeting not in service.meetings:
        raise errors.NoSuchMeetingError(meeting=str(meeting))


def participant_of_the_service_is_asked(service: MonthlyMeetings, meeting: UUID, by: Actor) -> None:
    """A participant confirms their own part, once for each wording (SSS-04)."""
    service_met(service, meeting)
    met = service.meetings[meeting]
    put_down_by_one_who_was_there(by, met.participants)
    if by.person in met.confirmed | met.denied:
        raise errors.ParticipationAnsweredError(meeting=str(meeting))


def present_took_part(service: MonthlyMeetings, meeting: UUID, present: Collection[UUID]) -> None:
    """Only who was at the meeting discussed anything there (CON-03)."""
    met = service.meetings[meeting]
    absent = sorted(str(person) for person in set(present) if person not in met.participants - met.denied)
    if absent:
        raise errors.NotAtTheMeetingError(persons=absent)
