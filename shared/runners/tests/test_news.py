"""Whom a relay or follower looks at next: known tenants at once, all of them every now and then."""

from __future__ import annotations

import threading
import time

import pytest

from shared.ids import new_id
from shared.runners.news import Grown, News

LONG = 60.0


def news(backstop: float = LONG) -> tuple[News, threading.Event, Grown]:
    """News that has just looked at all."""
    woken, grown = threading.Event(), Grown()
    made = News(woken, grown, backstop)
    assert made.next() is None
    made.looked(None, is_more=False)
    return made, woken, grown


class TestNews:
    def test_begins_with_all_and_then_knows_nobody(self) -> None:
        made, _, _ = news()
        assert made.next() == set()

    def test_names_at_once_who_grew_and_each_once(self) -> None:
        """Woken long before the time for all."""
        made, woken, grown = news()
        tenant = new_id()
        grown.add(tenant)
        grown.add(tenant)
        woken.set()
        made.rest()
        assert made.next() == {tenant}
        assert made.next() == set()

    def test_looks_at_all_when_the_time_has_come(self) -> None:
        """What other processes append nobody tells."""
        made, _, _ = news(backstop=0.02)
        begun = time.monotonic()
        made.rest()
        assert 0.01 < time.monotonic() - begun < LONG / 2
        assert made.next() is None

    def test_looks_at_all_at_its_time_though_named_ones_never_end(self) -> None:
        made, woken, grown = news(backstop=0.02)
        ends = time.monotonic() + LONG / 2
        seen = 0
        while (tenants := made.next()) is not None and time.monotonic() < ends:
            made.looked(tenants, is_more=False)
            grown.add(new_id())
            woken.set()
            made.rest()
            seen += 1
        assert tenants is None
        assert seen

    def test_looks_at_all_when_woken_by_somebody_who_names_nobody(self) -> None:
        made, woken, _ = news()
        woken.set()
        made.rest()
        assert made.next() is None

    def test_looks_at_all_without_a_pause_where_there_is_more(self) -> None:
        made, _, _ = news()
        made.looked(set(), is_more=True)
        assert made.next() is None

    def test_looks_at_all_after_a_failure(self) -> None:
        """Whoever was named then is not known any more."""
        made, _, grown = news()
        grown.add(new_id())
        made.look_at_all()
        assert made.next() is None

    def test_looks_at_all_less_often_while_nothing_happens_and_as_often_as_before_once_something_does(self) -> None:
        made = News(threading.Event(), Grown(), 0.01)

        def pause() -> float:
            assert made.next() is None
            made._begun = time.monotonic()  # the look takes no time
            made.looked(None, is_more=False)
            paused = made._all_at - time.monotonic()
            made.look_at_all()
            return paused

        quiet = [pause() for _ in range(30)]
        assert quiet[0] <= 0.01
        assert quiet[-1] == pytest.approx(0.25, abs=0.01)
        made.looked({new_id()}, is_more=False)
        assert pause() <= 0.01

    def test_spends_a_twentieth_of_the_time_on_looking_at_all(self) -> None:
        """Ten thousand heads take their time: it is asked for them less often."""
        woken = threading.Event()
        made = News(woken, Grown(), 0.0)
        begun = time.monotonic()
        assert made.next() is None
        woken.wait(0.02)  # the look takes this long
        made.looked(None, is_more=False)
        made.rest()
        assert time.monotonic() - begun >= 0.02 * 20

    def test_looks_at_all_once_a_second_however_long_it_takes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server that stood still for a minute is not left alone for twenty."""
        monkeypatch.setattr("shared.runners.news.LONGEST_SECONDS", 0.02)
        made = News(threading.Event(), Grown(), 0.0)
        assert made.next() is None
        made._begun -= LONG
        made.looked(None, is_more=False)
        begun = time.monotonic()
        made.rest()
        assert time.monotonic() - begun < LONG / 2
