"""What was due and is past its time is said to be missed: once, in order, whatever was restarted in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.clock import FixedClock, SystemClock
from shared.domain import Command, VersionConflictError
from shared.duties import MissDeadline
from shared.ids import new_id
from shared.ledger.application import Answer
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.runners.patience import Patience
from shared.testing.toy_services import SOMEBODY, Promise, RingAgain, ToyHouse
from shared.testing.waiting import wait_until


class Rehearsal:
    """The toys under a clock that stands still, with alpha's follower and clock runner in hand."""

    def __init__(self, toys: ToyHouse) -> None:
        self.toys = toys
        self.clock = FixedClock(SystemClock().now())
        for name in ("alpha", "beta"):
            toys.clock = self.clock
            toys.toys[name] = toys.reopen(name)
        self.follower = Follower(toys.toys["alpha"].service, toys.toys["alpha"].follower_woken)
        self.clockwork = self.new_clockwork()

    def new_clockwork(self) -> Clockwork:
        """As after a restart, or in another process."""
        return Clockwork(self.toys.toys["alpha"].service)

    def promised(self, tenant: UUID, *, days: int) -> UUID:
        """A bell that is to be rung again in so many days."""
        bell = UUID(self.toys.ring(tenant, number=days).body["bell"])
        due_at = self.clock.now() + timedelta(days=days)
        self.toys.alpha.execute(Promise(tenant=tenant, command_id=new_id(), by=SOMEBODY, bell=bell, due_at=due_at))
        self.follower.follow_once()
        return bell

    def missed(self, tenant: UUID) -> list[tuple[UUID, int, str]]:
        """Bell, step and actor of each deadline that alpha's log has as missed, in order."""
        ledger = self.toys.alpha.for_tenant(tenant)
        recorded = ledger.recorder.select_notifications(1, 1000, topics=["alpha.bell_deadline_missed"])
        opened: list[Any] = [ledger.mapper.to_domain_event(one) for one in recorded]
        return [(event.originator_id, event.step, event.actor) for event in opened]


@pytest.fixture
def rehearsal(toys: ToyHouse) -> Rehearsal:
    """Under a clock of the test's own."""
    return Rehearsal(toys)


@pytest.fixture
def tenant() -> UUID:
    """A school."""
    return new_id()


