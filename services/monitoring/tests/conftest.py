"""Fixtures: the service as it runs, over a database of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitoring.tests.world import World


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    """A school whose prevention lies in a SQLite file."""
    with World.open(tmp_path) as world:
        yield world
