"""The leaf: the canonical bytes of one recorded event that the Merkle tree of its log commits to.

Version 1, byte for byte (`lp(x)` is the length of x as a big-endian unsigned 32-bit integer, then x; integers are
signed, 64 bits, big-endian):

    01  lp(log)  tenant[16]  position  stream[16]  version  lp(topic)  lp(actor)  recorded_at
    cause[16]  correlation[16]  SHA-256(sealed payload)[32]  key commitment[32]

`recorded_at` counts microseconds since 1970-01-01T00:00:00Z; a missing cause or correlation is sixteen zero bytes; text
is UTF-8. The leaf's hash is SHA-256(00 || leaf), as in RFC 6962 section 2.1. `ledger.append` in postgres.sql builds the
same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

LEAF_VERSION = 1
NOBODY = UUID(int=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """What one leaf covers."""

    log: str
    tenant: UUID
    position: int
    stream: UUID
    version: int
    topic: str
    actor: str
    recorded_at: int
    cause: UUID | None
    correlation: UUID | None
    payload_hash: bytes
    key_commitment: bytes

    def encode(self) -> bytes:
        """The leaf's canonical bytes, version 1."""
        return b"".join(
            (
                bytes((LEAF_VERSION,)),
                length_prefixed(self.log.encode()),
                self.tenant.bytes,
                int64(self.position),
                self.stream.bytes,
                int64(self.version),
                length_prefixed(self.topic.encode()),
                length_prefixed(self.actor.encode()),
                int64(self.recorded_at),
                (self.cause or NOBODY).bytes,
                (self.correlation or NOBODY).bytes,
                self.payload_hash,
                self.key_commitment,
            )
        )

    def hash(self) -> bytes:
        """The leaf's hash, RFC 6962: SHA-256(00 || leaf)."""
        return sha256(b"\x00" + self.encode()).digest()


def leaf_hash_of(row: Any) -> bytes:
    """The leaf hash of a row of `ledger.events`, worked out anew; nothing where its columns can't be a leaf."""
    if row.leaf_version != LEAF_VERSION:
        return b""
    try:
        return _leaf_of(row).hash()
    except (AttributeError, OverflowError, TypeError, ValueError):
        return b""


def _leaf_of(row: Any) -> Leaf:
    return Leaf(
        log=row.log,
        tenant=row.tenant,
        position=row.position,
        stream=row.stream,
        version=row.version,
        topic=row.topic,
        actor=row.actor,
        recorded_at=row.recorded_at,
        cause=row.cause,
        correlation=row.correlation,
        payload_hash=sha256(row.payload).digest(),
        key_commitment=bytes(row.key_commitment),
    )


def length_prefixed(data: bytes) -> bytes:
    """`data` behind its length as a big-endian unsigned 32-bit integer."""
    return len(data).to_bytes(4, "big") + data


def int64(number: int) -> bytes:
    """A big-endian signed 64-bit integer."""
    return number.to_bytes(8, "big", signed=True)
