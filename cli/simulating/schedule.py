"""The schedule: which of many tasks goes on next, and what time it is, decided by a seed and nothing else.

Tasks are greenlets of one thread. Each switches back here at every step that could be the last of its process: before a
transaction, after a commit, at a publish, an acknowledgement, a wait. Time moves a little at each step, and jumps where
nobody can go on.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from greenlet import getcurrent, greenlet

BEGIN = datetime(2026, 9, 1, 8, tzinfo=UTC)
LONGEST_STEP_SECONDS = 0.002
REMEMBERED_STEPS = 60
MOST_STEPS = 50_000


class KilledError(BaseException):
    """Raised in every task of a process that was killed: no handler of the suite's catches it, as none survives."""


class ViolationError(Exception):
    """Something that must never be so was seen."""


@dataclass(eq=False)
class Process:
    """What lives and dies together; its wall clock is `drift` seconds off."""

    name: str
    service: str = ""
    drift: float = 0.0
    is_dead: bool = False
    stands_still_until: float = 0.0
    tasks: list[Task] = field(default_factory=list)
    when_killed: list[Callable[[], None]] = field(default_factory=list)


@dataclass(eq=False)
class Task:
    """One thread of a process."""

    name: str
    process: Process
    greenlet: Any = None
    waits_on: Waitable | None = None
    turn: int = 0
    is_ready: bool = False
    was_notified: bool = False
    is_over: bool = False


