"""A report's own access list: who read what of it when under which rule, denials included (CON-01)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.domain import access
from services.reports.domain.access import Act
from services.reports.domain.values import Role
from shared.domain import Actor
from shared.ledger.access_log import DENIED

TOLD_OF_WALLS = frozenset({Role.HEAD, Role.DEPUTY, Role.SAFEGUARDING_LEAD, Role.AUDITOR})


def report_accesses(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> list[dict[str, Any]]:
    """[{"at", "actor", "what", "allowed", "rule", "purpose"}], oldest first, this look at it the last one.

    Whoever reported stands there under the report's pseudonym. Who was stopped by a wall is told to head, deputy, the
    department's safeguarding lead and auditors alone.
    """
    ledger = application.for_tenant(tenant)
    rule = application.require(ledger, application.report(ledger, report, by), Act.SEE, by)
    application.record_read(tenant, by, "report_accesses", [report], rule)
    told_of_walls = bool(by.roles & TOLD_OF_WALLS)
    return [
        {
            "at": datetime.fromtimestamp(entry.recorded_at / 1_000_000, UTC),
            "actor": entry.actor,
            "what": facts["what"],
            "allowed": entry.topic != DENIED,
            "rule": facts["rule"],
            "purpose": facts["purpose"],
        }
        for entry, facts in application.access_log.entries(tenant, mentioning=report)
        if told_of_walls or facts["rule"] != access.WALLED_OFF
    ]
