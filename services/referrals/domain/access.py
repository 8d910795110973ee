"""Who may see and who may approve what leaves the school: need to know and walls (CON-01, REP-02, REF-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from services.referrals.domain.values import AUDIT_PURPOSE, AUDITOR, DEPUTY, HEAD, PARTNER_OFFICER
from shared.domain import Actor

if TYPE_CHECKING:
    from services.referrals.domain.case_team import CaseTeam


@dataclass(frozen=True)
class Decision:
    """Allowed or not, and under which rule: what the access log keeps."""

    allowed: bool
    rule: str


def working(team: CaseTeam, by: Actor, at: datetime) -> Decision:
    """Drafting and taking back: the case's team, and the head, who answers for it; no other role is enough.

    The deputy only as cases lets them in: on the team, in a walled head's place, or by breaking the glass (CON-01).
    """
    if team.walls_off(by):
        return Decision(False, "walled")
    if team.has_member(by):
        return Decision(True, "on_the_team")
    if by.person is not None and HEAD in by.roles:
        return Decision(True, "leads_the_service")
    if by.person is not None and DEPUTY in by.roles:
        if team.head_is_walled:
            return Decision(True, "deputy_stands_in_for_a_walled_head")
        if team.sees_through_glass(by, at):
            return Decision(True, "break_glass")
    return Decision(False, "only_the_team_of_the_case")


def approving(team: CaseTeam, by: Actor) -> Decision:
    """Approving: the head, or the deputy where the head is walled off (REF-03)."""
    if team.walls_off(by):
        return Decision(False, "walled")
    if HEAD in by.roles and by.person is not None:
        return Decision(True, "head_approves")
    if DEPUTY not in by.roles:
        return Decision(False, "only_the_head_approves")
    if team.head_is_walled:
        return Decision(True, "deputy_stands_in_for_a_walled_head")
    return Decision(False, "deputy_approves_only_where_the_head_is_walled")


def reading(team: CaseTeam, by: Actor, at: datetime) -> Decision:
    """Reading: who works on it, and an auditor inside the engagement that the token stands for."""
    decision = working(team, by, at)
    if decision.rule == "only_the_team_of_the_case" and AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE):
        return Decision(True, "auditor_in_an_engagement")
    return decision


def acts_for_an_agency(by: Actor) -> bool:
    """Its duty officer, by a token of the agency's tenant, or a message that its key signed (REF-04)."""
    return PARTNER_OFFICER in by.roles
