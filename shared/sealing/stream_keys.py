"""The keys of one tenant's streams: read from the database wrapped, held unwrapped for a minute at most."""

from __future__ import annotations

import os
from uuid import UUID

from sqlalchemy import Connection, insert, select, text

from shared.ids import derived_id
from shared.ledger.database import Database
from shared.ledger.tables import stream_keys
from shared.sealing.keys import KeyCache, TenantKeys
from shared.sealing.seal import KEY_SIZE


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
        """The key of a stream that exists. Raises KeyDestroyedError, UnsealError."""
        held = self._cache.get(self.tenant, stream)
        if held is not None:
            return held
        with self.database.tenant(self.tenant) as connection:
            wrapped = self._wrapped(connection, stream)
        if wrapped is None:
            raise KeyDestroyedError
        return self._hold(stream, wrapped)

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
        _, fresh = self.new(stream)
        return self._hold(stream, self._keep(stream, fresh))

    def _keep(self, stream: UUID, fresh: bytes) -> bytes:
        if not self.database.is_sqlite:
            with self.database.autocommit() as connection:
                call = text("SELECT ledger.keep_key(:tenant, :stream, :wrapped)")
                found = connection.scalar(call, {"tenant": self.tenant, "stream": stream, "wrapped": fresh})
                return bytes(found or fresh)
        with self.database.tenant(self.tenant) as connection:
            wrapped = self._wrapped(connection, stream)
            if wrapped is None:
                connection.execute(insert(stream_keys).values(tenant=self.tenant, stream=stream, wrapped=fresh))
            return wrapped or fresh

    def _wrapped(self, connection: Connection, stream: UUID) -> bytes | None:
        found = connection.scalar(
            select(stream_keys.c.wrapped).where(stream_keys.c.tenant == self.tenant, stream_keys.c.stream == stream)
        )
        return None if found is None else bytes(found)

    def _hold(self, stream: UUID, wrapped: bytes) -> bytes:
        key = self._tenant_keys.unwrap(self.tenant, stream, wrapped)
        self._cache.put(self.tenant, stream, key)
        return key
