"""The one way in which tests wait for what happens elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


def wait_until(
    probe: Callable[[], Seen | None], deadline_seconds: float, what: str, *, pause_seconds: float = 0.02
) -> Seen:
    """Asks `probe` until its answer is true, and returns that answer.

    `what` completes the sentence "waited for …". What a probe raises counts as not yet, and is shown with the failure,
    like the last answer. Raises AssertionError after `deadline_seconds`.
    """
    ends_at = time.monotonic() + deadline_seconds
    while True:
        try:
            seen = probe()
        except Exception as error:  # noqa: BLE001 - a probe may look at what is not there yet
            last_seen = f"{type(error).__name__}: {error}"
        else:
            if seen:
                return seen
            last_seen = repr(seen)
        if time.monotonic() >= ends_at:
            raise AssertionError(f"waited {deadline_seconds:g} s for {what}; last seen: {last_seen}")
        time.sleep(pause_seconds)
