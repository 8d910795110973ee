"""Keys of tenants: stream keys are wrapped by their tenant's key, tenant keys by the master key.

Tenant keys and the master key stay outside the databases. A folder of 0600 files is one store of them
(shared/sealing/folder_keys.py); a key management service can be another behind the same methods.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Protocol
from uuid import UUID

HELD_SECONDS = 60.0
HELD_KEYS = 10_000
GENERATION_SIZE = 4


@dataclass(frozen=True, kw_only=True)
class Destroyed:
    """A stream key that was destroyed for good: by which erasure, when (microseconds since 1970 UTC)."""

    tenant: UUID
    stream: UUID
    erasure: UUID
    destroyed_at: int


class TenantDestroyedError(Exception):
    """The tenant was destroyed with all its keys: it never has one again."""


class TenantKeys(Protocol):
    """Wraps stream keys and gives keys for blind indexes; a tenant's key never leaves it.

    A tenant's key has generations, counted from 1: the newest wraps, each there is unwraps. What a key wrapped begins
    with the number of its generation (4 bytes).
    """

    def wrap(self, tenant: UUID, stream: UUID, key: bytes) -> bytes:
        """A stream key, wrapped for storage in the database."""
        ...

    def unwrap(self, tenant: UUID, stream: UUID, wrapped: bytes) -> bytes:
        """The stream key that `wrap` wrapped. Raises UnsealError."""
        ...

    def blind_key(self, tenant: UUID, field: str) -> bytes:
        """The key of a tenant's blind index over `field`: the same through all generations."""
        ...

    def newest(self, tenant: UUID) -> int:
        """The generation of the tenant's key that wraps; the first is made if there is none."""
        ...

    def begin_generation(self, tenant: UUID) -> int:
        """Makes a new key of the tenant, which wraps from now on; gives its number."""
        ...

    def destroy_generations_before(self, tenant: UUID, generation: int) -> None:
        """Destroys the tenant's older keys: what they wrapped, in whichever copy, opens no more."""
        ...

    def note_destroyed(self, destroyed: Sequence[Destroyed]) -> None:
        """Remembers, outside the databases and their backups, which stream keys must never be there again."""
        ...

    def destroyed(self) -> Sequence[Destroyed]:
        """All that `note_destroyed` was told, in that order, each once."""
        ...

    def destroy_tenant(self, tenant: UUID) -> None:
        """Destroys every key of a tenant for good: from then on what needs one raises TenantDestroyedError."""
        ...

    def is_destroyed(self, tenant: UUID) -> bool:
        """Whether a tenant was destroyed."""
        ...

    def destroyed_tenants(self) -> Sequence[UUID]:
        """The tenants that were destroyed."""
        ...


def generation_of(wrapped: bytes) -> int:
    """The generation of the tenant's key that wrapped a stream key."""
    return int.from_bytes(wrapped[:GENERATION_SIZE], "big")


class KeyCache:
    """Unwrapped keys, each held for a minute at most: every use lets go of those that are past it."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[UUID, UUID], tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tenant: UUID, stream: UUID) -> bytes | None:
        """The key, if it was put less than a minute ago."""
        with self._lock:
            self._let_go()
            held = self._held.get((tenant, stream))
        return None if held is None else held[1]

    def put(self, tenant: UUID, stream: UUID, key: bytes) -> None:
        """Holds a key; the oldest goes where there are too many."""
        with self._lock:
            self._held[(tenant, stream)] = (monotonic(), key)
            self._held.move_to_end((tenant, stream))
            self._let_go()

    def forget(self, tenant: UUID, stream: UUID) -> None:
        """Lets go of a key at once."""
        with self._lock:
            self._held.pop((tenant, stream), None)

    def forget_all_of(self, tenant: UUID) -> None:
        """Lets go of all keys of a tenant at once."""
        with self._lock:
            for held in [one for one in self._held if one[0] == tenant]:
                del self._held[held]

    def _let_go(self) -> None:
        now = monotonic()
        while self._held:
            since, _ = next(iter(self._held.values()))
            if len(self._held) <= HELD_KEYS and now - since <= HELD_SECONDS:
                return
            self._held.popitem(last=False)
