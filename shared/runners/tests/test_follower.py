"""Read models follow the log: rows and position together, each tenant by itself, soon after the append."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from shared.ids import new_id
from shared.ledger.tables import checkpoints, due, positions
from shared.runners.follower import Follower
from shared.testing.toy_services import SOMEBODY, UNLUCKY, Promise, RingAgain, ToyHouse, bells, unprojectable
from shared.testing.waiting import wait_until

Run = Callable[[Callable[[threading.Event], None]], threading.Thread]


@pytest.fixture
def tenant() -> Iterator[UUID]:
    """A school of the test's own, in which projections work again after the test."""
    tenant = new_id()
    yield tenant
    unprojectable.discard(tenant)


def follower_of(toys: ToyHouse) -> Follower:
    alpha = toys.toys["alpha"]
    return Follower(alpha.service, alpha.follower_woken, alpha.follower_grown)


def rung(toys: ToyHouse, tenant: UUID, number: int = 7) -> UUID:
    """The id of a bell that was rung."""
    return UUID(toys.ring(tenant, number=number).body["bell"])


def promise(toys: ToyHouse, tenant: UUID, bell: UUID, days: int) -> None:
    due_at = toys.clock.now() + timedelta(days=days)
    toys.alpha.execute(Promise(tenant=tenant, command_id=new_id(), by=SOMEBODY, bell=bell, due_at=due_at))


