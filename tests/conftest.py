"""The order in which workers take the files of tests; a real browser for tests of pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

PHONE = {"width": 360, "height": 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, in whatever order it was: else one worker ends with it while the other has nothing
    left. Whole suites, attacks and simulations lie in this folder; beside the code lies what is short.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/"))


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
