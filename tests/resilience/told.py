"""The public events that a source's database holds, and those that its listeners' databases say they handled."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from shared.messaging.agreement import Told, holding


class Databases(Protocol):
    """An installation to look into: its services' databases, and its command line."""

    def rows(self, service: str, statement: str, **values: Any) -> list[Any]:
        """What a statement finds in a service's database, for all tenants."""
        ...

    def qorgan(self, *arguments: str) -> str:
        """What a `qorgan` command prints."""
        ...


class Heard(NamedTuple):
    """A public event as an inbox knows it."""

    tenant: UUID
    number: int
    hash: bytes


class Said(NamedTuple):
    """A public event of a source."""

    heard: Heard
    type: str
    body: Any


def said_by(databases: Databases, source: str) -> list[Said]:
    """What holds of a source's public events, by tenant and number: all, unless it was restored from an older copy."""
    chosen = "SELECT tenant, number, hash, incarnation, type, body FROM ledger.public_events ORDER BY tenant, number"
    by_tenant: dict[UUID, list[Any]] = defaultdict(list)
    for row in databases.rows(source, chosen):
        by_tenant[row.tenant].append(row)
    return [said for rows in by_tenant.values() for said in _holding(source, rows)]


def _holding(source: str, rows: list[Any]) -> list[Said]:
    bodies = {row.number: json.loads(row.body) for row in rows}
    told = [
        Told(
            number=row.number,
            hash=bytes(row.hash),
            incarnation=row.incarnation,
            kept=bodies[row.number]["last_number_kept"] if row.type == f"{source}.log_restored.v1" else None,
        )
        for row in rows
    ]
    held = {one.number for one in holding(told)}
    return [
        Said(Heard(row.tenant, row.number, bytes(row.hash)), row.type, bodies[row.number])
        for row in rows
        if row.number in held
    ]


def heard_by(databases: Databases, listener: str, source: str) -> list[Heard]:
    """All that a listener says it handled of a source."""
    chosen = "SELECT tenant, number, hash FROM messages.inbox WHERE source = :source"
    return [Heard(row.tenant, row.number, bytes(row.hash)) for row in databases.rows(listener, chosen, source=source)]
