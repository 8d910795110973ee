"""Who may see and work on a breach: never the person complained of, nor whom its report keeps away (REP-02, REP-04)."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from services.reports.domain.access import AUDIT_PURPOSE, STAFF_WHO_FILE, Decision
from services.reports.domain.breach import Breach
from services.reports.domain.values import Role
from shared.domain import Actor


class BreachAct(StrEnum):
    """What somebody wants of a breach."""

    SEE = "see_breach"
    LEAD = "lead_breach"
    WORK = "work_on_breach"


def may_report(by: Actor) -> Decision:
    """Staff, and anybody without a name (REP-04, REP-12)."""
    if by.roles & (STAFF_WHO_FILE | {Role.REPORTER}):
        return Decision(allowed=True, rule="reports.anyone_reports")
    return Decision(allowed=False, rule="reports.need_to_know.report_breach")


def decide(act: BreachAct, breach: Breach, by: Actor, *, hidden: bool, entered_by: UUID | None) -> Decision:
    """Whether `by` may, and by which rule; `hidden` is what the report that it belongs to says of them."""
    if hidden or by.person in breach.walled or by.roles & breach.walled_roles:
        return Decision(allowed=False, rule="reports.walled_off", hidden=True)
    sees, is_somebody = act is BreachAct.SEE, by.person is not None
    grounds = {
        "reports.head_or_deputy": bool(by.roles & {Role.HEAD, Role.DEPUTY}),
        "reports.safeguarding_lead": Role.SAFEGUARDING_LEAD in by.roles and breach.complains_of_the_service,
        "reports.owner_of_the_inquiry": act is not BreachAct.LEAD and is_somebody and by.person == breach.owner,
        "reports.auditor_in_an_engagement": sees and Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE),
        OWN: sees and is_somebody and by.person == entered_by,
    }
    rule = next((name for name, holds in grounds.items() if holds), None)
    return Decision(allowed=rule is not None, rule=rule or f"reports.need_to_know.{act.value}")


OWN = "reports.reporter_of_it"
"""The rule by which whoever reported it sees how far it is, and no more."""
