"""Pages of a tenant's public events, each event with the hash of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from shared.ledger.tables import public_events

PAGE = 500


def rows_from(tenant: Any, after: Any, limit: int) -> Select[Any]:
    """Up to `limit` public rows of a tenant behind number `after`, and before them row `after` itself where there is
    one: its hash is the first one's `previous`.

    In a new incarnation numbers begin anew; the row before its first has not the number before, so that one names none.
    """
    return (
        select(public_events)
        .where(public_events.c.tenant == tenant, public_events.c.number >= after)
        .order_by(public_events.c.number)
        .limit(limit + 1)
    )


def chained(rows: Sequence[Any], after: int, limit: int) -> list[tuple[Any, bytes | None]]:
    """What `rows_from` found, in its order, each row with the hash of the one before it: `limit` at most, without row
    `after`.
    """
    hashes: dict[int, bytes] = {row.number: row.hash for row in rows}
    return [(row, hashes.get(row.number - 1)) for row in rows if row.number > after][:limit]
