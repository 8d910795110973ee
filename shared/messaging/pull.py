"""The listener's way to what the broker lost: pages of a source's public events, and the heads of its tenants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from shared.ledger.tables import heads, public_events
from shared.messaging.envelope import signed_event
from shared.messaging.pages import PAGE, chained, rows_from
from shared.runners.parts import ServiceApp


def pull_page(service: ServiceApp, tenant: UUID, after: int, limit: int) -> list[dict[str, str]]:
    """Public events of `tenant` with numbers after `after`, in order, signed as on the broker; 500 at most."""
    limit = max(0, min(limit, PAGE))
    with service.database.relay() as connection:
        rows = connection.execute(rows_from(tenant, after, limit)).all()
    return [
        signed_event(service.name, row, previous, service.signing_key) for row, previous in chained(rows, after, limit)
    ]


def heads_page(service: ServiceApp, after: UUID | None) -> list[tuple[str, int, str]]:
    """(tenant, last public number, its event's hash in hex) of tenants after `after`, in order of their ids; 500 at
    most. The hash is "" where the row is gone.
    """
    of_head = and_(public_events.c.tenant == heads.c.tenant, public_events.c.number == heads.c.public_number)
    chosen = (
        select(heads.c.tenant, heads.c.public_number, public_events.c.hash)
        .outerjoin(public_events, of_head)
        .where(heads.c.log == service.name, heads.c.public_number > 0)
    )
    if after is not None:
        chosen = chosen.where(heads.c.tenant > after)
    with service.database.relay() as connection:
        rows = connection.execute(chosen.order_by(heads.c.tenant).limit(PAGE)).all()
    page: list[Any] = [(str(row.tenant), row.public_number, bytes(row.hash or b"").hex()) for row in rows]
    return page
