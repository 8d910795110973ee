"""What an append promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from shared.ids import new_id
from shared.ledger.append import AppendResult, InboxMark, append
from shared.ledger.database import Database
from shared.ledger.leaf import leaf_hash_of
from shared.ledger.merkle import root_of
from shared.ledger.postgres_append import PostgresAppends
from shared.ledger.tables import commands_done, events, heads, inbox, lanes, public_events, stream_keys
from shared.testing.sample import request, sealed_event


@pytest.fixture(params=["sqlite", "postgres", "postgres together"])
def ledger_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A ledger, on SQLite and on PostgreSQL in turn; there too where each append goes the way of several at once."""
    if request.param == "postgres together":
        database: Database = request.getfixturevalue("ledger_server").open()
        database.appends = PostgresAppends(database.service_engine, always_together=True)
        yield database
        database.dispose()
    else:
        yield request.getfixturevalue(f"{request.param}_ledger")


@pytest.fixture
def tenant() -> UUID:
    """A tenant of the test's own."""
    return new_id()


class TestAnAppend:
    def test_gives_positions_from_one_without_gaps(self, ledger_database: Database, tenant: UUID) -> None:
        first = append(ledger_database, request(tenant, sealed_event(new_id()), sealed_event(new_id())))
        second = append(ledger_database, request(tenant, sealed_event(new_id())))
        assert (first.status, first.last_position, second.last_position) == ("done", 2, 3)
        assert [row.position for row in _rows(ledger_database, tenant)] == [1, 2, 3]

    def test_keeps_the_root_over_the_leaves_of_its_rows(self, ledger_database: Database, tenant: UUID) -> None:
        for count in range(1, 8):
            append(ledger_database, request(tenant, *(sealed_event(new_id()) for _ in range(count)), cause=new_id()))
        rows = _rows(ledger_database, tenant)
        assert [leaf_hash_of(row) for row in rows] == [row.leaf_hash for row in rows]
        head = _head(ledger_database, tenant)
        nodes = [bytes(head.edge)[at : at + 32] for at in range(0, len(head.edge), 32)]
        assert nodes == [root_of([bytes(row.leaf_hash) for row in part]) for part in _full_subtrees(rows)]

    def test_never_lets_recorded_at_fall(self, ledger_database: Database, tenant: UUID) -> None:
        stamps = [append(ledger_database, request(tenant, sealed_event(new_id()))).recorded_at or 0 for _ in range(20)]
        assert stamps == sorted(stamps)
        assert [row.recorded_at for row in _rows(ledger_database, tenant)] == stamps

    def test_brings_the_keys_of_new_streams(self, ledger_database: Database, tenant: UUID) -> None:
        stream = new_id()
        append(ledger_database, request(tenant, sealed_event(stream), new_keys=[(stream, b"wrapped")]))
        with ledger_database.tenant(tenant) as connection:
            row = connection.execute(select(stream_keys).where(stream_keys.c.tenant == tenant)).one()
        assert (row.stream, bytes(row.wrapped)) == (stream, b"wrapped")

    def test_numbers_public_forms_without_gaps(self, ledger_database: Database, tenant: UUID) -> None:
        public: dict[str, Any] = {"public_type": "sample.box_opened.v1", "public_body": "{}"}
        append(ledger_database, request(tenant, sealed_event(new_id(), **public), sealed_event(new_id())))
        append(ledger_database, request(tenant, sealed_event(new_id()), sealed_event(new_id(), **public)))
        with ledger_database.tenant(tenant) as connection:
            rows = connection.execute(
                select(public_events).where(public_events.c.tenant == tenant).order_by(public_events.c.number)
            ).all()
        leaves = {row.position: row.leaf_hash for row in _rows(ledger_database, tenant)}
        assert [(row.number, row.position) for row in rows] == [(1, 1), (2, 4)]
        assert [row.hash for row in rows] == [leaves[1], leaves[4]]
        assert _head(ledger_database, tenant).public_number == 2

    @pytest.mark.parametrize("text", ["", "NULL", '"', "\\", 'a\\"b', "{a,b}", "қ 🙂\n\t'", "\\x00", " "])
    def test_keeps_texts_and_bytes_as_they_are(self, ledger_database: Database, tenant: UUID, text: str) -> None:
        events = [
            sealed_event(new_id(), topic=text, actor=text, payload=text.encode(), public_type=text, public_body=text),
            sealed_event(new_id(), payload=bytes(range(256))),
        ]
        command = new_id()
        append(ledger_database, request(tenant, *events, command=command, answer=text.encode()))
        first, second = _rows(ledger_database, tenant)
        assert (first.topic, first.actor, bytes(first.payload)) == (text, text, text.encode())
        assert bytes(second.payload) == bytes(range(256))
        assert leaf_hash_of(first) == first.leaf_hash
        with ledger_database.tenant(tenant) as connection:
            row = connection.execute(select(public_events).where(public_events.c.tenant == tenant)).one()
        assert (row.type, row.body) == (text, text)
        assert append(ledger_database, request(tenant, command=command)).answer == text.encode()


