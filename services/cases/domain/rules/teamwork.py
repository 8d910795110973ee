"""Who is on the team, and who coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import Leaving, Role
from shared.domain import Actor

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def person_is_not_walled(case: Chapter, person: UUID) -> None:
    """A possible offender, or someone close to one, never joins (REP-02)."""
    if person in case.walled:
        raise errors.PersonWalledError(person=str(person))


def person_can_join(case: Chapter, person: UUID) -> None:
    """A person joins once; the role of the member who triaged may be made precise."""
    member = case.team.get(person)
    if member is not None and member.role is not Role.TRIAGING_MEMBER:
        raise errors.AlreadyOnTeamError(person=str(person), role=member.role.value)


def person_is_on_the_team(case: Chapter, person: UUID | None) -> None:
    """Only a member can leave, coordinate or accept the warning."""
    if person is None or person not in case.team:
        raise errors.NotOnTeamError(person=str(person))


def coordinator_hands_over_first(case: Chapter, person: UUID) -> None:
    """The coordinator does not leave the case without a successor (SSS-03)."""
    if person == case.coordinator:
        raise errors.CoordinatorStaysError(person=str(person))


def coordination_changes_hands(case: Chapter, person: UUID) -> None:
    """A hand-over is to somebody else (SSS-03)."""
    if person == case.coordinator:
        raise errors.AlreadyCoordinatorError(person=str(person))


def material_goes_to_another(by: Actor, to: UUID) -> None:
    """Nobody hands over to themselves (CON-04)."""
    if by.person == to:
        raise errors.HandedToOneselfError


def material_is_handed_over_first(case: Chapter, person: UUID, reason: Leaving) -> None:
    """Before leaving, a member says that nothing of the case is left with them; one who left the school can't be asked
    (CON-04).
    """
    if reason is not Leaving.LEFT_SCHOOL and person not in case.handed_over:
        raise errors.MaterialNotHandedOverError(person=str(person))
