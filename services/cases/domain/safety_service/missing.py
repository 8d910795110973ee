"""What the service owes and missed climbs: whoever owes it, the head, the department (docs/decisions/0013).

A member owes their training, and climbs past themselves; the monthly meeting has no owner but whoever leads, and nobody
coordinates the service. Nobody is walled off from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.safety_service.meetings import MonthlyMeetings
from services.cases.domain.safety_service.owing import (
    MEETING_DUTY,
    duty_of,
    kind_of,
    month_of_duty,
    owner_of,
    person_of,
)
from services.cases.domain.values import OpenDuty
from shared.domain import Actor, Event
from shared.ladder import Ladder, named


class Missing(MonthlyMeetings):
    """The clock says what was missed, rung by rung."""

    class DeadlineMissed(Event):
        """A duty of the service, or of one of its members, was still open past its time: `told` learnt of it on the
        rung `step`, the next is due at `climbs_at`. `month` is the one that passed without enough meetings.
        """

        TOPIC = "cases.service_deadline_missed"
        duty: str
        person: UUID | None
        due_at: datetime
        owner: str
        rule: str
        step: int
        month: str = ""
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "cases.service_climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    def miss_deadline(self, *, duty: str, step: int, ladder: Ladder, by: Actor, at: datetime) -> None:
        """Says that a duty was missed, once on each rung of its ladder; nothing if it is done, or not yet due.

        Of the meeting of the month that is owed, that the month has passed; the next is owed then.
        """
        rules.system_acts(by)
        if duty == MEETING_DUTY:
            self._miss_month(book=ladder.book, by=by, at=at)
            return
        owed = self.open_duties.get(duty)
        if owed is None:
            return
        climb = ladder.climb(
            due_at=owed.due_at,
            rule=owed.rule,
            so_far=self.climbs.get(duty),
            step=step,
            owner=named({person_of(duty)}),
            coordinator=[],
            walled=(),
            at=at,
        )
        if climb is not None:
            whose = {"duty": kind_of(duty), "person": person_of(duty), "month": month_of_duty(duty)}
            facts = {"due_at": owed.due_at, "owner": owner_of(duty), "rule": owed.rule}
            self._record(self.DeadlineMissed, by=by, at=at, **whose, **facts, **climb)

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        duty = duty_of(event.duty, event.person, event.month)
        self.open_duties[duty] = OpenDuty(event.due_at, event.rule, missed=True)
        self._has_climbed(duty, event)
