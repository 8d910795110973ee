"""The leaf: the canonical bytes of one recorded event that the Merkle tree of its log commits to.

Version 1, byte for byte (`lp(x)` is the length of x as a big-endian unsigned 32-bit integer, then x; integers are
signed, 64 bits, big-endian):

    01  lp(log)  tenant[16]  position  stream[16]  version  lp(topic)  lp(actor)  recorded_at
    cause[16]  correlation[16]  SHA-256(sealed payload)[32]  key commitment[32]

`recorded_at` counts microseconds since 1970-01-01T00:00:00Z; a missing cause or correlation is sixteen zero bytes; text
is UTF-8. The leaf's hash is SHA-256(00 || leaf), as in RFC 6962 section 2.1. `ledger.leaf_hash` in
postgres_functions.sql builds the same bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
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
        return hash_of_columns(
            row.log,
            row.tenant,
            row.position,
            row.stream,
            row.version,
            row.topic,
            row.actor,
            row.recorded_at,
            row.cause,
            row.correlation,
            row.payload,
            row.key_commitment,
        )
    except (AttributeError, OverflowError, TypeError, ValueError, struct.error):
        return b""


def leaf_hash_in(row: Any) -> bytes:
    """As `leaf_hash_of`, for a row that is a tuple of the columns in the table's order: twice as fast."""
    (
        tenant,
        log,
        position,
        stream,
        version,
        topic,
        actor,
        recorded_at,
        cause,
        correlation,
        payload,
        key_commitment,
        leaf_version,
        _,
    ) = row
    if leaf_version != LEAF_VERSION:
        return b""
    try:
        return sha256(
            b"".join(
                (
                    _beginning(log, tenant),
                    _PLACE(position, stream.bytes, version),
                    _text(topic),
                    _text(actor),
                    _INT64(recorded_at),
                    cause.bytes if cause is not None else _NOBODY,
                    correlation.bytes if correlation is not None else _NOBODY,
                    sha256(payload).digest(),
                    key_commitment,
                )
            )
        ).digest()
    except (AttributeError, OverflowError, TypeError, ValueError, struct.error):
        return b""


def hash_of_columns(  # noqa: PLR0917 - names would cost a tenth of it
    log: str,
    tenant: UUID,
    position: int,
    stream: UUID,
    version: int,
    topic: str,
    actor: str,
    recorded_at: int,
    cause: UUID | None,
    correlation: UUID | None,
    payload: bytes,
    key_commitment: bytes,
) -> bytes:
    """`Leaf(…).hash()` without the object between: what a verification does a million times."""
    return sha256(
        b"".join(
            (
                _beginning(log, tenant),
                _PLACE(position, stream.bytes, version),
                _text(topic),
                _text(actor),
                _INT64(recorded_at),
                cause.bytes if cause is not None else _NOBODY,
                correlation.bytes if correlation is not None else _NOBODY,
                sha256(payload).digest(),
                key_commitment,
            )
        )
    ).digest()


_PLACE = struct.Struct(">q16sq").pack
_INT64 = struct.Struct(">q").pack
_NOBODY = NOBODY.bytes


@lru_cache(maxsize=64)
def _beginning(log: str, tenant: UUID) -> bytes:
    return b"\x00" + bytes((LEAF_VERSION,)) + length_prefixed(log.encode()) + tenant.bytes


@lru_cache(maxsize=1024)
def _text(value: str) -> bytes:
    return length_prefixed(value.encode())


def length_prefixed(data: bytes) -> bytes:
    """`data` behind its length as a big-endian unsigned 32-bit integer."""
    return len(data).to_bytes(4, "big") + data


def int64(number: int) -> bytes:
    """A big-endian signed 64-bit integer."""
    return number.to_bytes(8, "big", signed=True)
