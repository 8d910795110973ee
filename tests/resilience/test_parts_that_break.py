"""A part of the suite that breaks in a running process is begun again; nobody else would notice that it is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli.serving import wait_for_the_end
from cli.suite import Suite
from shared.messaging.transport import EMBEDDED_URL

SUITE = """
import eventlet; eventlet.monkey_patch()
import json, sys, threading, time
from pathlib import Path
from types import SimpleNamespace
from cli.suite import Suite
from shared.ids import new_id
from shared.messaging.transport import EMBEDDED_URL
from shared.runners.news import Grown
from shared.testing.toy_services import ToyHouse

toys = ToyHouse.on_sqlite(Path(sys.argv[1]))
services = {name: toy.service for name, toy in toys.toys.items()}
woken = {name: (toy.relay_woken, toy.follower_woken) for name, toy in toys.toys.items()}
settings = SimpleNamespace(broker_url=EMBEDDED_URL, partner_broker_url=None)
grown = {name: (Grown(), Grown()) for name in toys.toys}
suite = Suite(SimpleNamespace(settings=settings, services=services, woken=woken, grown=grown))

begun = []
def part():
    begun.append(1)
    if len(begun) == 1:
        raise LookupError("a name")
    suite.stop.wait()
suite._thread("part", part)
suite.start(services["alpha"], "door")

def answers():
    try:
        return suite.rpc.call("alpha", "heads", "no token", None, timeout=1)["ok"] is False
    except Exception:
        return False

def within(seconds, what):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if what():
            return True
        time.sleep(0.05)
    return False

before = within(60, answers)
suite._containers["alpha"].kill((LookupError, LookupError("a name"), None))
result = {"before": before, "after": within(60, answers), "begun": within(60, lambda: len(begun) == 2)}
suite.end()
result["ended"] = not any(thread.is_alive() for thread in suite._threads)
print(json.dumps(result))
"""


def test_doors_and_threads_that_break_are_begun_again(tmp_path: Path) -> None:
    """A container that nameko killed, and a thread whose loop raised."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SUITE, str(tmp_path / "toys")],
        capture_output=True,
        check=False,
        timeout=240,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert result == {"before": True, "after": True, "begun": True, "ended": True}


def test_doors_are_closed_together_and_one_that_breaks_keeps_no_other_open() -> None:
    """Each takes its time to close: one after the other, a suite of four would end after four times that."""
    settings = SimpleNamespace(broker_url=EMBEDDED_URL)
    suite = Suite(SimpleNamespace(settings=settings))  # type: ignore[arg-type] # it has nothing to run
    meeting = threading.Barrier(3)
    closed: list[str] = []

    def close(name: str) -> None:
        meeting.wait(30)
        if name == "beta":
            raise LookupError(name)
        closed.append(name)

    for name in ("alpha", "beta", "gamma"):
        suite._containers[name] = SimpleNamespace(stop=partial(close, name))
    suite.end()
    assert sorted(closed) == ["alpha", "gamma"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_was_told_to_end_can_be_told_again(number: signal.Signals) -> None:
    """The first signal ends the waiting; after it the handlers are those of before, so that a second one ends all."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    timer = threading.Timer(0.2, os.kill, (os.getpid(), number))
    timer.start()
    wait_for_the_end()
    timer.join()
    assert {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)} == before
