"""The checkpoint log of a service, `<service>.checkpoints`: an entry for every checkpoint of every tenant's logs.

The log belongs to the platform (a reserved tenant), so that isolation holds and it is kept, verified and proven as
every other log. What a witness sees of it are sizes and hashes. An entry's payload, byte for byte (`lp` and integers as
in shared/ledger/leaf.py):

    01  salt[32]  tenant[16]  lp(log)  size  root[32]

The leaf covers SHA-256(payload): a commitment that tells nothing of its tenant to who lacks the salt, which is
HMAC-SHA256(the tenant's key for "checkpoint salt", lp(log) || size), another one for each entry.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Row, func, select

from shared.ids import derived_id
from shared.ledger.append import append
from shared.ledger.append_request import AppendRequest, SealedEvent
from shared.ledger.checkpoint import KeptCheckpoint
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.leaf import int64, length_prefixed
from shared.ledger.merkle import HASH_SIZE, MerkleEdge
from shared.ledger.restored_entry import RESTORED, RestoredEntry
from shared.ledger.tables import checkpoints, events, heads
from shared.sealing.keys import TenantDestroyedError, TenantKeys

VERSION = b"\x01"
ENTERED = "checkpoints.entered"
ACTOR = "system:follower"
NO_KEY = bytes(HASH_SIZE)
PAGE = 200
ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One tenant checkpoint: the log of `tenant` had `size` leaves, and `root` was the root over them."""

    tenant: UUID
    log: str
    size: int
    root: bytes
    salt: bytes

    def encode(self) -> bytes:
        """The payload; what the leaf covers is its SHA-256."""
        body = (self.salt, self.tenant.bytes, length_prefixed(self.log.encode()), int64(self.size), self.root)
        return VERSION + b"".join(body)

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """The entry of a payload. ValueError where it is none."""
        length = int.from_bytes(payload[49:53], "big")
        log, rest = payload[53 : 53 + length], payload[53 + length :]
        try:
            entry = cls(
                salt=payload[1:33],
                tenant=UUID(bytes=payload[33:49]),
                log=log.decode(),
                size=int.from_bytes(rest[:8], "big"),
                root=rest[8:],
            )
            is_whole = len(entry.root) == HASH_SIZE and entry.encode() == payload
        except (OverflowError, ValueError):
            is_whole = False
        if not is_whole:
            raise ValueError("not an entry of a checkpoint log")
        return entry


@dataclass(frozen=True)
class Made:
    """A checkpoint that a tenant's log has."""

    tenant: UUID
    log: str
    kept: KeptCheckpoint

    @property
    def stream(self) -> UUID:
        """The entries of one log are one stream."""
        return derived_id(self.tenant, "checkpoints of", self.log)

    def root(self) -> bytes:
        """The checkpoint's root."""
        return MerkleEdge.unpack(self.kept.size, self.kept.edge).root()


