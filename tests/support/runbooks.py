"""Runs the commands of a runbook's own page, block by block, so that the page can't go stale."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.suites import QORGAN

BLOCK = re.compile(r"^```sh(?: (?P<where>\w+))?\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## (?P<step>\d+)\. .*$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One numbered step: what its blocks say, for one way to run the suite."""

    number: int
    commands: str


def steps_of(page: Path, where: str) -> list[Step]:
    """The steps of a page: those of its blocks that are for everybody or for `where`."""
    text = page.read_text(encoding="utf-8")
    headings = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return [
        Step(int(heading["step"]), "".join(_blocks(text[heading.end() : end], where)))
        for heading, end in zip(headings, ends, strict=True)
    ]


def _blocks(text: str, where: str) -> Iterator[str]:
    for block in BLOCK.finditer(text):
        if block["where"] in (None, where):
            yield block["commands"]


class Player:
    """Plays steps in one shell environment: what a step exports, the next ones have."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = dict(environment)
        self._environment["PATH"] = f"{QORGAN.parent}:{self._environment['PATH']}"
        self._exports = folder / "exports"
        self._exports.write_text("", encoding="utf-8")

    def play(self, commands: str, *, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs commands as they stand; the first that fails ends them."""
        script = f"set -e\n. {self._exports}\n{commands}\nexport -p > {self._exports}\n"
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            env=self._environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0 or not check, (
            f"{commands}\nended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        return done
