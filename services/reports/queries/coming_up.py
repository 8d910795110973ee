"""What was missed and came up to the caller, of reports, notes of signs and breaches; walls decided from aggregates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.domain.access import Act
from services.reports.domain.breach import INQUIRY, Breach
from services.reports.domain.breach_access import OWN, BreachAct
from services.reports.domain.report import Report
from services.reports.domain.sign_note import CONSIDERATION, SignNote
from shared.domain import Actor
from shared.ledger.application import TenantLedger
from shared.runners.coming_up import CameUp, came_up_to

NAMED = {CONSIDERATION: "sign_note", INQUIRY: "breach"}
"""What a duty is of, where that is no report."""


def come_up_to_me(application: ReportsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """[{"report", "sign_note" or "breach", "duty", "rung", "due_at", "climbed_at", "rule"}], longest overdue first."""
    with application.read(tenant) as connection:
        found = came_up_to(connection, tenant, by)
    ledger = application.for_tenant(tenant)
    seen = [one for one in found if _may_know(application, ledger, one, by)]
    application.record_read(tenant, by, "come_up_to_me", [one.stream for one in seen], "reports.told_by_the_clock")
    return [one.told(NAMED.get(one.duty, "report")) for one in seen]


def _may_know(application: ReportsApplication, ledger: TenantLedger, one: CameUp, by: Actor) -> bool:
    if one.duty == CONSIDERATION:
        note = ledger.find(SignNote, one.stream)
        return note is not None and application.may_see_note(ledger, note, by).allowed
    if one.duty == INQUIRY:
        breach = ledger.find(Breach, one.stream)
        if breach is None:
            return False
        decision = application.decide_on_breach(ledger, breach, by, BreachAct.SEE)
        return decision.allowed and decision.rule != OWN
    report = ledger.find(Report, one.stream)
    return report is not None and application.decide(ledger, report, Act.SEE, by).allowed