def ring_again(toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
    toys.alpha.execute(RingAgain(tenant=tenant, command_id=new_id(), by=SOMEBODY, bell=bell))


class TestProjecting:
    def test_moves_rows_and_position_together(self, toys: ToyHouse, tenant: UUID) -> None:
        """After a pass the rows are those of the log, and the position is its size."""
        toys.ring_all(tenant, 3)
        assert follower_of(toys).follow_once() == 3
        assert toys.bells(tenant) == [(101, "rung"), (102, "rung"), (103, "rung")]
        assert toys.position(tenant) == 3

    def test_that_fails_leaves_neither_row_nor_position(self, toys: ToyHouse, tenant: UUID) -> None:
        """The row that the failing projection had written is gone with its transaction; others' tenants go on."""
        other = new_id()
        toys.ring(tenant, number=UNLUCKY)
        toys.ring(other, number=UNLUCKY)
        unprojectable.add(tenant)
        assert follower_of(toys).follow_once() == 1
        assert (toys.bells(tenant), toys.position(tenant)) == ([], 0)
        assert (toys.bells(other), toys.position(other)) == ([(UNLUCKY, "rung")], 1)

    def test_goes_on_where_it_stood_once_it_is_repaired(
        self, toys: ToyHouse, tenant: UUID, running_threads: Run
    ) -> None:
        """It is tried again by itself, with patience, and skips nothing."""
        toys.ring(tenant, number=UNLUCKY)
        toys.ring(tenant, number=14)
        unprojectable.add(tenant)
        follower = follower_of(toys)
        follower.follow_once()
        assert follower._patience.is_waiting(tenant)
        running_threads(follower.run)
        unprojectable.discard(tenant)
        wait_until(lambda: toys.position(tenant) == 2, 60, "the follower to come to the end")
        assert toys.bells(tenant) == [(UNLUCKY, "rung"), (14, "rung")]

    def test_takes_long_logs_page_by_page(
        self, sqlite_toys: ToyHouse, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each page is a transaction of its own."""
        monkeypatch.setattr("shared.runners.follower.PAGE", 2)
        sqlite_toys.ring_all(tenant, 5)
        follower = follower_of(sqlite_toys)
        assert [follower.follow_once() for _ in range(4)] == [2, 2, 1, 0]
        assert len(sqlite_toys.bells(tenant)) == 5

    def test_gives_the_same_rows_when_it_is_done_again(self, toys: ToyHouse, tenant: UUID) -> None:
        """Rows and position thrown away: a rebuild from the log gives them back."""
        bell = rung(toys, tenant, 1)
        rung(toys, tenant, 2)
        promise(toys, tenant, bell, 3)
        ring_again(toys, tenant, bell)
        promise(toys, tenant, bell, 5)
        follower = follower_of(toys)
        follower.follow_once()
        before = (toys.bells(tenant), toys.duties(tenant))
        with toys.alpha.parts.database.tenant(tenant) as connection:
            for table in (bells, due, positions):
                connection.execute(delete(table).where(table.c.tenant == tenant))
        assert toys.bells(tenant) == []
        follower.follow_once()
        assert (toys.bells(tenant), toys.duties(tenant)) == before == ([(1, "again"), (2, "rung")], [("ring_again", 0)])

    def test_by_two_at_once_does_nothing_twice(
        self, toys: ToyHouse, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A follower whose lead has just ended and its successor saw the same news: one of them projects it."""
        toys.ring_all(tenant, 2)
        late = follower_of(toys)
        news = late._with_news()
        assert follower_of(toys).follow_once() == 2
        monkeypatch.setattr(late, "_with_news", lambda: news)
        assert late.follow_once() == 0
        assert not late._patience.is_waiting(tenant)  # it saw that it was late; it did not run into the other's rows
        assert (len(toys.bells(tenant)), toys.position(tenant)) == (2, 2)

    def test_is_woken_by_the_append(
        self, sqlite_toys: ToyHouse, tenant: UUID, running_threads: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without waiting for its next look: a poll of a minute changes nothing."""
        monkeypatch.setattr("shared.runners.follower.BACKSTOP_SECONDS", 60)
        follower = follower_of(sqlite_toys)
        idle = threading.Event()
        monkeypatch.setattr(follower, "_checkpoint_when_due", idle.set)
        woken = sqlite_toys.toys["alpha"].follower_woken
        running_threads(follower.run)
        assert idle.wait(30)
        began = time.monotonic()
        sqlite_toys.ring(tenant, number=7)
        wait_until(lambda: sqlite_toys.position(tenant) == 1, 60, "the row")
        assert time.monotonic() - began < 30
        follower._news._backstop = 0.01
        woken.set()  # out of its minute


class TestDuties:
    def test_are_opened_replaced_and_met(self, toys: ToyHouse, tenant: UUID) -> None:
        """One row per stream and duty: a new promise replaces it, keeping it removes it."""
        bell = rung(toys, tenant)
        follower = follower_of(toys)
        promise(toys, tenant, bell, 3)
        follower.follow_once()
        first = self.rows(toys, tenant)
        promise(toys, tenant, bell, 9)
        follower.follow_once()
        second = self.rows(toys, tenant)
        ring_again(toys, tenant, bell)
        follower.follow_once()
        assert (len(first), len(second), self.rows(toys, tenant)) == (1, 1, [])
        assert second[0].due_at - first[0].due_at == pytest.approx(6 * 86_400_000_000, abs=60_000_000)
        assert (first[0].stream, first[0].owner, first[0].rule) == (bell, "role:head", "toys.ring@2026-01-01")

    def test_of_one_stream_leave_anothers_alone(self, toys: ToyHouse, tenant: UUID) -> None:
        """Two bells, two promises, one kept."""
        kept, open_still = rung(toys, tenant, 1), rung(toys, tenant, 2)
        for bell in (kept, open_still):
            promise(toys, tenant, bell, 3)
        ring_again(toys, tenant, kept)
        follower_of(toys).follow_once()
        assert [row.stream for row in self.rows(toys, tenant)] == [open_still]

    def rows(self, toys: ToyHouse, tenant: UUID) -> list[Any]:
        """The tenant's rows of `due`."""
        with toys.alpha.read(tenant) as connection:
            return list(connection.execute(select(due).where(due.c.tenant == tenant)))


class TestCheckpoints:
    def test_are_made_only_of_what_grew(self, toys: ToyHouse, tenant: UUID) -> None:
        """A pass without news signs nothing; neither does a new follower, which remembers nothing."""
        toys.ring_all(tenant, 2)
        follower = follower_of(toys)
        follower.checkpoint()
        follower.checkpoint()
        follower_of(toys).checkpoint()
        assert self.sizes(toys, tenant) == [2]
        toys.ring_all(tenant, 1)
        follower.checkpoint()
        assert self.sizes(toys, tenant) == [2, 3]

    def test_of_a_damaged_log_are_refused_and_the_others_made(
        self, sqlite_toys: ToyHouse, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One tenant's damage keeps no other's log from being signed."""
        other = new_id()
        sqlite_toys.ring(tenant, number=7)
        sqlite_toys.ring(other, number=7)
        with sqlite_toys.alpha.parts.database.relay() as connection:
            connection.exec_driver_sql("DROP TRIGGER events_refuses_update")
            connection.exec_driver_sql("UPDATE events SET actor = 'person:0' WHERE tenant = ?", (tenant.hex,))
        follower_of(sqlite_toys).checkpoint()
        assert (self.sizes(sqlite_toys, tenant), self.sizes(sqlite_toys, other)) == ([], [1])

    def test_come_by_themselves_while_it_runs(
        self, sqlite_toys: ToyHouse, tenant: UUID, running_threads: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In quiet moments, every few seconds."""
        monkeypatch.setattr("shared.runners.follower.CHECKPOINTS_EVERY_SECONDS", 0.1)
        running_threads(follower_of(sqlite_toys).run)
        sqlite_toys.ring(tenant, number=7)
        wait_until(lambda: self.sizes(sqlite_toys, tenant) == [1], 60, "a checkpoint")

    def sizes(self, toys: ToyHouse, tenant: UUID) -> list[int]:
        """The sizes of which the tenant's log has checkpoints."""
        chosen = select(checkpoints.c.size).where(checkpoints.c.tenant == tenant, checkpoints.c.log == "alpha")
        with toys.alpha.read(tenant) as connection:
            return list(connection.scalars(chosen.order_by(checkpoints.c.size)))


def test_a_checkpoint_is_signed_though_events_never_stop(
    sqlite_toys: ToyHouse, running_threads: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city's follower has always something to project; its logs must be signed all the same."""
    monkeypatch.setattr("shared.runners.follower.CHECKPOINTS_EVERY_SECONDS", 0.01)
    follower, signed = follower_of(sqlite_toys), threading.Event()
    monkeypatch.setattr(follower, "follow_once", lambda _: 1)
    monkeypatch.setattr(follower, "checkpoint", signed.set)
    follower._checkpoint_at = 0.0
    running_threads(follower.run)
    assert signed.wait(5)
