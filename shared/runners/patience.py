"""Patience with what fails: each key that failed is left alone for a while, longer each time; logs stay readable."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 30.0


class Patience:
    """Remembers, in this process only, what failed how often and until when it is left alone."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: dict[Hashable, tuple[int, float]] = {}

    def is_waiting(self, key: Hashable) -> bool:
        """Whether `key` failed and its time has not come again."""
        return key in self._failures and self._now() < self._failures[key][1]

    def failed(self, key: Hashable) -> None:
        """Leaves `key` alone: 0.2 s after the first failure, twice as long after each more, half a minute at most."""
        count = self._failures.get(key, (0, 0.0))[0] + 1
        delay = min(FIRST_SECONDS * 2 ** min(count - 1, 20), LONGEST_SECONDS)
        self._failures[key] = (count, self._now() + delay)

    def succeeded(self, key: Hashable) -> None:
        """Forgets that `key` ever failed."""
        self._failures.pop(key, None)
