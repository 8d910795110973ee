"""What somebody is to know without asking: ids and codes, no names (CON-01)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.cases.application import CasesApplication
from services.cases.read_models import broken_glass as told
from services.cases.read_models import walls
from shared.domain import Actor


def broken_glass(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """To the caller, by person or role: [{"notice", "kind", "case", "at", "until"}], the newest first.

    The wall is a condition of the query.
    """
    walled = select(walls.c.case).where(walls.c.tenant == tenant, walls.c.person == by.person)
    to_them = or_(told.c.to_whom == by.id, told.c.to_whom.in_([f"role:{role}" for role in sorted(by.roles)]))
    columns = (told.c.notice, told.c.kind, told.c.case, told.c.at, told.c.until)
    chosen = select(*columns).where(told.c.tenant == tenant, to_them, told.c.case.not_in(walled))
    with application.read(tenant) as connection:
        rows = connection.execute(chosen.order_by(told.c.at.desc(), told.c.notice)).mappings().all()
    application.record_read(tenant, by, "broken_glass", sorted({row["case"] for row in rows}), "notices_to_them")
    return [{name: _in_utc(value) for name, value in row.items()} for row in rows]


def _in_utc(value: Any) -> Any:
    """SQLite keeps no zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
