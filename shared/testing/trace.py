"""`make trace`: each requirement, the tests that carry its number, and how they went in the last run that ran them.

REP-03 passed tests/journeys/test_reporting.py::TestAnAnonymousReporter::test_comes_back_with_the_receipt
REP-04 no test
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.testing.requirements import Trace

REQUIREMENTS = Path("docs/requirements.md")


def numbers_in(page: str) -> list[str]:
    """The requirement numbers that a page states, in its order."""
    return re.findall(r"^- ([A-Z]{3}-\d{2}) \S", page, re.MULTILINE)


def lines(numbers: Iterable[str], trace: Trace) -> Iterator[str]:
    """One line for each requirement and test that carries it, or one that none does."""
    carrying: dict[str, list[str]] = {}
    for node, traced in sorted(trace.tests.items()):
        for number in traced.requirements:
            carrying.setdefault(number, []).append(f"{traced.outcome} {node}")
    for number in numbers:
        for test in carrying.pop(number, ["no test"]):
            yield f"{number} {test}"
    for number, tests in sorted(carrying.items()):
        for test in tests:
            yield f"{number} unknown requirement, {test}"


def main() -> int:
    """Looks which tests there are now, then prints."""
    root = Path.cwd()
    collecting = [sys.executable, "-m", "pytest", "--collect-only", "-qq"]
    collected = subprocess.run(collecting, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if collected.returncode:
        faults = [line for line in collected.stdout.splitlines() if line.startswith(("E ", "ERROR "))]
        sys.stderr.write("\n".join([*faults, "not all tests could be collected: their last record is shown", ""]))
    page = (root / REQUIREMENTS).read_text(encoding="utf-8")
    with contextlib.suppress(BrokenPipeError):  # `make trace | head`
        for line in lines(numbers_in(page), Trace.read(root)):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
