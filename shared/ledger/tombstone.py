"""The topics that end: a stream that was erased (erasure.py), a log of a tenant that was destroyed (destroying.py)."""

from __future__ import annotations

STREAM_ERASED = "ledger.stream_erased"
TENANT_DESTROYED = "ledger.tenant_destroyed"
NO_GENERATION = 2**31 - 1
"""The key floor of a destroyed tenant: no generation of its key wraps a new key."""
