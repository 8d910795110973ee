"""Proof that one event stands in its log, for somebody outside: up to what witnesses have seen, with nothing of others.

    event's leaf hash --path--> root of the school's log, in a checkpoint that the service signed
    that checkpoint's entry --path--> root of the service's checkpoint log, in the checkpoint that witnesses cosign

Of the event only its leaf hash is shown, of the checkpoint log this school's own entry: sizes and hashes
(docs/partners/asyncapi.yaml describes it to the byte; RFC 9162 section 2.1.3.2 says how a path is checked).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.ledger.checkpoint import KeptCheckpoint, make_checkpoint
from shared.ledger.checkpoint_log import CheckpointLog, Made
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.note import Signer
from shared.ledger.proofs import Tree
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import events
from shared.ledger.tiles import StoredTiles


@dataclass(frozen=True, kw_only=True)
class Notary:
    """Makes such proofs for one service, whose checkpoints it signs where they are not there yet."""

    database: Database
    checkpoint_log: CheckpointLog
    signing_key: Signer
    key_name: str

    def prove(self, tenant: UUID, event: RecordedEvent) -> Mapping[str, Any]:
        """The proof as JSON. Raises LedgerDamagedError where the log is not what its head says."""
        shown = self.prove_all(tenant, event.log, [event])
        return {
            "leaf_hash": _text(event.leaf_hash),
            "position": event.id,
            "path": shown["paths"][0],
            "checkpoint": shown["checkpoint"],
            "entry": shown["entry"],
        }

    def prove_all(
        self, tenant: UUID, log: str, shown: Sequence[RecordedEvent], *, since: int | None = None
    ) -> Mapping[str, Any]:
        """Several events of one log, by one checkpoint: its note, the entry above it, each event's path.

        `continues` is the proof that the log of size `since` is its beginning; None where there was no such log.
        Raises LedgerDamagedError where the log is not what its head says.
        """
        kept = self._checkpoint(tenant, log)
        made = Made(tenant, log, kept)
        for damaged in self.checkpoint_log.enter([made]):
            raise damaged
        platform, of_all = self.checkpoint_log.platform, self.checkpoint_log.log
        above = self._checkpoint(platform, of_all)
        entry = self._entry(made)
        return {
            "paths": [self._path(tenant, log, event.id, kept.size) for event in shown],
            "continues": self._continues(tenant, log, since, kept.size),
            "checkpoint": kept.note,
            "entry": {
                "payload": _text(entry.state),
                "leaf": _text(entry.leaf().encode()),
                "position": entry.id,
                "path": self._path(platform, of_all, entry.id, above.size),
                "checkpoint": above.note,
            },
        }

    def _continues(self, tenant: UUID, log: str, since: int | None, size: int) -> Mapping[str, Any] | None:
        if since is None or not 0 < since <= size:
            return None
        tree = Tree(StoredTiles(self.database, tenant, log), size)
        return {"size": since, "path": [_text(node) for node in tree.consistency(since)]}

    def _checkpoint(self, tenant: UUID, log: str) -> KeptCheckpoint:
        kept = make_checkpoint(self.database, tenant, log, self.signing_key, self.key_name)
        if kept is None:
            raise LedgerDamagedError(log, tenant, 0, "head_missing")
        return kept

    def _entry(self, made: Made) -> RecordedEvent:
        """The last entry of that log: what `enter` has just made, or a follower before it."""
        chosen = (
            select(events)
            .where(
                events.c.tenant == self.checkpoint_log.platform,
                events.c.log == self.checkpoint_log.log,
                events.c.stream == made.stream,
            )
            .order_by(events.c.version.desc())
            .limit(1)
        )
        with self.database.tenant(self.checkpoint_log.platform) as connection:
            return RecordedEvent.of(connection.execute(chosen).one())

    def _path(self, tenant: UUID, log: str, position: int, size: int) -> list[str]:
        tree = Tree(StoredTiles(self.database, tenant, log), size)
        return [_text(node) for node in tree.inclusion(position - 1)]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
