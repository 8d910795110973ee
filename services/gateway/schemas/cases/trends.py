"""How cases, measures, speed and effect change over months."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import anything, choice, day, flag, line, many, number, one


class TrendsQuery(Schema):
    """Which months, by what; the last twelve by kind where nothing is said."""

    since = day("Its whole month", required=False)
    until = day("Its whole month", required=False)
    group_by = choice(codes.FACETS, required=False)


class TrendMonth(Schema):
    """A month; one that is not over yet is in no median and no forecast."""

    month = line("`2026-11`")
    is_whole = flag(required=True)


class TrendSeries(Schema):
    """Cases of one code by month."""

    code = line()
    counts = many(number(), "One for each month")
    total = number(required=True)
    median = fields.Float(allow_none=True, metadata={"description": "Of the whole months"})
    outliers = many(anything(), "`month`, `count`, and `score`: robust standard deviations from the median")
    forecast = anything(
        "Of the next month: between `low` and `high` with a probability of at least `coverage`, if months stay alike; "
        "`expected` missed by `typical_error` so far. Null where the school has counted too few months",
        nullable=True,
    )


class Trends(Schema):
    """What the service watches."""

    months = many(TrendMonth)
    group_by = choice(codes.FACETS)
    rounded_to = number("Counts are rounded down to a multiple of this for whoever does not see all cases")
    all = one(TrendSeries, required=True)
    series = many(TrendSeries)
    speed = many(anything(), "Each `span` with its `cases` and their `median_minutes`")
    measures = many(anything(), "Each `measure` with the `cases` it was taken in, and what became of those")
    effect = anything("Of all cases of the months", required=True)
    basis = anything("Whole months that medians and forecasts rest on, and how many are needed", required=True)
    rules = many(fields.String())
