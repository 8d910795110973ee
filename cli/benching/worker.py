"""A process that measures one thing, round by round: `python -m cli.benching.worker TASK`.

The first line of its standard input is what it is given, as JSON. It says "ready" in JSON once it is set up; then each
line is a round's settings, and each line of standard output what was measured. It ends with its standard input.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from typing import Any

from cli.patching import make_cooperative

COOPERATIVE = ("speaks", "hears", "accounts", "reports")
TASKS = {
    "appends": ("appending", "Appends"),
    "library_appends": ("appending", "LibraryAppends"),
    "pgbench": ("appending", "PlainInserts"),
    "replay": ("reading", "Replay"),
    "library_get": ("reading", "LibraryGet"),
    "verify": ("reading", "Verify"),
    "read": ("reading", "Read"),
    "proof": ("reading", "Proof"),
    "speaks": ("hearing", "Speaking"),
    "hears": ("hearing", "Hearing"),
    "publishes": ("hearing", "Publishing"),
    "consumes": ("hearing", "Consuming"),
    "accounts": ("paging", "Accounts"),
    "reports": ("paging", "Reports"),
    "pages": ("paging", "Pages"),
}


def main() -> None:
    """Entry point."""
    task, given = sys.argv[1], json.loads(sys.stdin.readline())
    if task in COOPERATIVE:
        make_cooperative()
    warnings.simplefilter("ignore")  # of libraries, on their own deprecations
    from shared.logging import configure_logging

    configure_logging("bench")
    round_of = _task(task)(**given)
    print(json.dumps("ready"), flush=True)
    while line := _line(task in COOPERATIVE):
        print(json.dumps(round_of(**json.loads(line))), flush=True)


def _line(cooperative: bool) -> str:
    """The next line of standard input; a cooperative process works on while it waits."""
    if not cooperative:
        return sys.stdin.readline()
    from eventlet import tpool

    line: str = tpool.execute(sys.stdin.readline)
    return line


def _task(name: str) -> Any:
    """The class that does a task, from the one module that it needs."""
    module, kind = TASKS[name]
    return getattr(import_module(f"cli.benching.{module}"), kind)


if __name__ == "__main__":
    main()
