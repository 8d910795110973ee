"""Inclusion and consistency proofs (RFC 9162, 2.1.3 and 2.1.4) that read tiles, O(log n) of them, and no rows of a log.

What verifies them is in `shared.ledger.merkle`, which knows no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.ledger.merkle import EMPTY_ROOT, MerkleEdge, largest_power_of_two_below, node_hash, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tiles(Protocol):
    """Where a tree's tiles come from (`shared.ledger.tiles.StoredTiles`)."""

    def tile(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """The first `width` hashes of a tile: all that it has in the tree of the size that asks."""
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
        path, start, end = [], 0, self.size
        while end - start > 1:
            split = start + largest_power_of_two_below(end - start)
            if index < split:
                path.append(self._range(split, end))
                end = split
            else:
                path.append(self._range(start, split))
                start = split
        return path[::-1]

    def consistency(self, before: int) -> list[bytes]:
        """The proof that the tree of size `before` is this one's beginning; empty where they are the same."""
        if not 0 < before <= self.size:
            raise ValueError("the earlier size lies outside the tree")
        path, start, end, is_whole = [], 0, self.size, True
        while before != end:
            split = start + largest_power_of_two_below(end - start)
            if before <= split:
                path.append(self._range(split, end))
                end = split
            else:
                path.append(self._range(start, split))
                start, is_whole = split, False
        if not is_whole:
            path.append(self._range(start, end))
        return path[::-1]

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves `start` to `end`, which is one of the subtrees that RFC 9162 splits the tree into."""
        width = end - start
        if width & (width - 1) == 0:
            return self._full(width.bit_length() - 1, start >> (width.bit_length() - 1))
        split = start + largest_power_of_two_below(width)
        return node_hash(self._range(start, split), self._range(split, end))

    def _full(self, height: int, index: int) -> bytes:
        """The root of a full subtree: the one at `index` among those of 2^height leaves."""
        level, within = divmod(height, HEIGHT)
        tile, offset = divmod(index << within, WIDTH)
        width = min(WIDTH, (self.size >> HEIGHT * level) - tile * WIDTH)
        return root_of(self._tiles.tile(level, tile, width)[offset : offset + (1 << within)])
