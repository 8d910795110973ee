"""Who may see a case, and who may act in it (CON-01, CON-02, REP-02); decided from the case, never from a projection.

All give the rule under which access is granted, for the access log, or refuse:
BehindAWallError (answers as unknown), ConfidentialityWarningNotAcceptedError, NotPermittedError.
"""

from __future__ import annotations

from datetime import datetime

from services.cases.domain.case import Case
from services.cases.domain.errors import (
    BehindAWallError,
    ConfidentialityWarningNotAcceptedError,
    NotByThisGrantError,
)
from services.cases.domain.interagency import Right, Seat
from services.cases.domain.values import HEADS, SSS_ROLES, Member, Role
from shared.domain import Actor, NotPermittedError

AUDITOR = "auditor"
BREAK_GLASS = "break_glass"
AUDIT_PURPOSE = "audit:"


def may_see(case: Case, by: Actor, at: datetime | None = None) -> str:
    """The wall comes first; then our own policies, auditors on an engagement, the team, the head, the deputy.

    `at` is now: what was opened for a time is open only then.
    """
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if by.is_the_system:
        return "policy"
    if audits(by):
        return "audit_engagement"
    return _by_need_to_know(case, by, at)


def may_act(case: Case, by: Actor, at: datetime | None = None) -> str:
    """As `may_see`, but an auditor changes nothing."""
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if by.is_the_system:
        return "policy"
    if AUDITOR in by.roles:
        raise NotPermittedError(rule="audit_changes_nothing")
    return _by_need_to_know(case, by, at)


def may_ask_for_glass(case: Case, by: Actor, at: datetime | None = None) -> str:
    """The deputy, who learns nothing of the case by it (CON-01)."""
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if Role.DEPUTY not in by.roles:
        raise NotPermittedError(rule="break_glass_is_the_deputys")
    return BREAK_GLASS


def may_confirm_glass(case: Case, by: Actor, at: datetime | None = None) -> str:
    """Somebody of the service, on the case or not; they learn nothing of it (CON-01)."""
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if AUDITOR in by.roles or not by.roles & SSS_ROLES:
        raise NotPermittedError(rule="CON-01")
    return BREAK_GLASS


def may_release(case: Case, by: Actor, at: datetime | None = None) -> str:
    """What goes to another school is the head's to say; the deputy's where the head is walled off (CON-08)."""
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if Role.HEAD in by.roles:
        return "head"
    if stands_in(case, by):
        return "deputy_stands_in"
    raise NotPermittedError(rule="CON-08")


def may_be_asked(case: Case, by: Actor, at: datetime | None = None) -> str:
    """Who may accept the confidentiality warning: a member, who sees nothing by it yet (CON-02)."""
    _stands_before_no_wall(case, by)
    _comes_by_no_grant(by)
    if _member(case, by) is None:
        raise NotPermittedError(rule="CON-01")
    return "team_member"


def may_see_workspace(case: Case, by: Actor, at: datetime) -> str:
    """Whoever may see the case; and an outsider whose grant opens it, once they accepted the warning (REF-05)."""
    if not by.comes_by_grant:
        return may_see(case, by, at)
    return _by_grant(case, by, at, Right.SEE_MATERIALS)


def may_act_in_workspace(case: Case, by: Actor, at: datetime) -> str:
    """Whoever may act in the case; and an outsider whose grant lets them take part."""
    if not by.comes_by_grant:
        return may_act(case, by, at)
    return _by_grant(case, by, at, Right.TAKE_PART)


def may_be_seated(case: Case, by: Actor, at: datetime) -> str:
    """Which outsider may accept the confidentiality warning: the one named for the seat, who sees nothing by it yet."""
    _stands_before_no_wall(case, by)
    _seat(case, by, at)
    return f"grant:{by.grant}"


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


def _comes_by_no_grant(by: Actor) -> None:
    """A grant opens the workspace and nothing else of the school."""
    if by.comes_by_grant:
        raise NotByThisGrantError


def _by_grant(case: Case, by: Actor, at: datetime, right: Right) -> str:
    _stands_before_no_wall(case, by)
    seat = _seat(case, by, at)
    if not seat.accepted:
        raise ConfidentialityWarningNotAcceptedError
    if right not in seat.rights:
        raise NotPermittedError(rule="REF-05")
    return f"grant:{by.grant}"


def _seat(case: Case, by: Actor, at: datetime) -> Seat:
    """The seat of this case that the caller's grant is; any other grant opens nothing."""
    seat = case.seats.get(by.grant) if by.grant is not None else None
    if seat is None or by.person is None or seat.person != by.person or not seat.runs(at):
        raise NotByThisGrantError
    return seat


def stands_in(case: Case, by: Actor) -> bool:
    """Whether the deputy stands in: somebody is walled off and no head is on the team, where the head belongs."""
    a_head_is_on_it = any(member.role is Role.HEAD for member in case.team.values())
    return Role.DEPUTY in by.roles and bool(case.walled) and not a_head_is_on_it


def _by_need_to_know(case: Case, by: Actor, at: datetime | None) -> str:
    member = _member(case, by)
    if member is not None:
        if must_accept(member, by):
            raise ConfidentialityWarningNotAcceptedError
        return "team_member"
    if Role.HEAD in by.roles:
        return "head"
    if stands_in(case, by):
        return "deputy_stands_in"
    if at is not None and case.sees_through_glass(by, at):
        return BREAK_GLASS
    raise NotPermittedError(rule="CON-01")


def _member(case: Case, by: Actor) -> Member | None:
    return case.team.get(by.person) if by.person is not None else None