class Waitable:
    """Something that tasks wait for."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting: list[Task] = []


class Schedule:
    """Runs tasks one at a time, in an order that the seed decides."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the seed is to decide everything
        self.now = 0.0
        self.steps = 0
        self.digest = 0
        self.in_transaction = False
        self.outside = Process("outside")
        self.last_steps: deque[tuple[float, str, str]] = deque(maxlen=REMEMBERED_STEPS)
        self._ready: list[Task] = []
        self._timers: list[tuple[float, int, Task, int]] = []
        self._count = 0
        self._dying: list[Process] = []
        self._processes: list[Process] = []
        self._running: Task | None = None
        self._main = getcurrent()
        self._failure: BaseException | None = None

    # -- what tasks call ----------------------------------------------------------------------------------------------

    @property
    def process(self) -> Process:
        """The process of the running task."""
        return self._running.process if self._running is not None else self.outside

    def spawn(self, name: str, run: Callable[[], object], process: Process | None = None) -> Task:
        """A new task of a process, of the running one's if none is named."""
        task = Task(name, process or self.process)
        task.greenlet = greenlet(lambda: self._begin(task, run), parent=self._main)
        if not task.process.tasks and task.process not in self._processes:
            self._processes.append(task.process)
        task.process.tasks.append(task)
        self._make_ready(task)
        return task

    def step(self, label: str) -> None:
        """Lets others go first."""
        self.note(label)
        task = self._alive()
        self._make_ready(task)
        self._switch()

    def note(self, label: str) -> None:
        """Remembers what was done, for whoever reads how it came to a failure."""
        name = self._running.name if self._running is not None else "-"
        self.last_steps.append((self.now, name, label))
        self.digest = crc32(f"{name} {label} {self.now!r}".encode(), self.digest)

    def sleep(self, seconds: float) -> None:
        """Goes on after so many seconds."""
        self.wait(None, max(0.0, seconds))

    def wait(self, waitable: Waitable | None, seconds: float | None) -> bool:
        """Waits to be notified, or so many seconds; whether it was notified."""
        task = self._alive()
        task.was_notified = False
        task.waits_on = waitable
        if waitable is not None:
            waitable.waiting.append(task)
        if seconds is not None:
            self._set_timer(task, self.now + seconds)
        self._switch()
        return task.was_notified

    def notify(self, waitable: Waitable) -> None:
        """Makes everybody ready who waits for it."""
        waiting, waitable.waiting = waitable.waiting, []
        for task in waiting:
            task.was_notified = True
            self._make_ready(task)

    def kill(self, process: Process) -> None:
        """Ends a process where it stands; if it is the running task's, by raising KilledError."""
        if process.is_dead:
            return
        process.is_dead = True
        self.note(f"{process.name} is killed")
        self._dying.append(process)
        if self._running is not None and self._running.process is process:
            raise KilledError

    def happens(self, chance: float) -> bool:
        """Whether something happens now that happens so often, 0 to 1."""
        return self.random.random() < chance

    def fail(self, what: str) -> None:
        """Ends the run: something that must never be so was seen. Does not raise, lest a handler should catch it."""
        self.note(what)
        self._failure = self._failure or ViolationError(what)

    def wall(self) -> datetime:
        """The time by the running process's clock."""
        return BEGIN + timedelta(seconds=self.now + self.process.drift)

    def wall_nanoseconds(self) -> int:
        """As `wall`, in nanoseconds since 1970 UTC."""
        return int(BEGIN.timestamp()) * 1_000_000_000 + int((self.now + self.process.drift) * 1e6) * 1000

    # -- the loop -----------------------------------------------------------------------------------------------------

    def run(self, until: Callable[[], bool], *, most_seconds: float) -> bool:
        """Runs tasks until `until`, which is asked after each task's end and every second, or so long at most.

        Raises whatever a task raised that it should not have.
        """
        ends = self.now + most_seconds
        asks = self.now
        while self.now < ends:
            if self.now >= asks:
                if until():
                    return True
                asks = self.now + 1.0
            self._bury()
            task = self._next(min(asks, ends))
            if task is not None:
                self._resume(task)
        return until()

    def end(self) -> None:
        """Lets go of every task that is left."""
        self._failure = None
        for process in self._processes:
            process.is_dead = True
            self._dying.append(process)
        with suppress(BaseException):
            self._bury()

    def _begin(self, task: Task, run: Callable[[], object]) -> None:
        try:
            run()
        except KilledError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised where the schedule is run
            self._failure = self._failure or error
        finally:
            task.is_over = True
            if not task.process.is_dead:
                task.process.tasks.remove(task)

    def _next(self, not_beyond: float) -> Task | None:
        while self._timers and self._timers[0][0] <= self.now:
            _, _, task, turn = heapq.heappop(self._timers)
            if task.turn == turn and not task.is_ready and not task.is_over:
                self._make_ready(task)
        if not self._ready:
            self.now = max(self.now, min(self._timers[0][0], not_beyond) if self._timers else not_beyond)
            return None
        at = int(self.random.random() * len(self._ready))
        self._ready[at], self._ready[-1] = self._ready[-1], self._ready[at]
        task = self._ready.pop()
        task.is_ready = False
        if task.is_over:
            return None
        if task.process.stands_still_until > self.now:
            self._set_timer(task, task.process.stands_still_until)
            return None
        self.now += self.random.random() * LONGEST_STEP_SECONDS
        return task

    def _resume(self, task: Task) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise ViolationError(f"no end after {MOST_STEPS} steps")
        if task.waits_on is not None:
            if not task.was_notified:
                task.waits_on.waiting.remove(task)
            task.waits_on = None
        task.turn += 1
        self._running = task
        task.greenlet.switch()
        self._running = None
        if self._failure is not None:
            raise self._failure

    def _switch(self) -> None:
        if self.in_transaction:
            raise RuntimeError("a task may not wait inside a transaction: no other could begin one")
        self._main.switch()
        self._alive()

    def _alive(self) -> Task:
        task = self._running
        if task is None:
            raise RuntimeError("only tasks wait")
        if task.process.is_dead:
            raise KilledError
        return task

    def _make_ready(self, task: Task) -> None:
        if not task.is_ready and not task.is_over:
            task.is_ready = True
            self._ready.append(task)

    def _set_timer(self, task: Task, at: float) -> None:
        self._count += 1
        heapq.heappush(self._timers, (at, self._count, task, task.turn))

    def _bury(self) -> None:
        while self._dying:
            process = self._dying.pop()
            for task in list(process.tasks):
                if not task.is_over:
                    self._running = task
                    with suppress(KilledError):  # one that never began has nobody to catch it
                        task.greenlet.throw(KilledError)
                    task.is_over = True
            self._running = None
            process.tasks.clear()
            for tell in process.when_killed:
                tell()
        if self._failure is not None:
            raise self._failure
