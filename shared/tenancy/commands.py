"""What is put down about a tenant; asked by reactions alone, never at a door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class NameDepartment(Command):
    """Whose the tenant is."""

    department: UUID


@dataclass(frozen=True, kw_only=True)
class TakeOffice(Command):
    """Somebody holds a role here."""

    grant: UUID
    person: UUID
    role: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LeaveOffice(Command):
    """They do no longer."""

    grant: UUID
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class FollowPolicy(Command):
    """The department set a value of its own, or took it back (None)."""

    change: UUID
    key: str
    unit: str
    value: int | None
    since: date


@dataclass(frozen=True, kw_only=True)
class FollowDay(Command):
    """The department says of a day whether it is worked."""

    change: UUID
    day: date
    worked: bool
