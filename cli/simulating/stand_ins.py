"""Stand-ins for threads, locks, queues and clocks, which the schedule knows of; put into the real modules for a while.

The suite's code is left as it is: its modules find these under the names of the standard library (`threading`, `time`,
`datetime`, `SimpleQueue`) while `installed` lasts. Every interval at which a part looks around by itself is stretched:
else a run would be spent on looking.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import kombu.mixins
import kombu.utils.limits

from cli.simulating.schedule import Schedule, Task, Waitable
from shared.ledger import append
from shared.messaging import filler, lanes, listener, publisher, relay, side_by_side
from shared.runners import checkpointing, clockwork, door, follower, leader, news
from shared.runners.patience import Patience

STRETCHED = (
    (relay, "BACKSTOP_SECONDS", 1.5),
    (follower, "BACKSTOP_SECONDS", 1.3),
    (follower, "CHECKPOINTS_EVERY_SECONDS", 15.0),
    (clockwork, "TICK_SECONDS", 0.8),
    (filler, "TICK_SECONDS", 0.8),
    (listener, "LOOK_SECONDS", 0.25),
)


class Lock:
    """As threading.Lock."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._held = False
        self._freed = Waitable()

    def acquire(self) -> bool:
        """Waits until it is free, and takes it."""
        while self._held:
            self._schedule.wait(self._freed, None)
        self._held = True
        return True

    def release(self) -> None:
        """Lets it go."""
        self._held = False
        self._schedule.notify(self._freed)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Event:
    """As threading.Event."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._is_set = False
        self._changed = Waitable()

    def is_set(self) -> bool:
        """Whether it was set."""
        return self._is_set

    def set(self) -> None:
        """Sets it, and wakes who waits."""
        self._is_set = True
        self._schedule.notify(self._changed)

    def clear(self) -> None:
        """Takes it back."""
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Waits for it so many seconds at most; whether it is set."""
        if not self._is_set:
            self._schedule.wait(self._changed, timeout)
        return self._is_set


class Thread:
    """As threading.Thread: a task of the process that makes it."""

    def __init__(
        self,
        *,
        schedule: Schedule,
        target: Callable[..., object],
        args: tuple[Any, ...] = (),
        name: str = "",
        daemon: bool = True,
    ) -> None:
        self._schedule = schedule
        self._target = target
        self._args = args
        self.name = name
        self.daemon = daemon
        self._over = Event(schedule)
        self._task: Task | None = None

    def start(self) -> None:
        """Begins it."""
        process = self._schedule.process
        self._task = self._schedule.spawn(f"{process.name}.{self.name}", self._run)

    def _run(self) -> None:
        try:
            self._target(*self._args)
        finally:
            self._over.set()

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._task is not None and not self._task.is_over and not self._over.is_set()

    def join(self, timeout: float | None = None) -> None:
        """Waits for its end, so many seconds at most."""
        self._over.wait(timeout)


class SimpleQueue:
    """As queue.SimpleQueue."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._items: deque[Any] = deque()
        self._filled = Waitable()

    def put(self, item: object) -> None:
        """Puts something behind what is there."""
        self._items.append(item)
        self._schedule.notify(self._filled)

    def get(self) -> Any:
        """Waits for the first, and takes it."""
        while not self._items:
            self._schedule.wait(self._filled, None)
        return self._items.popleft()

    def empty(self) -> bool:
        """Whether nothing is there."""
        return not self._items


class StepLog:
    """What the suite logs becomes a step of the schedule: named, without text."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def __getattr__(self, level: str) -> Callable[..., None]:
        def note(event: str, **facts: Any) -> None:
            told = " ".join(
                str(facts[name]) for name in ("number", "reason", "error", "place", "code") if name in facts
            )
            self._schedule.note(f"{event} {told}".rstrip())

        return note


def _datetime_of(schedule: Schedule) -> type[dt.datetime]:
    class Datetime(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return schedule.wall().astimezone(tz)

    return Datetime


@contextmanager
def installed(schedule: Schedule) -> Iterator[None]:
    """Puts the stand-ins of one schedule into the modules of the suite, and takes them out again."""
    threading = SimpleNamespace(
        Lock=lambda: Lock(schedule),
        Event=lambda: Event(schedule),
        Thread=lambda **facts: Thread(schedule=schedule, **facts),
    )
    time = SimpleNamespace(
        monotonic=lambda: schedule.now,
        sleep=schedule.sleep,
        time_ns=schedule.wall_nanoseconds,
    )
    log = StepLog(schedule)

    def nothing(*_: object, **__: object) -> None:
        """What kombu logs of a lost connection, with the error's text."""

    placed: list[tuple[Any, str, Any]] = [
        *((module, "threading", threading) for module in (lanes, side_by_side, leader, news)),
        *((module, "time", time) for module in (lanes, filler, publisher, side_by_side, follower, news, append)),
        *((module, "datetime", _datetime_of(schedule)) for module in (lanes, filler, door)),
        *((module, "SimpleQueue", lambda: SimpleQueue(schedule)) for module in (side_by_side, listener)),
        *(
            (module, "log", lambda: log)
            for module in (
                relay, lanes, filler, listener, side_by_side, follower, clockwork, leader, checkpointing, door,
            )
        ),
        *((kombu.mixins, name, nothing) for name in ("warn", "info", "debug", "error")),
        (kombu.mixins, "sleep", schedule.sleep),
        (kombu.utils.limits, "monotonic", time.monotonic),
        (Patience.__init__, "__defaults__", (time.monotonic,)),
        *STRETCHED,
    ]  # fmt: skip
    before = [(place, name, getattr(place, name)) for place, name, _ in placed]
    for place, name, stand_in in placed:
        setattr(place, name, stand_in)
    try:
        yield
    finally:
        for place, name, was in before:
            setattr(place, name, was)
