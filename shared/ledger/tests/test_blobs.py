"""Files beside a log: sealed as they come in, opened at their own place only, gone with their stream's key."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.blobs import PIECE_SIZE, Blobs
from shared.ledger.database import Database
from shared.ledger.key_rows import destroy_stream_key
from shared.ledger.tables import blobs, uploads
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.testing.ledger import Tamperer, ledger_parts
from shared.testing.sample import request, sealed_event

CONTENT = "Қоңырау алдындағы жазба – ".encode() * 30_000
LOG = "sample"


@pytest.fixture
def keys(ledger_database: Database, tmp_path: Path) -> StreamKeys:
    """The keys of a tenant of this test's own."""
    parts = ledger_parts(ledger_database, tmp_path / "keys")
    return StreamKeys(ledger_database, new_id(), parts.tenant_keys, parts.key_cache)


@pytest.fixture
def stream(ledger_database: Database, keys: StreamKeys) -> UUID:
    """A stream with one event and a key."""
    return a_stream(ledger_database, keys)


def a_stream(database: Database, keys: StreamKeys, *topics: str) -> UUID:
    """Another one."""
    stream = new_id()
    named = enumerate(topics or ("sample.box_opened",), start=1)
    events = [sealed_event(stream, version, topic=topic) for version, topic in named]
    append(database, request(keys.tenant, *events, new_keys=[(stream, keys.new(stream)[1])]))
    return stream


def in_rows(database: Database, tenant: UUID) -> bytes:
    """All that lies in the two tables of a tenant."""
    with database.tenant(tenant) as connection:
        rows = [
            bytes(sealed)
            for table in (uploads, blobs)
            for sealed in connection.scalars(select(table.c.sealed).where(table.c.tenant == tenant))
        ]
    return b"".join(rows)


class TestAFile:
    def test_comes_in_by_pieces_in_any_order_and_more_than_once(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID
    ) -> None:
        store, blob = Blobs(ledger_database, keys), new_id()
        for number, piece in ((1, b"second"), (0, b"other"), (0, b"first ")):
            store.take_in(stream, blob, number, piece, at=1)
        assert store.came_in(stream, blob) == [0, 1]
        assert store.whole(stream, blob) == b"first second"
        assert store.coming_in(stream) == {blob: 2}
        store.let_go(stream, blob)
        assert (store.came_in(stream, blob), store.coming_in(stream)) == ([], {})

    def test_that_was_never_made_whole_is_forgotten(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID
    ) -> None:
        store, old, new = Blobs(ledger_database, keys), new_id(), new_id()
        for blob, at in ((old, 1), (new, 3)):
            store.take_in(stream, blob, 0, b"piece", at=at)
        store.let_go_of_older(than=2)
        assert set(store.coming_in(stream)) == {new}

    def test_is_kept_in_pieces_and_never_lies_in_plain(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID
    ) -> None:
        store, blob = Blobs(ledger_database, keys), new_id()
        store.take_in(stream, blob, 0, CONTENT[:1000], at=1)
        pieces = store.keep(stream, blob, CONTENT)
        assert [len(one) for one in pieces] == [PIECE_SIZE, PIECE_SIZE, len(CONTENT) - 2 * PIECE_SIZE]
        assert (store.kept(stream, blob), store.piece(stream, blob, 1)) == (CONTENT, pieces[1])
        assert store.piece(stream, blob, 3) is None
        assert CONTENT[:20] not in in_rows(ledger_database, keys.tenant)

    def test_opens_after_its_streams_key_was_renewed(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID
    ) -> None:
        store, before, after = Blobs(ledger_database, keys), new_id(), new_id()
        store.keep(stream, before, b"before")
        keys.renew(stream)
        store.keep(stream, after, b"after")
        assert (store.kept(stream, before), store.kept(stream, after)) == (b"before", b"after")

    def test_opens_nowhere_but_at_its_place(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID, tamperer: Tamperer
    ) -> None:
        """Of another stream, file or number."""
        store, blob, other = Blobs(ledger_database, keys), new_id(), a_stream(ledger_database, keys)
        store.keep(stream, blob, b"piece")
        moves = (f"stream = '{_id(ledger_database, other)}'", f"blob = '{_id(ledger_database, other)}'", "number = 1")
        for move in moves:
            tamperer.run(f"UPDATE messages.blobs SET {move} WHERE tenant = :tenant", tenant=keys.tenant)
            with ledger_database.tenant(keys.tenant) as connection:
                row = connection.execute(select(blobs).where(blobs.c.tenant == keys.tenant)).one()
            with pytest.raises(UnsealError):
                store.piece(row.stream, row.blob, row.number)

    def test_of_another_tenant_is_not_there(
        self, ledger_database: Database, keys: StreamKeys, stream: UUID, tmp_path: Path
    ) -> None:
        blob = new_id()
        Blobs(ledger_database, keys).keep(stream, blob, b"piece")
        parts = ledger_parts(ledger_database, tmp_path / "theirs")
        theirs = StreamKeys(ledger_database, new_id(), parts.tenant_keys, parts.key_cache)
        assert Blobs(ledger_database, theirs).piece(stream, blob, 0) is None


class TestErasing:
    def test_takes_the_files_of_the_stream_and_of_no_other(self, ledger_database: Database, keys: StreamKeys) -> None:
        erased = a_stream(ledger_database, keys, "sample.box_opened", "ledger.stream_erased")
        stays, blob, store = a_stream(ledger_database, keys), new_id(), Blobs(ledger_database, keys)
        for stream in (erased, stays):
            store.keep(stream, blob, b"piece")
            store.take_in(stream, blob, 0, b"piece", at=1)
        assert destroy_stream_key(ledger_database, keys.tenant, LOG, erased)
        with ledger_database.tenant(keys.tenant) as connection:
            for table in (uploads, blobs):
                left = select(table.c.stream).where(table.c.tenant == keys.tenant)
                assert list(connection.scalars(left)) == [stays]
        keys._cache.forget(keys.tenant, erased)
        with pytest.raises(KeyDestroyedError):
            store.keep(erased, blob, b"again")

    def test_without_a_tombstone_takes_nothing(self, ledger_database: Database, keys: StreamKeys, stream: UUID) -> None:
        blob = new_id()
        Blobs(ledger_database, keys).keep(stream, blob, b"piece")
        assert not destroy_stream_key(ledger_database, keys.tenant, LOG, stream)
        assert Blobs(ledger_database, keys).kept(stream, blob) == b"piece"


class TestAKeptFile:
    @pytest.mark.parametrize("statement", ["DELETE FROM messages.blobs", "UPDATE messages.blobs SET number = 2"])
    def test_is_not_the_services_to_change(self, postgres_ledger: Database, statement: str) -> None:
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            postgres_ledger.tenant(new_id()) as connection,
        ):
            connection.execute(text(statement))

    def test_is_nothing_to_relay_and_clock(self, postgres_ledger: Database) -> None:
        for role in (postgres_ledger.relay, postgres_ledger.clock):
            with pytest.raises(DBAPIError, match="permission denied"), role() as connection:
                connection.scalar(select(func.count()).select_from(blobs))


def _id(database: Database, id: UUID) -> str:
    """As the database has it."""
    return id.hex if database.is_sqlite else str(id)