class TestAConflict:
    def test_is_what_a_version_meets_that_is_taken(self, ledger_database: Database, tenant: UUID) -> None:
        stream = new_id()
        append(ledger_database, request(tenant, sealed_event(stream)))
        assert append(ledger_database, request(tenant, sealed_event(stream))).status == "conflict"
        assert append(ledger_database, request(tenant, sealed_event(stream, 3))).status == "conflict"
        assert append(ledger_database, request(tenant, sealed_event(stream, 2))).status == "done"

    def test_in_one_stream_keeps_all_of_the_append_out(self, ledger_database: Database, tenant: UUID) -> None:
        stream, other = new_id(), new_id()
        append(ledger_database, request(tenant, sealed_event(stream)))
        refused = append(
            ledger_database,
            request(tenant, sealed_event(other), sealed_event(stream), command=new_id(), new_keys=[(other, b"key")]),
        )
        assert (refused.status, refused.last_position) == ("conflict", 1)
        assert _counts(ledger_database, tenant) == {"events": 1, "stream_keys": 0, "commands_done": 0}

    def test_is_not_between_versions_that_follow_each_other_in_one_append(
        self, ledger_database: Database, tenant: UUID
    ) -> None:
        stream, other = new_id(), new_id()
        done = append(
            ledger_database,
            request(tenant, sealed_event(stream), sealed_event(other), sealed_event(stream, 2), sealed_event(other, 2)),
        )
        assert (done.status, done.last_position) == ("done", 4)

    def test_is_met_by_all_but_one_of_those_who_write_the_same_version(
        self, ledger_database: Database, tenant: UUID
    ) -> None:
        stream = new_id()
        append(ledger_database, request(tenant, sealed_event(stream)))
        for version in range(2, 12):
            asked = [request(tenant, sealed_event(stream, version, payload=bytes([one]))) for one in range(4)]
            answers = _at_once(ledger_database, asked)
            assert sorted(answer.status for answer in answers) == ["conflict"] * 3 + ["done"]
        assert [row.position for row in _rows(ledger_database, tenant)] == list(range(1, 12))


class TestTenants:
    def test_append_side_by_side_each_to_a_log_of_its_own(self, ledger_database: Database) -> None:
        tenants = [new_id() for _ in range(4)]
        for _ in range(10):
            asked = [request(tenant, sealed_event(new_id()), sealed_event(new_id())) for tenant in tenants]
            assert {answer.status for answer in _at_once(ledger_database, asked)} == {"done"}
        for tenant in tenants:
            assert [row.position for row in _rows(ledger_database, tenant)] == list(range(1, 21))
            assert {row.tenant for row in _rows(ledger_database, tenant)} == {tenant}

    def test_may_have_streams_of_the_same_id(self, ledger_database: Database) -> None:
        stream = new_id()
        for tenant in (new_id(), new_id()):
            assert append(ledger_database, request(tenant, sealed_event(stream))).status == "done"


class TestACommand:
    def test_done_again_gets_the_first_answer_and_changes_nothing(
        self, ledger_database: Database, tenant: UUID
    ) -> None:
        command = new_id()
        append(ledger_database, request(tenant, sealed_event(new_id()), command=command, answer=b"first"))
        append(ledger_database, request(tenant, sealed_event(new_id())))
        again = append(ledger_database, request(tenant, sealed_event(new_id()), command=command, answer=b"second"))
        assert (again.status, again.answer, again.last_position) == ("repeated", b"first", 1)
        assert _head(ledger_database, tenant).size == 2

    def test_sent_twice_at_once_is_done_once(self, ledger_database: Database, tenant: UUID) -> None:
        for _ in range(5):
            command = new_id()
            asked = [request(tenant, sealed_event(new_id()), command=command, answer=bytes([one])) for one in range(4)]
            answers = _at_once(ledger_database, asked)
            assert sorted(answer.status for answer in answers) == ["done"] + ["repeated"] * 3
            assert len({answer.answer for answer in answers}) == 1

    def test_without_events_is_still_done_once(self, ledger_database: Database, tenant: UUID) -> None:
        command = new_id()
        assert append(ledger_database, request(tenant, command=command, answer=b"first")).status == "done"
        assert append(ledger_database, request(tenant, command=command, answer=b"second")).answer == b"first"

    def test_of_another_tenant_with_the_same_id_is_another(self, ledger_database: Database, tenant: UUID) -> None:
        command = new_id()
        append(ledger_database, request(tenant, command=command, answer=b"first"))
        assert append(ledger_database, request(new_id(), command=command, answer=b"second")).status == "done"


