"""The part of a log's verification that compares the kept tiles with the rows: memory of a few tiles a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import func, select

from shared.ledger.database import Database
from shared.ledger.merkle import root_of
from shared.ledger.proofs import HEIGHT, WIDTH
from shared.ledger.tables import tiles

PAGE = 32
HIGHEST_LEVEL = 7
"""No log has more than 2^63 leaves."""


class Find(Protocol):
    """Notes a fault: the first position that it concerns, its code, the last position."""

    def __call__(self, position: int, code: str, *, through: int | None = None) -> None:
        """Notes it."""
        ...


class _Kept(NamedTuple):
    root: bytes
    hashes: bytes


class TileCheck:
    """Meets every leaf hash of a log in order, and every kept tile when its leaves have passed.

    `signed` is the size of the log's last checkpoint, read before: every tile that was full then was kept with it.
    """

    def __init__(self, database: Database, tenant: UUID, log: str, signed: int, find: Find) -> None:
        self._database, self._tenant, self._find = database, tenant, find
        self._signed = signed
        self._of_log = (tiles.c.tenant == tenant) & (tiles.c.log == log)
        last, first = func.max(tiles.c.index), func.min(tiles.c.index)
        chosen = select(tiles.c.level, last, first).where(self._of_log).group_by(tiles.c.level)
        with database.tenant(tenant) as connection:
            kept = [(level, int(last), int(first)) for level, last, first in connection.execute(chosen)]
        self._last = {level: last for level, last, _ in kept if 0 <= level <= HIGHEST_LEVEL}
        self._nowhere = any(first < 0 or level not in self._last for level, _, first in kept)
        self._begun: dict[int, list[bytes]] = {}
        self._met: dict[int, int] = {}
        self._page: dict[int, dict[int, _Kept]] = {}
        self._goes_on = bool(self._last) or signed >= WIDTH

    def meet(self, leaf: bytes) -> None:
        """The next row's leaf hash."""
        if self._goes_on:
            self._take(0, leaf)

    def lose_track(self) -> None:
        """Rows are missing: what the tiles behind them should hold is not known any more."""
        self._goes_on = False

    def close(self, size: int) -> None:
        """Tiles of more leaves than there are, or of none that can be."""
        if self._nowhere:
            self._find(size + 1, "tile_beyond_head")
        for level, last in self._last.items() if self._goes_on else ():
            if last >= self._met.get(level, 0):
                self._find(size + 1, "tile_beyond_head", through=(last + 1) << HEIGHT * (level + 1))

    def _take(self, level: int, node: bytes) -> None:
        begun = self._begun.setdefault(level, [])
        begun.append(node)
        if len(begun) == WIDTH:
            index = self._met.get(level, 0)
            root = root_of(begun)
            self._compare(level, index, _Kept(root, b"".join(begun)))
            self._met[level] = index + 1
            begun.clear()
            self._take(level + 1, root)

    def _compare(self, level: int, index: int, expected: _Kept) -> None:
        height = HEIGHT * (level + 1)
        if index > self._last.get(level, -1) and (index + 1) << height > self._signed:
            return
        kept = self._kept(level, index)
        if kept != expected:
            code = "tile_differs" if kept else "tile_missing"
            self._find((index << height) + 1, code, through=(index + 1) << height)

    def _kept(self, level: int, index: int) -> _Kept | None:
        if index % PAGE == 0 or level not in self._page:
            self._page[level] = {at: _Kept(bytes(root), bytes(hashes)) for at, root, hashes in self._read(level, index)}
        return self._page[level].get(index)

    def _read(self, level: int, index: int) -> Sequence[tuple[int, bytes, bytes]]:
        chosen = select(tiles.c.index, tiles.c.root, tiles.c.hashes).where(
            self._of_log, tiles.c.level == level, tiles.c.index >= index, tiles.c.index < index + PAGE
        )
        with self._database.tenant(self._tenant) as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(chosen)]
