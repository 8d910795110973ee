"""The keys of one tenant's streams: read from the database wrapped, held unwrapped for a minute at most.

A stream whose key was renewed has several, wrapped together, oldest first, 32 bytes each: the newest seals, and an
event opens with the one that its key commitment was made from.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update

from shared.ids import derived_id
from shared.ledger.database import Database
from shared.ledger.tables import key_floors, stream_keys
from shared.sealing.keys import KeyCache, TenantKeys, generation_of
from shared.sealing.seal import KEY_SIZE, UnsealError, event_key, key_commitment

ATTEMPTS = 5


class KeyDestroyedError(Exception):
    """There is no key for this stream: it never was, or it was destroyed (erasure)."""


class StreamKeys:
    """Gives the key of a stream; makes one for a new stream, wrapped for the append that begins it."""

    def __init__(self, database: Database, tenant: UUID, tenant_keys: TenantKeys, cache: KeyCache) -> None:
        self.database = database
        self.tenant = tenant
        self._tenant_keys = tenant_keys
        self._cache = cache

    def get(self, stream: UUID) -> bytes:
        """The key that seals what a stream that exists gets next. Raises KeyDestroyedError, UnsealError."""
        return self.all(stream)[0]

    def all(self, stream: UUID) -> list[bytes]:
        """The keys of a stream that exists, newest first. Raises KeyDestroyedError, UnsealError."""
        held = self._held(stream)
        return [held[at : at + KEY_SIZE] for at in range(len(held) - KEY_SIZE, -1, -KEY_SIZE)]

    def event_key(self, stream: UUID, version: int, commitment: bytes) -> bytes:
        """The key of a recorded event: that of the stream's keys which the commitment tells of, else the newest's.

        The cache may hold the stream's keys as they were before the last was added: then they are read again.
        """
        for _ in range(2):
            derived = [event_key(key, stream, version) for key in self.all(stream)]
            found = next((key for key in derived if key_commitment(key) == commitment), None)
            if found is not None:
                return found
            self._cache.forget(self.tenant, stream)
        return derived[0]

    def renew(self, stream: UUID) -> int:
        """Adds a key with which the stream's coming events are sealed; gives how many it has then.

        Other processes seal with the one before for a minute at most. Raises KeyDestroyedError, UnsealError.
        """
        while True:
            wrapped = self._read(stream)
            keys = self._tenant_keys.unwrap(self.tenant, stream, wrapped) + os.urandom(KEY_SIZE)
            if rewrap(
                self.database, self.tenant, [(stream, wrapped, self._tenant_keys.wrap(self.tenant, stream, keys))]
            ):
                self._cache.forget(self.tenant, stream)
                return len(keys) // KEY_SIZE

    def _held(self, stream: UUID) -> bytes:
        held = self._cache.get(self.tenant, stream)
        if held is not None:
            return held
        wrapped = self._read(stream)
        try:
            return self._hold(stream, wrapped)
        except UnsealError:
            again = self._read(stream)  # the tenant's key may have been replaced between reading and unwrapping
            if again == wrapped:
                raise
            return self._hold(stream, again)

    def has(self, stream: UUID) -> bool:
        """Whether there is a key for this stream."""
        with self.database.tenant(self.tenant) as connection:
            return self._wrapped(connection, stream) is not None

    def new(self, stream: UUID) -> tuple[bytes, bytes]:
        """A fresh key for a stream that the coming append begins, and its wrapped form."""
        key = os.urandom(KEY_SIZE)
        return key, self._tenant_keys.wrap(self.tenant, stream, key)

    def standing(self, purpose: str) -> bytes:
        """The key of a standing purpose of the tenant (`access`, `answers`), made when first needed."""
        stream = derived_id(self.tenant, "standing key", purpose)
        held = self._cache.get(self.tenant, stream)
        if held is not None:
            return held
        for _ in range(ATTEMPTS):
            _, fresh = self.new(stream)
            kept = self._keep(stream, fresh)
            if kept is not None:
                return self._hold(stream, kept)
        raise UnsealError

    def _read(self, stream: UUID) -> bytes:
        with self.database.tenant(self.tenant) as connection:
            wrapped = self._wrapped(connection, stream)
        if wrapped is None:
            raise KeyDestroyedError
        return wrapped

    def _keep(self, stream: UUID, fresh: bytes) -> bytes | None:
        """The key that is kept, this one or an earlier one; None where an older generation wrapped this one."""
        if not self.database.is_sqlite:
            with self.database.autocommit() as connection:
                call = text("SELECT ledger.keep_key(:tenant, :stream, :wrapped)")
                found = connection.scalar(call, {"tenant": self.tenant, "stream": stream, "wrapped": fresh})
                return None if found is None else bytes(found)
        with self.database.tenant(self.tenant) as connection:
            wrapped = self._wrapped(connection, stream)
            if wrapped is not None:
                return wrapped
            floor = connection.scalar(select(key_floors.c.generation).where(key_floors.c.tenant == self.tenant))
            if generation_of(fresh) < (floor or 0):
                return None
            connection.execute(insert(stream_keys).values(tenant=self.tenant, stream=stream, wrapped=fresh))
            return fresh

    def _wrapped(self, connection: Connection, stream: UUID) -> bytes | None:
        found = connection.scalar(
            select(stream_keys.c.wrapped).where(stream_keys.c.tenant == self.tenant, stream_keys.c.stream == stream)
        )
        return None if found is None else bytes(found)

    def _hold(self, stream: UUID, wrapped: bytes) -> bytes:
        key = self._tenant_keys.unwrap(self.tenant, stream, wrapped)
        self._cache.put(self.tenant, stream, key)
        return key


def rewrap(database: Database, tenant: UUID, rows: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    """Puts (stream, old, new) in the place of what was read, where nobody was quicker; gives how many were changed."""
    if not database.is_sqlite:
        with database.autocommit() as connection:
            call = text("SELECT ledger.rewrap_keys(:tenant, :streams, :old, :new)")
            streams, old, new = (list(column) for column in zip(*rows, strict=True))
            return int(connection.scalar(call, {"tenant": tenant, "streams": streams, "old": old, "new": new}) or 0)
    changed = 0
    with database.tenant(tenant) as connection:
        for stream, before, after in rows:
            of_row = (stream_keys.c.tenant == tenant, stream_keys.c.stream == stream, stream_keys.c.wrapped == before)
            changed += connection.execute(update(stream_keys).where(*of_row).values(wrapped=after)).rowcount
    return changed
