"""The append: expected versions, rows, leaves, public forms, inbox, command and head in one transaction.

On PostgreSQL one call of `ledger.append` or `ledger.append_many` (postgres_append.py, postgres_functions.sql);
on SQLite the same steps here, under the file's semaphore.
"""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.ledger.append_request import AppendRequest, AppendResult, InboxMark, SealedEvent
from shared.ledger.database import Database
from shared.ledger.leaf import LEAF_VERSION, Leaf
from shared.ledger.merkle import MerkleEdge
from shared.ledger.postgres_append import append_by
from shared.ledger.tables import commands_done, events, heads, inbox, key_floors, lanes, public_events, stream_keys
from shared.sealing.keys import generation_of

__all__ = ["AppendRequest", "AppendResult", "InboxMark", "SealedEvent", "append", "append_within"]


def append(database: Database, request: AppendRequest) -> AppendResult:
    """Appends in one transaction; on PostgreSQL in one round trip, together with other appends of this process."""
    if database.is_sqlite:
        with database.tenant(request.tenant) as connection:
            return _SqliteAppend(connection, request).run()
    return database.appends.do(request)


def append_within(connection: Connection, request: AppendRequest) -> AppendResult:
    """Appends in the caller's transaction (`Database.tenant`): what else is done in it holds with it, or not at all."""
    if connection.dialect.name == "sqlite":
        return _SqliteAppend(connection, request).run()
    return append_by(connection, "append", (), request)


