"""Fixtures of the referrals service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.referrals.tests import builders as b
from services.referrals.tests.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty installation."""
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def school(world: World) -> World:
    """Two agencies that read their inbox, and a case with a team."""
    world.hear_of_agency(b.POLICE, "police")
    world.hear_of_agency(b.HEALTH, "health")
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    return world
