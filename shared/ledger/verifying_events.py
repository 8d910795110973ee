"""The part of a log's verification that needs keys: each event is opened, and its public form worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from shared.domain import known_topics
from shared.ledger.access_log import ACCESS_TOPICS
from shared.ledger.application import LedgerApplication
from shared.ledger.recorder import RecordedEvent, canonical_json, microseconds
from shared.sealing.seal import UnsealError, key_commitment, unseal
from shared.sealing.stream_keys import KeyDestroyedError


class PublicRow(NamedTuple):
    """What a public row says of its event."""

    type: str
    body: str
    happened_at: int


EventCheck = Callable[[Row[Any]], tuple[Sequence[str], PublicRow | None]]
"""Looks into one row of `ledger.events`: the codes of what is wrong with it, and the public row that it must have."""


@dataclass(frozen=True)
class OpenedEventCheck:
    """Opens the events of one tenant's log, `<service>` or `<service>.access`, with the keys of this installation."""

    application: LedgerApplication
    tenant: UUID
    log: str

    def __call__(self, row: Row[Any]) -> tuple[Sequence[str], PublicRow | None]:
        """Opens the event and works its public form out."""
        recorded = RecordedEvent.of(row)
        try:
            key = self._key(recorded)
        except KeyDestroyedError:
            return ["key_missing"], None
        except UnsealError:
            return ["key_does_not_unwrap"], None
        codes: list[str] = [] if key_commitment(key) == recorded.key_commitment else ["key_commitment_differs"]
        if recorded.topic not in known_topics() and recorded.topic not in ACCESS_TOPICS:
            codes.append("topic_unknown")
        try:
            plaintext = unseal(key, recorded.place(), recorded.state)
        except UnsealError:
            return [*codes, "payload_does_not_open"], None
        return (codes, None) if codes or self._is_access else self._published(recorded, plaintext)

    @property
    def _is_access(self) -> bool:
        return self.log != self.application.name

    def _key(self, recorded: RecordedEvent) -> bytes:
        if self._is_access:
            return self.application.access_log.event_key(recorded)
        return self.application.for_tenant(self.tenant).mapper.event_key(recorded)

    def _published(self, recorded: RecordedEvent, plaintext: bytes) -> tuple[Sequence[str], PublicRow | None]:
        try:
            event: Any = self.application.for_tenant(self.tenant).mapper.decode(recorded, plaintext)
            publish = self.application.publications.get(recorded.topic)
            form = publish(event) if publish else None
            if form is None:
                return [], None
            row = PublicRow(form.type, canonical_json(form.body), microseconds(event.timestamp))
        except Exception as error:  # noqa: BLE001 - whatever an event's own code raises is a finding, and the next one is read
            return [f"event_unreadable:{type(error).__name__}"], None
        return [], row
