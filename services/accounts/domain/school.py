"""A school: a tenant whose records are its own. Its stream's id is its tenant's (CON-08)."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain.values import Language
from shared.domain import Actor, Aggregate, FirstEvent, registered


@registered
class School(Aggregate):
    """A school and whose it is."""

    TOPIC = "accounts.school"

    class Registered(FirstEvent):
        TOPIC = "accounts.school_registered"
        department: UUID
        name: str
        language: str

    @classmethod
    def register(cls, *, id: UUID, department: UUID, name: str, language: Language, by: Actor, at: datetime) -> Self:
        """A school of a department, and its tenant."""
        return cls._begin(
            cls.Registered, id=id, by=by, at=at, department=department, name=name, language=language.value
        )

    def _registered(self, event: Registered) -> None:
        self.department = event.department
        self.name = event.name
        self.language = Language(event.language)
