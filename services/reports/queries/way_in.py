"""What whoever wants to tell something is shown before: whom to turn to, who will be told, where help is at once.

Anybody may read it, and it says nothing of anybody's matter: it is no read of something confidential (REP-11, REP-14,
REP-15).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.domain.way_in import WayIn, way_in_of
from shared.domain import Actor


def way_in(application: ReportsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """Whom to turn to, and what else the page says.

    {"contacts": [{"name", "role", "recognise", "reach", "will_do", "leads_on_safety"}], "told": [role],
    "helplines": [number], "emergency": [number], "way_out": address, "rules": [version]}

    `told` are those whom a report reaches at once (REP-02); the numbers and the neutral address are policy.
    """
    ledger = application.for_tenant(tenant)
    found, now, book = ledger.find(WayIn, way_in_of(tenant)), ledger.now(), ledger.book
    rules = {name: book.at(f"reports.{name}", now) for name in ("told_at_once", "helplines", "emergency", "way_out")}
    return {
        "contacts": [asdict(one) for one in found.contacts] if found else [],
        "told": rules["told_at_once"].value,
        "helplines": rules["helplines"].value,
        "emergency": rules["emergency"].value,
        "way_out": rules["way_out"].value[0],
        "rules": [rule.version for rule in rules.values()],
    }
