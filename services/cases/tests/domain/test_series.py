"""Which months stand out and what may come, on series whose answers are known (SSS-07)."""

from __future__ import annotations

import pytest

from services.cases.domain.series import Outlier, forecast, outliers

pytestmark = pytest.mark.requirement("SSS-07")

CALM = [4, 5, 6, 5, 4, 5, 6, 5, 4, 6, 5, 5]


def found(counts: list[int], *, limit: float = 3.5, least: int = 3) -> list[int]:
    """The places of those that stand out from the whole series."""
    return [one.index for one in outliers(counts, counts, limit=limit, least=least)]


class TestOutliers:
    def test_of_iglewicz_and_hoaglins_kind_are_scored_as_by_hand(self) -> None:
        """Median 5, distances 0 0 0 0 0 1 1 1 1 1 1 8 → MAD 1: 0.6745 · 8 / 1 = 5.40."""
        counts = [4, 5, 6, 5, 4, 5, 6, 5, 4, 6, 13, 5]
        assert outliers(counts, counts, limit=3.5, least=3) == [Outlier(index=10, score=5.4)]

    def test_are_none_in_a_calm_year_and_both_ways_in_others(self) -> None:
        assert found(CALM) == []
        assert found([20, 21, 19, 20, 22, 21, 20, 2]) == [7]

    def test_do_not_hide_one_another_as_they_would_by_mean_and_deviation(self) -> None:
        """Two high months raise the mean so that by 3 deviations neither would be seen."""
        assert found([*CALM, 40, 41]) == [12, 13]

    def test_of_months_mostly_alike_are_scored_by_the_mean_deviation(self) -> None:
        """Median 0 and MAD 0; mean deviation 5/8: (5 - 0) / (1.2533 · 0.625) = 6.38."""
        counts = [0, 0, 0, 0, 0, 0, 0, 5]
        assert outliers(counts, counts, limit=3.5, least=3) == [Outlier(index=7, score=6.38)]
        assert found([3] * 8) == []

    def test_take_as_many_cases_more_or_less_as_are_least(self) -> None:
        counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
        assert found(counts, least=3) == []
        assert found(counts, least=2) == [9]

    def test_are_pointed_out_beyond_the_limit_alone(self) -> None:
        counts = [4, 5, 6, 5, 4, 5, 6, 5, 4, 6, 13, 5]
        assert found(counts, limit=5.3) == [10]
        assert found(counts, limit=5.5) == []


class TestTheForecast:
    def test_is_the_range_of_the_last_year_with_the_probability_that_order_gives(self) -> None:
        """Of twelve months alike, the next is between the least and the greatest in 11 of 13 cases."""
        ahead = forecast([90, *CALM], least_months=6)
        assert ahead is not None
        assert (ahead.expected, ahead.low, ahead.high) == (5.0, 4, 6)
        assert (ahead.coverage, ahead.months) == (0.846, 12)

    def test_holds_as_often_as_it_says(self) -> None:
        """Every order of seven months is as likely: the last is outside the six others' range in 2 of 7 cases."""
        months = [1, 2, 3, 4, 5, 6, 7]
        outside = 0
        for at, after in enumerate(months):
            ahead = forecast(months[:at] + months[at + 1 :], least_months=6)
            assert ahead is not None
            outside += not ahead.low <= after <= ahead.high
        assert outside / len(months) == pytest.approx(1 - 5 / 7)
        assert ahead is not None
        assert ahead.coverage == round(5 / 7, 3)

    def test_says_how_wrong_it_was(self) -> None:
        """Six threes, then 5 and 1: missed by 2 each time."""
        ahead = forecast([3, 3, 3, 3, 3, 3, 5, 1], least_months=6)
        assert ahead is not None
        assert ahead.typical_error == 2.0

    def test_is_not_made_of_too_few_months(self) -> None:
        assert forecast(CALM[:5], least_months=6) is None
        six = forecast(CALM[:6], least_months=6)
        assert six is not None
        assert six.typical_error is None
