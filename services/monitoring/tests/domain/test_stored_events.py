"""Events stored long ago are read in a fresh process, through the registry, and apply to their aggregate.

A new event gets its fixture by `python -m services.monitoring.tests.stored_events write`, which changes no other.
"""

from __future__ import annotations

import json
import subprocess
import sys

from services.monitoring.tests.stored_events import FOLDER, STORED


def test_every_event_has_a_fixture() -> None:
    """A topic that is stored must stay readable."""
    assert {file.stem for file in FOLDER.glob("*.json")} == STORED.topics()


def test_all_are_read_and_applied_in_a_fresh_process() -> None:
    """What the process prints are the topics it applied."""
    read = subprocess.run(
        [sys.executable, "-m", "services.monitoring.tests.stored_events", "read"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    assert set(json.loads(read.stdout)) == STORED.topics()
