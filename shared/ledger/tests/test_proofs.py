"""Tiles and the proofs that read them, against the plain definition, pymerkle and the reference implementation."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree
from sqlalchemy import MetaData, create_engine, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.checkpoint import LedgerDamagedError, make_checkpoint
from shared.ledger.database import Database
from shared.ledger.install import install_postgres, install_sqlite, remove_postgres
from shared.ledger.merkle import (
    MerkleEdge,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_from_inclusion,
    root_of,
    roots_from_consistency,
)
from shared.ledger.proofs import WIDTH, Tree
from shared.ledger.tables import events, heads, tiles
from shared.ledger.tests.test_merkle import ENTRIES, ROOTS
from shared.ledger.tiles import StoredTiles, fill_tiles
from shared.signing import SigningKey
from shared.testing.ledger import LedgerServer, Tamperer
from shared.testing.sample import request, sealed_event

KEY = SigningKey.generate("sample")
LARGEST = 600
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(1, LARGEST + 1)]
EVERY_SIZE = range(1, LARGEST + 1)
SIZES = st.integers(1, LARGEST)
# The reference implementation's consistency proofs over its eight entries (google/certificate-transparency).
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class MemoryTiles:
    """Tiles over leaves at hand; counts those that are asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.asked: set[tuple[int, int]] = set()

    def read_ahead(self, wanted: Collection[tuple[int, int, int]]) -> None:
        """Nothing is far away here."""

    def tile(self, level: int, index: int, width: int) -> list[bytes]:
        self.asked.add((level, index))
        return [self._hash(level, index * WIDTH + at) for at in range(width)]

    def _hash(self, level: int, index: int) -> bytes:
        span = WIDTH**level
        return root_of(self.leaves[index * span : (index + 1) * span])


@cache
def pymerkle_tree() -> InmemoryTree:
    """The same entries in somebody else's tree."""
    tree = InmemoryTree(algorithm="sha256")
    for number in range(1, LARGEST + 1):
        tree.append_entry(f"entry {number}".encode())
    return tree


@cache
def pymerkle_root(size: int) -> bytes:
    """The root of its first entries."""
    root: bytes = pymerkle_tree().get_root(size)
    return root


