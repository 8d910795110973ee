"""Sealing of one event: AES-256-GCM under a key of its own, bound to where the event stands.

    event key  = HKDF-SHA256(stream key, info = "qorgan event key 1" || stream[16] || version)     (RFC 5869)
    commitment = SHA-256("qorgan key commitment 1" || event key)
    payload    = nonce[12] || AES-256-GCM(event key, nonce, plaintext, associated data)
    associated data = "qorgan seal 1" || lp(log) || tenant[16] || stream[16] || version || lp(topic) || lp(actor)

`lp` and integers as in shared/ledger/leaf.py. Whoever is given an event key can open that event and no other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_SIZE = 32
NONCE_SIZE = 12


class UnsealError(Exception):
    """A sealed payload does not open: it, its place or its key was changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an event stands: what its seal is bound to."""

    log: str
    tenant: UUID
    stream: UUID
    version: int
    topic: str
    actor: str

    def associated_data(self) -> bytes:
        """The bytes that the seal authenticates beside the payload."""
        texts = [value.encode() for value in (self.log, self.topic, self.actor)]
        log, topic, actor = (len(text).to_bytes(4, "big") + text for text in texts)
        version = self.version.to_bytes(8, "big", signed=True)
        return b"qorgan seal 1" + log + self.tenant.bytes + self.stream.bytes + version + topic + actor


def event_key(stream_key: bytes, stream: UUID, version: int) -> bytes:
    """The key of one event, derived from its stream's."""
    info = b"qorgan event key 1" + stream.bytes + version.to_bytes(8, "big", signed=True)
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=info).derive(stream_key)


def key_commitment(key: bytes) -> bytes:
    """What the leaf says of an event's key, so that only that key can be shown to have opened it."""
    return sha256(b"qorgan key commitment 1" + key).digest()


def seal(key: bytes, place: Place, plaintext: bytes) -> bytes:
    """The sealed payload of one event."""
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, place.associated_data())


def unseal(key: bytes, place: Place, payload: bytes) -> bytes:
    """The plaintext of a sealed payload. Raises UnsealError."""
    try:
        return AESGCM(key).decrypt(payload[:NONCE_SIZE], payload[NONCE_SIZE:], place.associated_data())
    except (InvalidTag, ValueError):
        raise UnsealError from None
