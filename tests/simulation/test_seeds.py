"""The real relay, lanes, filler, listener, follower, clock runner and leader under simulated faults, seed after seed.

A seed that fails is played again by `qorgan simulate --seeds 1 --from SEED`, which shows the steps that led to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from cli.commands import app
from cli.simulating.installation import Ground
from cli.simulating.running import Played, play, play_all
from tests.simulation.guards import the_position_moves_afterwards

SEEDS = 200  # `qorgan simulate` plays thousands
BLOCK = 50
DIGESTS = "import sys; from tests.simulation.test_seeds import digests; print(digests(map(int, sys.argv[1:])))"


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """What all runs stand on."""
    ground = Ground()
    yield ground
    ground.close()


def told(played: Played) -> str:
    """What a failing seed says."""
    steps = "\n".join(played.last_steps)
    return f"{steps}\nseed {played.seed}: {played.findings}\nqorgan simulate --seeds 1 --from {played.seed}"


def digests(seeds: Iterator[int]) -> list[int]:
    """What tells apart how seeds were played."""
    ground = Ground()
    return [play(seed, ground).digest for seed in seeds]


class TestTheSuiteUnderFaults:
    @pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
    def test_loses_nothing_and_does_nothing_twice(self, ground: Ground, first: int) -> None:
        """Nothing lost, nothing twice, in order; clocks once; cursors behind confirms; every ledger verifies."""
        for played in play_all(range(first, first + BLOCK), ground):
            assert played.is_sound, told(played)


class TestASeed:
    def test_is_played_the_same_way_each_time(self, ground: Ground) -> None:
        """Also after others, and in another process, whose sets and dictionaries have another order."""
        seeds = [3, 90, 12, 3]
        first = [play(seed, ground).digest for seed in seeds]
        assert first[0] == first[3]
        assert len(set(first)) == 3
        elsewhere = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", DIGESTS, *map(str, seeds)],
            env=os.environ | {"PYTHONHASHSEED": "7"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert elsewhere.stdout.strip() == str(first)

    def test_is_played_the_same_way_through_all_of_sqlalchemy(
        self, ground: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What runs its statements past SQLAlchemy's connections takes the same steps as they would."""
        seeds = [3, 12]
        lean = [play(seed, ground, ["listener_is_restored"]) for seed in seeds]
        for store in ground.stores.values():
            monkeypatch.setattr(store, "is_lean", False)
        whole = [play(seed, ground, ["listener_is_restored"]) for seed in seeds]
        assert [one.digest for one in whole] == [one.digest for one in lean]


class TestTheCommand:
    def test_says_that_nothing_was_found(self) -> None:
        """And ends with 0."""
        result = CliRunner().invoke(app, ["simulate", "--seeds", "2", "--from", "5"])
        assert (result.exit_code, result.stdout) == (0, "2 seeds from 5 on: nothing found\n")

    def test_names_the_seed_that_fails_and_how_to_play_it_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the last steps that led to it; and ends with 1."""
        the_position_moves_afterwards(monkeypatch)
        result = CliRunner().invoke(app, ["simulate", "--seeds", "9", "--from", "40"])
        assert result.exit_code == 1
        assert "are there without its position" in result.stdout
        assert "again: qorgan simulate --seeds 1 --from 4" in result.stdout
        assert "committed" in result.stdout
