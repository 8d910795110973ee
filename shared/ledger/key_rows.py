"""The rows of `ledger.stream_keys` where a tenant's key is replaced: the floor, wrapping anew, destroying for good.

First the floor is raised: an append that brings a key which an older generation wrapped is refused from then on
(`stale_key`), and done again with the new one. Then the rows that are left below the floor can be counted: none comes
in. On PostgreSQL each is a function of postgres_functions.sql.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.ledger.database import Database
from shared.ledger.tables import blobs, events, key_floors, public_events, stream_keys, uploads
from shared.ledger.tombstone import NO_GENERATION, STREAM_ERASED, TENANT_DESTROYED
from shared.sealing.keys import GENERATION_SIZE, TenantKeys
from shared.sealing.stream_keys import rewrap

PAGE = 500


def renew_tenant_key(database: Database, tenant: UUID, keys: TenantKeys) -> Iterator[tuple[int, int]]:
    """Puts a new key in the place of a tenant's: wraps every stream key anew, then destroys the older generations.

    Yields (done, all) after each page. Broken off, it is begun again: nothing is lost meanwhile.
    """
    generation = keys.begin_generation(tenant)
    raise_floor(database, tenant, generation)
    total, done = _count_below(database, tenant, generation), 0
    while page := _page_below(database, tenant, generation):
        rewrapped = [(stream, old, keys.wrap(tenant, stream, keys.unwrap(tenant, stream, old))) for stream, old in page]
        rewrap(database, tenant, rewrapped)
        done += len(page)
        yield done, max(total, done)
    keys.destroy_generations_before(tenant, generation)


def destroy_stream_key(database: Database, tenant: UUID, log: str, stream: UUID) -> bool:
    """Destroys the key of a stream whose history ends with a tombstone, with its files; empties its public rows.

    False where there is no tombstone: then nothing is done.
    """
    if not database.is_sqlite:
        with database.autocommit() as connection:
            call = text("SELECT ledger.destroy_key(:tenant, :log, :stream)")
            return bool(connection.scalar(call, {"tenant": tenant, "log": log, "stream": stream}))
    with database.tenant(tenant) as connection:
        if not _has_tombstone(connection, tenant, log, stream):
            return False
        for table in (stream_keys, uploads, blobs):
            connection.execute(delete(table).where(table.c.tenant == tenant, table.c.stream == stream))
        of_stream = (events.c.tenant == tenant, events.c.log == log, events.c.stream == stream)
        connection.execute(
            update(public_events)
            .where(
                public_events.c.tenant == tenant,
                public_events.c.position.in_(select(events.c.position).where(*of_stream)),
                public_events.c.type != "erased",
            )
            .values(type="erased", body="{}")
        )
        return True


def is_erased(database: Database, tenant: UUID, log: str, stream: UUID) -> bool:
    """Whether a stream's history ends with a tombstone."""
    with database.tenant(tenant) as connection:
        return _has_tombstone(connection, tenant, log, stream)


def erased_streams(database: Database, tenant: UUID, log: str) -> frozenset[UUID]:
    """The streams of a log that have a tombstone; all, where the tenant was destroyed."""
    of_log = (events.c.tenant == tenant, events.c.log == log)
    with database.tenant(tenant) as connection:
        if _is_destroyed(connection, tenant, log):
            return frozenset(connection.scalars(select(events.c.stream).where(*of_log).distinct()))
        return frozenset(connection.scalars(select(events.c.stream).where(*of_log, events.c.topic == STREAM_ERASED)))


def erased_among(database: Database, tenant: UUID, log: str, streams: Collection[UUID]) -> frozenset[UUID]:
    """Which of these streams have a tombstone; all, where the tenant was destroyed. Found by stream, not by topic."""
    with database.tenant(tenant) as connection:
        if _is_destroyed(connection, tenant, log):
            return frozenset(streams)
        named = (events.c.tenant == tenant, events.c.log == log, events.c.stream.in_(streams))
        return frozenset(connection.scalars(select(events.c.stream).where(*named, events.c.topic == STREAM_ERASED)))


def is_destroyed(database: Database, tenant: UUID, log: str) -> bool:
    """Whether a log has its last event, and its tenant no key any more."""
    with database.tenant(tenant) as connection:
        return _is_destroyed(connection, tenant, log)


def _is_destroyed(connection: Connection, tenant: UUID, log: str) -> bool:
    floor = connection.scalar(select(key_floors.c.generation).where(key_floors.c.tenant == tenant))
    if floor != NO_GENERATION:
        return False
    last = select(events.c.position).where(
        events.c.tenant == tenant, events.c.log == log, events.c.topic == TENANT_DESTROYED
    )
    return connection.execute(last.limit(1)).first() is not None


def _has_tombstone(connection: Connection, tenant: UUID, log: str, stream: UUID) -> bool:
    chosen = select(events.c.position).where(
        events.c.tenant == tenant, events.c.log == log, events.c.stream == stream, events.c.topic == STREAM_ERASED
    )
    has = connection.execute(chosen.limit(1)).first() is not None
    return has or _is_destroyed(connection, tenant, log)


def raise_floor(database: Database, tenant: UUID, generation: int) -> None:
    """From here on no new key is stored that an older generation of the tenant's key wrapped."""
    if not database.is_sqlite:
        with database.autocommit() as connection:
            call = text("SELECT ledger.raise_key_floor(:tenant, :generation)")
            connection.execute(call, {"tenant": tenant, "generation": generation})
        return
    with database.tenant(tenant) as connection:
        raised: Any = sqlite_insert(key_floors).values(tenant=tenant, generation=generation)
        highest = func.max(key_floors.c.generation, generation)
        connection.execute(raised.on_conflict_do_update(index_elements=["tenant"], set_={"generation": highest}))


def _below(tenant: UUID, generation: int) -> tuple[Any, Any]:
    number = generation.to_bytes(GENERATION_SIZE, "big")
    return stream_keys.c.tenant == tenant, func.substr(stream_keys.c.wrapped, 1, GENERATION_SIZE) < number


def _count_below(database: Database, tenant: UUID, generation: int) -> int:
    chosen = select(func.count()).select_from(stream_keys).where(*_below(tenant, generation))
    with database.tenant(tenant) as connection:
        return connection.scalar(chosen) or 0


def _page_below(database: Database, tenant: UUID, generation: int) -> list[tuple[UUID, bytes]]:
    chosen = select(stream_keys.c.stream, stream_keys.c.wrapped).where(*_below(tenant, generation)).limit(PAGE)
    with database.tenant(tenant) as connection:
        return [(stream, bytes(wrapped)) for stream, wrapped in connection.execute(chosen)]
