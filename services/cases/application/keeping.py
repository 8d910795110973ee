"""How long a case is kept: ten years after its closing, and at least to the child's 25th birthday."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases.domain.case import Case
from services.cases.read_models import register_entries
from shared.ledger.application import LedgerApplication, TenantLedger
from shared.ledger.retention import Kept, birthday, years_after


def case_is_kept(case: Case, ledger: TenantLedger) -> Kept | None:
    """By the policy in force when it closed. A child whose birth date nobody put down counts as the youngest pupil of
    the day on which the case was opened: rather too long than destroyed while the child may still need it.
    """
    events = [event for _, event in ledger.events(case.id)]
    closed = [event for event in events if isinstance(event, Case.Closed)]
    if case.is_open or not closed:
        return None
    at = closed[-1].timestamp
    years, age = ledger.book.at("cases.kept_after_closing", at), ledger.book.at("cases.kept_to_age", at)
    youngest = ledger.book.at("cases.age_where_unknown", at)
    named = [event for event in events if isinstance(event, Case.ChildIdentified)]
    rules = [years.version, age.version]
    if named:
        grown = birthday(named[-1].birth_date, age.value)
    else:
        grown = years_after(events[0].timestamp, age.value - youngest.value)
        rules.append(youngest.version)
    return Kept(until=max(years_after(at, years.value), grown), rule="+".join(rules))


def all_cases(application: LedgerApplication, tenant: UUID) -> Sequence[UUID]:
    """Every case of the school's register."""
    chosen: Any = select(register_entries.c.case).where(register_entries.c.tenant == tenant)
    with application.read(tenant) as connection:
        return list(connection.scalars(chosen.order_by(register_entries.c.register_year, register_entries.c.number)))
