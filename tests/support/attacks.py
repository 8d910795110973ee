"""What a database's superuser does to a ledger: rows changed, put in, taken out, moved, and made to look right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, LargeBinary, Row, Table, Text, Uuid, insert, select, update

from shared.ids import new_id
from shared.ledger.leaf import leaf_hash_of
from shared.ledger.merkle import MerkleEdge
from shared.ledger.tables import events, heads, public_events

A_DAY = 24 * 60 * 60 * 1_000_000


def forged(column: Column[Any], value: Any) -> Any:
    """Another value that the column takes."""
    if column is heads.c.recorded_at:
        return value + A_DAY  # an append without events moves it, so that only a time to come is false
    if isinstance(column.type, Uuid):
        return new_id()
    if isinstance(column.type, LargeBinary):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(column.type, Text):
        return f"{value}ң"
    assert isinstance(column.type, Integer), f"nobody said how to forge {column}"
    return value + 1000


def without_triggers(connection: Connection) -> None:
    """Drops a SQLite file's triggers."""
    triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def at(tenant: UUID, position: int, log: str = "sample") -> Any:
    """The condition of one event's row."""
    return (events.c.tenant == tenant) & (events.c.log == log) & (events.c.position == position)


def change(connection: Connection, table: Table, row: Any, **values: Any) -> None:
    """Changes the rows of a condition, of which there must be some."""
    assert connection.execute(update(table).where(row).values(**values)).rowcount


def columns_at(connection: Connection, tenant: UUID, position: int, log: str = "sample") -> dict[str, Any]:
    """One event's row."""
    return dict(connection.execute(select(events).where(at(tenant, position, log))).one()._mapping)


def put_in(connection: Connection, tenant: UUID, position: int, *, fitting_leaf: bool) -> None:
    """A row that no append made, put together from another; `fitting_leaf`: its leaf hash is that of its columns."""
    row = columns_at(connection, tenant, 3) | {"position": position, "stream": new_id(), "version": 1}
    connection.execute(insert(events).values(row))
    if fitting_leaf:
        fit_leaf(connection, tenant, position)


def make_room(connection: Connection, tenant: UUID, position: int, log: str = "sample") -> None:
    """Moves every row from that position on by one, by way of negative positions, for no two may be the same."""
    of_log = (events.c.tenant == tenant) & (events.c.log == log)
    behind = of_log & (events.c.position >= position)
    connection.execute(update(events).where(behind).values(position=-(events.c.position + 1)))
    connection.execute(update(events).where(of_log & (events.c.position < 0)).values(position=-events.c.position))


def swap(connection: Connection, one: Any, other: Any, *names: str) -> None:
    """Exchanges columns of two events."""
    first, second = (connection.execute(select(events).where(row)).one()._mapping for row in (one, other))
    change(connection, events, one, **{name: second[name] for name in names})
    change(connection, events, other, **{name: first[name] for name in names})


def swap_positions(connection: Connection, tenant: UUID, one: int, other: int, log: str = "sample") -> None:
    """Puts each of two rows in the other's place."""
    for position, put_at in ((one, -1), (other, one), (-1, other)):
        change(connection, events, at(tenant, position, log), position=put_at)


def fit_leaf(connection: Connection, tenant: UUID, position: int) -> None:
    """Makes a row's leaf hash that of its columns."""
    row = connection.execute(select(events).where(at(tenant, position))).one()
    change(connection, events, at(tenant, position), leaf_hash=leaf_hash_of(row))


def fit_all(connection: Connection, tenant: UUID) -> None:
    """Makes leaf hashes, public rows and head agree with the rows as they are now: all but what is signed."""
    edge, recorded_at = MerkleEdge(), 0
    of_log = (events.c.tenant == tenant) & (events.c.log == "sample")
    for row in connection.execute(select(events).where(of_log).order_by(events.c.position)).all():
        recorded_at = max(recorded_at, row.recorded_at)
        edge.append(_fitted(connection, row, recorded_at))
    head = (heads.c.tenant == tenant) & (heads.c.log == "sample")
    change(connection, heads, head, size=edge.size, edge=edge.pack())


def _fitted(connection: Connection, row: Row[Any], recorded_at: int) -> bytes:
    values = {"recorded_at": recorded_at}
    change(connection, events, at(row.tenant, row.position), **values)
    row = connection.execute(select(events).where(at(row.tenant, row.position))).one()
    leaf = leaf_hash_of(row)
    if leaf != row.leaf_hash:
        change(connection, events, at(row.tenant, row.position), leaf_hash=leaf)
        public = (public_events.c.tenant == row.tenant) & (public_events.c.hash == row.leaf_hash)
        connection.execute(
            update(public_events).where(public).values(hash=leaf, position=row.position, recorded_at=recorded_at)
        )
    return leaf
