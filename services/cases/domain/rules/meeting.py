"""Meetings, and what is decided there jointly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import SSS_ROLES
from shared.domain import Actor, NotPermittedError

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter

LEAST_PARTICIPANTS = 2


def meeting_is_put_down_by_a_participant(by: Actor, participants: Collection[UUID]) -> None:
    """What was said in confidence is put down by one who was there (CON-03)."""
    if by.person not in participants:
        raise NotPermittedError(rule="CON-03")


def meeting_is_of_several(participants: Collection[UUID]) -> None:
    """One alone discusses nothing (CON-03)."""
    if len(set(participants)) < LEAST_PARTICIPANTS:
        raise errors.MeetingOfOneError


def meeting_is_of_the_team(case: Chapter, participants: Collection[UUID]) -> None:
    """A case is discussed by its team and nobody else; who is walled off is never on it (CON-03, REP-02)."""
    strangers = sorted(str(person) for person in set(participants) if person not in case.team)
    if strangers:
        raise errors.NotOnTeamError(persons=strangers)


def participants_were_warned(case: Chapter, participants: Collection[UUID]) -> None:
    """Nothing is discussed with a member who has not accepted the confidentiality warning (CON-02)."""
    unwarned = sorted(str(person) for person in set(participants) if case.team[person].must_accept)
    if unwarned:
        raise errors.ParticipantsNotWarnedError(persons=unwarned)


def participant_is_asked(case: Chapter, meeting: UUID, by: Actor) -> None:
    """A participant confirms their own part, and does so once (CON-03, SSS-08)."""
    held = case.meetings.get(meeting)
    if held is None:
        raise errors.NoSuchMeetingError(meeting=str(meeting))
    if by.person not in held.participants:
        raise NotPermittedError(rule="CON-03")
    if by.person in held.confirmed | held.denied:
        raise errors.ParticipationAnsweredError(meeting=str(meeting))


def decision_is_of_the_meeting(case: Chapter, meeting: UUID, number: int) -> Mapping[str, str]:
    """A joint decision was made in a meeting; gives what was decided (SSS-08)."""
    held = case.meetings.get(meeting)
    if held is None or not 1 <= number <= len(held.decisions):
        raise errors.NoSuchDecisionError(meeting=str(meeting), number=number)
    return held.decisions[number - 1]


def decision_is_recorded_once(case: Chapter, meeting: UUID, number: int) -> None:
    """A decision becomes a joint one once."""
    if number in case.meetings[meeting].recorded:
        raise errors.DecisionRecordedAlreadyError(meeting=str(meeting), number=number)


def decision_is_joint(case: Chapter, meeting: UUID, needed: int) -> None:
    """Enough members of the service of this case's team confirmed their part, the coordinator among them (SSS-08,
    PLN-05).
    """
    held = case.meetings[meeting]
    counted = {
        person
        for person in held.confirmed
        if (member := case.team.get(person)) is not None and member.role in SSS_ROLES
    }
    coordinator_takes_part = case.coordinator in counted
    if len(counted) < needed or not coordinator_takes_part:
        waiting = held.participants - held.confirmed - held.denied
        raise errors.DecisionNotJointError(
            needed=needed,
            found=len(counted),
            not_confirmed=sorted(str(person) for person in waiting & set(case.team)),
            coordinator_takes_part=coordinator_takes_part,
        )


def closing_was_agreed(case: Chapter, meeting: UUID) -> Mapping[str, str]:
    """The meeting agreed that the case closes, and nothing new has come since; gives why (PLN-05)."""
    held = case.meetings.get(meeting)
    if held is None or held.closing is None:
        raise errors.ClosingNotAgreedError(meeting=str(meeting))
    return held.closing


def decider_takes_part(case: Chapter, by: Actor, meeting: UUID, rule: str) -> None:
    """Whoever puts it down decided with the others: nobody closes or decides in their name (PLN-05, SSS-08)."""
    if by.person not in case.meetings[meeting].confirmed:
        raise NotPermittedError(rule=rule)


def meeting_was_held(case: Chapter, meeting: UUID) -> None:
    """A joint decision rests on a meeting of this case (SSS-08)."""
    if meeting not in case.meetings:
        raise errors.NoSuchMeetingError(meeting=str(meeting))
