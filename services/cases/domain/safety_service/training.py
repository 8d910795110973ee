"""The mandatory training of members: what, when, by whom held, valid until when (SSS-02)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.days import months_after, start_of
from services.cases.domain.safety_service.owing import training_duty
from services.cases.domain.safety_service.state import ServiceChapter
from services.cases.domain.values import OpenDuty
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Training(ServiceChapter):
    """A member is trained, and some day has to be trained again."""

    class MemberTrained(Event):
        """A member passed the mandatory training; `covered_until` is when the next is owed, by a permanent member
        (SSS-02). `certificate` is that of the service `training`, where it told of this.
        """

        TOPIC = "cases.service_member_trained"
        person: UUID
        training: str
        held_on: str
        held_by: str
        certificate: UUID | None
        valid_until: datetime
        covered_until: datetime | None
        rule: str

    def record_training(
        self,
        *,
        person: UUID,
        training: str,
        held_on: date,
        held_by: str,
        certificate: UUID | None,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Head or deputy, or a policy, put down that a member was trained; nobody does so for themselves.

        Also before they are admitted: whoever is chosen may be trained first.
        """
        rules.training_is_attested_by_another(person, by)
        rules.day_is_not_ahead(held_on, at)
        rule = book.at("cases.training_valid", at)
        is_member = person in self.members
        valid_until = start_of(months_after(held_on, rule.value))
        self._record(
            self.MemberTrained,
            by=by,
            at=at,
            person=person,
            training=training,
            held_on=held_on.isoformat(),
            held_by=held_by,
            certificate=certificate,
            valid_until=valid_until,
            covered_until=max(valid_until, self.covered_until(person) or valid_until) if is_member else None,
            rule=rule.version,
        )

    def _member_trained(self, event: MemberTrained) -> None:
        before = self.trained_until.get(event.person, event.valid_until)
        self.trained_until[event.person] = max(before, event.valid_until)
        duty = training_duty(event.person)
        owed = self.open_duties.get(duty)
        if event.covered_until is not None and (owed is None or owed.due_at != event.covered_until):
            self._settle(duty)
            self.open_duties[duty] = OpenDuty(event.covered_until, event.rule)
