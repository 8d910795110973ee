"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select

from services.reports.read_models import (
    cases_of_reports,
    walled_from_cases,
    walled_from_notes,
    walled_persons,
    walled_roles,
)
from shared.domain import Actor


def wall_before_report(tenant: UUID, report: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a report: by name, by role while that is not known, or by one of its cases."""
    persons, roles, of_cases, cases = walled_persons.c, walled_roles.c, walled_from_cases.c, cases_of_reports.c
    case = and_(of_cases.tenant == tenant, of_cases.case == cases.case, of_cases.person == by.person)
    return select(
        or_(
            exists().where(persons.tenant == tenant, persons.report == report, persons.person == by.person),
            exists().where(roles.tenant == tenant, roles.report == report, roles.role.in_(sorted(by.roles))),
            exists().where(cases.tenant == tenant, cases.report == report, case),
        )
    )


def wall_before_note(tenant: UUID, note: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a note of a sign."""
    walls, whom = walled_from_notes.c, [str(by.person), *(f"role:{role}" for role in sorted(by.roles))]
    return select(exists().where(walls.tenant == tenant, walls.note == note, walls.whom.in_(whom)))
