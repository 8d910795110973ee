"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select

from services.reports.read_models import (
    breaches,
    cases_of_reports,
    receipts,
    reports,
    reports_of_notes,
    sign_notes,
    walled_from_breaches,
    walled_from_cases,
    walled_from_notes,
    walled_persons,
    walled_roles,
)
from shared.domain import Actor


def wall_before_report(tenant: UUID, report: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a report: by name, by role while that is not known, or by one of its cases."""
    return select(_kept_from_report(tenant, report, by))


def wall_before_note(tenant: UUID, note: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a note of a sign."""
    return select(kept_from_note(tenant, note, by))


def wall_before_breach(tenant: UUID, breach: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a breach."""
    return select(exists(breaches_behind_walls(tenant, by).where(breaches.c.breach == breach)))


def breaches_behind_walls(tenant: UUID, by: Actor) -> Select[Any]:
    """The breaches from which `by` is kept away: by name, by role while that is not known, or by their report."""
    rows, walls = breaches.c, walled_from_breaches.c
    own = exists().where(walls.tenant == tenant, walls.breach == rows.breach, walls.whom.in_(_names_of(by)))
    return select(rows.breach).where(rows.tenant == tenant, or_(own, _kept_from_report(tenant, rows.report, by)))


def matters_behind_walls(tenant: UUID, by: Actor) -> CompoundSelect[Any]:
    """The reports and notes from which `by` is kept away."""
    rows, notes = reports.c, sign_notes.c
    of_reports = select(rows.report).where(rows.tenant == tenant, _kept_from_report(tenant, rows.report, by))
    return of_reports.union(select(notes.note).where(notes.tenant == tenant, kept_from_note(tenant, notes.note, by)))


def report_behind_a_wall(tenant: UUID, receipt: UUID, by: Actor) -> Select[Any]:
    """The report that a receipt leads to, where `by` is kept away from it; `receipt` is its stream."""
    rows = receipts.c
    of_it = and_(rows.tenant == tenant, rows.receipt == receipt)
    return select(rows.report).where(of_it, _kept_from_report(tenant, rows.report, by))


def kept_from_note(tenant: UUID, note: UUID | ColumnElement[Any], by: Actor) -> ColumnElement[bool]:
    """As a condition: by name, by role, or by a report that was filed because of the note."""
    walls, filed = walled_from_notes.c, reports_of_notes.c
    kept_from_report = _kept_from_report(tenant, filed.report, by)
    return or_(
        exists().where(walls.tenant == tenant, walls.note == note, walls.whom.in_(_names_of(by))),
        exists().where(filed.tenant == tenant, filed.note == note, kept_from_report),
    )


def _kept_from_report(tenant: UUID, report: UUID | ColumnElement[Any], by: Actor) -> ColumnElement[bool]:
    persons, roles, of_cases, cases = walled_persons.c, walled_roles.c, walled_from_cases.c, cases_of_reports.c
    case = and_(of_cases.tenant == tenant, of_cases.case == cases.case, of_cases.person == by.person)
    return or_(
        exists().where(persons.tenant == tenant, persons.report == report, persons.person == by.person),
        exists().where(roles.tenant == tenant, roles.report == report, roles.role.in_(sorted(by.roles))),
        exists().where(cases.tenant == tenant, cases.report == report, case),
    )


def _names_of(by: Actor) -> list[str]:
    return [str(by.person), *(f"role:{role}" for role in sorted(by.roles))]
