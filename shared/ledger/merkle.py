"""The Merkle tree of a log, as RFC 6962 section 2.1 (RFC 9162 section 2.1) defines it, kept as its right edge only.

The edge holds the roots of the full subtrees that the tree splits into, largest first: one for each set bit of the
size. Appending costs O(1) hashes on average, the root O(log n); no other node needs to be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class MerkleEdge:
    """A growing tree: its size and right edge."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError(f"an edge of size {size} has {size.bit_count()} nodes, not {len(self.nodes)}")

    @classmethod
    def unpack(cls, size: int, packed: bytes) -> MerkleEdge:
        """The edge from its stored form (`pack`)."""
        return cls(size, [packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)])

    def pack(self) -> bytes:
        """The edge's stored form: its hashes one after the other, largest subtree first."""
        return b"".join(self.nodes)

    def append(self, leaf: bytes) -> None:
        """Takes one more leaf hash in."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.nodes.pop(), node)
            size >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root hash; for the empty tree SHA-256 of nothing."""
        if not self.nodes:
            return EMPTY_ROOT
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = node_hash(node, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes: neighbours are paired level by level, one that is left over goes up as it is."""
    nodes = list(leaves)
    while len(nodes) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=False)]
        nodes = above + nodes[len(above) * 2 :]
    return nodes[0] if nodes else EMPTY_ROOT


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` (from 0) in the tree of `leaves`, nearest node first (RFC 6962, 2.1.1)."""
    if len(leaves) == 1:
        return []
    split = largest_power_of_two_below(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_of(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split])]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); ValueError if the path has a wrong length."""
    root = leaf
    for sibling, is_left in _sides(index, size, path):
        root = node_hash(sibling, root) if is_left else node_hash(root, sibling)
    return root


def _sides(index: int, size: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each node of an audit path, and whether it stands left of what it is joined with."""
    if not 0 <= index < size:
        raise ValueError("the index lies outside the tree")
    node, last = index, size - 1
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        is_left = bool(node & 1) or node == last
        yield sibling, is_left
        while is_left and not node & 1 and node:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")


def roots_from_consistency(before: int, after: int, root_before: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The earlier and the later root that a consistency proof leads to (RFC 9162, 2.1.4.2).

    They are those of the two trees only if the earlier was the later one's beginning. ValueError if the path has a
    wrong length.
    """
    if not 0 < before <= after:
        raise ValueError("the sizes do not rise")
    if before == after:
        if path:
            raise ValueError("the path is too long")
        return root_before, root_before
    nodes = [root_before, *path] if before & (before - 1) == 0 else list(path)
    if not nodes:
        raise ValueError("the path is too short")
    # The first node is the root of the last full subtree of the earlier tree; the rest is its audit path in the later.
    height = (before & -before).bit_length() - 1
    earlier = later = nodes[0]
    for sibling, is_left in _sides((before - 1) >> height, ((after - 1) >> height) + 1, nodes[1:]):
        earlier = node_hash(sibling, earlier) if is_left else earlier
        later = node_hash(sibling, later) if is_left else node_hash(later, sibling)
    return earlier, later


def is_consistent(before: int, root_before: bytes, after: int, root_after: bytes, path: Sequence[bytes]) -> bool:
    """Whether a consistency proof shows that the earlier tree is the later one's beginning."""
    try:
        return roots_from_consistency(before, after, root_before, path) == (root_before, root_after)
    except ValueError:
        return False


def largest_power_of_two_below(size: int) -> int:
    """The place where RFC 9162 splits a tree of `size` leaves, which are two at least."""
    return 1 << (size - 1).bit_length() - 1
