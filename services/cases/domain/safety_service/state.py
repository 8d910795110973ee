"""What the chapters of the service share, and the way into the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.cases.domain.values import TEACHERS, OpenDuty, Role
from shared.ladder import Climbing


@dataclass(frozen=True, kw_only=True)
class PoliceAgreement:
    """Since when the juvenile police representative may sit in the service, and until when if that was agreed."""

    agreed_on: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.agreed_on <= day and (self.until is None or day <= self.until)


class ServiceChapter(Climbing):
    """Base of the chapters; the state is set when the service is set up (`SafetyService._set_up`)."""

    seats: dict[UUID, dict[Role, date]]
    grace_until: dict[UUID, datetime]
    trained_until: dict[UUID, datetime]
    police_agreement: PoliceAgreement | None
    open_duties: dict[str, OpenDuty]

    @property
    def members(self) -> Mapping[UUID, Mapping[Role, date]]:
        """Who is a permanent member, in which roles since when: teachers sit in it, and are none (SSS-01)."""
        return {person: seats for person, seats in self.seats.items() if set(seats) - TEACHERS}

    def covered_until(self, person: UUID) -> datetime | None:
        """Until when a person's training, or their grace, lasts; None where there was neither."""
        ends = [until[person] for until in (self.grace_until, self.trained_until) if person in until]
        return max(ends) if ends else None

    def _settle(self, duty: str) -> None:
        """Keeps that a duty is no longer open."""
        self.open_duties.pop(duty, None)
        self._climbs_no_more(duty)
