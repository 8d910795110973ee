"""What is owed and missed: how it climbs, what the service leaves for a reason, and what new facts ask for (RSK-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.meeting import Meetings
from services.cases.domain.values import HELPERS, OWNERS, RETURNING, Duty, OpenDuty
from shared.domain import Actor, Event
from shared.ladder import Ladder, named
from shared.regulation import RuleBook


class Owing(Meetings):
    """The clock says what was missed, rung by rung; a duty ends when it is met, or by a decision with its reason."""

    class NewFactsNoted(Event):
        """Whoever reported said more: risk is to be assessed, or assessed again (RSK-05)."""

        TOPIC = "cases.new_facts_noted"
        report: UUID
        duty: str
        assess_by: datetime
        rule: str

    class DeadlineMissed(Event):
        """A duty was still open past its time: `told` learnt of it on the rung `step`; the next is due at `climbs_at`.

        On the last rung stands also whose the school is, and who must not learn of it there.
        """

        TOPIC = "cases.deadline_missed"
        duty: str
        due_at: datetime
        owner: str
        rule: str
        step: int
        told: Sequence[str] = ()
        climbs_at: datetime | None = None
        climb_rule: str = ""
        department: UUID | None = None
        walled: Sequence[str] = ()

    class ClimbEnded(Event):
        """What had come up to the department is settled."""

        TOPIC = "cases.climb_ended"
        duty: str
        due_at: datetime
        department: UUID | None

    class DutyWaived(Event):
        """The service decided not to act on a duty, why, and how that serves the child; it may return at `again_by`."""

        TOPIC = "cases.duty_waived"
        duty: str
        due_at: datetime
        rule: str
        reason: str
        best_interests: str
        again_by: datetime | None
        again_rule: str

    def note_new_facts(self, *, report: UUID, book: RuleBook, by: Actor, at: datetime) -> None:
        """Risk is looked at again soon; what was agreed before, closes nothing any more. A closed case stays so."""
        rules.system_acts(by)
        if not self.is_open or report not in self.reports:
            return
        duty = self._assessment_owed()
        assess = self._sooner(duty, book.deadline("cases.reassessment_on_new_facts", at))
        facts = {"duty": duty.value, "assess_by": assess.due_at, "rule": assess.rule}
        self._record(self.NewFactsNoted, by=by, at=at, report=report, **facts)

    def miss_deadline(self, *, duty: str, step: int, ladder: Ladder, by: Actor, at: datetime) -> None:
        """Says that a duty was missed, once on each rung of its ladder; nothing if it is done, or not yet due."""
        rules.system_acts(by)
        owed = self.open_duties.get(Duty(duty)) if duty in set(Duty) else None
        if owed is None:
            return
        climb = ladder.climb(
            due_at=owed.due_at,
            rule=owed.rule,
            so_far=self.climbs.get(duty),
            step=step,
            owner=named(self.who_owes(Duty(duty))),
            coordinator=named({self.coordinator}),
            walled=self.walled,
            at=at,
        )
        if climb is not None:
            facts = {"duty": duty, "due_at": owed.due_at, "owner": OWNERS[Duty(duty)], "rule": owed.rule}
            self._record(self.DeadlineMissed, by=by, at=at, **facts, **climb)

    def waive_duty(
        self, *, duty: Duty, reason: str, best_interests: str, book: RuleBook, by: Actor, at: datetime
    ) -> None:
        """Decides not to act on a duty this time, which ends its ladder (RSK-07); one that returns is owed again."""
        rules.case_is_open(self)
        rules.service_acts(by, "RSK-07")
        owed = rules.duty_may_be_waived(self, duty)
        again = book.deadline(RETURNING[duty], at) if duty in RETURNING else None
        self._record(
            self.DutyWaived,
            by=by,
            at=at,
            duty=duty.value,
            due_at=owed.due_at,
            rule=owed.rule,
            reason=reason,
            best_interests=best_interests,
            again_by=again.due_at if again else None,
            again_rule=again.rule if again else "",
        )

    def who_owes(self, duty: Duty) -> frozenset[UUID]:
        """Who answers for a duty now: the helpers on the team for sessions, else whoever coordinates."""
        helpers = {person for person, member in self.team.items() if member.role in HELPERS}
        owing = helpers if duty is Duty.SESSION and helpers else {self.coordinator}
        return frozenset(person for person in owing if person is not None) - self.walled

    def _assessment_owed(self) -> Duty:
        return Duty.REASSESSMENT if self.is_assessed else Duty.RISK_ASSESSMENT

    def _new_facts_noted(self, event: NewFactsNoted) -> None:
        self._agreements_to_close_end()
        self._owe(Duty(event.duty), event.assess_by, event.rule)

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.open_duties[Duty(event.duty)] = OpenDuty(event.due_at, event.rule, missed=True)
        self._has_climbed(event.duty, event)

    def _duty_waived(self, event: DutyWaived) -> None:
        self._settle(Duty(event.duty))
        if event.again_by is not None:
            self._owe(Duty(event.duty), event.again_by, event.again_rule)
