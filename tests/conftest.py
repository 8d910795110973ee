"""What each worker takes of the tests, and in which order; a real browser for tests of pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from xdist.scheduler import LoadFileScheduling

PHONE = {"width": 360, "height": 640}
MODE = re.compile(r"\[(embedded|distributed)\b")
IN_HALVES = tuple(f"tests/journeys/test_{one}.py" for one in ("stories", "main_case", "the_way_of_reports"))
"""Files whose tests are all for one way to run the suite or the other."""
LONGEST = (
    "tests/journeys/test_stories.py[distributed]",
    "tests/journeys/test_stories.py[embedded]",
    "tests/security/test_openapi_document.py",
    "tests/journeys/test_runbook_restore.py",
    "tests/simulation/test_seeds.py",
    "tests/journeys/test_main_case.py[distributed]",
    "tests/simulation/test_guards.py",
    "tests/security/test_canary.py",
    "tests/benchmarks/test_bench.py",
    "tests/journeys/test_the_way_of_reports.py[distributed]",
    "tests/journeys/test_the_way_of_reports.py[embedded]",
    "tests/journeys/test_erase_commands.py",
)
"""The longest first, those that need a distributed suite in turns with others: there is one such on a machine."""


def taken_together(nodeid: str) -> str:
    """The name of what one worker takes at once: a file, or what it holds for one way to run the suite."""
    file, mode = nodeid.partition("::")[0], MODE.search(nodeid)
    return f"{file}[{mode[1]}]" if mode and file in IN_HALVES else file


class ByFileAndMode(LoadFileScheduling):  # type: ignore[misc] # the library has no types
    """Hands out files, those of both ways to run the suite in two parts."""

    def _split_scope(self, nodeid: str) -> str:
        return taken_together(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFileAndMode:
    """Where there are several workers."""
    return ByFileAndMode(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, in whatever order it was: else one worker ends with it while the other has nothing
    left. Whole suites, attacks and simulations lie in this folder; beside the code lies what is short.
    """

    def turn(item: pytest.Item) -> tuple[int, bool]:
        part = taken_together(item.nodeid)
        return LONGEST.index(part) if part in LONGEST else len(LONGEST), not item.nodeid.startswith("tests/")

    items.sort(key=turn)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The distribution's Chromium: deploy/provision installs it, and says so where it cannot."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "MISSING: Chromium (apt-get install chromium; deploy/provision/test_servers does it)"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def phone(browser: Any) -> Iterator[Page]:
    """A phone's width, without scripts: our pages need none."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()
