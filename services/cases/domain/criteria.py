"""When change counts as positive and lasting (PLN-05); pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile

from services.cases.domain.values import Criterion, Rating
from shared.regulation import local_day

Rated = tuple[datetime, Rating]


def not_lasting(ratings: Mapping[Criterion, Sequence[Rated]], *, times: int, days_apart: int) -> list[Criterion]:
    """The criteria that stand in the way of closing, in the order of their list."""
    return [
        criterion
        for criterion in Criterion
        if not is_lasting(ratings.get(criterion, ()), times=times, days_apart=days_apart)
    ]


def is_lasting(ratings: Sequence[Rated], *, times: int, days_apart: int) -> bool:
    """Whether the latest ratings are all positive, `times` of them at least `days_apart` days from one another.

    One rating that is not positive begins the count anew. Days are Almaty's.
    """
    latest = takewhile(lambda rated: rated[1] is Rating.POSITIVE, reversed(ratings))
    return _spaced(sorted(local_day(at) for at, _ in latest), timedelta(days=days_apart)) >= times


def _spaced(days: Sequence[date], apart: timedelta) -> int:
    counted = 0
    last: date | None = None
    for day in days:
        if last is None or day - last >= apart:
            counted, last = counted + 1, day
    return counted
