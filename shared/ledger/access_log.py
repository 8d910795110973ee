"""Reads of confidential records, and denials, as events: a log of their own per tenant, `<service>.access` (CON-01)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.append import AppendRequest, SealedEvent, append
from shared.ledger.database import Database
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import events
from shared.sealing.seal import Place, event_key, key_commitment, seal, unseal
from shared.sealing.stream_keys import StreamKeys

READ = "access.read"
DENIED = "access.denied"
EXPORTED = "access.exported"
ACCESS_TOPICS = frozenset({READ, DENIED, EXPORTED})


class AccessLog:
    """Appends one event per answer with all ids in it; each is a stream of its own under the tenant's access key."""

    def __init__(self, database: Database, log: str, keys: Callable[[UUID], StreamKeys]) -> None:
        self.database = database
        self.log = log
        self._keys = keys

    def record(
        self, tenant: UUID, by: Actor, what: str, ids: Sequence[UUID], rule: str, *, allowed: bool = True
    ) -> None:
        """Records a read or a denial; returns only when it is stored: no record, no answer."""
        facts = {"what": what, "ids": [str(one) for one in ids], "rule": rule, "purpose": by.purpose}
        self._append(tenant, by, READ if allowed else DENIED, facts)

    def record_export(
        self, tenant: UUID, by: Actor, ids: Sequence[UUID], rule: str, contents: Mapping[str, int]
    ) -> tuple[int, UUID]:
        """Records that a file leaves the system (CON-05); gives the entry's position and stream.

        `contents` counts the events in it of each stream of this service.
        """
        facts = {
            "what": "export",
            "ids": [str(one) for one in ids],
            "rule": rule,
            "purpose": by.purpose,
            "contents": dict(contents),
        }
        return self._append(tenant, by, EXPORTED, facts)

    def _append(self, tenant: UUID, by: Actor, topic: str, facts: Mapping[str, Any]) -> tuple[int, UUID]:
        stream = new_id()
        key = event_key(self._keys(tenant).standing("access"), stream, 1)
        place = Place(log=self.log, tenant=tenant, stream=stream, version=1, topic=topic, actor=by.id)
        event = SealedEvent(
            stream=stream,
            version=1,
            topic=topic,
            actor=by.id,
            payload=seal(key, place, json.dumps(facts).encode()),
            key_commitment=key_commitment(key),
            happened_at=time.time_ns() // 1000,
        )
        result = append(self.database, AppendRequest(tenant=tenant, log=self.log, events=[event]))
        return result.last_position, stream

    def entries(self, tenant: UUID, *, mentioning: UUID | None = None) -> list[tuple[RecordedEvent, dict[str, Any]]]:
        """The log's entries in order, opened; only those that mention an id, where one is given."""
        chosen = select(events).where(events.c.tenant == tenant, events.c.log == self.log).order_by(events.c.position)
        with self.database.tenant(tenant) as connection:
            recorded = [RecordedEvent.of(row) for row in connection.execute(chosen)]
        opened = [(entry, self._open(entry)) for entry in recorded]
        return [(entry, facts) for entry, facts in opened if mentioning is None or str(mentioning) in facts["ids"]]

    def _open(self, entry: RecordedEvent) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(unseal(self.event_key(entry), entry.place(), entry.state))
        return facts

    def event_key(self, entry: RecordedEvent) -> bytes:
        """The key of one entry: what an export discloses."""
        return event_key(self._keys(entry.tenant).standing("access"), entry.stream, 1)
