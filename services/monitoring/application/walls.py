"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from services.monitoring.read_models import matters_of_entries, walled_from_entries, walled_from_matters
from shared.domain import Actor


def wall_before_entry(tenant: UUID, entry: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from an entry of the risk group."""
    return select(kept_from_entry(tenant, entry, by))


def wall_before_matter(tenant: UUID, matter: UUID, by: Actor) -> Select[Any]:
    """Whether `by` is kept away from a report or a case."""
    walls = walled_from_matters.c
    return select(exists().where(walls.tenant == tenant, walls.matter == matter, walls.person == by.person))


def kept_from_entry(tenant: UUID, entry: UUID | ColumnElement[Any], by: Actor) -> ColumnElement[bool]:
    """The same as a condition: by name, by role while that is not known, or by one of its matters."""
    walls, matters, of_matters = walled_from_entries.c, matters_of_entries.c, walled_from_matters.c
    whom = [str(by.person), *(f"role:{role}" for role in sorted(by.roles))]
    kept_away = and_(of_matters.tenant == tenant, of_matters.matter == matters.matter, of_matters.person == by.person)
    return or_(
        exists().where(walls.tenant == tenant, walls.entry == entry, walls.whom.in_(whom)),
        exists().where(matters.tenant == tenant, matters.entry == entry, kept_away),
    )
