"""docs/trust.md names tests: each of them is there."""

from __future__ import annotations

import re

import pytest

from tests.support.tree import ROOT

PAGE = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| attack ")]


class TestTheAttackTable:
    def test_is_not_empty(self) -> None:
        assert len(ROWS) > 20

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row).split("|")[1].strip()[:60])
    def test_names_tests_that_are_there(self, row: str) -> None:
        """A path with a class, or a class alone, which is one of the path before it."""
        path, found = "", 0
        for name in re.findall(r"`([^`]+)`", row.split("|")[-2]):
            before, _, test_class = name.rpartition("::")
            path = before or path
            assert f"class {test_class}" in (ROOT / path).read_text(encoding="utf-8")
            found += 1
        assert found
