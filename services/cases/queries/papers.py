"""The register of papers: safes and keepers, and in which the files lie that the caller may know of (CON-06)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.paper_register import PaperRegister, paper_register_id
from services.cases.domain.values import SSS_ROLES
from services.cases.queries.lists import cases_to_see
from shared.domain import Actor, NotPermittedError


def register_of_papers(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """Each safe with its keeper and the cases whose file lies in it, as far as the caller may see those cases.

    For the service and auditors. A case behind a wall is in no safe: neither a number nor a gap shows it.
    """
    if not (by.roles & SSS_ROLES or access.audits(by)):
        application.record_read(tenant, by, "register_of_papers", [], "CON-06", allowed=False)
        raise NotPermittedError(rule="CON-06")
    register = application.for_tenant(tenant).find(PaperRegister, paper_register_id(tenant))
    lying = [(case.papers_in, case.id) for case in cases_to_see(application, tenant, by) if case.papers_in]
    application.record_read(tenant, by, "register_of_papers", [case for _, case in lying], "CON-06")
    if register is None:
        return []
    return [
        {
            "safe": safe,
            "place": register.places[safe],
            "keeper": known.keeper,
            "taken_over": known.taken_over,
            "cases": [case for where, case in lying if where == safe],
        }
        for safe, known in register.safes.items()
    ]