class TestTheInbox:
    def test_takes_each_number_once_and_in_order(self, ledger_database: Database, tenant: UUID) -> None:
        statuses = [self._hear(ledger_database, tenant, number) for number in (1, 1, 3, 2, 3, 2)]
        assert statuses == ["done", "duplicate", "gap", "done", "done", "duplicate"]
        assert _counts(ledger_database, tenant, inbox, events) == {"inbox": 3, "events": 3}

    def test_moves_a_lane_for_each_source(self, ledger_database: Database, tenant: UUID) -> None:
        self._hear(ledger_database, tenant, 1)
        self._hear(ledger_database, tenant, 1, source="others")
        self._hear(ledger_database, tenant, 2)
        with ledger_database.tenant(tenant) as connection:
            rows = connection.execute(select(lanes).where(lanes.c.tenant == tenant)).all()
        assert {row.source: row.number for row in rows} == {"reports": 2, "others": 1}

    def test_does_not_move_where_the_versions_conflict(self, ledger_database: Database, tenant: UUID) -> None:
        mark = InboxMark(source="reports", number=1, hash=b"\1" * 32, incarnation=new_id())
        refused = append(ledger_database, request(tenant, sealed_event(new_id(), 2), inbox=mark))
        assert refused.status == "conflict"
        assert _counts(ledger_database, tenant, inbox, lanes) == {"inbox": 0, "lanes": 0}

    def _hear(self, database: Database, tenant: UUID, number: int, source: str = "reports") -> str:
        mark = InboxMark(source=source, number=number, hash=bytes(32), incarnation=new_id())
        return append(database, request(tenant, sealed_event(new_id()), inbox=mark)).status


class TestAFailure:
    """Whatever fails in the middle of an append leaves nothing behind: no row, no hole in the positions."""

    @pytest.mark.parametrize(
        "broken",
        [
            {"topic": None},
            {"payload": None},
            {"public_type": "sample.box_opened.v1", "public_body": None},
        ],
        ids=["an event", "a payload", "a public form"],
    )
    def test_in_one_event_leaves_no_gap(self, ledger_database: Database, tenant: UUID, broken: dict[str, Any]) -> None:
        append(ledger_database, request(tenant, sealed_event(new_id())))
        with pytest.raises((SQLAlchemyError, TypeError, AttributeError)):
            append(
                ledger_database,
                request(tenant, sealed_event(new_id()), sealed_event(new_id(), **broken), command=new_id()),
            )
        after = append(ledger_database, request(tenant, sealed_event(new_id())))
        assert after.last_position == 2
        assert _counts(ledger_database, tenant) == {"events": 2, "stream_keys": 0, "commands_done": 0}

    def test_behind_the_events_leaves_no_gap(self, ledger_database: Database, tenant: UUID) -> None:
        taken = new_id()
        append(ledger_database, request(tenant, sealed_event(taken), new_keys=[(taken, b"key")]))
        with pytest.raises(SQLAlchemyError):
            append(ledger_database, request(tenant, sealed_event(new_id()), new_keys=[(taken, b"another")]))
        assert append(ledger_database, request(tenant, sealed_event(new_id()))).last_position == 2
        assert [row.position for row in _rows(ledger_database, tenant)] == [1, 2]


def _at_once(database: Database, asked: list[Any]) -> list[AppendResult]:
    """The answers to appends that start together, each in a thread of its own."""
    barrier = Barrier(len(asked))

    def one(request: Any) -> AppendResult:
        barrier.wait()
        return append(database, request)

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(one, asked))


def _rows(database: Database, tenant: UUID) -> list[Any]:
    with database.tenant(tenant) as connection:
        return list(
            connection.execute(select(events).where(events.c.tenant == tenant).order_by(events.c.position)).all()
        )


def _head(database: Database, tenant: UUID) -> Any:
    with database.tenant(tenant) as connection:
        return connection.execute(select(heads).where(heads.c.tenant == tenant)).one()


def _counts(database: Database, tenant: UUID, *tables: Any) -> dict[str, int]:
    with database.tenant(tenant) as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table).where(table.c.tenant == tenant)) or 0
            for table in tables or (events, stream_keys, commands_done)
        }


def _full_subtrees(rows: list[Any]) -> list[list[Any]]:
    """The rows in runs of the powers of two that the tree's edge holds, largest first."""
    parts, at = [], 0
    for bit in reversed(range(len(rows).bit_length())):
        if len(rows) >> bit & 1:
            parts.append(rows[at : at + (1 << bit)])
            at += 1 << bit
    return parts
