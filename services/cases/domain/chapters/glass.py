"""Breaking the glass: the deputy sees a case that they are not on, for a reason, with a second person, for a time.

Never through a wall (REP-02). Whoever coordinates, and the department's safeguarding lead, are told (CON-01).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import GlassAsked
from shared.domain import Actor, Event


class Glass(Chapter):
    """Two persons open what neither may alone; time closes it."""

    class GlassAsked(Event):
        """The deputy asks to see the case, and says why; nothing is shown by it."""

        TOPIC = "cases.glass_asked"
        request: UUID
        person: UUID
        reason: str

    class GlassBroken(Event):
        """A second person of the service, who acts here, confirmed: `person` sees the case until then (CON-01)."""

        TOPIC = "cases.glass_broken"
        request: UUID
        person: UUID
        until: datetime
        rule: str
        coordinator: UUID | None

    def ask_to_break_glass(self, *, request: UUID, reason: str, by: Actor, at: datetime) -> None:
        """The deputy alone, and not of a case that is theirs anyway."""
        person = rules.deputy_acts(by)
        rules.person_can_join(self, person)
        self._record(self.GlassAsked, by=by, at=at, request=request, person=person, reason=reason)

    def break_glass(self, *, request: UUID, hours: int, rule: str, by: Actor, at: datetime) -> None:
        """A second person of the service confirms, while the request is fresh."""
        asked = rules.glass_was_asked_for(self, request, at=at, hours=hours)
        rules.service_acts(by, "CON-01")
        rules.another_confirms(by, asked)
        rules.person_is_not_walled(self, asked.person)
        self._record(
            self.GlassBroken,
            by=by,
            at=at,
            request=request,
            person=asked.person,
            until=at + timedelta(hours=hours),
            rule=rule,
            coordinator=self.coordinator,
        )

    def sees_through_glass(self, by: Actor, at: datetime) -> bool:
        """Whether the glass is broken for them now."""
        until = self.glass_broken.get(by.person) if by.person is not None else None
        return until is not None and at < until

    def _glass_asked(self, event: GlassAsked) -> None:
        self.glass_asked[event.request] = GlassAsked(event.person, event.timestamp)

    def _glass_broken(self, event: GlassBroken) -> None:
        del self.glass_asked[event.request]
        self.glass_broken[event.person] = event.until
