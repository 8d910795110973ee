"""One per school: its head or deputy sets it up, and it is there from then on.

A seat in it gives no right, and a right no seat: what somebody may do stands in their token (accounts); who sits here,
and is trained, decides only whether they may take a case in a role of the service (docs/decisions/0014).
"""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.days import end_of_month, month_after, month_of
from services.cases.domain.safety_service.meetings import MonthlyMeetings
from services.cases.domain.safety_service.owing import MEETING_DUTY, duty_of, kind_of, owner_of, person_of
from services.cases.domain.safety_service.roster import Roster
from services.cases.domain.safety_service.training import Training
from services.cases.domain.values import OpenDuty
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.regulation import RuleBook, local_day


def safety_service_id(tenant: UUID) -> UUID:
    """Each school has one."""
    return derived_id(tenant, "cases.safety_service")


@registered
class SafetyService(Roster, Training, MonthlyMeetings, Aggregate):
    """Its members, their training, its meetings."""

    TOPIC = "cases.safety_service"

    class SetUp(FirstEvent):
        """The school has a service from now on; it is to meet from `first_month` on, the month after (SSS-04)."""

        TOPIC = "cases.safety_service_set_up"
        set_up_on: str
        protocol: str
        first_month: str
        meet_by: datetime
        rule: str

    class DeadlineMissed(Event):
        """A duty of the service, or of one of its members, was still open past its time."""

        TOPIC = "cases.service_deadline_missed"
        duty: str
        person: UUID | None
        due_at: datetime
        owner: str
        rule: str
        step: int

    @classmethod
    def set_up(cls, *, tenant: UUID, book: RuleBook, by: Actor, at: datetime) -> Self:
        """Head or deputy set the school's service up (SSS-01)."""
        rules.head_acts(by, "SSS-01")
        first_month = month_after(month_of(at))
        return cls._begin(
            cls.SetUp,
            id=safety_service_id(tenant),
            by=by,
            at=at,
            set_up_on=local_day(at).isoformat(),
            protocol=book.at("cases.action_protocol", at).version,
            first_month=first_month,
            meet_by=end_of_month(first_month),
            rule=book.at("cases.service_meetings", at).version,
        )

    def miss_deadline(self, *, duty: str, step: int, book: RuleBook, by: Actor, at: datetime) -> None:
        """Says that a duty was missed, once for each time it had; nothing if it is done, or not yet due."""
        rules.system_acts(by)
        if duty == MEETING_DUTY:
            self._miss_month(book=book, by=by, at=at)
            return
        owed = self.open_duties.get(duty)
        if owed is None or owed.missed or at < owed.due_at:
            return
        self._record(
            self.DeadlineMissed,
            by=by,
            at=at,
            duty=kind_of(duty),
            person=person_of(duty),
            due_at=owed.due_at,
            owner=owner_of(duty),
            rule=owed.rule,
            step=step,
        )

    def _set_up(self, event: SetUp) -> None:
        self.seats, self.grace_until, self.trained_until = {}, {}, {}
        self.police_agreement, self.open_duties = None, {}
        self.meetings, self.counted_in, self.missed_months = {}, {}, set()
        self.first_month = event.first_month
        self._owe_meeting(event.first_month, event.meet_by, event.rule)

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.open_duties[duty_of(event.duty, event.person)] = OpenDuty(event.due_at, event.rule, missed=True)
