"""A city's education department: a tenant, and its schools and agencies. Its stream's id is the tenant's."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain.values import Language, TenantKind
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

    def _school_added(self, event: SchoolAdded) -> None:
        self.schools[event.school] = (event.name, Language(event.language))

    def _agency_added(self, event: AgencyAdded) -> None:
        self.agencies.add(event.agency)
