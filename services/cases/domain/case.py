"""The case: one child's matter from its entry in the register to its closing, and again if it is reopened.

The chapters hold its parts, in the order a case lives through them:

    teamwork      who works on it, and who coordinates
    assessing     the child, the steps of the assessment, the risk, the interagency step
    informing     the duty to inform agencies
    planning      support plan, safety plan, reviews
    accompanying  sessions, and whether change shows
    referring     what agencies do, and the school's own measures where they don't

Here stand its beginning, its end and what is missed in between.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from services.cases.domain import criteria, rules
from services.cases.domain.chapters.accompanying import Accompanying
from services.cases.domain.chapters.assessing import Assessing
from services.cases.domain.chapters.informing import Informing
from services.cases.domain.chapters.planning import Planning
from services.cases.domain.chapters.referring import Referring
from services.cases.domain.chapters.teamwork import Teamwork
from services.cases.domain.values import OWNERS, Cause, ConfirmedReport, Duty, OpenDuty
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import RuleBook


@registered
class Case(Teamwork, Planning, Assessing, Referring, Informing, Accompanying, Aggregate):
    """A case of the register; every change is a decision here and an event that says who, when and under which rule."""

    TOPIC = "cases.case"

    class Opened(FirstEvent):
        """Entered in the register from a confirmed report (REP-07), with the persons walled off (REP-02)."""

        TOPIC = "cases.case_opened"
        number: int
        register_year: int
        report: UUID
        kinds: list[str]
        place: str
        immediate_danger: bool
        walled: list[str]
        previous: UUID | None
        protocol: str
        assess_by: datetime
        rule: str

    class ReportLinked(Event):
        """Another report of the same events joined; new facts call for a new assessment (REP-07, RSK-05)."""

        TOPIC = "cases.report_linked"
        report: UUID
        kinds: list[str]
        place: str
        immediate_danger: bool
        walled: list[str]
        duty: str
        assess_by: datetime
        rule: str

    class PersonWalledOff(Event):
        """It turned out later whom to keep away; a report of this case says so (REP-02)."""

        TOPIC = "cases.person_walled_off"
        person: UUID
        report: UUID

    class DeadlineMissed(Event):
        """A duty was still open past its time."""

        TOPIC = "cases.deadline_missed"
        duty: str
        due_at: datetime
        owner: str
        rule: str
        step: int

    class Closed(Event):
        """The service decided that change is lasting (PLN-05); `rules` are all that were applied."""

        TOPIC = "cases.case_closed"
        reasons: str
        best_interests: str
        participants: list[str]
        rules: list[str]

    class Reopened(Event):
        """The case goes on, for a reason, perhaps because of another report (PLN-06)."""

        TOPIC = "cases.case_reopened"
        reason: str
        report: UUID | None
        assess_by: datetime
        rule: str

    @classmethod
    def open(
        cls,
        *,
        id: UUID,
        number: int,
        register_year: int,
        report: ConfirmedReport,
        previous: UUID | None,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Enters a confirmed report as a case; whoever confirmed it is first on the team and coordinates (SSS-03)."""
        rules.system_acts(by)
        assess = book.deadline(_assessment_rule(report.immediate_danger), at)
        case = cls._begin(
            cls.Opened,
            id=id,
            by=by,
            at=at,
            number=number,
            register_year=register_year,
            previous=previous,
            protocol=book.at("cases.action_protocol", at).version,
            assess_by=assess.due_at,
            rule=assess.rule,
            **report.facts(),
        )
        case._admit_owner(report.owner, report.owner_role, by=by, at=at)
        case._weigh_liability(report, book=book, by=by, at=at)
        return case

    def link_report(self, *, report: ConfirmedReport, book: RuleBook, by: Actor, at: datetime) -> None:
        """Joins another report of the same events: its walls stand from now on, and risk is assessed again."""
        rules.system_acts(by)
        rules.case_is_open(self)
        if report.id in self.reports:
            return
        key = "cases.reassessment_on_new_facts" if self.is_assessed else _assessment_rule(report.immediate_danger)
        assess = self._sooner(self._assessment_owed(), book.deadline(key, at))
        self._record(
            self.ReportLinked,
            by=by,
            at=at,
            duty=self._assessment_owed().value,
            assess_by=assess.due_at,
            rule=assess.rule,
            **report.facts(),
        )
        self._part_with_the_walled(by=by, at=at)
        self._admit_owner(report.owner, report.owner_role, by=by, at=at)
        self._weigh_liability(report, book=book, by=by, at=at)

    def wall_off(self, *, person: UUID, report: UUID, by: Actor, at: datetime) -> None:
        """Keeps a person away, also from a closed case; a member leaves, and whoever coordinated does no longer.

        Then the head or the deputy appoints another: whichever of them is not walled off.
        """
        rules.system_acts(by)
        if person not in self.walled:
            self._record(self.PersonWalledOff, by=by, at=at, person=person, report=report)
            self._part_with_the_walled(by=by, at=at)

    def miss_deadline(self, *, duty: str, step: int, by: Actor, at: datetime) -> None:
        """Says that a duty was missed, once for each time it had; nothing if it is done, or not yet due."""
        rules.system_acts(by)
        owed = self.open_duties.get(Duty(duty)) if duty in set(Duty) else None
        if owed is None or owed.missed or at < owed.due_at:
            return
        self._record(
            self.DeadlineMissed,
            by=by,
            at=at,
            duty=duty,
            due_at=owed.due_at,
            owner=OWNERS[Duty(duty)],
            rule=owed.rule,
            step=step,
        )

    def close(
        self,
        *,
        reasons: str,
        best_interests: str,
        participants: Collection[UUID],
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Closes on the service's joint decision; nobody, the head included, can skip what it takes (PLN-05)."""
        needed = book.at("cases.decision_participants", at)
        times, apart = book.at("cases.closing_ratings", at), book.at("cases.closing_ratings_apart", at)
        rules.case_is_open(self)
        rules.service_acts(by, "PLN-05")
        rules.risk_is_assessed(self)
        rules.nothing_is_owed_outside(self)
        rules.no_referral_is_open(self)
        rules.change_is_lasting(criteria.not_lasting(self.ratings, times=times.value, days_apart=apart.value))
        rules.decision_is_joint(self, participants, needed.value)
        rules.closer_takes_part(by, participants)
        self._record(
            self.Closed,
            by=by,
            at=at,
            reasons=reasons,
            best_interests=best_interests,
            participants=sorted(str(person) for person in set(participants)),
            rules=[needed.version, times.version, apart.version],
        )

    def reopen(self, *, reason: str, report: UUID | None, book: RuleBook, by: Actor, at: datetime) -> None:
        """Takes a closed case up again; what was rated counts no more, and risk is assessed anew (PLN-06)."""
        rules.case_is_closed(self)
        rules.service_acts(by, "PLN-06")
        assess = book.deadline("cases.reassessment_on_new_facts", at)
        self._record(
            self.Reopened, by=by, at=at, reason=reason, report=report, assess_by=assess.due_at, rule=assess.rule
        )

    def _weigh_liability(self, report: ConfirmedReport, *, book: RuleBook, by: Actor, at: datetime) -> None:
        """Kinds within liability, or immediate danger, open the duty to inform by themselves (REF-01, REP-08)."""
        if report.immediate_danger:
            self._liability_is_possible(Cause.IMMEDIATE_DANGER, book=book, by=by, at=at)
        elif report.kinds & set(book.at("cases.liable_kinds", at).value):
            self._liability_is_possible(Cause.KIND_OF_VIOLENCE, book=book, by=by, at=at)

    def _opened(self, event: Opened) -> None:
        self.number, self.register_year = event.number, event.register_year
        self.reports = {event.report}
        self.is_open = True
        self.immediate_danger = event.immediate_danger
        self.walled = frozenset(UUID(person) for person in event.walled)
        self.team, self.coordinator = {}, None
        self.steps_taken, self.is_assessed, self.level, self.interagency_open = set(), False, None, False
        self.open_duties, self.agencies_informed = {}, False
        self.plans, self.reviews_without_change = set(), 0
        self.sessions_held, self.sessions_extended, self.ratings = 0, 0, {}
        self.referrals, self.arrived, self.delivered, self.awaiting_own_measures = {}, set(), set(), []
        self._owe(Duty.RISK_ASSESSMENT, event.assess_by, event.rule)

    def _report_linked(self, event: ReportLinked) -> None:
        self.reports.add(event.report)
        self.immediate_danger = self.immediate_danger or event.immediate_danger
        self.walled |= frozenset(UUID(person) for person in event.walled)
        self.agencies_informed = False
        self._owe(Duty(event.duty), event.assess_by, event.rule)

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled |= {event.person}

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.open_duties[Duty(event.duty)] = OpenDuty(event.due_at, event.rule, missed=True)

    def _closed(self, event: Closed) -> None:
        self.is_open = False
        self._settle(*Duty)

    def _reopened(self, event: Reopened) -> None:
        self.is_open, self.is_assessed = True, False
        self.ratings, self.reviews_without_change, self.agencies_informed = {}, 0, False
        if event.report is not None:
            self.reports.add(event.report)
        self._owe(Duty.RISK_ASSESSMENT, event.assess_by, event.rule)

    def _assessment_owed(self) -> Duty:
        return Duty.REASSESSMENT if self.is_assessed else Duty.RISK_ASSESSMENT


def _assessment_rule(immediate_danger: bool) -> str:
    return "cases.risk_assessment_in_danger" if immediate_danger else "cases.risk_assessment"
