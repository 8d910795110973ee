"""Walls as rows: what is asked before anything behind one is loaded, so that time tells nothing of it (CON-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select

from services.referrals.read_models import referrals_of_cases, walls_of_cases
from shared.domain import Actor


def wall_before_case(tenant: UUID, case: UUID, by: Actor) -> Select[Any]:
    """The row that keeps `by` away from a case, if there is one."""
    walls = walls_of_cases.c
    return select(walls.case).where(walls.tenant == tenant, walls.case == case, walls.person == by.person)


def wall_before_referral(tenant: UUID, referral: UUID, by: Actor) -> Select[Any]:
    """The same, of the case that a referral is for."""
    walls, rows = walls_of_cases.c, referrals_of_cases.c
    of_it = and_(rows.tenant == tenant, rows.referral == referral, rows.case == walls.case)
    return select(walls.case).join(referrals_of_cases, of_it).where(walls.tenant == tenant, walls.person == by.person)
