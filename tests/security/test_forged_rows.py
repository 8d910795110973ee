"""Rows that no append made, put in, reordered or moved by a superuser: found and named, however well they fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select

from shared.ledger.tables import checkpoints, events, heads, public_events, tiles
from tests.support.attacked_ledger import SIZE, THEIR_SIZE, Attack, AttackedLedger, a_row
from tests.support.attacks import (
    at,
    change,
    columns_at,
    fit_all,
    fit_leaf,
    make_room,
    put_in,
    swap_positions,
)


class TestARowThatIsPutIn:
    @pytest.mark.parametrize("fitting_leaf", [False, True])
    def test_at_the_end_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], fitting_leaf: bool
    ) -> None:
        attack(lambda connection: put_in(connection, ledger.ours, SIZE + 1, fitting_leaf=fitting_leaf))
        assert ledger.found() == {(SIZE + 1, "position_beyond_head")}

    def test_at_the_end_is_named_though_the_head_counts_it(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        def appended(connection: Connection) -> None:
            put_in(connection, ledger.ours, SIZE + 1, fitting_leaf=True)
            fit_all(connection, ledger.ours)

        attack(appended)
        assert ledger.found() == {(SIZE + 1, "key_missing")}

    def test_at_the_end_of_a_stream_is_named_though_all_but_its_seal_fits(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        """Continues a real box by what was sealed in another place."""

        def appended(connection: Connection) -> None:
            row = columns_at(connection, ledger.ours, SIZE)
            connection.execute(insert(events).values(row | {"position": SIZE + 1, "version": row["version"] + 1}))
            fit_all(connection, ledger.ours)

        attack(appended)
        assert ledger.found() == {(SIZE + 1, "payload_does_not_open"), (SIZE + 1, "key_commitment_differs")}

    @pytest.mark.parametrize("fitting_leaf", [False, True])
    def test_in_the_middle_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], fitting_leaf: bool
    ) -> None:
        def inserted(connection: Connection) -> None:
            make_room(connection, ledger.ours, 5)
            put_in(connection, ledger.ours, 5, fitting_leaf=fitting_leaf)

        attack(inserted)
        found = ledger.found()
        assert {(5, "key_missing"), (SIZE + 1, "position_beyond_head")} <= found
        assert {(position, "leaf_differs") for position in range(6, SIZE + 1)} <= found
        assert ((5, "leaf_differs") in found) is not fitting_leaf

    def test_in_the_middle_is_named_though_the_whole_log_was_made_to_fit(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        def inserted(connection: Connection) -> None:
            make_room(connection, ledger.ours, 5)
            put_in(connection, ledger.ours, 5, fitting_leaf=True)
            fit_all(connection, ledger.ours)

        attack(inserted)
        assert {(5, "key_missing"), (4, "checkpoint_root_differs")} <= ledger.found()

    def test_among_the_public_rows_is_named(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        """Behind the head's count: the relay would send it."""

        def inserted(connection: Connection) -> None:
            row = connection.execute(select(public_events).where(a_row(public_events, ledger))).one()._mapping
            connection.execute(insert(public_events).values({**row, "number": 5}))

        attack(inserted)
        assert ledger.found() == {(4, "public_number_beyond_head")}

    def test_among_the_public_rows_is_named_though_the_head_counts_it(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        """It says of an event that stays within the service that it left."""

        def inserted(connection: Connection) -> None:
            row = connection.execute(select(public_events).where(a_row(public_events, ledger))).one()._mapping
            event = columns_at(connection, ledger.ours, SIZE)
            told = {name: event[name] for name in ("position", "recorded_at", "cause", "correlation")}
            connection.execute(insert(public_events).values({**row, **told, "number": 5, "hash": event["leaf_hash"]}))
            change(connection, heads, a_row(heads, ledger), public_number=5)

        attack(inserted)
        assert ledger.found() == {(SIZE, "public_form_differs")}

    def test_among_the_checkpoints_is_named(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        def inserted(connection: Connection) -> None:
            row = connection.execute(select(checkpoints).where(a_row(checkpoints, ledger))).one()._mapping
            connection.execute(insert(checkpoints).values({**row, "size": 100}))

        attack(inserted)
        assert (100, "checkpoint_of_another_log") in ledger.found()

    @pytest.mark.parametrize(
        ("level", "index", "position"),
        [(0, 1, SIZE + 1), (1, 0, SIZE + 1), (0, -3, SIZE + 1), (-1, 0, SIZE + 1), (2**31 - 1, 0, SIZE + 1)],
    )
    def test_among_the_tiles_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], level: int, index: int, position: int
    ) -> None:
        def inserted(connection: Connection) -> None:
            row = connection.execute(select(tiles).where(a_row(tiles, ledger))).one()._mapping
            connection.execute(insert(tiles).values({**row, "level": level, "index": index}))

        attack(inserted)
        assert ledger.found() == {(position, "tile_beyond_head")}

    def test_among_the_heads_is_named(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        def inserted(connection: Connection) -> None:
            row = connection.execute(select(heads).where(a_row(heads, ledger))).one()._mapping
            connection.execute(insert(heads).values({**row, "log": "sample.forged"}))

        attack(inserted)
        assert (1, "position_missing") in ledger.found(log="sample.forged")


class TestRowsInAnotherOrder:
    def test_are_both_named(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        attack(lambda connection: swap_positions(connection, ledger.ours, 2, 5))
        assert {(2, "leaf_differs"), (5, "leaf_differs")} <= ledger.found()

    def test_are_named_by_the_checkpoint_though_the_whole_log_was_made_to_fit(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        """Two events of two boxes: each still is its stream's next, and opens."""

        def reordered(connection: Connection) -> None:
            swap_positions(connection, ledger.ours, 3, 4)
            fit_all(connection, ledger.ours)

        attack(reordered)
        found = [one for one in ledger.findings() if one.code == "checkpoint_root_differs" and one.log == "sample"]
        assert (found[0].position, found[0].through) == (1, 3)


class TestARowThatIsMoved:
    def test_to_another_school_is_named_in_both(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        attack(
            lambda connection: change(
                connection, events, at(ledger.ours, 5), tenant=ledger.theirs, position=THEIR_SIZE + 1
            )
        )
        assert (5, "position_missing") in ledger.found()
        assert (THEIR_SIZE + 1, "position_beyond_head") in ledger.found(ledger.theirs)

    def test_to_another_school_is_named_though_both_logs_were_made_to_fit(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        def moved(connection: Connection) -> None:
            change(connection, events, at(ledger.ours, SIZE), tenant=ledger.theirs, position=THEIR_SIZE + 1)
            for tenant in (ledger.ours, ledger.theirs):
                fit_all(connection, tenant)

        attack(moved)
        assert (THEIR_SIZE + 1, "key_missing") in ledger.found(ledger.theirs)

    def test_to_another_log_is_named_in_both(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        attack(lambda connection: change(connection, events, at(ledger.ours, 5), log="sample.access"))
        assert (5, "position_missing") in ledger.found()
        assert (5, "position_beyond_head") in ledger.found(log="sample.access")

    @pytest.mark.parametrize("fits", [False, True])
    def test_to_another_stream_is_named(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], fits: bool
    ) -> None:
        def moved(connection: Connection) -> None:
            change(connection, events, at(ledger.ours, 3), stream=ledger.boxes[ledger.ours][1], version=4)
            if fits:
                fit_leaf(connection, ledger.ours, 3)

        attack(moved)
        assert {(3, "payload_does_not_open"), (3, "version_gap")} <= ledger.found()
