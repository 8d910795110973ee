"""Cases as they are counted: rows of dates and codes; the class alone is read from the case, where it stays sealed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from services.cases.application import CasesApplication
from services.cases.domain.case import Case
from services.cases.domain.days import end_of_month, first_day, month_of, start_of
from services.cases.domain.figures import UNKNOWN, Facet
from services.cases.read_models import case_facets, case_figures
from shared.ledger.application import TenantLedger

NOT_IN_A_CLASS = re.compile(r"[^0-9A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]")
MINUTE = 60
NOT_COUNTED = {"tenant", "counted_to"}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A case with its times (ISO 8601, UTC), and its codes by facet."""

    case: UUID
    happened_at: str | None
    received_at: str | None
    first_action_at: str | None
    opened_at: str
    closed_at: str | None
    first_level: str | None
    level: str | None
    reopened: int
    reviews: int
    reviews_with_change: int
    by_facet: Mapping[str, frozenset[str]]

    @property
    def month(self) -> str:
        """The month in which it was entered in the register."""
        return month_of(datetime.fromisoformat(self.opened_at))

    def codes(self, facet: Facet) -> frozenset[str]:
        """Its codes of a facet."""
        return self.by_facet.get(facet.value, frozenset())

    def minutes(self, begins: str, ends: str) -> int | None:
        """From one of its times to another, None where it lacks one, or they are not in order."""
        first, last = getattr(self, begins), getattr(self, ends)
        if first is None or last is None or last < first:
            return None
        return int((datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds() // MINUTE)


def counted_cases(
    application: CasesApplication, ledger: TenantLedger, months: Sequence[str], *, with_class: bool
) -> tuple[list[Counted], str | None]:
    """The cases entered in these months, and the month of the school's first case, None where it has none."""
    tenant = ledger.tenant
    begins, ends = start_of(first_day(months[0])), end_of_month(months[-1])
    of_tenant = case_figures.c.tenant == tenant
    within = case_figures.c.opened_at.between(_text(begins), _text(ends)) & (case_figures.c.opened_at < _text(ends))
    with application.read(tenant) as connection:
        rows = connection.execute(select(case_figures).where(of_tenant, within)).mappings().all()
        facets = _facets(connection, tenant)
        first = connection.scalar(select(func.min(case_figures.c.opened_at)).where(of_tenant))
    cases = []
    for row in rows:
        by_facet = dict(facets[row["case"]])
        if with_class:
            by_facet[Facet.CLASS.value] = frozenset({_class_of(ledger, row["case"])})
        values: dict[str, Any] = {name: value for name, value in row.items() if name not in NOT_COUNTED}
        cases.append(Counted(**values, by_facet=by_facet))
    return cases, None if first is None else month_of(datetime.fromisoformat(first))


def _facets(connection: Connection, tenant: UUID) -> Mapping[UUID, Mapping[str, frozenset[str]]]:
    found: dict[UUID, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in connection.execute(select(case_facets).where(case_facets.c.tenant == tenant)):
        found[row.case][row.facet] = found[row.case].get(row.facet, frozenset()) | {row.code}
    return found


def _class_of(ledger: TenantLedger, case: UUID) -> str:
    """The class that the child was last said to be in, written one way: `6 «Ә»` and `6-ә` are `6Ә`."""
    if ledger.is_erased(case):
        return UNKNOWN
    said = [event.class_name for _, event in ledger.events(case) if isinstance(event, Case.ChildIdentified)]
    return NOT_IN_A_CLASS.sub("", said[-1].upper()) or UNKNOWN if said else UNKNOWN


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
