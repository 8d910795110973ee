"""What has come up to the department: a duty that nobody in a school met. Ids, codes, times; no child."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


@registered
class Notice(Aggregate):
    """One in the department's own log, so that it stands there that the department was told, and when that ended."""

    TOPIC = "cases.notice"

    class Raised(FirstEvent):
        """A missed duty climbed to the department; `walled` must not learn of it there either (REP-02)."""

        TOPIC = "cases.notice_raised"
        school: UUID
        service: str
        matter: UUID
        duty: str
        due_at: datetime
        climbed_at: datetime
        rule: str
        walled: list[str]

    class Settled(Event):
        """The school met the duty, or decided not to act on it."""

        TOPIC = "cases.notice_settled"

    @classmethod
    def raise_(
        cls,
        *,
        school: UUID,
        service: str,
        matter: UUID,
        duty: str,
        due_at: datetime,
        climbed_at: datetime,
        rule: str,
        walled: Collection[UUID],
        by: Actor,
        at: datetime,
    ) -> Self:
        """Tells the department."""
        return cls._begin(
            cls.Raised,
            id=notice_id(matter, duty, due_at),
            by=by,
            at=at,
            school=school,
            service=service,
            matter=matter,
            duty=duty,
            due_at=due_at,
            climbed_at=climbed_at,
            rule=rule,
            walled=sorted(map(str, walled)),
        )

    def settle(self, *, by: Actor, at: datetime) -> None:
        """It is the department's no longer."""
        if self.is_open:
            self._record(self.Settled, by=by, at=at)

    def _raised(self, event: Raised) -> None:
        self.is_open = True
        self.walled = frozenset(map(UUID, event.walled))

    def _settled(self, event: Settled) -> None:
        self.is_open = False


def notice_id(matter: UUID, duty: str, due_at: datetime) -> UUID:
    """One for each time that a duty was due."""
    return derived_id(matter, "notice", duty, due_at.isoformat())
