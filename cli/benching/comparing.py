"""What a row is, and how both its sides are measured in turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from cli.benching.ground import Worker, together


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One thing against its anchor; `ratio` is that of the best rounds, `bound` its least or most."""

    name: str
    unit: str
    measured: float
    anchor: float
    ratio: float
    bound: float
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether the ratio keeps to the bound."""
        return self.ratio <= self.bound if self.at_most else self.ratio >= self.bound

    def as_json(self) -> dict[str, Any]:
        """The row as `qorgan bench --json` lists it."""
        fields = ("name", "unit", "measured", "anchor", "ratio", "bound", "holds")
        return {name: getattr(self, name) for name in fields} | {"bound_is": "most" if self.at_most else "least"}


Side = Callable[[], float]


def compared(name: str, unit: str, measured: Side, anchor: Side, bound: float, rounds: int, **more: Any) -> Row:
    """Both sides in turn, `rounds` times, the first alternating; what counts is the best round of each.

    Another process can only make a round worse: the best of many short rounds is what the side can do, and both have
    as many chances of a quiet moment.
    """
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        for side, found in ((measured, ours), (anchor, theirs))[:: -1 if number % 2 else 1]:
            found.append(side())
    best = max if unit.endswith("/s") else min
    return Row(
        name=name,
        unit=unit,
        measured=best(ours),
        anchor=best(theirs),
        ratio=best(ours) / best(theirs),
        bound=bound,
        **more,
    )


def _rates(answers: Sequence[dict[str, float]]) -> float:
    return sum(answer["rate"] for answer in answers)


class Rates:
    """Worker processes that do the same together; gives how many a second they get done."""

    def __init__(self, workers: Sequence[Worker], seconds: float) -> None:
        self._workers, self._seconds = workers, seconds

    def __call__(self) -> float:
        """A round."""
        return together(self._workers, _rates, seconds=self._seconds)

    def close(self) -> None:
        """Ends them."""
        for worker in self._workers:
            worker.close()