class TestADutyPastItsTime:
    def test_is_missed_once(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """Not before its time; then once, by the clock as the one who acts."""
        bell = rehearsal.promised(tenant, days=1)
        assert rehearsal.clockwork.tick() == 0
        rehearsal.clock.advance(timedelta(days=1))
        assert [rehearsal.clockwork.tick() for _ in range(3)] == [1, 0, 0]
        assert rehearsal.missed(tenant) == [(bell, 0, "clock:alpha")]

    def test_is_missed_once_by_two_runners_and_after_a_restart(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """The command's id is derived from the duty: who says it again changes nothing."""
        bell = rehearsal.promised(tenant, days=1)
        rehearsal.clock.advance(timedelta(days=2))
        tried = self.count_tries(rehearsal)
        for clockwork in (rehearsal.clockwork, rehearsal.new_clockwork(), rehearsal.new_clockwork()):
            clockwork.tick()
        assert len({command.command_id for command in tried}) == 1
        assert rehearsal.missed(tenant) == [(bell, 0, "clock:alpha")]

    def test_climbs_its_ladder_step_by_step(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """A missed first step opens the second, and the last ends the duty."""
        bell = rehearsal.promised(tenant, days=1)
        for _ in range(4):
            rehearsal.clock.advance(timedelta(days=1))
            rehearsal.clockwork.tick()
            rehearsal.follower.follow_once()
        assert [(stream, step) for stream, step, _ in rehearsal.missed(tenant)] == [(bell, 0), (bell, 1)]
        assert rehearsal.toys.duties(tenant) == []

    def test_is_caught_up_in_order_after_a_stop(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """A week without a clock runner: what fell due first is said first, across pages."""
        promised = {days: rehearsal.promised(tenant, days=days) for days in (5, 2, 4, 1, 3)}
        rehearsal.clock.advance(timedelta(days=7))
        rehearsal.new_clockwork().tick()
        assert [stream for stream, _, _ in rehearsal.missed(tenant)] == [promised[days] for days in range(1, 6)]

    def test_that_was_met_meanwhile_is_not_missed(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """The follower is behind: the aggregate refuses, and it is not said again at once."""
        bell = rehearsal.promised(tenant, days=1)
        rehearsal.toys.alpha.execute(RingAgain(tenant=tenant, command_id=new_id(), by=SOMEBODY, bell=bell))
        rehearsal.clock.advance(timedelta(days=2))
        tried = self.count_tries(rehearsal)
        assert [rehearsal.clockwork.tick() for _ in range(3)] == [0, 0, 0]
        assert (rehearsal.missed(tenant), len(tried)) == ([], 1)

    def test_is_missed_though_the_clock_was_put_back_between_two_readings(
        self, rehearsal: Rehearsal, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Past its time for the runner, not yet for the aggregate: a refusal of that moment only."""
        bell = rehearsal.promised(tenant, days=1)
        rehearsal.clock.advance(timedelta(days=1))
        readings = iter([rehearsal.clock.now(), rehearsal.clock.now() - timedelta(milliseconds=5)])
        with monkeypatch.context() as put_back:
            put_back.setattr(rehearsal.clock, "now", lambda: next(readings))
            assert rehearsal.clockwork.tick() == 0
        assert rehearsal.missed(tenant) == []
        wait_until(rehearsal.clockwork.tick, 60, "the next attempt")
        assert rehearsal.missed(tenant) == [(bell, 0, "clock:alpha")]

    def test_that_fails_does_not_block_the_others(self, rehearsal: Rehearsal, tenant: UUID) -> None:
        """One school's trouble is its own, and heals when it is over."""
        other = new_id()
        bell, others = rehearsal.promised(tenant, days=1), rehearsal.promised(other, days=2)
        rehearsal.clock.advance(timedelta(days=3))
        rehearsal.toys.alpha.breaks_in.add(tenant)
        rehearsal.clockwork.tick()
        assert ([], [others]) == (
            rehearsal.missed(tenant),
            [stream for stream, _, _ in rehearsal.missed(other)],
        )
        rehearsal.toys.alpha.breaks_in.clear()
        wait_until(rehearsal.clockwork.tick, 60, "the next attempt")
        assert [stream for stream, _, _ in rehearsal.missed(tenant)] == [bell]

    def test_is_seen_behind_any_number_that_stay(
        self, rehearsal: Rehearsal, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """More failing duties than a page holds: the one behind them is missed all the same."""
        monkeypatch.setattr("shared.runners.clockwork.PAGE", 2)
        broken = new_id()
        for _ in range(5):
            rehearsal.promised(broken, days=1)
        bell = rehearsal.promised(tenant, days=1)
        rehearsal.clock.advance(timedelta(days=3))
        rehearsal.toys.alpha.breaks_in.add(broken)
        rehearsal.clockwork.tick()
        assert [stream for stream, _, _ in rehearsal.missed(tenant)] == [bell]

    def test_is_said_again_after_a_conflict_of_writers(
        self, rehearsal: Rehearsal, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A conflict is no refusal: whether the duty was met, nobody has said yet."""
        bell = rehearsal.promised(tenant, days=1)
        rehearsal.clock.advance(timedelta(days=2))

        def conflict(_: Command) -> Answer:
            raise VersionConflictError

        with monkeypatch.context() as busy:
            busy.setattr(rehearsal.toys.alpha, "execute", conflict)
            assert rehearsal.clockwork.tick() == 0
        wait_until(rehearsal.clockwork.tick, 60, "the next attempt")
        assert rehearsal.missed(tenant) == [(bell, 0, "clock:alpha")]

    def count_tries(self, rehearsal: Rehearsal) -> list[MissDeadline]:
        """Every MissDeadline that alpha gets from now on."""
        tried: list[MissDeadline] = []
        handler = rehearsal.toys.alpha._handlers[MissDeadline]

        def counted(command: Any, ledger: Any) -> Answer:
            tried.append(command)
            answer: Answer = handler(command, ledger)
            return answer

        rehearsal.toys.alpha._handlers[MissDeadline] = counted
        return tried


class TestPatience:
    def test_grows_with_each_failure_up_to_half_a_minute_and_ends_with_success(self) -> None:
        """0.2 s, 0.4 s, … 30 s; each key has its own."""
        at = [100.0]
        patience = Patience(lambda: at[0])
        delays = []
        for _ in range(10):
            patience.failed("a")
            began = at[0]
            while patience.is_waiting("a"):
                at[0] += 0.1
            delays.append(round(at[0] - began, 1))
        assert delays[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6], abs=0.11)
        assert max(delays) == pytest.approx(30, abs=0.11)
        patience.failed("a")
        assert not patience.is_waiting("b")
        patience.succeeded("a")
        assert not patience.is_waiting("a")
