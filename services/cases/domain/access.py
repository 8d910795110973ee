"""Who may see a case, and who may act in it (CON-01, CON-02, REP-02); decided from the case, never from a projection.

Both functions give the rule under which access is granted, for the access log, or refuse:
BehindAWallError (answers as unknown), ConfidentialityWarningNotAcceptedError, NotPermittedError.
"""

from __future__ import annotations

from services.cases.domain.case import Case
from services.cases.domain.errors import BehindAWallError, ConfidentialityWarningNotAcceptedError
from services.cases.domain.values import HEADS, SSS_ROLES, Member
from shared.domain import Actor, NotPermittedError

AUDITOR = "auditor"
AUDIT_PURPOSE = "audit:"


def may_see(case: Case, by: Actor) -> str:
    """The wall comes first; then our own policies, auditors on an engagement, the team, head and deputy."""
    _stands_before_no_wall(case, by)
    if by.is_the_system:
        return "policy"
    if audits(by):
        return "audit_engagement"
    return _by_need_to_know(case, by)


def may_act(case: Case, by: Actor) -> str:
    """As `may_see`, but an auditor changes nothing."""
    _stands_before_no_wall(case, by)
    if by.is_the_system:
        return "policy"
    if AUDITOR in by.roles:
        raise NotPermittedError(rule="audit_changes_nothing")
    return _by_need_to_know(case, by)


def may_be_asked(case: Case, by: Actor) -> str:
    """Who may accept the confidentiality warning: a member, who sees nothing by it yet (CON-02)."""
    _stands_before_no_wall(case, by)
    if _member(case, by) is None:
        raise NotPermittedError(rule="CON-01")
    return "team_member"


def audits(by: Actor) -> bool:
    """Whether somebody acts as auditor within an engagement."""
    return AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE)


def must_accept(member: Member, by: Actor) -> bool:
    """Whether the member sees nothing before accepting the warning: whoever is not of the service by their own role,
    whatever role on the team they were let in with (CON-02).
    """
    return not member.accepted and (member.must_accept or not by.roles & SSS_ROLES)


def leads(by: Actor) -> bool:
    """Whether somebody acts as head or deputy of the school."""
    return bool(by.roles & HEADS)


def _stands_before_no_wall(case: Case, by: Actor) -> None:
    if by.person is not None and by.person in case.walled:
        raise BehindAWallError


def _by_need_to_know(case: Case, by: Actor) -> str:
    member = _member(case, by)
    if member is not None:
        if must_accept(member, by):
            raise ConfidentialityWarningNotAcceptedError
        return "team_member"
    if leads(by):
        return "head"
    raise NotPermittedError(rule="CON-01")


def _member(case: Case, by: Actor) -> Member | None:
    return case.team.get(by.person) if by.person is not None else None