class CheckpointLog:
    """One service's checkpoint log."""

    def __init__(self, database: Database, service: str, platform: UUID, tenant_keys: TenantKeys) -> None:
        self.database = database
        self.platform = platform
        self.log = log_name(service)
        self._tenant_keys = tenant_keys

    def enter(self, made: Sequence[Made]) -> list[LedgerDamagedError]:
        """Appends an entry for each checkpoint that has none yet; gives those that contradict what was entered before.

        A log that was entered at a larger size, or with another root, was put back or rewritten.
        """
        damaged: list[LedgerDamagedError] = []
        for begin in range(0, len(made), PAGE):
            damaged += self._enter_page(made[begin : begin + PAGE])
        return damaged

    def _enter_page(self, made: Sequence[Made]) -> list[LedgerDamagedError]:
        """Tried anew where another follower, whose lead ends, was first."""
        for _ in range(ATTEMPTS):
            fresh, damaged = self._compared(made)
            if not fresh:
                return damaged
            request = AppendRequest(tenant=self.platform, log=self.log, events=fresh)
            if append(self.database, request).status == "done":
                return damaged
        raise LedgerDamagedError(self.log, self.platform, 0, "entries_in_conflict")

    def _compared(self, made: Sequence[Made]) -> tuple[list[SealedEvent], list[LedgerDamagedError]]:
        """The events of those that have no entry yet, and those that contradict their last one."""
        fresh: list[SealedEvent] = []
        damaged: list[LedgerDamagedError] = []
        last = self._last_entries([one.stream for one in made])
        for one in made:
            version, entered = last.get(one.stream, (0, None))
            if entered is None or entered.size < one.kept.size:
                entry = self._entry(one)
                fresh.append(_event(one.stream, version + 1, entry))
                last[one.stream] = (version + 1, entry)
            elif entered.size > one.kept.size:
                damaged.append(LedgerDamagedError(one.log, one.tenant, one.kept.size + 1, "head_behind_checkpoint"))
            elif entered.root != one.root():
                damaged.append(LedgerDamagedError(one.log, one.tenant, one.kept.size, "entry_differs"))
        return fresh, damaged

    def _entry(self, made: Made) -> Entry:
        try:
            key = self._tenant_keys.blind_key(made.tenant, "checkpoint salt")
        except TenantDestroyedError:
            key = os.urandom(HASH_SIZE)
        salt = hmac.new(key, length_prefixed(made.log.encode()) + int64(made.kept.size), sha256).digest()
        return Entry(tenant=made.tenant, log=made.log, size=made.kept.size, root=made.root(), salt=salt)

    def _last_entries(self, streams: Sequence[UUID]) -> dict[UUID, tuple[int, Entry | None]]:
        of_log = (events.c.tenant == self.platform) & (events.c.log == self.log) & events.c.stream.in_(streams)
        last = select(events.c.stream, func.max(events.c.version).label("version")).where(of_log)
        newest = last.group_by(events.c.stream).subquery()
        chosen = (
            select(events.c.stream, events.c.version, events.c.payload)
            .join(newest, (newest.c.stream == events.c.stream) & (newest.c.version == events.c.version))
            .where(of_log)
        )
        with self.database.tenant(self.platform) as connection:
            rows = connection.execute(chosen).all()
        return {row.stream: (row.version, _decoded(bytes(row.payload))) for row in rows}

    def enter_restoration(self, restoration: UUID, lost: Sequence[tuple[int, int, str]], by: str) -> RestoredEntry:
        """Appends once that the log was restored, and what it was found to be; gives the entry.

        Raises LedgerDamagedError where its edge is none.
        """
        for _ in range(ATTEMPTS):
            version, found = self._restorations()
            if (known := found.get(restoration)) is not None:
                return known
            entry = self._restored_entry(restoration, lost)
            stream = derived_id(self.platform, "restorations of", self.log)
            event = _event(stream, version + 1, entry, topic=RESTORED, actor=by)
            if (
                append(self.database, AppendRequest(tenant=self.platform, log=self.log, events=[event])).status
                == "done"
            ):
                return entry
        raise LedgerDamagedError(self.log, self.platform, 0, "entries_in_conflict")

    def _restorations(self) -> tuple[int, dict[UUID, RestoredEntry]]:
        stream = derived_id(self.platform, "restorations of", self.log)
        of_stream = (events.c.tenant == self.platform) & (events.c.log == self.log) & (events.c.stream == stream)
        with self.database.tenant(self.platform) as connection:
            rows = connection.execute(select(events.c.version, events.c.payload).where(of_stream)).all()
        entries = [RestoredEntry.decode(bytes(row.payload)) for row in rows]
        return max((row.version for row in rows), default=0), {one.restoration: one for one in entries}

    def _restored_entry(self, restoration: UUID, lost: Sequence[tuple[int, int, str]]) -> RestoredEntry:
        of_log = (heads.c.tenant == self.platform) & (heads.c.log == self.log)
        with self.database.tenant(self.platform) as connection:
            head = connection.execute(select(heads.c.size, heads.c.edge).where(of_log)).one_or_none()
        edge = MerkleEdge.unpack(head.size, bytes(head.edge)) if head else MerkleEdge()
        return RestoredEntry(restoration=restoration, kept=edge.size, root=edge.root(), lost=lost)

    def tenants(self) -> set[UUID]:
        """The tenants of whose logs checkpoints were entered, as far as their first entries can be read."""
        of_log = (events.c.tenant == self.platform) & (events.c.log == self.log)
        with self.database.tenant(self.platform) as connection:
            first = connection.scalars(select(events.c.payload).where(of_log, events.c.version == 1)).all()
        return {entry.tenant for payload in first if (entry := _decoded(bytes(payload)))}

    def check_event(self, row: Row[Any]) -> tuple[Sequence[str], None]:
        """What is wrong with an entry, for verification: the tenant's log must have that checkpoint still."""
        try:
            if row.topic == RESTORED:
                RestoredEntry.decode(bytes(row.payload))
                return [], None
            entry = Entry.decode(bytes(row.payload))
        except ValueError:
            return ["payload_does_not_open"], None
        chosen = select(checkpoints.c.edge).where(
            checkpoints.c.tenant == entry.tenant, checkpoints.c.log == entry.log, checkpoints.c.size == entry.size
        )
        with self.database.tenant(entry.tenant) as connection:
            edge = connection.scalar(chosen)
        if edge is None:
            return ["entered_checkpoint_missing"], None
        try:
            root = MerkleEdge.unpack(entry.size, bytes(edge)).root()
        except ValueError:
            root = b""
        return ([] if root == entry.root else ["entry_differs"]), None


def _event(
    stream: UUID, version: int, entry: Entry | RestoredEntry, *, topic: str = ENTERED, actor: str = ACTOR
) -> SealedEvent:
    return SealedEvent(
        stream=stream,
        version=version,
        topic=topic,
        actor=actor,
        payload=entry.encode(),
        key_commitment=NO_KEY,
        happened_at=time.time_ns() // 1000,
    )


def _decoded(payload: bytes) -> Entry | None:
    """None for what was changed where it lies, which verification names."""
    try:
        return Entry.decode(payload)
    except ValueError:
        return None


def log_name(service: str) -> str:
    """The name of a service's checkpoint log."""
    return f"{service}.checkpoints"
