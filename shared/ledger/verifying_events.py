"""The part of a log's verification that needs keys: each event is opened, and its public form worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row

from shared.domain import known_topics
from shared.ledger.access_log import ACCESS_TOPICS
from shared.ledger.application import LedgerApplication, TenantLedger
from shared.ledger.destroying import last_key, open_last
from shared.ledger.key_rows import erased_streams, is_destroyed
from shared.ledger.recorder import RecordedEvent, canonical_json, microseconds
from shared.ledger.tombstone import STREAM_ERASED, TENANT_DESTROYED
from shared.sealing.seal import UnsealError, key_commitment, unseal
from shared.sealing.stream_keys import KeyDestroyedError


class PublicRow(NamedTuple):
    """What a public row says of its event."""

    type: str
    body: str
    happened_at: int


ERASED = PublicRow("erased", "{}", 0)
"""What the public row of an event of an erased stream says; its time stays."""

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
        if recorded.topic == TENANT_DESTROYED:
            return self._last_event(recorded), None
        if self._is_destroyed or (recorded.topic != STREAM_ERASED and recorded.stream in self._erased):
            return [], ERASED
        try:
            key = self._key(recorded)
        except KeyDestroyedError:
            return ["key_missing"], None
        except UnsealError:
            return ["key_does_not_unwrap"], None
        codes: list[str] = [] if key_commitment(key) == recorded.key_commitment else ["key_commitment_differs"]
        if recorded.topic == STREAM_ERASED and self._ledger.keys.has(recorded.stream):
            codes.append("erased_key_still_there")
        if recorded.topic not in known_topics() and recorded.topic not in ACCESS_TOPICS:
            codes.append("topic_unknown")
        try:
            plaintext = unseal(key, recorded.place(), recorded.state)
        except UnsealError:
            return [*codes, "payload_does_not_open"], None
        return (codes, None) if codes or self._is_access else self._published(recorded, plaintext)

    def _last_event(self, recorded: RecordedEvent) -> Sequence[str]:
        """What is wrong with the last event of a destroyed tenant's log, or with the destruction."""
        codes = (
            []
            if key_commitment(last_key(self.application, recorded)) == recorded.key_commitment
            else ["key_commitment_differs"]
        )
        try:
            open_last(self.application, recorded)
        except UnsealError:
            return [*codes, "payload_does_not_open"]
        gone = self._is_destroyed and self.application.parts.tenant_keys.is_destroyed(self.tenant)
        return codes if gone else [*codes, "erased_key_still_there"]

    @cached_property
    def _is_destroyed(self) -> bool:
        """Whether the tenant was destroyed: by its log's last event, which is checked when it is met."""
        return is_destroyed(self.application.parts.database, self.tenant, self.log)

    @cached_property
    def _erased(self) -> frozenset[UUID]:
        """The streams with a tombstone, which is checked when it is met."""
        return erased_streams(self.application.parts.database, self.tenant, self.log)

    @cached_property
    def _ledger(self) -> TenantLedger:
        return self.application.for_tenant(self.tenant)

    @property
    def _is_access(self) -> bool:
        return self.log != self.application.name

    def _key(self, recorded: RecordedEvent) -> bytes:
        if self._is_access:
            return self.application.access_log.event_key(recorded)
        return self._ledger.mapper.event_key(recorded)

    def _published(self, recorded: RecordedEvent, plaintext: bytes) -> tuple[Sequence[str], PublicRow | None]:
        try:
            event: Any = self._ledger.mapper.decode(recorded, plaintext)
            publish = self.application.publications.get(recorded.topic)
            form = publish(event) if publish else None
            codes = self._files(event) if hasattr(event, "kept_files") else []
            if form is None:
                return codes, None
            row = PublicRow(form.type, canonical_json(form.body), microseconds(event.timestamp))
        except Exception as error:  # noqa: BLE001 - whatever an event's own code raises is a finding, and the next one is read
            return [f"event_unreadable:{type(error).__name__}"], None
        return codes, row

    def _files(self, event: Any) -> Sequence[str]:
        """What is wrong with files whose hashes stand in an event: `kept_files`, those of each one's pieces."""
        for blob, hashes in event.kept_files.items():
            for number, expected in enumerate(hashes):
                try:
                    piece = self._ledger.blobs.piece(event.originator_id, blob, number)
                except UnsealError:
                    return ["file_altered"]
                if piece is None:
                    return ["file_missing"]
                if sha256(piece).hexdigest() != expected:
                    return ["file_altered"]
        return []
