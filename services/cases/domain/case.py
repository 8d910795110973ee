"""The case: one child's matter from its entry in the register to its closing, and again if it is reopened.

The chapters hold its parts, in the order a case lives through them:

    teamwork      who works on it, and who coordinates
    meeting       confidential meetings, who confirms their part, what is decided jointly
    offender      what an adult alleged offender is told, and how they are protected
    handing_over  material is handed over and deleted
    assessing     the child, the steps of the assessment, the risk, the interagency step
    informing     the duty to inform agencies
    planning      support plan, safety plan, reviews
    accompanying  sessions, and whether change shows
    referring     what agencies do, and the school's own measures where they don't
    waiting       what waits for an agency's decision, and what follows then
    interagency   who from outside sits in the case, by grants
    joint_work    what school and agencies decide and do together
    medical       urgent help, examination, ambulance
    papers        in which safe the file is
    owing         what is missed and climbs, what is left for a reason, what new facts ask for
    transferring  what goes to the child's next school
    glass         the deputy sees what they are not on, by two, for a time

Here stand its beginning and its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from services.cases.domain import criteria, rules
from services.cases.domain.chapters.accompanying import Accompanying
from services.cases.domain.chapters.assessing import Assessing
from services.cases.domain.chapters.glass import Glass
from services.cases.domain.chapters.handing_over import HandingOver
from services.cases.domain.chapters.informing import Informing
from services.cases.domain.chapters.interagency import Interagency
from services.cases.domain.chapters.joint_work import JointWork
from services.cases.domain.chapters.medical import Medical
from services.cases.domain.chapters.meeting import Meetings
from services.cases.domain.chapters.offender import Offender
from services.cases.domain.chapters.owing import Owing
from services.cases.domain.chapters.papers import Papers
from services.cases.domain.chapters.planning import Planning
from services.cases.domain.chapters.referring import Referring
from services.cases.domain.chapters.teamwork import Teamwork
from services.cases.domain.chapters.transferring import Transferring
from services.cases.domain.chapters.waiting import Waiting
from services.cases.domain.values import ConfirmedReport, Duty
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.regulation import RuleBook


@registered
class Case(
    Teamwork,
    Offender,
    Owing,
    Meetings,
    HandingOver,
    Planning,
    JointWork,
    Interagency,
    Assessing,
    Referring,
    Informing,
    Accompanying,
    Medical,
    Papers,
    Glass,
    Transferring,
    Waiting,
    Aggregate,
):
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
        accused: Sequence[str] = ()
        happened_at: datetime | None = None
        received_at: datetime | None = None
        first_action_at: datetime | None = None
        session_by: datetime | None = None
        session_rule: str = ""

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
        accused: Sequence[str] = ()
        happened_at: datetime | None = None
        received_at: datetime | None = None
        first_action_at: datetime | None = None

    class PersonWalledOff(Event):
        """It turned out later whom to keep away; a report of this case says so (REP-02)."""

        TOPIC = "cases.person_walled_off"
        person: UUID
        report: UUID

    class Closed(Event):
        """The service decided that change is lasting (PLN-05); `rules` are all that were applied."""

        TOPIC = "cases.case_closed"
        reasons: str
        best_interests: str
        participants: list[str]
        rules: list[str]
        meeting: UUID | None = None
        protocol: str = "unknown"

    class Reopened(Event):
        """The case goes on, for a reason, perhaps because of another report (PLN-06)."""

        TOPIC = "cases.case_reopened"
        reason: str
        report: UUID | None
        assess_by: datetime
        rule: str
        session_by: datetime | None = None
        session_rule: str = ""

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
        session = book.deadline("cases.first_session", at)
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
            session_by=session.due_at,
            session_rule=session.rule,
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
        walled = self.walled
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
        self._unseat_the_walled(by=by, at=at)
        self._pass_walls_on(self.walled - walled, by=by, at=at)
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
            self._unseat_the_walled(by=by, at=at)
            self._pass_walls_on({person}, by=by, at=at)

    def close(self, *, meeting: UUID, book: RuleBook, by: Actor, at: datetime) -> None:
        """Closes on the service's joint decision in a meeting; nobody, the head included, can skip what it takes
        (PLN-05).
        """
        needed = book.at("cases.decision_participants", at)
        times, apart = book.at("cases.closing_ratings", at), book.at("cases.closing_ratings_apart", at)
        rules.case_is_open(self)
        rules.service_acts(by, "PLN-05")
        rules.risk_is_assessed(self)
        rules.nothing_is_owed_outside(self)
        rules.no_referral_is_open(self)
        rules.no_medical_help_is_awaited(self)
        rules.nobody_is_awaited(self)
        rules.no_task_is_open(self)
        rules.change_is_lasting(criteria.not_lasting(self.ratings, times=times.value, days_apart=apart.value))
        agreed = rules.closing_was_agreed(self, meeting)
        rules.decision_is_joint(self, meeting, needed.value)
        rules.decider_takes_part(self, by, meeting, "PLN-05")
        self._record(
            self.Closed,
            by=by,
            at=at,
            reasons=agreed["reasons"],
            best_interests=agreed["best_interests"],
            participants=sorted(map(str, self._who_decided(meeting))),
            rules=[needed.version, times.version, apart.version],
            meeting=meeting,
            protocol=book.at("cases.action_protocol", at).version,
        )

    def reopen(self, *, reason: str, report: UUID | None, book: RuleBook, by: Actor, at: datetime) -> None:
        """Takes a closed case up again; what was rated counts no more, and risk is assessed anew (PLN-06)."""
        rules.case_is_closed(self)
        rules.service_acts(by, "PLN-06")
        assess = book.deadline("cases.reassessment_on_new_facts", at)
        session = book.deadline("cases.first_session", at)
        self._record(
            self.Reopened,
            by=by,
            at=at,
            reason=reason,
            report=report,
            assess_by=assess.due_at,
            rule=assess.rule,
            session_by=session.due_at,
            session_rule=session.rule,
        )

    def _opened(self, event: Opened) -> None:
        self.number, self.register_year = event.number, event.register_year
        self.reports = {event.report}
        self.is_open = True
        self.immediate_danger = event.immediate_danger
        self.walled = frozenset(UUID(person) for person in event.walled)
        self.team, self.coordinator, self.meetings, self.handed_over = {}, None, {}, set()
        self.steps_taken, self.is_assessed, self.level, self.interagency_open = set(), False, None, False
        self.open_duties, self.climbs, self.agencies_informed = {}, {}, False
        self.plans, self.reviews_without_change = set(), 0
        self.sessions_held, self.sessions_extended, self.ratings = 0, 0, {}
        self.referrals, self.arrived, self.delivered, self.awaiting_own_measures = {}, set(), set(), []
        self.awaited_help, self.papers_in = {}, None
        self.agencies_asked, self.waiting_for = set(), {}
        self.seats, self.joint_meetings, self.tasks = {}, {}, {}
        self.glass_asked, self.glass_broken, self.releases = {}, {}, {}
        self._owe(Duty.RISK_ASSESSMENT, event.assess_by, event.rule)
        self._owe_session(event.session_by, event.session_rule)

    def _report_linked(self, event: ReportLinked) -> None:
        self.reports.add(event.report)
        self.immediate_danger = self.immediate_danger or event.immediate_danger
        self.walled |= frozenset(UUID(person) for person in event.walled)
        self.agencies_informed = False
        self._agreements_to_close_end()
        self._owe(Duty(event.duty), event.assess_by, event.rule)

    def _person_walled_off(self, event: PersonWalledOff) -> None:
        self.walled |= {event.person}

    def _closed(self, event: Closed) -> None:
        self.is_open, self.seats = False, {}
        self._settle(*Duty)

    def _reopened(self, event: Reopened) -> None:
        self.is_open, self.is_assessed = True, False
        self.ratings, self.reviews_without_change, self.agencies_informed = {}, 0, False
        self._agreements_to_close_end()
        if event.report is not None:
            self.reports.add(event.report)
        self._owe(Duty.RISK_ASSESSMENT, event.assess_by, event.rule)
        self._owe_session(event.session_by, event.session_rule)


def _assessment_rule(immediate_danger: bool) -> str:
    return "cases.risk_assessment_in_danger" if immediate_danger else "cases.risk_assessment"
