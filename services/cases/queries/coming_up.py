"""What was missed and came up to the caller: in a school, and in the department's own tenant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.interagency import task_of
from services.cases.domain.safety_service import safety_service_id
from services.cases.domain.safety_service.owing import kind_of, person_of
from services.cases.read_models import notice_walls, notices
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ledger.application import TenantLedger
from shared.runners.coming_up import CameUp, came_up_to

LEAD = "department_safeguarding_lead"


def come_up_to_me(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """[{"case" or "safety_service", "duty", "about", "rung", "due_at", "climbed_at", "rule"}], longest overdue first.

    `about` is the member who owes it, or the task of the interagency team. Nothing behind a wall, and nothing that was
    told to who leads no more.
    """
    with application.read(tenant) as connection:
        found = came_up_to(connection, tenant, by)
    ledger = application.for_tenant(tenant)
    seen = [one for one in found if _may_know(ledger, one, by)]
    application.record_read(tenant, by, "come_up_to_me", [one.stream for one in seen], "told_by_the_clock")
    return [_told(one, tenant) for one in seen]


def come_up_to_department(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """What no one in a school met, for the department's safeguarding lead: ids, codes, times; no child, no name.

    [{"school", "service", "matter", "duty", "due_at", "climbed_at", "rule"}], the longest overdue first. Whoever is
    walled off from a matter finds no trace of it here either.
    """
    if LEAD not in by.roles or by.home != tenant:
        application.record_read(tenant, by, "come_up_to_department", [], "MON-09", allowed=False)
        raise NotPermittedError(rule="MON-09")
    behind = select(notice_walls.c.notice).where(notice_walls.c.tenant == tenant, notice_walls.c.person == by.person)
    chosen = select(notices).where(notices.c.tenant == tenant, notices.c.notice.not_in(behind))
    with application.read(tenant) as connection:
        rows = connection.execute(chosen.order_by(notices.c.due_at, notices.c.notice)).all()
    names = ("school", "service", "matter", "duty", "due_at", "climbed_at", "rule")
    application.record_read(tenant, by, "come_up_to_department", [row.matter for row in rows], "MON-09")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _told(one: CameUp, tenant: UUID) -> dict[str, Any]:
    name = "safety_service" if one.stream == safety_service_id(tenant) else "case"
    return one.told(name) | {"duty": kind_of(one.duty), "about": person_of(one.duty) or task_of(one.duty)}


def _may_know(ledger: TenantLedger, one: CameUp, by: Actor) -> bool:
    if one.stream == safety_service_id(ledger.tenant):
        return access.leads(by) or by.person == person_of(one.duty)
    case = ledger.find(Case, one.stream)
    if case is None:
        return False
    try:
        access.may_see(case, by, ledger.now())
    except (UnknownError, NotPermittedError):
        return False
    return True
