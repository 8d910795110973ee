"""Lists of cases: rows from the read model, each shown only if its aggregate says so; recorded once, with all ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, select

from services.cases.application import CasesApplication
from services.cases.application.walls import walls_before
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.errors import BehindAWallError, ConfidentialityWarningNotAcceptedError
from services.cases.domain.values import Member
from services.cases.queries.one_case import next_duty
from services.cases.queries.seeing import is_walled_anywhere
from services.cases.read_models import register_entries, team
from shared.domain import Actor, NotPermittedError


def register_of_cases(
    application: CasesApplication, tenant: UUID, by: Actor, *, register_year: int | None = None
) -> list[dict[str, Any]]:
    """The case register: all of it for head, deputy and auditor, their own cases for others, by year and number.

    Whoever is walled off from any case of the school gets an empty list, at the cost of one: numbers would show the gap
    (CON-08).
    """
    is_walled = is_walled_anywhere(application, tenant, by)
    chosen = _entries(tenant, by).where(~exists(walls_before(tenant, by)))
    if register_year is not None:
        chosen = chosen.where(register_entries.c.register_year == register_year)
    shown = []
    try:
        for row, case in _cases(application, tenant, by, chosen):
            rule = _rule(case, by, application.clock.now())
            if rule is not None:
                shown.append(_entry(row, case))
    except BehindAWallError:  # the wall is newer than the read model
        is_walled = True
    if is_walled:
        return _denied(application, tenant, by, "register_of_cases")
    application.record_read(tenant, by, "register_of_cases", _ids(shown), "register")
    return shown


def my_cases(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """The caller's own cases with the nearest duty of each; of one whose warning is not accepted only that (CON-02)."""
    if by.person is None:
        return []
    chosen = _entries(tenant, by, own=True)
    numbered = not is_walled_anywhere(application, tenant, by)
    shown = []
    for row, case in _cases(application, tenant, by, chosen, stop_at_walls=False):
        member = case.team.get(by.person)
        if member is not None:
            told = _before_the_warning(case, member, by)
            if not told["must_accept_warning"]:
                told |= _entry(row, case) | {"next": next_duty(case, application.clock.now())}
            if not numbered:
                told.pop("number", None)
            shown.append(told)
    application.record_read(tenant, by, "my_cases", _ids(shown), "team_member")
    return shown


def cases_to_see(application: CasesApplication, tenant: UUID, by: Actor) -> Iterator[Case]:
    """The cases that the caller may see, in the register's order; those behind a wall are passed over."""
    for _, case in _cases(application, tenant, by, _entries(tenant, by), stop_at_walls=False):
        if _rule(case, by, application.clock.now()) is not None:
            yield case


def open_cases_of(application: CasesApplication, tenant: UUID, by: Actor) -> Iterator[Case]:
    """Open cases that the caller may see, or is on the team of and has still to accept the warning of (CON-02)."""
    chosen = _entries(tenant, by).where(register_entries.c.is_open)
    for _, case in _cases(application, tenant, by, chosen, stop_at_walls=False):
        if _rule(case, by, application.clock.now()) is not None or by.person in case.team:
            yield case


def _entries(tenant: UUID, by: Actor, *, own: bool = False) -> Select[Any]:
    """The register's rows that may concern the caller; the wall is a condition of the query."""
    entries = select(register_entries).where(register_entries.c.tenant == tenant)
    if by.comes_by_grant:  # an outsider has no list of a school's cases, not even of their own there
        entries = entries.where(register_entries.c.case.is_(None))
    if by.person is not None:
        entries = entries.where(register_entries.c.case.not_in(walls_before(tenant, by)))
    if own or not (access.leads(by) or access.audits(by)):
        mine = select(team.c.case).where(team.c.tenant == tenant, team.c.person == by.person)
        entries = entries.where(register_entries.c.case.in_(mine))
    return entries.order_by(register_entries.c.register_year, register_entries.c.number)


def _cases(
    application: CasesApplication, tenant: UUID, by: Actor, chosen: Select[Any], *, stop_at_walls: bool = True
) -> Iterator[tuple[Row[Any], Case]]:
    """Each row with its aggregate; raises BehindAWallError at a wall, or passes it over."""
    with application.read(tenant) as connection:
        rows: Sequence[Row[Any]] = connection.execute(chosen).all()
    ledger = application.for_tenant(tenant)
    for row in rows:
        case = ledger.find(Case, row.case)
        if case is None:
            continue
        if by.person is not None and by.person in case.walled:
            if stop_at_walls:
                raise BehindAWallError
            continue
        yield row, case


def _rule(case: Case, by: Actor, at: datetime) -> str | None:
    """Under which rule somebody finds a case's line; the deputy finds all, as the head does, and sees no case by it."""
    if access.leads(by):
        return "head"
    try:
        return access.may_see(case, by, at)
    except (ConfidentialityWarningNotAcceptedError, NotPermittedError):
        return None


def _denied(application: CasesApplication, tenant: UUID, by: Actor, what: str) -> list[dict[str, Any]]:
    application.record_read(tenant, by, what, [], BehindAWallError.rule, allowed=False)
    return []


def _entry(row: Row[Any], case: Case) -> dict[str, Any]:
    return {
        "case": case.id,
        "register_year": case.register_year,
        "number": case.number,
        "opened_at": row.opened_at,
        "state": "open" if case.is_open else "closed",
        "level": case.level.value if case.level else None,
        "coordinator": case.coordinator,
    }


def _before_the_warning(case: Case, member: Member, by: Actor) -> dict[str, Any]:
    return {"case": case.id, "role": member.role.value, "must_accept_warning": access.must_accept(member, by)}


def _ids(shown: Sequence[dict[str, Any]]) -> list[UUID]:
    return [entry["case"] for entry in shown]
