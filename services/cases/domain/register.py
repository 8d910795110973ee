"""The case register of one school year (REP-07): numbers without gaps, never given twice."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.regulation import local_day

SEPTEMBER = 9


def school_year_of(moment: datetime) -> int:
    """The year in which the school year began that the moment lies in; it begins on 1 September, Almaty's time."""
    day = local_day(moment)
    return day.year if day.month >= SEPTEMBER else day.year - 1


def register_id(tenant: UUID, year: int) -> UUID:
    """Each school has one register a school year."""
    return derived_id(tenant, "cases.register", str(year))


@registered
class Register(Aggregate):
    """Gives each case its number; saved in the same append as the case, so that no number is lost or given twice."""

    TOPIC = "cases.register"

    class Begun(FirstEvent):
        """The school year's register began."""

        TOPIC = "cases.register_begun"
        year: int

    class CaseEntered(Event):
        """A case took the next number (REP-07)."""

        TOPIC = "cases.case_entered"
        case: UUID
        number: int

    @classmethod
    def begin(cls, *, tenant: UUID, year: int, by: Actor, at: datetime) -> Self:
        """The register of a school year that has none yet."""
        return cls._begin(cls.Begun, id=register_id(tenant, year), by=by, at=at, year=year)

    def enter(self, case: UUID, *, by: Actor, at: datetime) -> int:
        """Enters a case and gives its number."""
        self._record(self.CaseEntered, by=by, at=at, case=case, number=self.last_number + 1)
        return self.last_number

    def _begun(self, event: Begun) -> None:
        self.year = event.year
        self.last_number = 0

    def _case_entered(self, event: CaseEntered) -> None:
        self.last_number = event.number
