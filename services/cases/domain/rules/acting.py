"""Who acts, and in which state of the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from services.cases.domain import errors
from services.cases.domain.values import HEADS, HELPERS, SSS_ROLES, WAIVED_OTHERWISE, Duty, OpenDuty, Role
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


def duty_may_be_waived(case: Chapter, duty: Duty) -> OpenDuty:
    """Only what is owed can be left, and only what the source lets the service leave by its reasons (RSK-07)."""
    if duty in WAIVED_OTHERWISE:
        raise errors.DutyNotWaivedError(duty=duty.value)
    if duty not in case.open_duties:
        raise errors.DutyNotOwedError(duty=duty.value)
    return case.open_duties[duty]


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


def times_follow_one_another(*times: datetime | None) -> None:
    """Nothing ends before it began, or lies ahead of now, which stands last; times that are not known are left out."""
    known = [time for time in times if time is not None]
    if known != sorted(known):
        raise errors.TimesOutOfOrderError(times=[time.isoformat() for time in known])


def head_acts(by: Actor, rule: str) -> None:
    """The head or the deputy acts."""
    if not by.roles & HEADS:
        raise NotPermittedError(rule=rule)
