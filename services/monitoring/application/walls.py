"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from services.monitoring.read_models import (
    matters_of_entries,
    roles_walled_from_matters,
    walled_from_entries,
    walled_from_matters,
)
from shared.domain import Actor


def wall_before_entry(tenant: UUID, entry: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from an entry of the risk group."""
    return select(kept_from_entry(tenant, entry, by))


def wall_before_matter(tenant: UUID, matter: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a report or a case."""
    persons, roles = walled_from_matters.c, roles_walled_from_matters.c
    return select(
        or_(
            exists().where(persons.tenant == tenant, persons.matter == matter, persons.person == by.person),
            exists().where(roles.tenant == tenant, roles.matter == matter, roles.role.in_(sorted(by.roles))),
        )
    )


def kept_from_entry(tenant: UUID, entry: UUID | ColumnElement[Any], by: Actor) -> ColumnElement[bool]:
    """The same as a condition: by name, by role while that is not known, or by one of its matters."""
    walls, matters, of_matters = walled_from_entries.c, matters_of_entries.c, walled_from_matters.c
    roles = roles_walled_from_matters.c
    whom = [str(by.person), *(f"role:{role}" for role in sorted(by.roles))]
    kept_away = and_(of_matters.tenant == tenant, of_matters.matter == matters.matter, of_matters.person == by.person)
    of_role = and_(roles.tenant == tenant, roles.matter == matters.matter)
    kept_away_by_role = and_(of_role, roles.role.in_(sorted(by.roles)))
    return or_(
        exists().where(walls.tenant == tenant, walls.entry == entry, walls.whom.in_(whom)),
        exists().where(matters.tenant == tenant, matters.entry == entry, kept_away),
        exists().where(matters.tenant == tenant, matters.entry == entry, kept_away_by_role),
    )
