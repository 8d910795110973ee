"""A case's own access list: who read what of it when under which rule, denials included (CON-01)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.errors import BehindAWallError
from services.cases.queries.seeing import see_case
from shared.domain import Actor
from shared.ledger.access_log import DENIED


def case_accesses(application: CasesApplication, tenant: UUID, by: Actor, *, case: UUID) -> list[dict[str, Any]]:
    """[{"at", "actor", "what", "allowed", "rule", "purpose"}], oldest first, this look at it the last one.

    Who was stopped by a wall is told to head, deputy, coordinator and auditors alone: the team needs to know no more
    than that there is one (CON-07).
    """
    ledger = application.for_tenant(tenant)
    found = see_case(application, ledger, by, case, "case_accesses")
    told_of_walls = access.leads(by) or access.audits(by) or by.person == found.coordinator
    ids = {str(case), *(str(one.note) for _, one in ledger.events(case) if isinstance(one, Case.SessionHeld))}
    return [
        {
            "at": datetime.fromtimestamp(entry.recorded_at / 1_000_000, UTC),
            "actor": entry.actor,
            "what": facts["what"],
            "allowed": entry.topic != DENIED,
            "rule": facts["rule"],
            "purpose": facts["purpose"],
        }
        for entry, facts in application.access_log.entries(tenant)
        if ids & set(facts["ids"]) and (told_of_walls or facts["rule"] != BehindAWallError.rule)
    ]
