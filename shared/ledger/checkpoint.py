"""Checkpoints of a tenant's log: made only when it grew, once the rows since the last were read and hashed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, Connection, Row, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.leaf import leaf_hash_of
from shared.ledger.merkle import MerkleEdge
from shared.ledger.note import Checkpoint, NoteError, Signer, origin_of, sign_note, verify_note
from shared.ledger.tables import checkpoints, events, heads
from shared.ledger.tiles import fill_tiles

__all__ = ["KeptCheckpoint", "LedgerDamagedError", "last_checkpoint", "make_checkpoint", "rows_after", "verify_note"]

PAGE = 1000


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A checkpoint as it is stored: its size, the edge of the tree then (unsigned), and the signed note."""

    size: int
    edge: bytes
    note: str


def make_checkpoint(
    database: Database, tenant: UUID, log: str, signing_key: Signer, key_name: str
) -> KeptCheckpoint | None:
    """The log's checkpoint as of now, signed and kept, with the tiles that are full; the last one where nothing was
    appended since.

    None for an empty log.
    Raises LedgerDamagedError, and signs nothing, where the rows since the last checkpoint are not what the head says.
    """
    head, last = _head(database, tenant, log), last_checkpoint(database, tenant, log)
    edge = _edge_of(tenant, log, last, signing_key.public_key, key_name)
    size = head.size if head else 0
    last_size = last.size if last else 0
    if size < last_size:
        raise LedgerDamagedError(log, tenant, size + 1, "head_behind_checkpoint")
    if size == last_size:
        if edge.size == size:
            fill_tiles(database, tenant, log, edge)
        return last
    _extend(database, tenant, log, edge, size, last)
    if head is None or edge.pack() != bytes(head.edge):
        raise LedgerDamagedError(log, tenant, last_size + 1, "head_edge_differs")
    fill_tiles(database, tenant, log, edge)
    note = sign_note(Checkpoint(origin_of(log, tenant), size, edge.root()), key_name, signing_key)
    kept = KeptCheckpoint(size, edge.pack(), note)
    _keep(database, tenant, log, kept)
    return kept


def last_checkpoint(database: Database, tenant: UUID, log: str) -> KeptCheckpoint | None:
    """The log's largest checkpoint as it is stored, unverified."""
    chosen = (
        select(checkpoints.c.size, checkpoints.c.edge, checkpoints.c.note)
        .where(checkpoints.c.tenant == tenant, checkpoints.c.log == log)
        .order_by(checkpoints.c.size.desc())
        .limit(1)
    )
    with database.tenant(tenant) as connection:
        row = connection.execute(chosen).one_or_none()
    return KeptCheckpoint(row.size, bytes(row.edge), row.note) if row is not None else None


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that the database or its driver can't give as the columns' types: it was changed where it lies."""

    position: int
    leaf_hash: bytes


def rows_after(database: Database, tenant: UUID, log: str, position: int, through: int) -> Iterator[Any]:
    """The rows of `ledger.events` from behind `position` through `through`, in order, read page by page.

    Gives an UnreadableRow in the place of one that can't be read.
    """
    while True:
        page = _page(database, tenant, log, position, through)
        yield from page
        if len(page) < PAGE:
            return
        position = page[-1].position


def _page(database: Database, tenant: UUID, log: str, position: int, through: int) -> Sequence[Any]:
    of_log = (events.c.tenant == tenant) & (events.c.log == log)
    in_page = of_log & (events.c.position > position) & (events.c.position <= through)
    with database.tenant(tenant) as connection:
        try:
            return connection.execute(select(events).where(in_page).order_by(events.c.position).limit(PAGE)).all()
        except (SQLAlchemyError, ValueError, TypeError, AttributeError):
            if not database.is_sqlite:  # whose transaction is over with the error, and whose types are never wrong
                raise
            chosen = select(events.c.position).where(in_page).order_by(events.c.position).limit(PAGE)
            return [_row(connection, of_log & (events.c.position == one)) for one in connection.scalars(chosen).all()]


def _row(connection: Connection, of_position: ColumnElement[bool]) -> Any:
    try:
        return connection.execute(select(events).where(of_position)).one()
    except (SQLAlchemyError, ValueError, TypeError, AttributeError):
        row = connection.execute(select(events.c.position, events.c.leaf_hash).where(of_position)).one()
        return UnreadableRow(row.position, bytes(row.leaf_hash))


def _head(database: Database, tenant: UUID, log: str) -> Row[Any] | None:
    with database.tenant(tenant) as connection:
        return connection.execute(select(heads).where(heads.c.tenant == tenant, heads.c.log == log)).one_or_none()


def _edge_of(
    tenant: UUID, log: str, last: KeptCheckpoint | None, public_key: Ed25519PublicKey, key_name: str
) -> MerkleEdge:
    """The stored edge of the last checkpoint, once its signed root is the edge's; empty where another key signed it."""
    if last is None or not last.note.rpartition("\n\n")[2].startswith(f"— {key_name} "):
        return MerkleEdge()
    try:
        edge = MerkleEdge.unpack(last.size, last.edge)
    except ValueError:
        raise LedgerDamagedError(log, tenant, last.size, "checkpoint_edge_differs") from None
    try:
        said = verify_note(last.note, key_name, public_key)
    except NoteError as error:
        raise LedgerDamagedError(log, tenant, last.size, error.code) from None
    if said != Checkpoint(origin_of(log, tenant), last.size, edge.root()):
        raise LedgerDamagedError(log, tenant, last.size, "checkpoint_edge_differs")
    return edge


def _extend(
    database: Database, tenant: UUID, log: str, edge: MerkleEdge, size: int, last: KeptCheckpoint | None
) -> None:
    for row in rows_after(database, tenant, log, edge.size, size):
        position = edge.size + 1
        if row.position != position:
            raise LedgerDamagedError(log, tenant, position, "position_missing")
        leaf = b"" if isinstance(row, UnreadableRow) else leaf_hash_of(row)
        if leaf != bytes(row.leaf_hash):
            raise LedgerDamagedError(log, tenant, position, "leaf_differs")
        edge.append(leaf)
        if last and edge.size == last.size and edge.pack() != last.edge:
            raise LedgerDamagedError(log, tenant, last.size, "checkpoint_edge_differs")
    if edge.size != size:
        raise LedgerDamagedError(log, tenant, edge.size + 1, "position_missing")


def _keep(database: Database, tenant: UUID, log: str, kept: KeptCheckpoint) -> None:
    if not database.is_sqlite:
        call = text("SELECT ledger.keep_checkpoint(:tenant, :log, :size, :edge, :note)")
        with database.autocommit() as connection:
            connection.execute(
                call, {"tenant": tenant, "log": log, "size": kept.size, "edge": kept.edge, "note": kept.note}
            )
        return
    with database.tenant(tenant) as connection:
        found = select(checkpoints.c.size).where(
            checkpoints.c.tenant == tenant, checkpoints.c.log == log, checkpoints.c.size == kept.size
        )
        if connection.scalar(found) is None:
            connection.execute(
                insert(checkpoints).values(tenant=tenant, log=log, size=kept.size, edge=kept.edge, note=kept.note)
            )
