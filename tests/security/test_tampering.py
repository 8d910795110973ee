"""Who owns the database as a superuser changes no history unseen: each attack is found, and named by its position.

Whole histories that were put back, or shown twice, are in test_histories.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, delete, select, text

from shared.ledger.tables import (
    checkpoints,
    events,
    heads,
    key_floors,
    ledger_metadata,
    public_events,
    stream_keys,
    tiles,
)
from tests.support.attacked_ledger import LEDGER, SIZE, Attack, AttackedLedger, a_row, named
from tests.support.attacks import (
    at,
    change,
    forged,
)

COLUMNS = [column for table in LEDGER for column in table.columns]
NULLABLE = [column for column in COLUMNS if column.nullable and column.name != "cause"]  # no event here has a cause


class TestTheLedger:
    def test_is_sound_before_it_is_attacked(self, ledger: AttackedLedger) -> None:
        assert ledger.findings() == []

    def test_is_attacked_in_every_table(self) -> None:
        """A new table of the schema `ledger` is attacked too, or this says so; only floors of keys are no history: they
        say which new keys are refused.
        """
        assert {*LEDGER, key_floors} == {table for table in ledger_metadata.sorted_tables if table.schema == "ledger"}


class TestAColumn:
    @pytest.mark.parametrize("column", COLUMNS, ids=str)
    def test_that_is_changed_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], column: Column[Any]
    ) -> None:
        """Each of every ledger table, as the tables' own metadata lists them."""
        table = column.table
        assert isinstance(table, Table)

        def changed(connection: Connection) -> None:
            row = a_row(table, ledger)
            value = connection.execute(select(table).where(row)).one()._mapping[column]
            change(connection, table, row, **{column.name: forged(column, value)})

        attack(changed)
        assert named(table, ledger), ledger.findings()

    @pytest.mark.parametrize("column", NULLABLE, ids=str)
    def test_that_is_emptied_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], column: Column[Any]
    ) -> None:
        table = column.table
        assert isinstance(table, Table)
        attack(lambda connection: change(connection, table, a_row(table, ledger), **{column.name: None}))
        assert named(table, ledger), ledger.findings()


class TestARowThatIsTakenOut:
    @pytest.mark.parametrize("position", [1, 5, SIZE])
    def test_of_the_events_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], position: int
    ) -> None:
        attack(lambda connection: connection.execute(delete(events).where(at(ledger.ours, position))))
        assert (position, "position_missing") in ledger.found()

    @pytest.mark.parametrize(("number", "position"), [(1, 1), (2, 4), (4, 268)])
    def test_of_the_public_rows_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], number: int, position: int
    ) -> None:
        row = (public_events.c.tenant == ledger.ours) & (public_events.c.number == number)
        attack(lambda connection: connection.execute(delete(public_events).where(row)))
        assert (position, "public_event_missing") in ledger.found()

    @pytest.mark.parametrize("size", [3, 6, 267])
    def test_of_the_checkpoints_is_named_by_its_entry(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], size: int
    ) -> None:
        row = (checkpoints.c.tenant == ledger.ours) & (checkpoints.c.log == "sample") & (checkpoints.c.size == size)
        attack(lambda connection: connection.execute(delete(checkpoints).where(row)))
        [(_, code)] = ledger.found(ledger.parts.platform, "sample.checkpoints")
        assert code == "entered_checkpoint_missing"

    @pytest.mark.parametrize("number", range(4))
    def test_of_the_stream_keys_is_named_by_what_it_opened(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], number: int
    ) -> None:
        stream = ledger.boxes[ledger.ours][number]
        row = (stream_keys.c.tenant == ledger.ours) & (stream_keys.c.stream == stream)
        attack(lambda connection: connection.execute(delete(stream_keys).where(row)))
        assert ([1, 4, 7, 268][number], "key_missing") in ledger.found()

    def test_of_the_tiles_is_named(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        attack(lambda connection: connection.execute(delete(tiles).where(tiles.c.tenant == ledger.ours)))
        assert ledger.found() == {(1, "tile_missing")}

    @pytest.mark.parametrize("log", ["sample", "sample.access", "sample.checkpoints"])
    def test_of_the_heads_is_named_by_its_log(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], log: str
    ) -> None:
        tenant = ledger.parts.platform if log == "sample.checkpoints" else ledger.ours
        row = (heads.c.tenant == tenant) & (heads.c.log == log)
        attack(lambda connection: connection.execute(delete(heads).where(row)))
        assert (0, "head_missing") in ledger.found(tenant, log)

    def test_of_all_heads_of_a_school_leaves_its_logs_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        """Its public rows, which would tell of it too, go the same way: the checkpoint log has its entries."""

        def taken(connection: Connection) -> None:
            for table in (heads, public_events):
                connection.execute(delete(table).where(table.c.tenant == ledger.ours))

        attack(taken)
        assert (0, "head_missing") in ledger.found()
        assert (0, "head_missing") in ledger.found(log="sample.access")

    @pytest.mark.parametrize("table", LEDGER, ids=str)
    def test_with_all_others_of_its_table_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], table: Table
    ) -> None:
        statement = delete(table) if ledger.server is None else text(f"TRUNCATE {table.fullname}")
        attack(lambda connection: connection.execute(statement))
        codes = {code for _, code in ledger.found() | ledger.found(ledger.parts.platform, "sample.checkpoints")}
        assert {
            events: "position_missing",
            heads: "head_missing",
            stream_keys: "key_missing",
            public_events: "public_event_missing",
            checkpoints: "entered_checkpoint_missing",
            tiles: "tile_missing",
        }[table] in codes