class TestATreeReadFromTiles:
    def test_has_the_roots_of_pymerkle(self) -> None:
        for size in EVERY_SIZE:
            tree = Tree(MemoryTiles(LEAVES), size)
            assert tree.root() == tree.edge().root() == pymerkle_root(size)

    @pytest.mark.parametrize("size", range(1, 9))
    def test_has_the_roots_of_the_reference_implementation(self, size: int) -> None:
        assert Tree(MemoryTiles([leaf_hash(entry) for entry in ENTRIES]), size).root().hex() == ROOTS[size - 1]

    @pytest.mark.parametrize(("before", "after"), CONSISTENCY)
    def test_has_the_consistency_proofs_of_the_reference_implementation(self, before: int, after: int) -> None:
        tree = Tree(MemoryTiles([leaf_hash(entry) for entry in ENTRIES]), after)
        assert [node.hex() for node in tree.consistency(before)] == CONSISTENCY[before, after]

    def test_proves_inclusion_on_pymerkles_path(self) -> None:
        for size in EVERY_SIZE:
            tree = Tree(MemoryTiles(LEAVES), size)
            for index in {size // 3, size - 1}:
                path = tree.inclusion(index)
                assert [LEAVES[index], *path] == list(pymerkle_tree().prove_inclusion(index + 1, size).path)
                assert root_from_inclusion(LEAVES[index], index, size, path) == tree.root()

    def test_proves_that_earlier_trees_are_its_beginning(self) -> None:
        """Roots are pymerkle's on both sides; a proof for any other earlier root shows nothing."""
        for after in EVERY_SIZE:
            tree = Tree(MemoryTiles(LEAVES), after)
            for before in {after // 3, after - 1, after} - {0}:
                path, root = tree.consistency(before), pymerkle_root(before)
                assert is_consistent(before, root, after, pymerkle_root(after), path)
                assert len(path) <= after.bit_length() + 1
                assert not is_consistent(before, root[::-1], after, tree.root(), path)

    @settings(max_examples=300, deadline=None)
    @given(size=SIZES, data=st.data())
    def test_proves_any_leaf(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        path = Tree(MemoryTiles(LEAVES), size).inclusion(index)
        assert path == inclusion_proof(LEAVES[:size], index)

    @settings(max_examples=300, deadline=None)
    @given(sizes=st.tuples(SIZES, SIZES), at=st.integers(0, 20), bit=st.integers(0, 255))
    def test_shows_no_history_that_was_changed(self, sizes: tuple[int, int], at: int, bit: int) -> None:
        """One bit of a proof, or its length, decides."""
        before, after = min(sizes), max(sizes)
        path = Tree(MemoryTiles(LEAVES), after).consistency(before)
        roots = root_of(LEAVES[:before]), root_of(LEAVES[:after])
        assert is_consistent(before, roots[0], after, roots[1], path)
        assert not is_consistent(before, roots[0], after, roots[1], [*path, bytes(32)])
        if path:
            at %= len(path)
            flipped = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
            assert not is_consistent(before, roots[0], after, roots[1], [*path[:at], flipped, *path[at + 1 :]])
            assert not is_consistent(before, roots[0], after, roots[1], path[:-1])

    @settings(max_examples=100, deadline=None)
    @given(before=st.integers(1, LARGEST - 1), changed=st.integers(0, LARGEST - 2))
    def test_never_proves_a_fork(self, before: int, changed: int) -> None:
        """Where a leaf of the past is another, the true proof of either tree does not join the two."""
        changed %= before
        forked = [*LEAVES[:changed], leaf_hash(b"another"), *LEAVES[changed + 1 :]]
        root = root_of(LEAVES[:before])
        path = Tree(MemoryTiles(forked), LARGEST).consistency(before)
        assert not is_consistent(before, root, LARGEST, root_of(forked), path)

    @pytest.mark.parametrize("size", [1, 255, 256, 257, 65_535, 65_536, 65_537, 1_000_000, 17_000_000])
    def test_asks_for_two_tiles_a_level_at_most(self, size: int) -> None:
        for index in {0, size // 2, size - 1}:
            tiles_asked = _Counting()
            Tree(tiles_asked, size).inclusion(index)
            Tree(tiles_asked, size).consistency(index + 1)
            assert len(tiles_asked.asked) <= 2 * _levels(size)
            assert not tiles_asked.not_told

    def test_refuses_what_lies_outside(self) -> None:
        tree = Tree(MemoryTiles(LEAVES), 5)
        for index in (-1, 5):
            with pytest.raises(ValueError, match="outside"):
                tree.inclusion(index)
        for before in (0, 6):
            with pytest.raises(ValueError, match="outside"):
                tree.consistency(before)
            with pytest.raises(ValueError, match="rise"):
                roots_from_consistency(before, 5, b"", [])


class _Counting:
    """A tree of any size whose hashes are all the same: what is asked for matters."""

    def __init__(self) -> None:
        self.asked: set[tuple[int, int]] = set()
        self.not_told: list[tuple[int, int, int]] = []
        self._told: set[tuple[int, int, int]] = set()

    def read_ahead(self, wanted: Collection[tuple[int, int, int]]) -> None:
        self._told.update(wanted)

    def tile(self, level: int, index: int, width: int) -> list[bytes]:
        self.asked.add((level, index))
        if (level, index, width) not in self._told:
            self.not_told.append((level, index, width))
        return [bytes(32)] * width


def _levels(size: int) -> int:
    return next(level for level in range(1, 9) if size <= WIDTH**level)


@pytest.fixture
def tenant(ledger_database: Database) -> UUID:
    """A tenant with 600 events, of which a checkpoint was made."""
    tenant = new_id()
    append(ledger_database, request(tenant, *(sealed_event(new_id()) for _ in range(LARGEST))))
    make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
    return tenant


def leaves_of(database: Database, tenant: UUID) -> list[bytes]:
    chosen = select(events.c.leaf_hash).where(events.c.tenant == tenant).order_by(events.c.position)
    with database.tenant(tenant) as connection:
        return [bytes(leaf) for leaf in connection.scalars(chosen)]


class TestKeptTiles:
    def test_are_those_that_are_full(self, ledger_database: Database, tenant: UUID) -> None:
        leaves = leaves_of(ledger_database, tenant)
        with ledger_database.tenant(tenant) as connection:
            columns = (tiles.c.log, tiles.c.level, tiles.c.index, tiles.c.hashes, tiles.c.root)
            found = connection.execute(select(*columns).where(tiles.c.tenant == tenant).order_by(tiles.c.index)).all()
        assert [tuple(row) for row in found] == [
            ("sample", 0, 0, b"".join(leaves[:256]), root_of(leaves[:256])),
            ("sample", 0, 1, b"".join(leaves[256:512]), root_of(leaves[256:512])),
        ]

    def test_are_added_as_the_log_grows(self, ledger_database: Database, tenant: UUID) -> None:
        append(ledger_database, request(tenant, *(sealed_event(new_id()) for _ in range(200))))
        make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
        assert StoredTiles(ledger_database, tenant, "sample").kept(0) == 3

    def test_are_made_for_a_log_that_has_none_though_it_does_not_grow(
        self, ledger_database: Database, tamperer: Tamperer, tenant: UUID
    ) -> None:
        """As in a database of the version before tiles."""
        tamperer.run("DELETE FROM ledger.tiles WHERE tenant = :tenant", tenant=tenant)
        make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
        assert StoredTiles(ledger_database, tenant, "sample").kept(0) == 2

    def test_let_a_proof_read_them_and_no_row_of_the_past(
        self, ledger_database: Database, tamperer: Tamperer, tenant: UUID
    ) -> None:
        leaves = leaves_of(ledger_database, tenant)
        tamperer.run("DELETE FROM ledger.events WHERE tenant = :tenant AND position <= 512", tenant=tenant)
        for index in (0, 300, 511, 599):
            stored = StoredTiles(ledger_database, tenant, "sample")
            assert Tree(stored, LARGEST).inclusion(index) == inclusion_proof(leaves, index)
            assert stored.reads <= (3 if ledger_database.is_sqlite else 1)
        stored = StoredTiles(ledger_database, tenant, "sample")
        assert is_consistent(
            300, root_of(leaves[:300]), LARGEST, root_of(leaves), Tree(stored, LARGEST).consistency(300)
        )
        assert stored.reads <= (3 if ledger_database.is_sqlite else 1)

    def test_are_not_kept_where_the_rows_do_not_lead_to_the_edge(
        self, ledger_database: Database, tamperer: Tamperer, tenant: UUID
    ) -> None:
        """Somebody took the tiles away and changed a leaf hash of long ago: nothing false is kept, nothing signed."""
        tamperer.run("DELETE FROM ledger.tiles WHERE tenant = :tenant", tenant=tenant)
        tamperer.run(
            "UPDATE ledger.events SET leaf_hash = :bytes WHERE tenant = :tenant AND position = 300",
            tenant=tenant,
            bytes=b"\7" * 32,
        )
        append(ledger_database, request(tenant, sealed_event(new_id())))
        with pytest.raises(LedgerDamagedError) as refused:
            make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
        assert refused.value.code == "tile_differs"
        assert StoredTiles(ledger_database, tenant, "sample").kept(0) == 0

    def test_without_rows_to_work_them_out_from_are_refused(
        self, ledger_database: Database, tamperer: Tamperer, tenant: UUID
    ) -> None:
        tamperer.run("DELETE FROM ledger.events WHERE tenant = :tenant AND position = 580", tenant=tenant)
        with pytest.raises(LedgerDamagedError) as refused:
            Tree(StoredTiles(ledger_database, tenant, "sample"), LARGEST).root()
        assert (refused.value.position, refused.value.code) == (580, "position_missing")


class TestALongLog:
    SIZE = 70_000

    @pytest.fixture
    def leaves(self) -> list[bytes]:
        return [sha256(str(number).encode()).digest() for number in range(self.SIZE)]

    def test_has_tiles_of_two_levels_and_proofs_of_few_reads(
        self, sqlite_ledger: Database, leaves: list[bytes]
    ) -> None:
        """The rows are made by hand: only their leaf hashes matter here."""
        tenant, edge = new_id(), MerkleEdge()
        for leaf in leaves:
            edge.append(leaf)
        _insert_rows(sqlite_ledger, tenant, leaves, edge)
        fill_tiles(sqlite_ledger, tenant, "sample", edge)
        with sqlite_ledger.tenant(tenant) as connection:
            chosen = select(tiles.c.level, func.count()).where(tiles.c.tenant == tenant).group_by(tiles.c.level)
            assert sorted(map(tuple, connection.execute(chosen))) == [(0, 273), (1, 1)]
        for index in (0, 65_535, 65_536, self.SIZE - 1):
            stored = StoredTiles(sqlite_ledger, tenant, "sample")
            path = Tree(stored, self.SIZE).inclusion(index)
            assert root_from_inclusion(leaves[index], index, self.SIZE, path) == edge.root()
            assert stored.reads <= 6


def _insert_rows(database: Database, tenant: UUID, leaves: list[bytes], edge: MerkleEdge) -> None:
    first = {"tenant": tenant, "log": "sample", "version": 1, "topic": "", "actor": "", "recorded_at": 0}
    first |= {"payload": b"", "key_commitment": b"", "leaf_version": 1}
    rows = [
        first | {"position": at, "stream": UUID(int=at), "leaf_hash": leaf} for at, leaf in enumerate(leaves, start=1)
    ]
    head = {"tenant": tenant, "log": "sample", "size": edge.size, "edge": edge.pack(), "recorded_at": 0}
    with database.tenant(tenant) as connection:
        connection.execute(insert(events), rows)
        connection.execute(insert(heads).values(head | {"public_number": 0, "incarnation": new_id()}))


class TestADatabaseFromBeforeTiles:
    """`qorgan install` and opening a home add what an earlier version did not have."""

    def test_on_postgres_gets_table_policy_triggers_and_rights(self, ledger_server: LedgerServer) -> None:
        old = LedgerServer(ledger_server.admin, f"{ledger_server.name}_old")
        install_postgres(old.admin, old.name, MetaData())
        try:
            engine = create_engine(old.admin.set(database=old.name), poolclass=NullPool)
            with engine.begin() as connection:
                connection.execute(text("DROP TABLE ledger.tiles"))
                connection.execute(text("DROP FUNCTION ledger.keep_tile"))
            for _ in range(2):
                install_postgres(old.admin, old.name, MetaData())
            database, tenant = old.open(), new_id()
            _keeps_one_tile(database, tenant)
            with database.autocommit() as connection:
                assert connection.scalar(text("SELECT count(*) FROM ledger.tiles")) == 0
            with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text("TRUNCATE ledger.tiles"))
            database.dispose()
        finally:
            remove_postgres(old.admin, old.name)

    def test_on_sqlite_gets_table_and_triggers(self, sqlite_ledger: Database) -> None:
        with sqlite_ledger.relay() as connection:
            connection.execute(text("DROP TABLE tiles"))
        for _ in range(2):
            install_sqlite(sqlite_ledger, MetaData())
        tenant = new_id()
        _keeps_one_tile(sqlite_ledger, tenant)
        with pytest.raises(IntegrityError, match="append-only"), sqlite_ledger.tenant(tenant) as connection:
            connection.execute(delete(tiles).where(tiles.c.tenant == tenant))


def _keeps_one_tile(database: Database, tenant: UUID) -> None:
    append(database, request(tenant, *(sealed_event(new_id()) for _ in range(WIDTH))))
    make_checkpoint(database, tenant, "sample", KEY, KEY.id)
    assert StoredTiles(database, tenant, "sample").kept(0) == 1
