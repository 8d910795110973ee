"""Which test carries which requirement, and how it went: kept in var/trace/last-run.json for `make trace`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECORD = Path("var/trace/last-run.json")
NOT_RUN = "not run"


@dataclass
class Traced:
    """One test: the requirement numbers it carries, and the outcome of the last run that ran it."""

    requirements: list[str]
    outcome: str = NOT_RUN


@dataclass
class Trace:
    """What is known of every test by its node id."""

    tests: dict[str, Traced] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> Trace:
        """The record of the last run, empty where there is none."""
        try:
            stored: Mapping[str, Any] = json.loads((root / RECORD).read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return cls()
        return cls({node: Traced(entry["requirements"], entry["outcome"]) for node, entry in stored["tests"].items()})

    def write(self, root: Path) -> None:
        """Replaces the record in one step, so that a reader never sees half of it."""
        path = root / RECORD
        path.parent.mkdir(parents=True, exist_ok=True)
        tests = {
            node: {"requirements": sorted(traced.requirements), "outcome": traced.outcome}
            for node, traced in sorted(self.tests.items())
        }
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"tests": tests}, indent=1) + "\n")
        fresh.replace(path)

    def merge(self, seen: Mapping[str, Traced], *, root: Path, whole_files: Iterable[str]) -> None:
        """Takes in a run that may have been of part of the suite.

        A test that was only collected keeps its earlier outcome. Tests that are gone are dropped: those whose file is
        gone, and those that a run of their whole file no longer found.
        """
        searched = set(whole_files)
        for node in list(self.tests):
            file = node.partition("::")[0]
            if node not in seen and (file in searched or not (root / file).exists()):
                del self.tests[node]
        for node, traced in seen.items():
            earlier = self.tests.get(node)
            outcome = traced.outcome
            if outcome == NOT_RUN and earlier is not None:
                outcome = earlier.outcome
            self.tests[node] = Traced(traced.requirements, outcome)
