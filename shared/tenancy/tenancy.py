"""The tenant as one service knows it: one stream in each tenant's log, ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, DomainError, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.ladder import LEADING
from shared.regulation import Opening, Override, RuleBook


class FixedBySourceError(DomainError):
    """The source leaves a value to no department, or not such a one; facts `key`."""

    code = "common.fixed_by_source"


@dataclass(frozen=True)
class Office:
    """A role that a person holds here, from one moment to another or without end."""

    person: UUID
    role: str
    starts_at: datetime
    ends_at: datetime | None

    def runs(self, moment: datetime) -> bool:
        """Whether it is held at that moment."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@registered
class Tenancy(Aggregate):
    """Whose the tenant is, who leads it, and what its department set otherwise than the regulations' files."""

    TOPIC = "tenancy.tenancy"

    class Begun(FirstEvent):
        """The first that was heard of the tenant."""

        TOPIC = "tenancy.begun"

    class DepartmentNamed(Event):
        TOPIC = "tenancy.department_named"
        department: UUID

    class OfficeTaken(Event):
        TOPIC = "tenancy.office_taken"
        grant: UUID
        person: UUID
        role: str
        starts_at: datetime
        ends_at: datetime | None

    class OfficeLeft(Event):
        TOPIC = "tenancy.office_left"
        grant: UUID
        ends_at: datetime

    class PolicyChanged(Event):
        """The department's own value of a key from a day on; None: the file's value again."""

        TOPIC = "tenancy.policy_changed"
        change: UUID
        key: str
        unit: str
        value: int | None
        since: str

    class DayChanged(Event):
        """The department's table of days: worked although the calendar says otherwise, or not worked."""

        TOPIC = "tenancy.day_changed"
        change: UUID
        day: str
        worked: bool

    @classmethod
    def begin(cls, *, tenant: UUID, by: Actor, at: datetime) -> Self:
        """Of a tenant that nothing was heard of before."""
        return cls._begin(cls.Begun, id=tenancy_id(tenant), by=by, at=at)

    def name_department(self, *, department: UUID, by: Actor, at: datetime) -> None:
        """Whose the tenant is."""
        if self.department != department:
            self._record(self.DepartmentNamed, by=by, at=at, department=department)

    def take_office(
        self,
        *,
        grant: UUID,
        person: UUID,
        role: str,
        starts_at: datetime,
        ends_at: datetime | None,
        by: Actor,
        at: datetime,
    ) -> None:
        """Somebody holds a role here."""
        if grant not in self.offices:
            facts = {"person": person, "role": role, "starts_at": starts_at, "ends_at": ends_at}
            self._record(self.OfficeTaken, by=by, at=at, grant=grant, **facts)

    def leave_office(self, *, grant: UUID, ends_at: datetime, by: Actor, at: datetime) -> None:
        """They do no longer; of a role that was given before we listened nothing is known."""
        if grant in self.offices:
            self._record(self.OfficeLeft, by=by, at=at, grant=grant, ends_at=ends_at)

    def follow_policy(
        self,
        *,
        change: UUID,
        key: str,
        unit: str,
        value: int | None,
        since: date,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Follows the department, once it is checked again that the source leaves it open.

        Raises FixedBySourceError: a refusal of the reaction, which the inbox keeps.
        """
        opening = book.openings.get(key)
        if opening is None or book.in_force(key, since).unit != unit or not _within(opening, value):
            raise FixedBySourceError(key=key)
        if change not in self.changes:
            facts = {"key": key, "unit": unit, "value": value, "since": since.isoformat()}
            self._record(self.PolicyChanged, by=by, at=at, change=change, **facts)

    def follow_day(self, *, change: UUID, day: date, worked: bool, by: Actor, at: datetime) -> None:
        """Follows the department's table of days."""
        if change not in self.changes:
            self._record(self.DayChanged, by=by, at=at, change=change, day=day.isoformat(), worked=worked)

    def holders(self, role: str, moment: datetime) -> frozenset[UUID]:
        """Who holds a role at that moment."""
        held = self.offices.values()
        return frozenset(office.person for office in held if office.role == role and office.runs(moment))

    def leading(self, moment: datetime) -> dict[str, frozenset[UUID]]:
        """Who leads the tenant at that moment, by role, the heads first."""
        return {role: self.holders(role, moment) for role in LEADING}

    def book_over(self, book: RuleBook) -> RuleBook:
        """A service's regulations as the department changed them."""
        if not self.overrides and not self.days:
            return book
        calendar = replace(
            book.calendar,
            days_off=book.calendar.days_off | {day for day, worked in self.days.items() if not worked},
            days_worked=book.calendar.days_worked | {day for day, worked in self.days.items() if worked},
        )
        return book.overridden(self.overrides, calendar if self.days else book.calendar)

    def _begun(self, event: Begun) -> None:
        self.department: UUID | None = None
        self.offices: dict[UUID, Office] = {}
        self.overrides: list[Override] = []
        self.days: dict[date, bool] = {}
        self.changes: set[UUID] = set()

    def _department_named(self, event: DepartmentNamed) -> None:
        self.department = event.department

    def _office_taken(self, event: OfficeTaken) -> None:
        self.offices[event.grant] = Office(event.person, event.role, event.starts_at, event.ends_at)

    def _office_left(self, event: OfficeLeft) -> None:
        self.offices[event.grant] = replace(self.offices[event.grant], ends_at=event.ends_at)

    def _policy_changed(self, event: PolicyChanged) -> None:
        self.changes.add(event.change)
        self.overrides.append(Override(key=event.key, since=date.fromisoformat(event.since), value=event.value))

    def _day_changed(self, event: DayChanged) -> None:
        self.changes.add(event.change)
        self.days[date.fromisoformat(event.day)] = event.worked


def tenancy_id(tenant: UUID) -> UUID:
    """The id of the stream."""
    return derived_id(tenant, "tenancy")


def _within(opening: Opening, value: int | None) -> bool:
    return value is None or opening.least <= value <= opening.most
