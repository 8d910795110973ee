"""A city's education department: a tenant, and its schools and agencies. Its stream's id is the tenant's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self
from uuid import UUID

from services.accounts.domain import rules
from services.accounts.domain.values import DayChange, Language, OpenPolicy, PolicyChange, TenantKind
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class Department(Aggregate):
    """Which tenants a department has."""

    TOPIC = "accounts.department"

    class Registered(FirstEvent):
        TOPIC = "accounts.department_registered"
        name: str
        language: str

    class SchoolAdded(Event):
        TOPIC = "accounts.department_school_added"
        school: UUID
        name: str
        language: str

    class AgencyAdded(Event):
        TOPIC = "accounts.department_agency_added"
        agency: UUID

    class PolicyChanged(Event):
        """A value of the department's own for `key` from a day on; None takes it back (docs/decisions/0013)."""

        TOPIC = "accounts.department_policy_changed"
        change: UUID
        key: str
        unit: str
        value: int | None
        since: str
        reason: str

    class DayChanged(Event):
        """A day is worked although the calendar says otherwise, or is not worked."""

        TOPIC = "accounts.department_day_changed"
        change: UUID
        day: str
        worked: bool
        reason: str

    @classmethod
    def register(cls, *, id: UUID, name: str, language: Language, by: Actor, at: datetime) -> Self:
        """A department and its tenant."""
        return cls._begin(cls.Registered, id=id, by=by, at=at, name=name, language=language.value)

    def add_school(self, *, school: UUID, name: str, language: Language, by: Actor, at: datetime) -> None:
        """Notes a school, once."""
        if school not in self.schools:
            self._record(self.SchoolAdded, by=by, at=at, school=school, name=name, language=language.value)

    def add_agency(self, *, agency: UUID, by: Actor, at: datetime) -> None:
        """Notes an agency, once."""
        if agency not in self.agencies:
            self._record(self.AgencyAdded, by=by, at=at, agency=agency)

    def change_policy(
        self,
        *,
        change: UUID,
        key: str,
        unit: str,
        value: int | None,
        since: date,
        reason: str,
        opened: Mapping[str, OpenPolicy],
        by: Actor,
        at: datetime,
    ) -> None:
        """Sets what the source leaves open, for the department's schools, from a day on that is still to come.

        What is wrong is corrected by setting it again: since the same day as long as that is to come, else a later one.
        """
        rules.safeguarding_lead_sets_policy(by)
        rules.policy_is_open(opened, key)
        rules.policy_counts_in(opened[key], key, unit)
        rules.policy_is_within_its_border(opened[key], key, value)
        rules.policy_taken_back_was_set(self, key, value)
        rules.day_is_still_to_come(since, at)
        facts = {"key": key, "unit": unit, "value": value, "since": since.isoformat(), "reason": reason}
        self._record(self.PolicyChanged, by=by, at=at, change=change, **facts)

    def change_day(self, *, change: UUID, day: date, worked: bool, reason: str, by: Actor, at: datetime) -> None:
        """Says of a day that is still to come whether it is worked."""
        rules.safeguarding_lead_sets_policy(by)
        rules.day_is_still_to_come(day, at)
        facts = {"day": day.isoformat(), "worked": worked, "reason": reason}
        self._record(self.DayChanged, by=by, at=at, change=change, **facts)

    def kind_of(self, tenant: UUID) -> TenantKind | None:
        """What one of the department's tenants is; None for anybody else's."""
        if tenant == self.id:
            return TenantKind.DEPARTMENT
        if tenant in self.schools:
            return TenantKind.SCHOOL
        return TenantKind.AGENCY if tenant in self.agencies else None

    def _registered(self, event: Registered) -> None:
        self.name = event.name
        self.language = Language(event.language)
        self.schools: dict[UUID, tuple[str, Language]] = {}
        self.agencies: set[UUID] = set()
        self.policies: dict[UUID, PolicyChange] = {}
        self.days: dict[UUID, DayChange] = {}

    def _school_added(self, event: SchoolAdded) -> None:
        self.schools[event.school] = (event.name, Language(event.language))

    def _agency_added(self, event: AgencyAdded) -> None:
        self.agencies.add(event.agency)

    def _policy_changed(self, event: PolicyChanged) -> None:
        self.policies[event.change] = PolicyChange(
            key=event.key, unit=event.unit, value=event.value, since=date.fromisoformat(event.since)
        )

    def _day_changed(self, event: DayChanged) -> None:
        self.days[event.change] = DayChange(day=date.fromisoformat(event.day), worked=event.worked)
