"""Rules that a case keeps; each is a statement that is true when kept, and refuses with one error when not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import (
    HEADS,
    HELPERS,
    OPEN_REFERRALS,
    SSS_ROLES,
    Area,
    Criterion,
    Duty,
    Role,
)
from shared.domain import Actor, NotPermittedError

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def case_is_open(case: Chapter) -> None:
    """Nothing changes in a closed case but by reopening it (PLN-06)."""
    if not case.is_open:
        raise errors.CaseClosedError


def case_is_closed(case: Chapter) -> None:
    """Only a closed case can be reopened (PLN-06)."""
    if case.is_open:
        raise errors.CaseNotClosedError


def system_acts(by: Actor) -> None:
    """What other services tell is noted by policies, not by persons."""
    if not by.is_the_system:
        raise NotPermittedError(rule="noted_by_policy")


def service_acts(by: Actor, rule: str) -> None:
    """Someone of the School Safety Service acts."""
    if not by.roles & SSS_ROLES:
        raise NotPermittedError(rule=rule)


def helper_acts(by: Actor) -> None:
    """Sessions are held by the psychologist or the social pedagogue (PLN-04)."""
    if not by.roles & HELPERS:
        raise NotPermittedError(rule="PLN-04")


def head_shares_outside_the_service(by: Actor, role: Role) -> None:
    """Only the head or the deputy lets in an employee who is not of the service (CON-02)."""
    if role not in SSS_ROLES and not by.roles & HEADS:
        raise NotPermittedError(rule="CON-02")


def role_is_one_of_the_schools(role: Role) -> None:
    """Nobody is let in as the one who triaged: that is whoever confirmed the report, and needs no warning (CON-02)."""
    if role is Role.TRIAGING_MEMBER:
        raise NotPermittedError(rule="CON-02")


def head_or_coordinator_acts(case: Chapter, by: Actor) -> None:
    """Who is on the team and who coordinates is settled by the head, the deputy or the coordinator (SSS-03)."""
    if not (by.roles & HEADS or (by.person is not None and by.person == case.coordinator)):
        raise NotPermittedError(rule="SSS-03")


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


def child_is_born(birth_date: date, today: date) -> None:
    """A birth date does not lie ahead."""
    if birth_date > today:
        raise errors.BirthDateAheadError(birth_date=birth_date.isoformat())


def every_factor_is_answered(factors: Mapping[str, str], asked: Sequence[str]) -> None:
    """Risk factors cannot be left out unanswered (RSK-03)."""
    missing = [factor for factor in asked if factor not in factors]
    unknown = sorted(set(factors) - set(asked))
    if missing or unknown:
        raise errors.RiskFactorsUnansweredError(missing=missing, unknown=unknown)


def risk_is_assessed(case: Chapter) -> None:
    """Plans and closing rest on an assessment since the case was last opened (RSK-04)."""
    if not case.is_assessed:
        raise errors.RiskNotAssessedError


def duty_to_inform_is_open(case: Chapter) -> None:
    """Only an open duty is met or lifted (REF-01)."""
    if Duty.INFORM_AGENCIES not in case.open_duties:
        raise errors.NoDutyToInformError


def duty_to_inform_is_not_open(case: Chapter) -> None:
    """A duty that is open is not opened again."""
    if Duty.INFORM_AGENCIES in case.open_duties:
        raise errors.DutyToInformOpenError


def notification_was_delivered(case: Chapter, referral: UUID) -> None:
    """The duty to inform ends only by a notification that reached its agency (REF-01)."""
    if referral not in case.delivered:
        raise errors.NotificationNotDeliveredError(referral=str(referral))


def own_measures_are_owed(case: Chapter) -> None:
    """Own measures answer a declined or silent referral (REF-07)."""
    if not case.awaiting_own_measures:
        raise errors.NoOwnMeasuresOwedError


def every_area_has_measures(goals: Sequence[Mapping[str, Any]]) -> None:
    """A support plan has a goal with measures in each of the four areas (PLN-02)."""
    covered = {goal["area"] for goal in goals if goal["measures"]}
    empty = [area.value for area in Area if area not in covered]
    if empty:
        raise errors.AreasWithoutMeasuresError(areas=empty)


def there_is_a_plan(case: Chapter) -> None:
    """Only a plan that was drawn up can be reviewed."""
    if not case.plans:
        raise errors.NoPlanError


def sessions_are_left(case: Chapter, limit: int) -> None:
    """Sessions are few and limited, unless extended with a reason (PLN-04)."""
    if case.sessions_held >= limit:
        raise errors.SessionLimitReachedError(limit=limit)


def each_criterion_is_rated_once(criteria: Sequence[Criterion]) -> None:
    """One rating says one thing of each criterion."""
    twice = sorted({criterion for criterion in criteria if criteria.count(criterion) > 1})
    if twice:
        raise errors.RatedTwiceError(criteria=twice)


def decision_is_joint(case: Chapter, participants: Collection[UUID], needed: int) -> None:
    """Enough members of the service of this case's team answer jointly, the coordinator among them (SSS-08, PLN-05)."""
    counted = [
        person
        for person in sorted(set(participants))
        if (member := case.team.get(person)) is not None and member.role in SSS_ROLES
    ]
    strangers = sorted(str(person) for person in set(participants) if person not in case.team)
    coordinator_takes_part = case.coordinator in counted
    if len(counted) < needed or strangers or not coordinator_takes_part:
        raise errors.DecisionNotJointError(
            needed=needed, found=len(counted), not_on_team=strangers, coordinator_takes_part=coordinator_takes_part
        )


def closer_takes_part(by: Actor, participants: Collection[UUID]) -> None:
    """Whoever puts the closing down decided with the others: nobody closes in their name (PLN-05, SSS-08)."""
    if by.person not in participants:
        raise NotPermittedError(rule="PLN-05")


def nothing_is_owed_outside(case: Chapter) -> None:
    """No closing while agencies are to be informed or own measures to be taken (REF-01, REF-07)."""
    owed = [duty.value for duty in (Duty.INFORM_AGENCIES, Duty.OWN_MEASURES) if duty in case.open_duties]
    if owed:
        raise errors.DutiesStillOpenError(duties=owed)


def no_referral_is_open(case: Chapter) -> None:
    """No closing while an agency still works on it (REF-03)."""
    waiting = sorted(str(referral) for referral, state in case.referrals.items() if state in OPEN_REFERRALS)
    if waiting:
        raise errors.ReferralsStillOpenError(referrals=waiting)


def change_is_lasting(not_met: Sequence[Criterion]) -> None:
    """A case closes only when positive, lasting change shows in every criterion (PLN-05)."""
    if not_met:
        raise errors.CriteriaNotMetError(criteria=[criterion.value for criterion in not_met])
