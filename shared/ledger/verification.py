"""Verification of one log: every leaf worked out anew, every checkpoint met again, every public row matched.

Streams the rows page by page (memory O(log n), and one row per checkpoint) and never stops at the first fault. A fault
that only shows in a root names the positions since the last checkpoint that held (`position` to `through`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, func, select
from sqlalchemy.exc import SQLAlchemyError

from shared.ledger.checkpoint import KeptCheckpoint, UnreadableRow, rows_after
from shared.ledger.database import Database
from shared.ledger.leaf import leaf_hash_in
from shared.ledger.merkle import MerkleEdge
from shared.ledger.note import Checkpoint, NoteError, origin_of, signer_of, verify_note
from shared.ledger.tables import checkpoints, events, heads, public_events
from shared.ledger.verifying_events import ERASED, EventCheck
from shared.ledger.verifying_public import PublicCheck
from shared.ledger.verifying_tiles import TileCheck

PROGRESS_EVERY = 500
CLOCKS_DIFFER = 5 * 60 * 1_000_000
"""Microseconds by which the database's clock may be ahead of ours."""

# Where a row of `ledger.events` has what every event is asked for: by place it is read twice as fast as by name.
_COLUMNS = [column.name for column in events.columns]
_POSITION, _RECORDED_AT, _LEAF_HASH = map(_COLUMNS.index, ("position", "recorded_at", "leaf_hash"))
_SEALED = ("sealed",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One fault: where it is, and what it is, as a code; `through` ends a range where no one position can be named."""

    log: str
    tenant: UUID
    position: int
    code: str
    through: int | None = None
    detail: str = ""


@dataclass(kw_only=True)
class Totals:
    """What was looked at."""

    events: int = 0
    opened: int = 0
    erased: int = 0
    checkpoints: int = 0
    public_events: int = 0


@dataclass(kw_only=True)
class LogVerification:
    """The verification of one tenant's log; `run` it to the end, then read `findings` and `totals`.

    `public_key` gives a service's public key by name; `check_event` looks into an event (`OpenedEventCheck`), None
    leaves all sealed; `has_public_events` says that the log is the service's main one, whose events have public forms.
    """

    database: Database
    tenant: UUID
    log: str
    public_key: Callable[[str], Ed25519PublicKey | None]
    check_event: EventCheck | None = None
    has_public_events: bool = True
    findings: list[Finding] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def run(self) -> Iterator[tuple[int, int]]:
        """Checks everything; yields from time to time how many events are done, and how many there are."""
        try:
            yield from self._run()
        except (SQLAlchemyError, ValueError, TypeError, AttributeError) as error:
            self._find(self.totals.events + 1, "log_unreadable", detail=type(error).__name__)

    def _run(self) -> Iterator[tuple[int, int]]:
        # Read before the head, so that a log that grows meanwhile has none beyond it; and the tiles behind the
        # checkpoints, which come with them.
        kept = self._kept_checkpoints()
        self._checkpoints = iter(kept)
        signed = kept[-1].size if kept else 0
        self._tiles = TileCheck(self.database, self.tenant, self.log, signed, self._find)
        head = self._head()
        self._edge, self._edge_known = MerkleEdge(), True
        self._sound_through = 0
        self._recorded_at = 0
        self._next_checkpoint = next(self._checkpoints, None)
        self._public = self._public_check(head) if self.has_public_events else None
        position = 0
        for row in rows_after(self.database, self.tenant, self.log, 0, head.size):
            self._missing(position + 1, row.position - 1)
            position = row.position
            self._check_row(row)
            if position % PROGRESS_EVERY == 0:
                yield position, head.size
        self._missing(position + 1, head.size)
        self._close(head)
        yield head.size, head.size

    def _public_check(self, head: Row[Any]) -> PublicCheck:
        return PublicCheck(self.database, self.tenant, self.log, head, self._find)

    def _head(self) -> Row[Any]:
        chosen = select(heads).where(heads.c.tenant == self.tenant, heads.c.log == self.log)
        with self.database.tenant(self.tenant) as connection:
            row = connection.execute(chosen).one_or_none()
        return row if row is not None else self._without_head()

    def _without_head(self) -> Any:
        """What stands for a head that is gone: as if nothing had been appended, so that every row is one too many."""
        self._find(0, "head_missing")
        return _NoHead()

    def _kept_checkpoints(self) -> list[KeptCheckpoint]:
        chosen = (
            select(checkpoints)
            .where(checkpoints.c.tenant == self.tenant, checkpoints.c.log == self.log)
            .order_by(checkpoints.c.size)
        )
        with self.database.tenant(self.tenant) as connection:
            return [KeptCheckpoint(row.size, bytes(row.edge), row.note) for row in connection.execute(chosen)]

    def _missing(self, first: int, last: int) -> None:
        """Positions without a row: the tree can't be followed further, up to the next checkpoint that holds."""
        if last >= first:
            self._find(first, "position_missing", through=last)
            self._edge_known = False
            self._tiles.lose_track()
            for size in range(first, last + 1) if last - first < PROGRESS_EVERY else (last,):
                self._pass_checkpoint(size)

    def _check_row(self, row: Any) -> None:
        self.totals.events += 1
        if isinstance(row, UnreadableRow):
            self._find(row.position, "row_unreadable")
            position, leaf = row.position, row.leaf_hash
        else:
            self._check_columns(row)
            position, leaf = row[_POSITION], row[_LEAF_HASH]
        if self._edge_known:
            self._edge.append(leaf)
        self._tiles.meet(leaf)
        if self._next_checkpoint is not None:
            self._pass_checkpoint(position)

    def _check_columns(self, row: Row[Any]) -> None:
        if leaf_hash_in(row) != row[_LEAF_HASH]:
            self._find(row.position, "leaf_differs")
        if row[_RECORDED_AT] < self._recorded_at:
            self._find(row.position, "recorded_at_fell")
        else:
            self._recorded_at = row[_RECORDED_AT]
        codes: Sequence[str] = _SEALED
        form = None
        if self.check_event is not None:
            codes, form = self.check_event(row)
            self.totals.erased += form is ERASED
            self.totals.opened += not codes and form is not ERASED
            for code in codes:
                self._find(row.position, code)
        if self._public is not None:
            self._public.meet(row, form, formed=not codes)

    def _pass_checkpoint(self, size: int) -> None:
        while self._next_checkpoint is not None and self._next_checkpoint.size <= size:
            self._meet_checkpoint(self._next_checkpoint)
            self._next_checkpoint = next(self._checkpoints, None)

    def _meet_checkpoint(self, kept: KeptCheckpoint) -> None:
        """Compares a checkpoint with the tree as it was at its size; then goes on from it, whatever came before."""
        self.totals.checkpoints += 1
        root = self._signed_root(kept)
        edge = self._unpacked(kept)
        if root is None:
            return
        if self._edge_known and self._edge.size == kept.size and self._edge.root() != root:
            self._find(self._sound_through + 1, "checkpoint_root_differs", through=kept.size)
        if edge is None or edge.root() != root:
            self._find(kept.size, "checkpoint_edge_differs")
        elif not self._edge_known or self._edge.root() != root:
            self._edge, self._edge_known = edge, True
        self._sound_through = kept.size

    def _signed_root(self, kept: KeptCheckpoint) -> bytes | None:
        try:
            name = signer_of(kept.note)
            public_key = self.public_key(name)
            if public_key is None:
                raise NoteError("checkpoint_key_unknown")
            said = verify_note(kept.note, name, public_key)
        except NoteError as error:
            self._find(kept.size, error.code)
            return None
        if said != Checkpoint(origin_of(self.log, self.tenant), kept.size, said.root):
            self._find(kept.size, "checkpoint_of_another_log")
            return None
        return said.root

    def _unpacked(self, kept: KeptCheckpoint) -> MerkleEdge | None:
        try:
            return MerkleEdge.unpack(kept.size, kept.edge)
        except ValueError:
            return None

    def _close(self, head: Row[Any]) -> None:
        """What is left to compare once the last row was read."""
        if self._edge_known and self._edge.pack() != bytes(head.edge):
            self._find(min(self._sound_through + 1, head.size), "head_edge_differs", through=head.size)
        if self._recorded_at > head.recorded_at:
            self._find(head.size, "recorded_at_beyond_head")
        if head.recorded_at > time.time_ns() // 1000 + CLOCKS_DIFFER:
            self._find(head.size, "head_recorded_at_ahead")
        while self._next_checkpoint is not None:
            self._find(self._next_checkpoint.size, "checkpoint_beyond_head")
            self._next_checkpoint = next(self._checkpoints, None)
        self._tiles.close(head.size)
        self._beyond_head()
        self._version_gaps()
        if self._public is not None:
            self._public.close()
            self.totals.public_events = self._public.seen

    def _beyond_head(self) -> None:
        """Rows that no append put there: behind the head's size, or before the first position."""
        size = select(func.coalesce(func.max(heads.c.size), 0)).where(
            heads.c.tenant == self.tenant, heads.c.log == self.log
        )
        chosen = select(events.c.position).where(
            events.c.tenant == self.tenant,
            events.c.log == self.log,
            (events.c.position > size.scalar_subquery()) | (events.c.position < 1),
        )
        with self.database.tenant(self.tenant) as connection:
            for position in connection.scalars(chosen.order_by(events.c.position)):
                self._find(position, "position_beyond_head")

    def _version_gaps(self) -> None:
        """Events whose version is not the one after that of their stream's event before."""
        before = func.lag(events.c.version, 1, 0).over(partition_by=events.c.stream, order_by=events.c.position)
        versions = (
            select(events.c.position, events.c.version, before.label("before"))
            .where(events.c.tenant == self.tenant, events.c.log == self.log)
            .subquery()
        )
        chosen = select(versions.c.position).where(versions.c.version != versions.c.before + 1)
        with self.database.tenant(self.tenant) as connection:
            for position in connection.scalars(chosen.order_by(versions.c.position)):
                self._find(position, "version_gap")

    def _find(self, position: int, code: str, *, through: int | None = None, detail: str = "") -> None:
        through = through if through is not None and through != position else None
        self.findings.append(
            Finding(log=self.log, tenant=self.tenant, position=position, code=code, through=through, detail=detail)
        )


@dataclass(frozen=True)
class _NoHead:
    """The head of a log that has none."""

    size: int = 0
    edge: bytes = b""
    recorded_at: int = 0
    public_number: int = 0
    incarnation: UUID | None = None


def logs_of(database: Database, service: str, also: Iterable[UUID] = ()) -> list[tuple[UUID, str]]:
    """Every log that a service's database knows of: by the heads, and by what is left of a log whose head is gone.

    `also` are tenants known from elsewhere, in whose rows is looked though no head tells of them.
    """
    with database.relay() as connection:
        known = {(row.tenant, row.log) for row in connection.execute(select(heads.c.tenant, heads.c.log))}
        tenants = {tenant for tenant, _ in known} | set(also)
        tenants |= set(connection.scalars(select(public_events.c.tenant).distinct()))
    for tenant in tenants:
        with database.tenant(tenant) as connection:
            for table in (events, checkpoints):
                chosen = select(table.c.log).where(table.c.tenant == tenant).distinct()
                known |= {(tenant, log) for log in connection.scalars(chosen)}
    order = {service: 0, f"{service}.access": 1}
    return sorted(known, key=lambda one: (str(one[0]), order.get(one[1], 2), one[1]))
