"""How projections write: one row in place of the one that has its key, so that doing an event again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, update


def put(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any], **values: Any) -> None:
    """Writes one row."""
    drop(connection, table, tenant, key)
    connection.execute(insert(table).values(tenant=tenant, **key, **values))


def drop(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any]) -> None:
    """Takes the rows of a key, or of its beginning, away."""
    connection.execute(delete(table).where(*_same(table, tenant, key)))


def change(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any], **values: Any) -> None:
    """Changes the rows of a key."""
    connection.execute(update(table).where(*_same(table, tenant, key)).values(**values))


def _same(table: Table, tenant: UUID, key: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c.tenant == tenant, *(table.c[name] == value for name, value in key.items())]
