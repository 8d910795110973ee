"""Who may do what with a report, as data: for each act the grounds that allow it, any one enough (CON-01, REP-02).

Walls come first and hide: to whoever is walled off, the report does not exist. Other denials name their rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from services.reports.domain.report import Report
from services.reports.domain.values import SCHOOL_ROLES, Role
from shared.domain import Actor

AUDIT_PURPOSE = "audit:"
WALLED_OFF = "reports.walled_off"
STAFF_WHO_FILE = SCHOOL_ROLES | {Role.SAFEGUARDING_LEAD}


class Act(StrEnum):
    """What somebody wants of a report."""

    SEE = "see"
    SEE_STATUS = "see_status"
    TRIAGE = "triage"
    VERIFY = "verify"
    WALL_OFF = "wall_off"
    DECIDE = "decide"
    OPEN_IDENTITY = "open_identity"
    WRITE_TO_REPORTER = "write_to_reporter"
    TURN_TO_BODY = "turn_to_body"
    ATTACH = "attach"


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a decision looks at besides the report: who entered it, and teams and walls of the cases it led to."""

    entered_by: UUID | None = None
    team: frozenset[UUID] = field(default_factory=frozenset)
    a_team_has_it: bool = False
    walled: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Decision:
    """The answer, the rule behind it, and whether the report is to seem unknown."""

    allowed: bool
    rule: str
    hidden: bool = False


Ground = Callable[[Report, Actor, Circumstances], bool]


def head_or_deputy(report: Report, by: Actor, around: Circumstances) -> bool:
    """A report reaches the head of the service or the deputy at once (REP-02)."""
    return bool(by.roles & {Role.HEAD, Role.DEPUTY})


def head_or_deputy_until_a_team_has_it(report: Report, by: Actor, around: Circumstances) -> bool:
    """Once a case's team has it, a role alone is not enough (CON-01)."""
    return head_or_deputy(report, by, around) and not around.a_team_has_it


def safeguarding_lead(report: Report, by: Actor, around: Circumstances) -> bool:
    """Complaints about members go to the department, too (REP-02)."""
    return Role.SAFEGUARDING_LEAD in by.roles and report.complains_of_the_service


def triaging_member_until_a_team_has_it(report: Report, by: Actor, around: Circumstances) -> bool:
    """Whoever triaged it sees it until the case's team takes over."""
    return report.triaged_by == by.id and not around.a_team_has_it


def owner_of_the_verification(report: Report, by: Actor, around: Circumstances) -> bool:
    """Whoever verifies it sees it until the case's team takes over."""
    return report.owner is not None and report.owner == by.person and not around.a_team_has_it


def on_the_team(report: Report, by: Actor, around: Circumstances) -> bool:
    """A member of the team of a case that it led to (CON-01)."""
    return by.person in around.team


def auditor_in_an_engagement(report: Report, by: Actor, around: Circumstances) -> bool:
    """Auditors read inside their engagement and change nothing."""
    return Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE)


def reporter_of_it(report: Report, by: Actor, around: Circumstances) -> bool:
    """Whoever reported it, under the report's pseudonym or as the member of staff who entered it."""
    return by.id == report.reporter or (by.person is not None and by.person == around.entered_by)


def employee_who_entered_it(report: Report, by: Actor, around: Circumstances) -> bool:
    """Whoever of the staff filed it, however far it is and whoever works on it (REP-10)."""
    return by.person is not None and by.person == around.entered_by


WORKERS: Sequence[Ground] = (head_or_deputy_until_a_team_has_it, safeguarding_lead)
READERS: Sequence[Ground] = (
    *WORKERS,
    triaging_member_until_a_team_has_it,
    owner_of_the_verification,
    on_the_team,
    auditor_in_an_engagement,
)

GROUNDS: Mapping[Act, Sequence[Ground]] = {
    Act.SEE: READERS,
    Act.SEE_STATUS: (*READERS, reporter_of_it),
    Act.TRIAGE: WORKERS,
    Act.VERIFY: (*WORKERS, owner_of_the_verification),
    Act.WALL_OFF: (head_or_deputy, safeguarding_lead, owner_of_the_verification),
    Act.DECIDE: (*WORKERS, owner_of_the_verification),
    Act.OPEN_IDENTITY: (head_or_deputy,),
    Act.TURN_TO_BODY: (
        *WORKERS,
        triaging_member_until_a_team_has_it,
        owner_of_the_verification,
        on_the_team,
        employee_who_entered_it,
    ),
    Act.ATTACH: (
        *WORKERS,
        triaging_member_until_a_team_has_it,
        owner_of_the_verification,
        on_the_team,
        employee_who_entered_it,
    ),
    Act.WRITE_TO_REPORTER: (*WORKERS, owner_of_the_verification, on_the_team),
}


def decide(act: Act, report: Report, by: Actor, around: Circumstances) -> Decision:
    """Whether `by` may do `act` with `report`, and by which rule."""
    if is_walled_off(report, by, around):
        return Decision(allowed=False, rule=WALLED_OFF, hidden=True)
    for ground in GROUNDS[act]:
        if ground(report, by, around):
            return Decision(allowed=True, rule=f"reports.{ground.__name__}")
    return Decision(allowed=False, rule=f"reports.need_to_know.{act.value}")


def is_walled_off(report: Report, by: Actor, around: Circumstances) -> bool:
    """Whether `by` is complained of or close to somebody who is, or holds the role of one not yet known (REP-02).

    Reports of the same events share their walls: whoever is walled off from the case sees none of them.
    """
    return by.person in report.walled | around.walled or bool(by.roles & report.walled_roles)


def may_file(by: Actor, *, on_behalf: bool) -> Decision:
    """Anyone of the source list reports by a reporter's token; staff as themselves or for another (REP-01, REP-05)."""
    if by.roles & STAFF_WHO_FILE:
        return Decision(allowed=True, rule="reports.staff_file_reports")
    if Role.REPORTER in by.roles and not on_behalf:
        return Decision(allowed=True, rule="reports.anyone_reports")
    return Decision(allowed=False, rule="reports.staff_enter_for_others" if on_behalf else "reports.reporters_file")