class _SqliteAppend:
    """One append on SQLite; the steps and their order are those of `ledger.append`."""

    def __init__(self, connection: Connection, request: AppendRequest) -> None:
        self.connection = connection
        self.request = request
        self.of_tenant = heads.c.tenant == request.tenant

    def run(self) -> AppendResult:
        head = self._head()
        refusal = (
            self._done_before(head.size)
            or self._stale_key(head.size)
            or self._inbox_refusal(head.size)
            or self._conflict(head.size)
        )
        if refusal:
            return refusal
        stamp = max(head.recorded_at, time.time_ns() // 1000)
        edge = MerkleEdge.unpack(head.size, head.edge)
        number = head.public_number
        for event in self.request.events:
            leaf = self._insert_event(event, edge.size + 1, stamp)
            edge.append(leaf)
            if event.public_type is not None:
                number += 1
                self._insert_public(event, number, edge.size, stamp, leaf, head.incarnation)
        self._insert_rest(edge.size)
        self.connection.execute(
            update(heads)
            .where(self.of_tenant, heads.c.log == self.request.log)
            .values(size=edge.size, edge=edge.pack(), recorded_at=stamp, public_number=number)
        )
        return AppendResult(status="done", answer=self.request.answer, last_position=edge.size, recorded_at=stamp)

    def _head(self) -> Any:
        chosen = select(heads).where(self.of_tenant, heads.c.log == self.request.log)
        head = self.connection.execute(chosen).one_or_none()
        if head is None:
            self.connection.execute(
                insert(heads).values(
                    tenant=self.request.tenant,
                    log=self.request.log,
                    size=0,
                    edge=b"",
                    recorded_at=0,
                    public_number=0,
                    incarnation=self.request.incarnation,
                )
            )
            head = self.connection.execute(chosen).one()
        return head

    def _done_before(self, size: int) -> AppendResult | None:
        if self.request.command is None:
            return None
        done = self.connection.execute(
            select(commands_done).where(
                commands_done.c.tenant == self.request.tenant, commands_done.c.command == self.request.command
            )
        ).one_or_none()
        if done is None:
            return None
        return AppendResult(status="repeated", answer=done.answer, last_position=done.position)

    def _stale_key(self, size: int) -> AppendResult | None:
        """A key that a generation wrapped which is being replaced would be lost with it."""
        if not self.request.new_keys:
            return None
        chosen = select(key_floors.c.generation).where(key_floors.c.tenant == self.request.tenant)
        floor = self.connection.scalar(chosen) or 0
        if all(generation_of(wrapped) >= floor for _, wrapped in self.request.new_keys):
            return None
        return AppendResult(status="stale_key", answer=None, last_position=size)

    def _inbox_refusal(self, size: int) -> AppendResult | None:
        mark = self.request.inbox
        if mark is None:
            return None
        number = self.connection.scalar(
            select(lanes.c.number).where(lanes.c.tenant == self.request.tenant, lanes.c.source == mark.source)
        )
        if (number or 0) >= mark.number:
            return AppendResult(status="duplicate", answer=None, last_position=size)
        if (number or 0) + 1 != mark.number:
            return AppendResult(status="gap", answer=None, last_position=size)
        return None

    def _conflict(self, size: int) -> AppendResult | None:
        found: dict[UUID, int] = {}
        for event in self.request.events:
            if event.stream not in found:
                found[event.stream] = self._version(event.stream)
            if found[event.stream] + 1 != event.version:
                return AppendResult(status="conflict", answer=None, last_position=size)
            found[event.stream] = event.version
        return None

    def _version(self, stream: UUID) -> int:
        chosen = (
            select(events.c.version)
            .where(events.c.tenant == self.request.tenant, events.c.log == self.request.log, events.c.stream == stream)
            .order_by(events.c.version.desc())
            .limit(1)
        )
        return self.connection.scalar(chosen) or 0

    def _insert_event(self, event: SealedEvent, position: int, stamp: int) -> bytes:
        request = self.request
        leaf = Leaf(
            log=request.log,
            tenant=request.tenant,
            position=position,
            stream=event.stream,
            version=event.version,
            topic=event.topic,
            actor=event.actor,
            recorded_at=stamp,
            cause=request.cause,
            correlation=request.correlation,
            payload_hash=sha256(event.payload).digest(),
            key_commitment=event.key_commitment,
        ).hash()
        self.connection.execute(
            insert(events).values(
                tenant=request.tenant,
                log=request.log,
                position=position,
                stream=event.stream,
                version=event.version,
                topic=event.topic,
                actor=event.actor,
                recorded_at=stamp,
                cause=request.cause,
                correlation=request.correlation,
                payload=event.payload,
                key_commitment=event.key_commitment,
                leaf_version=LEAF_VERSION,
                leaf_hash=leaf,
            )
        )
        return leaf

    def _insert_public(
        self, event: SealedEvent, number: int, position: int, stamp: int, leaf: bytes, incarnation: UUID
    ) -> None:
        self.connection.execute(
            insert(public_events).values(
                tenant=self.request.tenant,
                number=number,
                position=position,
                type=event.public_type,
                body=event.public_body,
                happened_at=event.happened_at,
                recorded_at=stamp,
                cause=self.request.cause,
                correlation=self.request.correlation,
                hash=leaf,
                incarnation=incarnation,
            )
        )

    def _insert_rest(self, size: int) -> None:
        request, mark = self.request, self.request.inbox
        for stream, wrapped in request.new_keys:
            self.connection.execute(insert(stream_keys).values(tenant=request.tenant, stream=stream, wrapped=wrapped))
        if request.command is not None:
            self.connection.execute(
                insert(commands_done).values(
                    tenant=request.tenant, command=request.command, answer=request.answer, position=size
                )
            )
        if mark is not None:
            self.connection.execute(
                insert(inbox).values(
                    tenant=request.tenant, source=mark.source, number=mark.number, hash=mark.hash, outcome=mark.outcome
                )
            )
            lane = sqlite_insert(lanes).values(
                tenant=request.tenant, source=mark.source, number=mark.number, incarnation=mark.incarnation
            )
            self.connection.execute(
                lane.on_conflict_do_update(
                    index_elements=["tenant", "source"], set_={"number": mark.number, "incarnation": mark.incarnation}
                )
            )
