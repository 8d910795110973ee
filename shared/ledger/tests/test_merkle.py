"""Our tree against the test vectors of Certificate Transparency and against pymerkle."""

from __future__ import annotations

from functools import cache

import pytest
from pymerkle import InmemoryTree

from shared.ledger.merkle import EMPTY_ROOT, MerkleEdge, inclusion_proof, leaf_hash, root_from_inclusion, root_of

# The test data of RFC 6962's reference implementation (google/certificate-transparency, merkle tree tests).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PROOFS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = range(1, 131)
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in SIZES]


@cache
def pymerkle_tree() -> InmemoryTree:
    """The same entries in somebody else's tree."""
    tree = InmemoryTree(algorithm="sha256")
    for number in SIZES:
        tree.append_entry(f"entry {number}".encode())
    return tree


class TestTheTree:
    def test_of_nothing_has_the_hash_of_nothing_as_root(self) -> None:
        assert MerkleEdge().root() == EMPTY_ROOT
        assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @pytest.mark.parametrize("size", range(1, 9))
    def test_has_the_roots_of_the_reference_implementation(self, size: int) -> None:
        assert root_of([leaf_hash(entry) for entry in ENTRIES[:size]]).hex() == ROOTS[size - 1]

    @pytest.mark.parametrize("size", SIZES)
    def test_has_the_roots_of_pymerkle(self, size: int) -> None:
        assert root_of(LEAVES[:size]) == pymerkle_tree().get_root(size)

    @pytest.mark.parametrize("size", SIZES)
    def test_goes_on_from_its_stored_edge_as_if_it_had_never_stopped(self, size: int) -> None:
        edge = MerkleEdge()
        for leaf in LEAVES[:size]:
            edge = MerkleEdge.unpack(edge.size, edge.pack())
            edge.append(leaf)
        assert edge.root() == root_of(LEAVES[:size])
        assert len(edge.nodes) == size.bit_count()

    def test_takes_no_edge_that_does_not_fit_its_size(self) -> None:
        with pytest.raises(ValueError, match="nodes"):
            MerkleEdge.unpack(3, b"\0" * 32)


class TestAnInclusionProof:
    @pytest.mark.parametrize(("index", "size"), PROOFS)
    def test_is_that_of_the_reference_implementation(self, index: int, size: int) -> None:
        leaves = [leaf_hash(entry) for entry in ENTRIES[:size]]
        assert [node.hex() for node in inclusion_proof(leaves, index)] == PROOFS[(index, size)]

    @pytest.mark.parametrize("size", SIZES)
    def test_leads_each_leaf_to_the_root_on_pymerkles_path(self, size: int) -> None:
        root = root_of(LEAVES[:size])
        for index in {0, 1, size // 3, size // 2, size - 2, size - 1} & set(range(size)):
            path = inclusion_proof(LEAVES[:size], index)
            assert [LEAVES[index], *path] == list(pymerkle_tree().prove_inclusion(index + 1, size).path)
            assert root_from_inclusion(LEAVES[index], index, size, path) == root

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 100])
    def test_leads_no_other_leaf_or_place_to_the_root(self, size: int) -> None:
        root, path = root_of(LEAVES[:size]), inclusion_proof(LEAVES[:size], size - 1)
        assert root_from_inclusion(leaf_hash(b"another"), size - 1, size, path) != root
        if size > 1:
            assert _root_or_none(LEAVES[size - 1], size - 2, size, path) != root
            assert _root_or_none(LEAVES[size - 1], size - 1, size, [path[0][::-1], *path[1:]]) != root

    @pytest.mark.parametrize(("index", "size"), [(0, 1), (3, 8), (4, 5)])
    def test_of_a_wrong_length_is_refused(self, index: int, size: int) -> None:
        path = inclusion_proof(LEAVES[:size], index)
        with pytest.raises(ValueError, match="too long"):
            root_from_inclusion(LEAVES[index], index, size, [*path, b"\0" * 32])
        if path:
            with pytest.raises(ValueError, match="too short"):
                root_from_inclusion(LEAVES[index], index, size, path[:-1])

    @pytest.mark.parametrize("index", [-1, 8])
    def test_of_no_leaf_is_refused(self, index: int) -> None:
        with pytest.raises(ValueError, match="outside"):
            root_from_inclusion(LEAVES[0], index, 8, [])


def _root_or_none(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return root_from_inclusion(leaf, index, size, path)
    except ValueError:
        return None
