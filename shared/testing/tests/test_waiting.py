from __future__ import annotations

import itertools

import pytest

from shared.testing.waiting import wait_until


class TestWaiting:
    def test_returns_the_first_true_answer(self) -> None:
        """The probe is asked again until its answer is true."""
        answers = itertools.count()
        assert wait_until(lambda: next(answers), 1, "a number above nought", pause_seconds=0) == 1

    def test_says_what_was_last_seen(self) -> None:
        """A failure tells what was waited for, and what was there instead."""
        with pytest.raises(AssertionError, match=r"waited 0 s for a letter; last seen: \[\]"):
            wait_until(list, 0, "a letter")

    def test_says_what_a_probe_last_raised(self) -> None:
        """A probe may fail while what it looks at is not there."""
        letters: dict[str, str] = {}
        with pytest.raises(AssertionError, match="last seen: KeyError: 'letter'"):
            wait_until(lambda: letters["letter"], 0, "a letter")
