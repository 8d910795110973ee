"""The listener's way to what the broker lost: pages of a source's public events, and the heads of its tenants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.ledger.tables import heads, public_events
from shared.messaging.envelope import signed_event
from shared.runners.parts import ServiceApp

PAGE = 500


def pull_page(service: ServiceApp, tenant: UUID, after: int, limit: int) -> list[dict[str, str]]:
    """Public events of `tenant` with numbers after `after`, in order, signed as on the broker; 500 at most."""
    chosen = (
        select(public_events)
        .where(public_events.c.tenant == tenant, public_events.c.number > after)
        .order_by(public_events.c.number)
        .limit(max(0, min(limit, PAGE)))
    )
    with service.database.relay() as connection:
        rows = connection.execute(chosen).all()
    return [signed_event(service.name, row, service.signing_key) for row in rows]


def heads_page(service: ServiceApp, after: UUID | None) -> list[tuple[str, int]]:
    """(tenant, last public number) of tenants after `after`, in order of their ids; 500 at most."""
    chosen = select(heads.c.tenant, heads.c.public_number).where(heads.c.log == service.name, heads.c.public_number > 0)
    if after is not None:
        chosen = chosen.where(heads.c.tenant > after)
    with service.database.relay() as connection:
        rows = connection.execute(chosen.order_by(heads.c.tenant).limit(PAGE)).all()
    page: list[Any] = [(str(row.tenant), row.public_number) for row in rows]
    return page
