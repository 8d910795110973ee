"""Tiles of a log's Merkle tree (C2SP tlog-tiles): 256 hashes each, kept when they are full, never changed.

A tile of level 0 holds leaf hashes, one of level L the roots of 256 tiles of level L - 1. What is not full yet is
worked out from what lies below it: leaves from the rows, hashes of higher levels from the roots that are kept beside
the tiles. So a proof needs two tiles a level at most, and no more than 256 hashes for each; they are read at once.

Tiles say nothing that the rows don't: they are written when a checkpoint is made, once they lead to its hashes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count
from uuid import UUID

from sqlalchemy import func, insert, select, text

from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.merkle import HASH_SIZE, MerkleEdge, root_of
from shared.ledger.proofs import HEIGHT, WIDTH, Tree
from shared.ledger.tables import events, tiles

HELD = 32


class StoredTiles:
    """The tiles of one log; holds the last few it read. `reads` counts what was asked of the database."""

    def __init__(self, database: Database, tenant: UUID, log: str) -> None:
        self.database = database
        self.tenant = tenant
        self.log = log
        self.reads = 0
        self._held: dict[tuple[int, int], Sequence[bytes]] = {}
        self._of_log = (tiles.c.tenant == tenant) & (tiles.c.log == log)

    def tile(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """The first `width` hashes of a tile. Raises LedgerDamagedError where rows are missing."""
        held = self._held.get((level, index), ())
        if len(held) < width:
            held = (self._full(level, index) if width == WIDTH else None) or self._below(level, index, width)
            if len(self._held) >= HELD:
                self._held.clear()
            self._held[level, index] = held
        return held[:width]

    def read_ahead(self, wanted: Collection[tuple[int, int, int]]) -> None:
        """Reads in one round trip what is not held yet of these tiles (level, index, width), on PostgreSQL.

        What is not there is left to `tile`, which works it out or says what is missing.
        """
        missing = [one for one in wanted if len(self._held.get(one[:2], ())) < one[2]]
        if self.database.is_sqlite or not missing:
            return
        if len(self._held) + len(missing) > HELD:
            self._held.clear()
        self.reads += 1
        call = text("SELECT level, index, hashes FROM ledger.tree_parts(:tenant, :log, :levels, :indexes, :widths)")
        levels, indexes, widths = (list(column) for column in zip(*missing, strict=True))
        places = {"tenant": self.tenant, "log": self.log, "levels": levels, "indexes": indexes, "widths": widths}
        with self.database.autocommit() as connection:
            found = {(level, index): hashes for level, index, hashes in connection.execute(call, places)}
        for level, index, width in missing:
            hashes = unpacked(bytes(found[level, index] or b""))
            if len(hashes) == width:
                self._held[level, index] = hashes

    def kept(self, level: int) -> int:
        """How many tiles of a level are kept: all those before the first that is not."""
        chosen = select(func.max(tiles.c.index)).where(self._of_log, tiles.c.level == level)
        with self.database.tenant(self.tenant) as connection:
            last = connection.scalar(chosen)
        return 0 if last is None else last + 1

    def keep(self, level: int, index: int, root: bytes, hashes: Sequence[bytes]) -> None:
        """Stores a full tile; one that is there stays."""
        row = {"tenant": self.tenant, "log": self.log, "level": level, "index": index}
        row |= {"root": root, "hashes": b"".join(hashes)}
        if not self.database.is_sqlite:
            call = text("SELECT ledger.keep_tile(:tenant, :log, :level, :index, :root, :hashes)")
            with self.database.autocommit() as connection:
                connection.execute(call, row)
            return
        found = select(tiles.c.level).where(self._of_log, tiles.c.level == level, tiles.c.index == index)
        with self.database.tenant(self.tenant) as connection:
            if connection.scalar(found) is None:
                connection.execute(insert(tiles).values(row))

    def _full(self, level: int, index: int) -> Sequence[bytes] | None:
        self.reads += 1
        chosen = select(tiles.c.hashes).where(self._of_log, tiles.c.level == level, tiles.c.index == index)
        with self.database.tenant(self.tenant) as connection:
            packed = connection.scalar(chosen)
        return None if packed is None else unpacked(bytes(packed))

    def _below(self, level: int, index: int, width: int) -> Sequence[bytes]:
        self.reads += 1
        first = index * WIDTH
        found = self._leaves(first, width) if level == 0 else self._roots(level - 1, first, width)
        missing = next((at for at in range(first, first + width) if at not in found), None)
        if missing is not None:
            raise LedgerDamagedError(self.log, self.tenant, (missing << HEIGHT * level) + 1, "position_missing")
        return [found[at] for at in range(first, first + width)]

    def _leaves(self, first: int, width: int) -> dict[int, bytes]:
        chosen = select(events.c.position, events.c.leaf_hash).where(
            events.c.tenant == self.tenant,
            events.c.log == self.log,
            events.c.position > first,
            events.c.position <= first + width,
        )
        with self.database.tenant(self.tenant) as connection:
            return {row.position - 1: bytes(row.leaf_hash) for row in connection.execute(chosen)}

    def _roots(self, level: int, first: int, width: int) -> dict[int, bytes]:
        chosen = select(tiles.c.index.label("at"), tiles.c.root).where(
            self._of_log, tiles.c.level == level, tiles.c.index >= first, tiles.c.index < first + width
        )
        with self.database.tenant(self.tenant) as connection:
            found = {int(row.at): bytes(row.root) for row in connection.execute(chosen)}
        not_kept = [at for at in range(first, first + width) if at not in found]
        return found | {at: root_of(self.tile(level, at, WIDTH)) for at in not_kept}


def fill_tiles(database: Database, tenant: UUID, log: str, edge: MerkleEdge) -> None:
    """Keeps every tile that is full in the tree with this edge, which was verified, and is not kept yet.

    Raises LedgerDamagedError, and keeps nothing of that level, where the tiles do not lead to the edge.
    """
    stored = StoredTiles(database, tenant, log)
    for level in count():
        height = HEIGHT * (level + 1)
        full = edge.size >> height
        if full == 0:
            return
        begun = stored.kept(level)
        if begun < full:
            _fill_level(stored, level, begun, MerkleEdge(full, edge.nodes[: full.bit_count()]))


def _fill_level(stored: StoredTiles, level: int, begun: int, expected: MerkleEdge) -> None:
    """Two passes, so that a log of a million leaves that has no tiles yet is not held in memory."""
    height = HEIGHT * (level + 1)
    grown = MerkleEdge(begun, Tree(stored, begun << height).edge().nodes)
    roots = {}
    for index in range(begun, expected.size):
        roots[index] = root_of(stored.tile(level, index, WIDTH))
        grown.append(roots[index])
    if grown.nodes != expected.nodes:
        raise LedgerDamagedError(stored.log, stored.tenant, (begun << height) + 1, "tile_differs")
    for index, root in roots.items():
        hashes = stored.tile(level, index, WIDTH)
        if root_of(hashes) != root:
            raise LedgerDamagedError(stored.log, stored.tenant, (index << height) + 1, "tile_differs")
        stored.keep(level, index, root, hashes)


def unpacked(hashes: bytes) -> list[bytes]:
    """A tile's hashes, from one after the other as they are stored."""
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
