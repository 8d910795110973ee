"""A public event on the wire: what the log says of it, signed by its service (Ed25519 over the exact bytes sent).

    {"event": "<canonical JSON>", "key_id": "cases-1f0a2b3c", "signature": "<base64url>"}

The inner JSON carries source, tenant, number, incarnation, hash (hex, of the event's leaf), previous (the hash of the
tenant's public event before it; null for the first), type, body, happened_at and recorded_at (microseconds since 1970
UTC), cause, correlation. Signing a text instead of a structure leaves nothing to canonicalise. An event without
`previous` is heard, too: sources of before it was added do not say.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from shared.ledger.recorder import canonical_json
from shared.policy import Heard
from shared.signing import KeyRing, SigningKey


class ForgedError(Exception):
    """A message that its source did not sign, or that cannot be read."""


@dataclass(frozen=True)
class PublicEvent:
    """A public event that was heard: its envelope and its body."""

    heard: Heard
    body: Mapping[str, Any]


def signed_event(source: str, row: Row[Any], previous: bytes | None, key: SigningKey) -> dict[str, str]:
    """A row of `ledger.public_events` as it goes out; `previous` is the hash of the tenant's row before it."""
    event = canonical_json(
        {
            "source": source,
            "tenant": row.tenant,
            "number": row.number,
            "incarnation": row.incarnation,
            "hash": bytes(row.hash).hex(),
            "previous": previous and bytes(previous).hex(),
            "type": row.type,
            "body": json.loads(row.body),
            "happened_at": row.happened_at,
            "recorded_at": row.recorded_at,
            "cause": row.cause and str(row.cause),
            "correlation": row.correlation and str(row.correlation),
        }
    )
    return {
        "event": event,
        "key_id": key.id,
        "signature": urlsafe_b64encode(key.sign(event.encode())).decode(),
    }


def open_event(message: Any, source: str, keys: KeyRing) -> PublicEvent:
    """The public event in a message from `source`. Raises ForgedError."""
    try:
        text, signature = message["event"].encode(), urlsafe_b64decode(message["signature"])
        if not keys.verify(str(message["key_id"]), text, signature, source):
            raise ForgedError
        event = json.loads(text)
        if event["source"] != source:
            raise ForgedError
        return PublicEvent(_heard(event), event["body"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise ForgedError from None


def _heard(event: Mapping[str, Any]) -> Heard:
    return Heard(
        source=event["source"],
        tenant=UUID(event["tenant"]),
        number=int(event["number"]),
        hash=bytes.fromhex(event["hash"]),
        incarnation=UUID(event["incarnation"]),
        type=event["type"],
        happened_at=moment(event["happened_at"]),
        recorded_at=moment(event["recorded_at"]),
        cause=UUID(event["cause"]) if event["cause"] else None,
        correlation=UUID(event["correlation"]) if event["correlation"] else None,
        previous=bytes.fromhex(event["previous"]) if event.get("previous") else None,
    )


def moment(microseconds: int) -> datetime:
    """The time of a count of microseconds since 1970 UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
