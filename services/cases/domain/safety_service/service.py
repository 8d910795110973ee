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
from services.cases.domain.safety_service.missing import Missing
from services.cases.domain.safety_service.roster import Roster
from services.cases.domain.safety_service.training import Training
from shared.domain import Actor, Aggregate, FirstEvent, registered
from shared.ids import derived_id
from shared.regulation import RuleBook, local_day


def safety_service_id(tenant: UUID) -> UUID:
    """Each school has one."""
    return derived_id(tenant, "cases.safety_service")


@registered
class SafetyService(Roster, Training, Missing, MonthlyMeetings, Aggregate):
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

    def _set_up(self, event: SetUp) -> None:
        self.seats, self.grace_until, self.trained_until = {}, {}, {}
        self.police_agreement, self.open_duties, self.climbs = None, {}, {}
        self.meetings, self.counted_in, self.missed_months = {}, {}, set()
        self.first_month = event.first_month
        self._owe_meeting(event.first_month, event.meet_by, event.rule)
