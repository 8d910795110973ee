"""How a case begins: the register, the first member, the walls, what it owes from the start, more reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.cases.domain.case import Case
from services.cases.domain.errors import CaseClosedError
from services.cases.domain.register import Register, school_year_of
from services.cases.domain.values import Duty, Kind, Level, Role
from services.cases.tests.builders import (
    BOOK,
    DEPUTY,
    HEAD,
    LADDER,
    MONDAY,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    a_case,
    a_report,
    an_id,
    person,
    recorded,
)
from shared.domain import NotPermittedError
from shared.regulation import ALMATY

SCHOOL = UUID("5b1d94f5-63e5-4b34-9a5d-0a5dfd8b6d02")


class TestTheRegister:
    @pytest.mark.requirement("REP-07")
    def test_gives_numbers_without_a_gap(self) -> None:
        """1, 2, 3, … in the order of entry."""
        register = Register.begin(tenant=SCHOOL, year=2025, by=POLICY, at=MONDAY)
        numbers = [register.enter(an_id(str(case)), by=POLICY, at=MONDAY) for case in range(5)]
        assert numbers == [1, 2, 3, 4, 5]

    @pytest.mark.requirement("REP-07")
    @pytest.mark.parametrize(
        ("at", "year"),
        [
            (datetime(2026, 8, 31, 23, 59, tzinfo=ALMATY), 2025),
            (datetime(2026, 9, 1, 0, 0, tzinfo=ALMATY), 2026),
            (datetime(2026, 1, 1, 0, 0, tzinfo=ALMATY), 2025),
        ],
    )
    def test_begins_anew_on_the_first_of_september(self, at: datetime, year: int) -> None:
        """The school year is named after the year it begins in, by Almaty's day."""
        assert school_year_of(at) == year


class TestOpeningACase:
    @pytest.mark.requirement("REP-07")
    def test_keeps_number_report_and_walls(self) -> None:
        """All from the report that was confirmed."""
        case = a_case().opened(a_report(walled=[HEAD]), number=7).case
        assert (case.number, case.reports, case.walled) == (7, {a_report().id}, frozenset({person(HEAD)}))

    @pytest.mark.requirement("SSS-03")
    def test_puts_whoever_confirmed_the_report_first_on_the_team_and_in_charge(self) -> None:
        """Exactly one coordinates from the first moment."""
        case = a_case().opened().case
        assert case.team[person(PEDAGOGUE)].role is Role.TRIAGING_MEMBER
        assert case.coordinator == person(PEDAGOGUE)

    def test_leaves_a_walled_or_unknown_owner_out(self) -> None:
        """Then nobody coordinates until the head, or whoever stands in, appoints somebody."""
        assert a_case().opened(a_report(owner=HEAD, walled=[HEAD])).case.team == {}
        assert a_case().opened(a_report(owner=None)).case.coordinator is None

    def test_is_for_policies_alone(self) -> None:
        """Not even the head enters a case by hand."""
        with pytest.raises(NotPermittedError):
            Case.open(
                id=an_id("Іс"),
                number=1,
                register_year=2025,
                report=a_report(),
                previous=None,
                book=BOOK,
                by=HEAD,
                at=MONDAY,
            )

    @pytest.mark.requirement("RSK-03")
    def test_owes_a_risk_assessment_in_five_working_days(self) -> None:
        """Monday to the end of the next Monday."""
        owed = a_case().opened().case.open_duties[Duty.RISK_ASSESSMENT]
        assert owed.due_at == datetime(2026, 4, 14, 0, 0, tzinfo=ALMATY)
        assert owed.rule == "cases.risk_assessment@2026-01-01"

    @pytest.mark.requirement("REP-08")
    def test_owes_a_risk_assessment_the_same_day_in_immediate_danger(self) -> None:
        """To midnight."""
        owed = a_case().opened(a_report(immediate_danger=True)).case.open_duties[Duty.RISK_ASSESSMENT]
        assert owed.due_at == datetime(2026, 4, 7, 0, 0, tzinfo=ALMATY)
        assert owed.rule == "cases.risk_assessment_in_danger@2026-01-01"

    @pytest.mark.requirement("SSS-08")
    def test_names_the_protocol_in_force(self) -> None:
        """By key and date, as everywhere."""
        [opened, *_] = a_case().opened().case.pending_events
        assert opened.protocol == "cases.action_protocol@2026-01-01"  # type: ignore[attr-defined]


