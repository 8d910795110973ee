"""Work on different lanes side by side, on one lane in the order in which it came."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from queue import SimpleQueue

from shared.logging import facts_of, log

Work = Callable[[], None]


class SideBySide:
    """A few threads that take work; begun when the first work comes, ended by `end`."""

    def __init__(self, name: str, workers: int) -> None:
        self._name = name
        self._workers = workers
        self._ready: SimpleQueue[tuple[Hashable, Work] | None] = SimpleQueue()
        self._behind: dict[Hashable, deque[Work]] = {}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def put(self, lane: Hashable, work: Work) -> None:
        """Has work done once what was put for its lane before is done."""
        if len(self._threads) < self._workers:
            thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._threads.append(thread)
            thread.start()
        with self._lock:
            if lane in self._behind:
                self._behind[lane].append(work)
                return
            self._behind[lane] = deque()
        self._ready.put((lane, work))

    def is_idle(self) -> bool:
        """Whether all that was put is done."""
        return not self._behind

    def end(self, seconds: float) -> None:
        """Waits so long at most for what was put, then lets the threads go."""
        ends = time.monotonic() + seconds
        while not self.is_idle() and time.monotonic() < ends:
            time.sleep(0.01)  # a poll with a deadline
        for _ in self._threads:
            self._ready.put(None)
        self._threads = []

    def _run(self) -> None:
        while (next_one := self._ready.get()) is not None:
            lane, work = next_one
            try:
                work()
            except Exception as error:  # noqa: BLE001 - one lane's trouble is not the others'
                log().error("side_by_side.work_failed", role=self._name, **facts_of(error))
            self._go_on(lane)

    def _go_on(self, lane: Hashable) -> None:
        with self._lock:
            behind = self._behind[lane]
            if not behind:
                del self._behind[lane]
                return
            work = behind.popleft()
        self._ready.put((lane, work))
