"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from services.cases.read_models import walls
from shared.domain import Actor


def walls_before(tenant: UUID, by: Actor) -> Select[Any]:
    """The cases of the school from which `by` is kept away."""
    return select(walls.c.case).where(walls.c.tenant == tenant, walls.c.person == by.person)
