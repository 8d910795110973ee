"""Counts by month: which of them stand out, and what the next may be (SSS-07). Plain methods that can be done by hand.

**Outliers** by the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): how far a count
lies from the median, in units of the median absolute deviation (MAD), 0.6745 (x - median) / MAD; beyond 3.5 it stands
out. One month that is out of the common moves neither the median nor the MAD. Where more than half of the months are
alike, the MAD is 0 and the mean absolute deviation takes its place (x - median) / (1.2533 MeanAD), as they propose.
Small schools count ones and twos: what differs by fewer cases than `least` is not pointed out, whatever its score.

**Forecast**: if the months are alike (exchangeable), the next lies between the least and the greatest of the last n
with a probability of at least (n - 1) / (n + 1), whatever their distribution. That, the median between, and by how much
it would have missed so far, is all that is said: no trend is drawn on, no season, for which a school has too few cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

MAD_TO_SIGMA = 0.6745
MEAN_AD_TO_SIGMA = 1.253314
MONTHS_LOOKED_AT = 12


@dataclass(frozen=True, kw_only=True)
class Outlier:
    """A count that stands out: which one of the series, how far from the median in (robust) standard deviations."""

    index: int
    score: float


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The next count: between `low` and `high` with a probability of at least `coverage`, from `months` months.

    `typical_error` is by how much the median of the months before missed each month since the series was long enough,
    on average; None where none was.
    """

    expected: float
    low: int
    high: int
    coverage: float
    months: int
    typical_error: float | None


def outliers(counts: Sequence[int], baseline: Sequence[int], *, limit: float, least: int) -> list[Outlier]:
    """Those of `counts` that stand out from `baseline`: further than `limit` deviations and `least` cases off."""
    middle, spread = _middle_and_spread(baseline)
    found = []
    for index, count in enumerate(counts):
        score = (count - middle) / spread if spread else 0.0
        if abs(score) > limit and abs(count - middle) >= least:
            found.append(Outlier(index=index, score=round(score, 2)))
    return found


def forecast(counts: Sequence[int], *, least_months: int) -> Forecast | None:
    """What comes after `counts`, whole months all of them; None where they are fewer than `least_months`."""
    if len(counts) < least_months:
        return None
    last = counts[-MONTHS_LOOKED_AT:]
    errors = [
        abs(counts[at] - median(counts[max(0, at - MONTHS_LOOKED_AT) : at])) for at in range(least_months, len(counts))
    ]
    return Forecast(
        expected=float(median(last)),
        low=min(last),
        high=max(last),
        coverage=round((len(last) - 1) / (len(last) + 1), 3),
        months=len(last),
        typical_error=round(fmean(errors), 2) if errors else None,
    )


def _middle_and_spread(counts: Sequence[int]) -> tuple[float, float]:
    """The median, and what a standard deviation would be, robustly; 0 where all are alike."""
    if not counts:
        return 0.0, 0.0
    middle = median(counts)
    distances = [abs(count - middle) for count in counts]
    spread = median(distances) / MAD_TO_SIGMA or fmean(distances) * MEAN_AD_TO_SIGMA
    return middle, spread
