"""What `audit verify` finds at night is not shown by day: the read that every command comes by refuses it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from shared.ids import new_id
from shared.ledger.tables import events, stream_keys
from shared.sealing.seal import UnsealError
from shared.testing.sample import Box
from tests.support.attacked_ledger import Attack, AttackedLedger
from tests.support.attacks import (
    at,
    change,
    fit_leaf,
    swap,
)


class TestTheDailyRead:
    """What is found by `audit verify` at night is not shown by day."""

    def read(self, ledger: AttackedLedger, tenant: UUID, number: int = 0) -> Box:
        """A box, as every command and every question comes by it."""
        return ledger.application().for_tenant(tenant).get(Box, ledger.boxes[tenant][number])

    def test_gives_what_was_recorded(self, ledger: AttackedLedger) -> None:
        assert self.read(ledger, ledger.ours).things == ["іс", "үй"]

    @pytest.mark.parametrize("fits", [False, True])
    def test_refuses_payloads_swapped_between_two_schools(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], fits: bool
    ) -> None:
        def swapped(connection: Connection) -> None:
            swap(connection, at(ledger.ours, 3), at(ledger.theirs, 3), "payload", "key_commitment")
            if fits:
                for tenant in (ledger.ours, ledger.theirs):
                    fit_leaf(connection, tenant, 3)

        attack(swapped)
        for tenant in (ledger.ours, ledger.theirs):
            with pytest.raises(UnsealError):
                self.read(ledger, tenant)
            assert (3, "payload_does_not_open") in ledger.found(tenant)

    @pytest.mark.parametrize("fits", [False, True])
    def test_refuses_payloads_swapped_within_a_stream(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], fits: bool
    ) -> None:
        def swapped(connection: Connection) -> None:
            swap(connection, at(ledger.ours, 2), at(ledger.ours, 3), "payload", "key_commitment")
            if fits:
                for position in (2, 3):
                    fit_leaf(connection, ledger.ours, position)

        attack(swapped)
        with pytest.raises(UnsealError):
            self.read(ledger, ledger.ours)
        assert {(2, "payload_does_not_open"), (3, "payload_does_not_open")} <= ledger.found()

    @pytest.mark.parametrize("fits", [False, True])
    @pytest.mark.parametrize("topic", ["sample.box_opened", "sample.box_emptied", "os.system"])
    def test_refuses_another_topic(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None], topic: str, fits: bool
    ) -> None:
        """One that is known, one that never was, one that an import would find."""

        def retold(connection: Connection) -> None:
            change(connection, events, at(ledger.ours, 3), topic=topic)
            if fits:
                fit_leaf(connection, ledger.ours, 3)

        attack(retold)
        with pytest.raises(UnsealError):
            self.read(ledger, ledger.ours)
        assert (3, "payload_does_not_open") in ledger.found()

    def test_refuses_another_actor(self, ledger: AttackedLedger, attack: Callable[[Attack], None]) -> None:
        attack(lambda connection: change(connection, events, at(ledger.ours, 3), actor=f"person:{new_id()}"))
        with pytest.raises(UnsealError):
            self.read(ledger, ledger.ours)

    def test_refuses_keys_swapped_between_two_schools(
        self, ledger: AttackedLedger, attack: Callable[[Attack], None]
    ) -> None:
        def swapped(connection: Connection) -> None:
            rows = [
                (stream_keys.c.tenant == tenant) & (stream_keys.c.stream == ledger.boxes[tenant][0])
                for tenant in (ledger.ours, ledger.theirs)
            ]
            wrapped = [connection.scalar(select(stream_keys.c.wrapped).where(row)) for row in rows]
            for row, other in zip(rows, reversed(wrapped), strict=True):
                change(connection, stream_keys, row, wrapped=other)

        attack(swapped)
        for tenant in (ledger.ours, ledger.theirs):
            with pytest.raises(UnsealError):
                self.read(ledger, tenant)
            assert (1, "key_does_not_unwrap") in ledger.found(tenant)
