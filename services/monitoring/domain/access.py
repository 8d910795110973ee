"""Who may do what in prevention: the service organises it, and an entry of the risk group is need to know (CON-01).

Walls come first and hide: to whoever is kept away from an entry there is none. Other denials name their rule.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.monitoring.domain.group_entry import GroupEntry
from services.monitoring.domain.values import SCHOOL_ROLES, SSS_ROLES, Role
from shared.domain import Actor

AUDIT_PURPOSE = "audit:"


class Act(StrEnum):
    """What somebody wants of an entry."""

    SEE = "see"
    DECIDE = "decide"
    WORK = "work"


@dataclass(frozen=True)
class Decision:
    """The answer, the rule behind it, and whether the entry is to seem unknown."""

    allowed: bool
    rule: str
    hidden: bool = False


BEHIND_A_WALL = Decision(allowed=False, rule="monitoring.walled_off", hidden=True)


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a decision looks at besides the entry: the roles that the policy names, and the walls of its matters."""

    roles: Collection[str]
    walled: Collection[UUID]
    walled_roles: Collection[str] = frozenset()


def decide(act: Act, entry: GroupEntry, by: Actor, around: Around) -> Decision:
    """Whether `by` may do `act` with the entry, and by which rule."""
    if is_walled_off(entry, by, around):
        return BEHIND_A_WALL
    if by.roles & set(around.roles):
        return Decision(allowed=True, rule="monitoring.risk_group_roles")
    if Role.SAFEGUARDING_LEAD in by.roles and entry.names_the_service:
        return Decision(allowed=True, rule="monitoring.safeguarding_lead")
    if act is not Act.DECIDE and by.person in entry.workers:
        return Decision(allowed=True, rule="monitoring.works_with_the_child")
    if act is Act.SEE and is_auditor(by):
        return Decision(allowed=True, rule="monitoring.auditor_in_an_engagement")
    return Decision(allowed=False, rule=f"monitoring.need_to_know.{act.value}")


def is_walled_off(entry: GroupEntry, by: Actor, around: Around) -> bool:
    """Whether `by` is named, close to one who is, kept away from a matter it came of, or holds a role not yet known."""
    roles = entry.walled_roles.union(around.walled_roles)
    return by.person in entry.walled.union(around.walled) or bool(by.roles & roles)


def may_enter(by: Actor, roles: Collection[str]) -> Decision:
    """Those roles that the policy names enter children."""
    if by.roles & set(roles):
        return Decision(allowed=True, rule="monitoring.risk_group_roles")
    return Decision(allowed=False, rule="monitoring.need_to_know.enter")


def is_auditor(by: Actor) -> bool:
    """Whether an auditor asks inside an engagement."""
    return Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE)


def may_organise(by: Actor) -> Decision:
    """Prevention of the school is the work of its service."""
    if by.roles & SSS_ROLES:
        return Decision(allowed=True, rule="monitoring.members_of_the_service")
    return Decision(allowed=False, rule="monitoring.members_of_the_service_only")


def may_see_journal(by: Actor) -> Decision:
    """The risk journal is the service's, and auditors'."""
    if by.roles & SSS_ROLES:
        return Decision(allowed=True, rule="monitoring.members_of_the_service")
    if is_auditor(by):
        return Decision(allowed=True, rule="monitoring.auditor_in_an_engagement")
    return Decision(allowed=False, rule="monitoring.members_of_the_service_only")


def may_see_prevention(by: Actor) -> Decision:
    """What is done for everybody is seen by everybody who works in the school, and by auditors."""
    if by.roles & SCHOOL_ROLES:
        return Decision(allowed=True, rule="monitoring.staff_of_the_school")
    if is_auditor(by):
        return Decision(allowed=True, rule="monitoring.auditor_in_an_engagement")
    return Decision(allowed=False, rule="monitoring.staff_of_the_school_only")
