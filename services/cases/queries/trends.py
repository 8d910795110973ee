"""How cases, measures, speed and effect change over months, what stands out, what may come (SSS-07).

A case counts in the month of its entry in the register. Months without a case are shown, with 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access, errors
from services.cases.domain.days import first_day, month_after, month_of
from services.cases.domain.errors import BehindAWallError
from services.cases.domain.figures import Facet
from services.cases.domain.series import forecast, outliers
from services.cases.domain.values import SSS_ROLES
from services.cases.queries.counting import Counted, counted_cases
from services.cases.queries.seeing import is_walled_anywhere
from shared.domain import Actor, InvalidInputError, NotPermittedError
from shared.regulation import RuleBook, local_day

MOST_MONTHS = 120
A_YEAR = 12
SPANS = (
    ("event_to_report", "happened_at", "received_at"),
    ("report_to_first_action", "received_at", "first_action_at"),
    ("report_to_register", "received_at", "opened_at"),
    ("register_to_closing", "opened_at", "closed_at"),
)
LEVELS = ("low", "medium", "high")

Told = dict[str, Any]


def trends(
    application: CasesApplication,
    tenant: UUID,
    by: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    group_by: Facet | None = None,
) -> Told:
    """For the service and auditors. Head, deputy and auditors, who see every case, are told exact numbers; others
    numbers rounded down, in which nobody is found. Whoever is walled off from a case of the school is told what a
    school without cases would be: no number tells them of theirs (CON-08).
    """
    ledger, facet = application.for_tenant(tenant), group_by or Facet.KIND
    now, book = ledger.now(), ledger.book
    months = _months(since, until, local_day(now))
    if not (by.roles & SSS_ROLES or access.audits(by)):
        application.record_read(tenant, by, "trends", [], "SSS-07", allowed=False)
        raise NotPermittedError(rule="SSS-07")
    cases, begun = counted_cases(application, ledger, months, with_class=facet is Facet.CLASS)
    if is_walled_anywhere(application, tenant, by):
        application.record_read(tenant, by, "trends", [], BehindAWallError.rule, allowed=False)
        cases, begun = [], None
    else:
        application.record_read(tenant, by, "trends", [one.case for one in cases], "SSS-07")
    exact = access.leads(by) or access.audits(by)
    frame = _Frame.of(months, begun, month_of(now), book, now, exact=exact)
    return frame.told() | {
        "group_by": facet.value,
        "all": frame.series("all", cases),
        "series": [frame.series(code, _with(cases, facet, code)) for code in _codes(cases, facet)],
        "speed": [frame.speed(span, cases) for span in SPANS],
        "measures": [
            {"measure": code, **frame.effect(_with(cases, Facet.MEASURE, code))}
            for code in _codes(cases, Facet.MEASURE)
        ],
        "effect": frame.effect(cases),
    }


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """The months that are looked at, which of them medians rest on, and how exactly numbers are told."""

    months: Sequence[str]
    whole: Sequence[bool]
    based_on: Sequence[int]
    rounded_to: int
    least_months: int
    limit: float
    least_cases: int
    rules: Sequence[str]

    @classmethod
    def of(
        cls, months: Sequence[str], begun: str | None, current: str, book: RuleBook, now: datetime, *, exact: bool
    ) -> _Frame:
        """Medians rest on the whole months since the school's first case."""
        keys = ("outlier_score", "outlier_cases", "trend_months", "smallest_number_shown")
        score, least, needed, smallest = rules = [book.at(f"cases.{key}", now) for key in keys]
        whole = [month < current for month in months]
        return cls(
            months=months,
            whole=whole,
            based_on=[at for at, month in enumerate(months) if whole[at] and begun is not None and month >= begun],
            rounded_to=1 if exact else smallest.value,
            least_months=needed.value,
            limit=score.value / 10,
            least_cases=least.value,
            rules=[rule.version for rule in rules],
        )

    def told(self) -> Told:
        """Of itself."""
        return {
            "months": [
                {"month": month, "is_whole": is_whole} for month, is_whole in zip(self.months, self.whole, strict=True)
            ],
            "rounded_to": self.rounded_to,
            "basis": {"months": len(self.based_on), "needed": self.least_months},
            "rules": list(self.rules),
        }

    def rounded(self, count: int) -> int:
        """A number as it is told."""
        return count // self.rounded_to * self.rounded_to

    def series(self, code: str, cases: Iterable[Counted]) -> Told:
        """Counts by month, and what they show; all of it from the numbers as they are told."""
        entered = [one.month for one in cases]
        counts = [self.rounded(entered.count(month)) for month in self.months]
        base = [counts[at] for at in self.based_on]
        enough = len(base) >= self.least_months
        found = outliers(counts, base, limit=self.limit, least=self.least_cases) if enough else []
        ahead = forecast(base, least_months=self.least_months)
        return {
            "code": code,
            "counts": counts,
            "total": self.rounded(len(entered)),
            "median": float(median(base)) if base else None,
            "outliers": [
                {"month": self.months[one.index], "count": counts[one.index], "score": one.score}
                for one in found
                if one.index in self.based_on or (not self.whole[one.index] and one.score > 0)
            ],
            "forecast": None if ahead is None else vars(ahead),
        }

    def speed(self, span: tuple[str, str, str], cases: Iterable[Counted]) -> Told:
        """The median time between two moments, of the cases that have both."""
        name, begins, ends = span
        taken = [minutes for one in cases if (minutes := one.minutes(begins, ends)) is not None]
        told = self.rounded(len(taken))
        return {"span": name, "cases": told, "median_minutes": round(median(taken)) if told else None}

    def effect(self, cases: Sequence[Counted]) -> Told:
        """What became of cases: whether they closed, how risk changed, whether reviews saw change, what came back."""
        rated = [(LEVELS.index(one.first_level), LEVELS.index(one.level)) for one in cases if one.first_level]
        told = {
            "cases": len(cases),
            "closed": sum(one.closed_at is not None for one in cases),
            "reopened": sum(one.reopened > 0 for one in cases),
            "risk_lower": sum(now < first for first, now in rated),
            "risk_same": sum(now == first for first, now in rated),
            "risk_higher": sum(now > first for first, now in rated),
            "reviews": sum(one.reviews for one in cases),
            "reviews_with_change": sum(one.reviews_with_change for one in cases),
        }
        return {name: self.rounded(count) for name, count in told.items()}


def _months(since: date | None, until: date | None, today: date) -> list[str]:
    """The months from one day's to another's."""
    last = (until or today).isoformat()[:7]
    first = month_after(last, 1 - A_YEAR) if since is None else since.isoformat()[:7]
    if first > last:
        raise errors.TimesOutOfOrderError(times=[first_day(first).isoformat(), first_day(last).isoformat()])
    months = [first]
    while months[-1] < last:
        months.append(month_after(months[-1]))
        if len(months) > MOST_MONTHS:
            raise InvalidInputError({"since": ["too_long"]})
    return months


def _codes(cases: Iterable[Counted], facet: Facet) -> list[str]:
    return sorted({code for one in cases for code in one.codes(facet)})


def _with(cases: Iterable[Counted], facet: Facet, code: str) -> list[Counted]:
    return [one for one in cases if code in one.codes(facet)]