class TestLinkingAReport:
    @pytest.mark.requirement("REP-07")
    def test_joins_several_reports_of_the_same_events(self) -> None:
        """The case knows both."""
        case = a_case().opened().linked(a_report("Көршінің хабары")).case
        assert case.reports == {a_report().id, an_id("Көршінің хабары")}

    def test_twice_changes_nothing(self) -> None:
        """The same report is the same news."""
        built = a_case().opened().linked(a_report("Көршінің хабары"))
        before = built.case.version
        assert built.linked(a_report("Көршінің хабары")).case.version == before

    @pytest.mark.requirement("RSK-05")
    def test_calls_for_a_new_assessment_within_a_working_day(self) -> None:
        """To the end of the next one."""
        case = a_case().opened().assessed().later(days=2).linked(a_report("Көршінің хабары")).case
        owed = case.open_duties[Duty.REASSESSMENT]
        assert owed.due_at == datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
        assert owed.rule == "cases.reassessment_on_new_facts@2026-01-01"

    def test_leaves_a_nearer_time_as_it_was(self) -> None:
        """Five days after the opening the first assessment is due sooner than new facts would ask for."""
        built = a_case().opened()
        before = built.case.open_duties[Duty.RISK_ASSESSMENT]
        assert built.later(days=4).linked(a_report("Көршінің хабары")).case.open_duties[Duty.RISK_ASSESSMENT] == before

    @pytest.mark.requirement("REP-02")
    def test_walls_off_a_member_at_once_who_leaves_and_coordinates_no_more(self) -> None:
        """The member whom a later report names is out; who confirmed that report takes over."""
        built = a_case().opened().linked(a_report("Екінші хабар", walled=[PEDAGOGUE], owner=PSYCHOLOGIST))
        assert set(built.case.team) == {person(PSYCHOLOGIST)}
        assert built.case.coordinator == person(PSYCHOLOGIST)
        assert "TeamMemberLeft" in recorded(built.case)

    def test_is_refused_in_a_closed_case(self) -> None:
        """It must be reopened, or a new one opened."""
        with pytest.raises(CaseClosedError):
            a_case().opened().settled().closed().linked(a_report("Кеш хабар"))

    @pytest.mark.requirement("REF-01")
    def test_opens_the_duty_to_inform_anew_where_its_kind_brings_liability(self) -> None:
        """Agencies that were informed of the first report are to be informed of the second one, too."""
        built = a_case().opened(a_report(kinds=[Kind.PHYSICAL])).referred().delivered()
        assert Duty.INFORM_AGENCIES not in built.case.open_duties
        built.linked(a_report("Жаңа дерек", kinds=[Kind.SEXUAL]))
        assert Duty.INFORM_AGENCIES in built.case.open_duties


class TestMissingADeadline:
    @pytest.mark.parametrize(("late", "missed"), [(timedelta(microseconds=-1), False), (timedelta(0), True)])
    def test_is_said_once_its_time_has_come(self, late: timedelta, missed: bool) -> None:
        """A microsecond before it is not."""
        built = a_case().opened()
        built.at = built.case.open_duties[Duty.RISK_ASSESSMENT].due_at + late
        assert (recorded(built.missed("risk_assessment").case)[-1] == "DeadlineMissed") is missed

    def test_is_said_once_on_each_rung_and_names_rule_and_owner(self) -> None:
        """Still owed, and shown as overdue; who coordinates owes it, so that the second rung is theirs already."""
        built = a_case().opened().later(days=30)
        for _ in range(5):
            built.missed("risk_assessment")
        climbed = [event for event in built.case.pending_events if isinstance(event, Case.DeadlineMissed)]
        assert [(event.step, event.told) for event in climbed] == [
            (0, [PEDAGOGUE.id]),
            (2, ["role:head"]),
            (3, ["role:department_safeguarding_lead"]),
        ]
        event = climbed[0]
        assert (event.owner, event.rule) == ("role:coordinator", "cases.risk_assessment@2026-01-01")
        assert Duty.RISK_ASSESSMENT in built.case.open_duties

    @pytest.mark.parametrize("duty", ["reassessment", "no_such_duty"])
    def test_of_what_is_not_owed_says_nothing(self, duty: str) -> None:
        """Neither another duty, nor one that does not exist."""
        assert "DeadlineMissed" not in recorded(a_case().opened().later(days=30).missed(duty).case)

    def test_is_for_the_clock_alone(self) -> None:
        """The deputy cannot declare it."""
        with pytest.raises(NotPermittedError):
            a_case().opened().case.miss_deadline(duty="risk_assessment", step=0, ladder=LADDER, by=DEPUTY, at=MONDAY)

    @pytest.mark.requirement("RSK-05")
    def test_of_reassessment_comes_after_thirty_days(self) -> None:
        """The thirtieth day still counts, the next one does not."""
        built = a_case().opened().assessed(Level.LOW)
        assert "DeadlineMissed" not in recorded(built.later(days=30).missed("reassessment").case)
        assert recorded(built.later(days=1).missed("reassessment").case)[-1] == "DeadlineMissed"
