"""Reports of the same events: suggested by what is told, joined or kept apart by a person (REP-07)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.errors import (
    AccusedNotIdentifiedError,
    ReasonsMissingError,
    ReportsAlreadyJoinedError,
    SameReportError,
)
from services.reports.domain.values import Child, Kind, Place
from services.reports.publications import PUBLICATIONS
from services.reports.tests.builders import (
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_person,
    an_accused,
)
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

pytestmark = pytest.mark.requirement("REP-07")
GHAZIZ = Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»")
LIKE: dict[str, Any] = {"child": GHAZIZ, "place": Place.SCHOOL, "kinds": (Kind.BULLYING,), "happened_at": RECEIVED_AT}
POLICY = Actor(id="policy:when_case_opened_link_case")


def similar(school: World, report: UUID, by: Actor = DEPUTY) -> dict[UUID, list[str]]:
    """What is suggested, and in what it is alike."""
    told = queries.similar_reports(school.application, SCHOOL, by, report=report)
    return {one["report"]: one["same"] for one in told}


def judge(school: World, command: Any, report: UUID, other: UUID, by: Actor = DEPUTY) -> None:
    """Somebody says what a pair is."""
    school.do(command, by, report=report, other=other, reasons="Күні де, орны да бір")


class TestTheSuggestion:
    def test_is_of_the_same_child_and_something_else(self, school: World) -> None:
        report = school.receive(**LIKE)
        written_otherwise = Child(name="хакимулы газиз", class_name="7ә")
        same = school.receive(**LIKE | {"child": written_otherwise})
        elsewhere = school.receive(**LIKE | {"place": Place.HOME, "happened_at": RECEIVED_AT - timedelta(days=60)})
        assert similar(school, report) == {same: ["child", "time", "place", "kind"], elsewhere: ["child", "kind"]}

    def test_is_not_of_the_child_alone(self, school: World) -> None:
        report = school.receive(**LIKE)
        other: dict[str, Any] = {"place": Place.HOME, "kinds": (Kind.NEGLECT,)}
        school.receive(**LIKE | other | {"happened_at": RECEIVED_AT - timedelta(days=60)})
        assert similar(school, report) == {}

    def test_is_of_time_place_and_kind_where_a_child_is_not_known(self, school: World) -> None:
        report = school.receive(**LIKE)
        unnamed = school.receive(**LIKE | {"child": None})
        school.receive(**LIKE | {"child": None, "place": Place.HOME})
        school.receive(**LIKE | {"child": None, "kinds": (Kind.SEXUAL,)})
        school.receive(**LIKE | {"child": Child(name="Әлихан", class_name="6 Б")})
        assert similar(school, report) == {unnamed: ["time", "place", "kind"]}

    @pytest.mark.parametrize(("days", "is_near"), [(7, True), (8, False)])
    def test_takes_a_week_for_the_same_time(self, school: World, days: int, is_near: bool) -> None:
        report = school.receive(**LIKE)
        other = school.receive(**LIKE | {"child": None, "happened_at": RECEIVED_AT - timedelta(days=days)})
        assert (other in similar(school, report)) is is_near

    def test_is_found_by_a_number_under_another_name(self, school: World) -> None:
        report = school.receive(**LIKE | {"child": Child(name="Ғазиз", iin="140903500023")})
        other = school.receive(**LIKE | {"child": Child(name="Газик", iin="140903500023")})
        assert other in similar(school, report)

    @pytest.mark.requirement("REP-02")
    def test_has_nothing_that_the_caller_is_walled_off_from(self, school: World) -> None:
        report = school.receive(**LIKE)
        hidden = school.receive(**LIKE, accused=(an_accused(person=HEAD_ID),))
        assert similar(school, report, HEAD) == {}
        assert set(similar(school, report)) == {hidden}
        for unknown in (hidden, new_id()):
            with pytest.raises(UnknownError) as refused:
                similar(school, unknown, HEAD)
            assert refused.value.facts == {"what": "report"}

    @pytest.mark.requirement("CON-08")
    def test_has_nothing_of_another_school(self, school: World) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        with pytest.raises(UnknownError):
            queries.similar_reports(school.application, OTHER_SCHOOL, DEPUTY, report=report)
        assert set(similar(school, report)) == {other}

    @pytest.mark.requirement("CON-01")
    def test_is_a_read_with_all_ids(self, school: World) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        similar(school, report)
        assert school.accesses()[-1][2]["ids"] == [str(report), str(other)]
        with pytest.raises(NotPermittedError):
            similar(school, report, PSYCHOLOGIST)

    def test_shows_what_was_said_of_the_pair(self, school: World) -> None:
        report, other, third = (school.receive(**LIKE) for _ in range(3))
        judge(school, commands.JoinReports, report, other)
        judge(school, commands.KeepReportsApart, third, report)
        told = queries.similar_reports(school.application, SCHOOL, DEPUTY, report=report)
        assert {one["report"]: one["judged"] for one in told} == {other: "joined", third: "kept_apart"}

    def test_names_no_mark_in_the_timeline(self, school: World) -> None:
        report = school.receive(**LIKE)
        told = queries.report_timeline(school.application, SCHOOL, DEPUTY, report=report)
        assert "child_marks" not in told[0]["facts"]


class TestJoining:
    @pytest.mark.requirement("REP-02")
    def test_shares_the_walls_of_both_and_those_that_come_later(self, school: World) -> None:
        """Also through a third one that was joined before, and in public, for cases to hear of."""
        third, report = school.receive(**LIKE), school.receive(**LIKE)
        judge(school, commands.JoinReports, third, report)
        accused = school.receive(**LIKE, accused=(an_accused(person=HEAD_ID),))
        judge(school, commands.JoinReports, report, accused)
        assert all(HEAD_ID in school.report(one).walled for one in (third, report, accused))
        assert queries.list_reports(school.application, SCHOOL, HEAD) == []
        later = new_id()
        school.do(commands.WallOffPerson, DEPUTY, report=third, person=later)
        assert all(later in school.report(one).walled for one in (third, report, accused))
        events = [event for _, event in school.application.for_tenant(SCHOOL).events(third)]
        told = [PUBLICATIONS[event.TOPIC](event) for event in events if event.TOPIC in PUBLICATIONS]
        assert [form.body["person"] for form in told if form and "person" in form.body] == [HEAD_ID, later]

    def test_lets_the_second_join_the_cases_of_the_first(self, school: World) -> None:
        first, second, case = school.receive(**LIKE), school.receive(**LIKE), new_id()
        for one in (first, second):
            school.triage(one)
            school.verify(one)
        school.confirm(first)
        school.do(commands.LinkCase, POLICY, report=first, case=case)
        judge(school, commands.JoinReports, second, first)
        school.confirm(second)
        assert school.report(second).cases == [case]

    def test_leaves_the_choice_to_open_another_case(self, school: World) -> None:
        first, second = school.receive(**LIKE), school.receive(**LIKE)
        for one in (first, second):
            school.triage(one)
            school.verify(one)
        school.confirm(first)
        school.do(commands.LinkCase, POLICY, report=first, case=new_id())
        judge(school, commands.JoinReports, second, first)
        school.confirm(second, count_of_cases=1)
        assert school.report(second).cases == []

    def test_waits_until_it_is_known_whom_to_keep_away(self, school: World) -> None:
        report, by_role = school.receive(**LIKE), school.receive(**LIKE, accused=(an_accused(role="head"),))
        for one, other in ((report, by_role), (by_role, report)):
            with pytest.raises(AccusedNotIdentifiedError):
                judge(school, commands.JoinReports, one, other)

    def test_is_done_once_and_for_good(self, school: World) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        judge(school, commands.KeepReportsApart, report, other)
        judge(school, commands.JoinReports, other, report)
        for command in (commands.JoinReports, commands.KeepReportsApart):
            with pytest.raises(ReportsAlreadyJoinedError):
                judge(school, command, report, other)


@pytest.mark.parametrize("command", [commands.JoinReports, commands.KeepReportsApart])
class TestJudgingAPair:
    @pytest.mark.requirement("REP-02")
    def test_with_a_hidden_one_is_judging_with_an_unknown_one(self, school: World, command: Any) -> None:
        report, hidden = school.receive(**LIKE), school.receive(**LIKE, accused=(an_accused(person=HEAD_ID),))
        for one, other in ((report, hidden), (hidden, report), (report, new_id())):
            with pytest.raises(UnknownError) as refused:
                judge(school, command, one, other, HEAD)
            assert refused.value.facts == {"what": "report"}

    def test_is_for_who_decides_on_both(self, school: World, command: Any) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        school.triage(report)
        with pytest.raises(NotPermittedError):
            judge(school, command, report, other, PSYCHOLOGIST)
        school.triage(other)
        judge(school, command, report, other, a_person(PSYCHOLOGIST_ID, "psychologist"))

    def test_needs_two_and_reasons(self, school: World, command: Any) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        with pytest.raises(SameReportError):
            judge(school, command, report, report)
        with pytest.raises(ReasonsMissingError):
            school.do(command, DEPUTY, report=report, other=other, reasons=" ")

    def test_tells_who_sees_one_nothing_of_the_other(self, school: World, command: Any) -> None:
        """Kept apart, the head still sees the first, and no trace of the second; joined, neither."""
        report, hidden = school.receive(**LIKE), school.receive(**LIKE, accused=(an_accused(person=HEAD_ID),))
        judge(school, command, report, hidden)
        if command is commands.KeepReportsApart:
            shown = queries.show_report(school.application, SCHOOL, HEAD, report=report)
            told = queries.report_timeline(school.application, SCHOOL, HEAD, report=report)
            assert str(hidden) not in f"{shown} {told}"
            assert similar(school, report, HEAD) == {}
        else:
            with pytest.raises(UnknownError):
                queries.show_report(school.application, SCHOOL, HEAD, report=report)

    def test_goes_with_either_when_that_is_erased(self, school: World, command: Any) -> None:
        report, other = school.receive(**LIKE), school.receive(**LIKE)
        judge(school, command, report, other)
        ledger = school.application.for_tenant(SCHOOL)
        belonging = [set(school.application.belonging_to(ledger, one)) for one in (report, other)]
        assert len(belonging[0] & belonging[1]) == 1
