"""What accounts hears, from itself and from cases: only the fields used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class DepartmentChanged:
    """`accounts.department_policy_changed.v1` and `accounts.department_day_changed.v1`, in the department's tenant."""

    change: UUID


@dataclass(frozen=True, kw_only=True)
class CaseTold:
    """Something about a case: the matter of grants."""

    matter: UUID


@dataclass(frozen=True, kw_only=True)
class SeatOffered(CaseTold):
    """`cases.interagency_seat_offered.v1`; the seat's id is the grant's."""

    seat: UUID
    agency: UUID
    rights: Sequence[str]
    ends_at: datetime
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class SeatEnded(CaseTold):
    """`cases.interagency_seat_ended.v1`."""

    seat: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseTold):
    """`cases.case_closed.v1`."""


@dataclass(frozen=True, kw_only=True)
class PeopleWalledOff(CaseTold):
    """`cases.person_walled_off.v1`, `cases.report_linked.v1`."""

    walled: Sequence[UUID]
