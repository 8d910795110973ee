"""A school: a tenant whose records are its own. Its stream's id is its tenant's (CON-08)."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain.values import DayChange, Language, PolicyChange
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class School(Aggregate):
    """A school and whose it is."""

    TOPIC = "accounts.school"

    class Registered(FirstEvent):
        TOPIC = "accounts.school_registered"
        department: UUID
        name: str
        language: str

    class PolicyChanged(Event):
        """The department changed this for its schools; the reason stands in the department's own log."""

        TOPIC = "accounts.school_policy_changed"
        change: UUID
        key: str
        unit: str
        value: int | None
        since: str

    class DayChanged(Event):
        """The department's table of days."""

        TOPIC = "accounts.school_day_changed"
        change: UUID
        day: str
        worked: bool

    @classmethod
    def register(cls, *, id: UUID, department: UUID, name: str, language: Language, by: Actor, at: datetime) -> Self:
        """A school of a department, and its tenant."""
        return cls._begin(
            cls.Registered, id=id, by=by, at=at, department=department, name=name, language=language.value
        )

    def follow_policy(self, *, change: UUID, policy: PolicyChange, by: Actor, at: datetime) -> None:
        """What the department set holds here, too; noted once."""
        if change not in self.changes:
            facts = {"key": policy.key, "unit": policy.unit, "value": policy.value, "since": policy.since.isoformat()}
            self._record(self.PolicyChanged, by=by, at=at, change=change, **facts)

    def follow_day(self, *, change: UUID, day: DayChange, by: Actor, at: datetime) -> None:
        """As the department's table of days says; noted once."""
        if change not in self.changes:
            facts = {"day": day.day.isoformat(), "worked": day.worked}
            self._record(self.DayChanged, by=by, at=at, change=change, **facts)

    def _registered(self, event: Registered) -> None:
        self.department = event.department
        self.name = event.name
        self.language = Language(event.language)
        self.changes: set[UUID] = set()

    def _policy_changed(self, event: PolicyChanged) -> None:
        self.changes.add(event.change)

    def _day_changed(self, event: DayChanged) -> None:
        self.changes.add(event.change)
