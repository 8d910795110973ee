"""The proof that the simulation can fail: each guard of the suite, taken away, is missed within a few seeds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.simulating.installation import Ground
from cli.simulating.running import play
from tests.simulation.guards import GUARDS, Guard

MOST_SEEDS = 60


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """What all runs stand on."""
    ground = Ground()
    yield ground
    ground.close()


class TestAGuard:
    @pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.what)
    def test_is_missed_when_it_is_taken_away(
        self, guard: Guard, ground: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Under the faults that it is there for, some seed finds what it keeps from happening."""
        guard.remove(monkeypatch)
        for seed in range(MOST_SEEDS):
            played = play(seed, ground, guard.faults)
            if not played.is_sound:
                break
        assert any(guard.finding in finding for finding in played.findings), played
