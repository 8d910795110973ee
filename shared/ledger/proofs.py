"""Inclusion and consistency proofs (RFC 9162, 2.1.3 and 2.1.4) that read tiles, O(log n) of them, and no rows of a log.

What verifies them is in `shared.ledger.merkle`, which knows no database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from shared.ledger.merkle import EMPTY_ROOT, MerkleEdge, largest_power_of_two_below, node_hash, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tiles(Protocol):
    """Where a tree's tiles come from (`shared.ledger.tiles.StoredTiles`)."""

    def tile(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """The first `width` hashes of a tile: all that it has in the tree of the size that asks."""
        ...

    def read_ahead(self, wanted: Collection[tuple[int, int, int]]) -> None:
        """Is told of all that a proof will ask of `tile` (level, index, width), so that they can be read at once."""
        ...


class Tree:
    """The Merkle tree over the first `size` leaves of a log."""

    def __init__(self, tiles: Tiles, size: int) -> None:
        self.size = size
        self._tiles = tiles

    def root(self) -> bytes:
        """The root over all leaves."""
        return self._range(0, self.size) if self.size else EMPTY_ROOT

    def edge(self) -> MerkleEdge:
        """The right edge: what grows on when leaves are appended."""
        nodes, start = [], 0
        for height in reversed(range(self.size.bit_length())):
            if self.size >> height & 1:
                nodes.append(self._full(height, start >> height))
                start += 1 << height
        return MerkleEdge(self.size, nodes)

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of the leaf at `index` (from 0), nearest node first."""
        if not 0 <= index < self.size:
            raise ValueError("the index lies outside the tree")
        path: list[tuple[int, int]] = []
        start, end = 0, self.size
        while end - start > 1:
            split = start + largest_power_of_two_below(end - start)
            if index < split:
                path.append((split, end))
                end = split
            else:
                path.append((start, split))
                start = split
        return self._roots(path[::-1])

    def consistency(self, before: int) -> list[bytes]:
        """The proof that the tree of size `before` is this one's beginning; empty where they are the same."""
        if not 0 < before <= self.size:
            raise ValueError("the earlier size lies outside the tree")
        path: list[tuple[int, int]] = []
        start, end, is_whole = 0, self.size, True
        while before != end:
            split = start + largest_power_of_two_below(end - start)
            if before <= split:
                path.append((split, end))
                end = split
            else:
                path.append((start, split))
                start, is_whole = split, False
        if not is_whole:
            path.append((start, end))
        return self._roots(path[::-1])

    def _roots(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        self._tiles.read_ahead({self._place(*part)[:3] for start, end in ranges for part in _full_parts(start, end)})
        return [self._range(start, end) for start, end in ranges]

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves `start` to `end`, which is one of the subtrees that RFC 9162 splits the tree into."""
        width = end - start
        if width & (width - 1) == 0:
            return self._full(width.bit_length() - 1, start >> (width.bit_length() - 1))
        split = start + largest_power_of_two_below(width)
        return node_hash(self._range(start, split), self._range(split, end))

    def _full(self, height: int, index: int) -> bytes:
        """The root of a full subtree: the one at `index` among those of 2^height leaves."""
        level, tile, width, offset = self._place(height, index)
        within = 1 << height % HEIGHT
        return root_of(self._tiles.tile(level, tile, width)[offset : offset + within])

    def _place(self, height: int, index: int) -> tuple[int, int, int, int]:
        """Where a full subtree's hashes begin: level and index of the tile, its width, the offset in it."""
        level, within = divmod(height, HEIGHT)
        tile, offset = divmod(index << within, WIDTH)
        return level, tile, min(WIDTH, (self.size >> HEIGHT * level) - tile * WIDTH), offset


def _full_parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The full subtrees, each by its height and index, of which the subtree over leaves `start` to `end` is made."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height
