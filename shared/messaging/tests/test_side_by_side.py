"""Work on one lane in its order, on different lanes at the same time; nothing is left over at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from shared.messaging.side_by_side import SideBySide
from shared.testing.waiting import wait_until


@pytest.fixture
def workers() -> Iterator[SideBySide]:
    """Four of them."""
    workers = SideBySide("test", 4)
    yield workers
    workers.end(5)


class TestWorkSideBySide:
    def test_keeps_each_lanes_order(self, workers: SideBySide) -> None:
        """However many threads there are."""
        done: dict[int, list[int]] = {lane: [] for lane in range(7)}

        def work(lane: int, number: int) -> Callable[[], None]:
            return lambda: done[lane].append(number)

        for number in range(200):
            for lane in done:
                workers.put(lane, work(lane, number))
        wait_until(workers.is_idle, 60, "all to be done")
        assert all(numbers == list(range(200)) for numbers in done.values())

    def test_lets_a_lane_that_hangs_hold_up_no_other(self, workers: SideBySide) -> None:
        """And begins what is behind it once it goes on."""
        go_on, behind, other = threading.Event(), threading.Event(), threading.Event()

        def hangs() -> None:
            go_on.wait(10)

        workers.put("slow", hangs)
        workers.put("slow", behind.set)
        workers.put("other", other.set)
        assert other.wait(5)
        assert not behind.is_set()
        go_on.set()
        assert behind.wait(5)

    def test_goes_on_after_work_that_failed(self, workers: SideBySide) -> None:
        """In its lane too, which would else be deaf from then on."""
        after = threading.Event()

        def fails() -> None:
            raise LookupError("Ұлдана")

        workers.put("lane", fails)
        workers.put("lane", after.set)
        assert after.wait(5)

    def test_is_waited_for_at_the_end(self) -> None:
        """What was put before is done, and no thread is left."""
        workers, done = SideBySide("test", 2), list[int]()
        for number in range(50):
            workers.put(number % 3, lambda number=number: done.append(number))  # type: ignore[misc]
        workers.end(10)
        assert sorted(done) == list(range(50))
