"""The append's functions in the database against the Python code, on random data."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.database import Database
from shared.ledger.leaf import Leaf
from shared.ledger.merkle import MerkleEdge
from shared.testing.sample import request, sealed_event

# PostgreSQL's text holds everything but NUL.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
numbers = st.integers(min_value=-(2**63), max_value=2**63 - 1)
hashes = st.binary(min_size=32, max_size=32)
against_the_database = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

LEAF = text(
    "SELECT ledger.leaf_hash(:log, :tenant, :position, :stream, :version, :topic, :actor, :recorded_at, :cause,"
    " :correlation, :payload, :commitment)"
)
EDGE = text("SELECT ledger.edge_with(:size, :edge, :leaf)")


class TestTheLeafInTheDatabase:
    @against_the_database
    @given(
        log=texts,
        tenant=st.uuids(),
        position=numbers,
        stream=st.uuids(),
        version=numbers,
        topic=texts,
        actor=texts,
        recorded_at=numbers,
        cause=st.none() | st.uuids(),
        correlation=st.none() | st.uuids(),
        payload=st.binary(max_size=200),
        commitment=hashes,
    )
    def test_is_pythons(self, postgres_ledger: Database, payload: bytes, commitment: bytes, **fields: Any) -> None:
        leaf = Leaf(payload_hash=hashlib.sha256(payload).digest(), key_commitment=commitment, **fields)
        with postgres_ledger.autocommit() as connection:
            found = connection.scalar(LEAF, {"payload": payload, "commitment": commitment, **fields})
        assert bytes(found or b"") == leaf.hash()


class TestTheEdgeInTheDatabase:
    def test_grows_as_pythons(self, postgres_ledger: Database) -> None:
        edge, stored = MerkleEdge(), b""
        with postgres_ledger.autocommit() as connection:
            for number in range(300):
                leaf = hashlib.sha256(bytes([number % 256, number // 256])).digest()
                stored = bytes(connection.scalar(EDGE, {"size": edge.size, "edge": stored, "leaf": leaf}) or b"")
                edge.append(leaf)
                assert stored == edge.pack()

    @against_the_database
    @given(size=st.integers(min_value=0, max_value=2**62), leaf=hashes, seed=st.binary(max_size=8))
    def test_of_any_size_grows_as_pythons(self, postgres_ledger: Database, size: int, leaf: bytes, seed: bytes) -> None:
        nodes = [hashlib.sha256(seed + bytes([one])).digest() for one in range(size.bit_count())]
        edge = MerkleEdge(size, nodes)
        with postgres_ledger.autocommit() as connection:
            found = connection.scalar(EDGE, {"size": size, "edge": edge.pack(), "leaf": leaf})
        edge.append(leaf)
        assert bytes(found or b"") == edge.pack()


class TestTheSameAppends:
    def test_have_the_same_roots_in_both_databases(self, postgres_ledger: Database, sqlite_ledger: Database) -> None:
        """With `recorded_at` out of the way, leaf and edge come out alike."""
        tenant, streams = new_id(), [new_id() for _ in range(9)]
        for database in (postgres_ledger, sqlite_ledger):
            for stream in streams:
                append(database, request(tenant, sealed_event(stream), cause=stream))
        ours, theirs = (_leaves(database, tenant) for database in (postgres_ledger, sqlite_ledger))
        assert ours == theirs


def _leaves(database: Database, tenant: UUID) -> list[bytes]:
    """The leaves of a log, each worked out from its columns but for the time, once it is what is stored."""
    found = text("SELECT * FROM ledger.events WHERE tenant = :tenant ORDER BY position")
    if database.is_sqlite:
        found = text("SELECT * FROM events WHERE tenant = :tenant ORDER BY position")
    with database.tenant(tenant) as connection:
        rows = connection.execute(found, {"tenant": tenant.hex if database.is_sqlite else tenant}).all()
    leaves = []
    for row in rows:
        fields = {
            "log": row.log,
            "tenant": tenant,
            "position": row.position,
            "stream": UUID(str(row.stream)),
            "version": row.version,
            "topic": row.topic,
            "actor": row.actor,
            "cause": UUID(str(row.cause)),
            "correlation": None,
            "payload_hash": hashlib.sha256(row.payload).digest(),
            "key_commitment": bytes(row.key_commitment),
        }
        assert Leaf(recorded_at=row.recorded_at, **fields).hash() == bytes(row.leaf_hash)
        leaves.append(Leaf(recorded_at=0, **fields).hash())
    return leaves
