"""The interagency team (REF-05)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.interagency import ENDED_BY_THE_SCHOOL, JointMeeting, Seat, SeatEnding, Task
from shared.domain import Actor, NotPermittedError

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def interagency_step_is_open(case: Chapter) -> None:
    """Agencies sit in a case that needs them: high risk, reviews without change, or by decision (REF-05)."""
    if not case.interagency_open:
        raise errors.InteragencyStepNotOpenError


def interagency_step_is_not_open(case: Chapter) -> None:
    """A team is convened once."""
    if case.interagency_open:
        raise errors.InteragencyStepOpenError


def agency_has_no_seat(case: Chapter, agency: UUID, at: datetime) -> None:
    """One seat for each agency at a time."""
    held = [str(seat) for seat, one in case.seats.items() if one.agency == agency and one.runs(at)]
    if held:
        raise errors.AgencyHasSeatError(seat=held[0])


def seat_is_there(case: Chapter, seat: UUID | None) -> Seat:
    """A seat that has not ended by an event; gives it."""
    found = case.seats.get(seat) if seat is not None else None
    if found is None:
        raise errors.NoSuchSeatError(seat=str(seat))
    return found


def seat_ends_by_the_school(reason: SeatEnding) -> None:
    """The other reasons are told, or come by themselves."""
    if reason not in ENDED_BY_THE_SCHOOL:
        raise NotPermittedError(rule="REF-05")


def everybody_is_of_the_interagency_team(case: Chapter, participants: Collection[UUID], at: datetime) -> None:
    """A joint meeting is of the case's team and of those who sit there, all of them warned (CON-02, CON-03)."""
    of_team = {person for person, member in case.team.items() if not member.must_accept}
    seated = set(sitting(case, at))
    others = sorted(str(person) for person in set(participants) - of_team - seated)
    if others:
        raise errors.NotInInteragencyTeamError(persons=others)


def both_sides_take_part(case: Chapter, people: Collection[UUID], seats: Mapping[UUID, UUID]) -> None:
    """A joint decision, and a joint meeting, is of the school and of an agency at least (REF-05, SSS-08)."""
    agencies = {person for person in people if person in seats}
    school = {person for person in people if person in case.team} - agencies
    if not agencies or not school:
        raise errors.OneSideAloneError(school=len(school), agencies=len(agencies))


def joint_participant_is_asked(case: Chapter, meeting: UUID, by: Actor) -> None:
    """A participant answers for themselves, once (CON-03, SSS-08)."""
    held = joint_meeting_was_held(case, meeting)
    if by.person not in held.participants:
        raise NotPermittedError(rule="CON-03")
    if by.person in held.confirmed | held.denied:
        raise errors.ParticipationAnsweredError(meeting=str(meeting))


def joint_meeting_was_held(case: Chapter, meeting: UUID) -> JointMeeting:
    """A meeting of both sides; gives it."""
    held = case.joint_meetings.get(meeting)
    if held is None:
        raise errors.NoSuchMeetingError(meeting=str(meeting))
    return held


def joint_decision_is_of_the_meeting(case: Chapter, meeting: UUID, number: int, by: Actor) -> Mapping[str, str]:
    """Recorded once, by one who confirmed their part; gives what was decided."""
    held = joint_meeting_was_held(case, meeting)
    if not 1 <= number <= len(held.decisions):
        raise errors.NoSuchDecisionError(meeting=str(meeting), number=number)
    if number in held.recorded:
        raise errors.DecisionRecordedAlreadyError(meeting=str(meeting), number=number)
    if by.person not in held.confirmed:
        raise NotPermittedError(rule="SSS-08")
    return held.decisions[number - 1]


def task_has_one_owner(case: Chapter, agency: UUID | None, person: UUID | None, at: datetime) -> None:
    """An agency that sits there, or a person of either side; not both, and not nobody."""
    of_agencies = {one.agency for one in case.seats.values() if one.runs(at)}
    people = set(case.team) | set(sitting(case, at))
    owned = (agency in of_agencies) if person is None else (agency is None and person in people)
    if not owned:
        raise errors.TaskOwnerMissingError


def task_is_due_ahead(due_at: datetime, at: datetime) -> None:
    """A task has time to be done in."""
    if due_at <= at:
        raise errors.TaskDueInThePastError


def task_is_open(case: Chapter, task: UUID) -> Task:
    """It was given and is not done; gives it."""
    found = case.tasks.get(task)
    if found is None:
        raise errors.NoSuchTaskError(task=str(task))
    return found


def owner_says_what_came_of_it(case: Chapter, task: Task, by: Actor, at: datetime) -> None:
    """Nobody says for another that a task is done: the agency's person, or the person who owns it."""
    agency = sitting(case, at).get(by.person) if by.person is not None else None
    if not (by.person == task.person if task.person is not None else agency == task.agency):
        raise NotPermittedError(rule="REF-05")


def no_task_is_open(case: Chapter) -> None:
    """No closing while somebody still has something to do (REF-05)."""
    if case.tasks:
        raise errors.TasksStillOpenError(tasks=sorted(map(str, case.tasks)))


def sitting(case: Chapter, at: datetime) -> dict[UUID, UUID]:
    """Who sits in the interagency team, warned, by a seat that runs; each with their agency."""
    return {
        one.person: one.agency
        for one in case.seats.values()
        if one.person is not None and one.accepted and one.runs(at) and one.person not in case.walled
    }
