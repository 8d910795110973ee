"""What there is about a child or an adult, found by keyed hashes, only as far as the caller may see."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.values import Category, Child, Kind, Method, Source
from services.reports.tests.builders import DEPUTY, HEAD, HEAD_ID, PSYCHOLOGIST, a_person, a_reporter, an_accused
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, InvalidInputError, NotPermittedError, UnknownError
from shared.ids import new_id

TEACHER = a_person(new_id(), "class_teacher")
GHAZIZ = Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»", birth_date=date(2014, 9, 3), iin="140903500023")


def found(school: World, by: Actor = DEPUTY, tenant: UUID = SCHOOL, **child: Any) -> tuple[list[UUID], list[UUID]]:
    """Ids of reports and of notes."""
    told = queries.find_child(school.application, tenant, by, child=Child(**child))
    return [row["report"] for row in told["reports"]], [row["note"] for row in told["notes"]]


def noted(school: World, **said: Any) -> UUID:
    """A teacher notes a sign."""
    facts: dict[str, Any] = {"method": Method.TALKING, "sign": "Үйге барғысы келмейді", "child": GHAZIZ} | said
    return UUID(school.do(commands.NoteSign, TEACHER, **facts).body["note"])


@pytest.mark.requirement("REP-09")
class TestAChild:
    @pytest.mark.parametrize(
        "child",
        [
            {"name": "Ғазик", "iin": "140903500023"},
            {"name": "хакимулы газиз", "birth_date": date(2014, 9, 3)},
            {"name": "Ғазиз Һәкімұлы", "class_name": "7ә"},
        ],
    )
    def test_is_found_by_number_by_birth_date_and_by_class(self, school: World, child: dict[str, Any]) -> None:
        report, note = school.receive(child=GHAZIZ), noted(school)
        other = Child(name="Әлихан", class_name="6 Б", birth_date=date(2014, 9, 3))
        school.receive(child=other)
        noted(school, child=other)
        assert found(school, **child) == ([report], [note])

    @pytest.mark.parametrize(
        "child", [{"name": "Ғазиз Һәкімұлы", "class_name": "7 Б"}, {"name": "Ғазиза", "birth_date": date(2014, 9, 3)}]
    )
    def test_is_not_found_by_another_class_or_name(self, school: World, child: dict[str, Any]) -> None:
        school.receive(child=GHAZIZ)
        assert found(school, **child) == ([], [])

    def test_is_not_looked_for_by_a_name_alone(self, school: World) -> None:
        with pytest.raises(InvalidInputError):
            found(school, name="Ғазиз Һәкімұлы")

    @pytest.mark.requirement("REP-02")
    def test_is_found_only_where_the_caller_is_not_walled_off(self, school: World) -> None:
        accused = (an_accused(person=HEAD_ID),)
        report, note = school.receive(child=GHAZIZ, accused=accused), noted(school, accused=accused)
        asked: dict[str, Any] = {"name": "Ғазик", "iin": "140903500023"}
        assert found(school, HEAD, **asked) == found(school, HEAD, name="Ғазик", iin="140903500011") == ([], [])
        assert found(school, DEPUTY, **asked) == ([report], [note])

    @pytest.mark.requirement("CON-01")
    def test_is_found_by_who_may_know_and_each_search_is_a_read(self, school: World) -> None:
        report, note = school.receive(child=GHAZIZ), noted(school)
        asked: dict[str, Any] = {"name": "Ғазик", "iin": "140903500023"}
        assert found(school, PSYCHOLOGIST, **asked) == ([], [note])
        assert found(school, a_person(new_id(), "subject_teacher"), **asked) == ([], [])
        found(school, **asked)
        assert school.accesses()[-1][2]["ids"] == [str(report), str(note)]
        for by in (a_reporter(), a_person(new_id(), "administrator")):
            with pytest.raises(NotPermittedError):
                found(school, by, **asked)

    @pytest.mark.requirement("CON-08")
    def test_of_another_school_is_not_found(self, school: World) -> None:
        school.receive(child=GHAZIZ)
        assert found(school, tenant=OTHER_SCHOOL, name="Ғазик", iin="140903500023") == ([], [])


@pytest.mark.requirement("REP-13")
class TestAnAdultsReports:
    def about(self, school: World, **accused: Any) -> UUID:
        """A colleague reports, with no child named."""
        said: dict[str, Any] = {"source": Source.STAFF, "kinds": (Kind.PSYCHOLOGICAL,), "child": None}
        return school.receive(TEACHER, accused=(an_accused(**accused),), **said)

    def together(self, school: World, report: UUID, by: Actor = DEPUTY) -> set[UUID]:
        """What is shown with it."""
        told = queries.reports_about_adult(school.application, SCHOOL, by, report=report)
        return {row["report"] for row in told}

    def test_are_taken_in_from_staff_with_no_child_named(self, school: World) -> None:
        report = self.about(school, person=new_id())
        shown = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)
        assert (shown["child"], shown["source"], len(shown["accused"])) == (None, "staff", 1)

    def test_are_shown_together_by_person_or_by_full_name(self, school: World) -> None:
        person = new_id()
        first = self.about(school, person=person, name="")
        second = self.about(school, person=person, name="Өтегенқызы Гүлнәр")
        third = self.about(school, name="Гульнар Отегенкызы")
        assert self.together(school, first) == {second}
        assert self.together(school, second) == {first, third}

    def test_are_joined_by_who_it_turned_out_to_be(self, school: World) -> None:
        person = new_id()
        first, second = self.about(school, person=person, name=""), self.about(school, name="мұғалім")
        assert self.together(school, first) == set()
        school.do(commands.WallOffPerson, DEPUTY, report=second, person=person, accused=0)
        assert self.together(school, first) == {second}

    def test_are_not_those_of_a_first_name_or_of_a_child(self, school: World) -> None:
        first = self.about(school, name="Гүлнәр")
        self.about(school, name="Гүлнәр")
        peer = self.about(school, name="Әлихан Үмбетов", category=Category.PEER)
        self.about(school, name="Әлихан Үмбетов", category=Category.PEER)
        assert self.together(school, first) == self.together(school, peer) == set()

    @pytest.mark.requirement("REP-02")
    def test_are_shown_to_nobody_who_is_complained_of(self, school: World) -> None:
        """The head is named in both; and in neither finds the other, nor that there is one."""
        first, second = (self.about(school, person=HEAD_ID) for _ in range(2))
        assert self.together(school, first) == {second}
        for unknown in (first, new_id()):
            with pytest.raises(UnknownError) as refused:
                self.together(school, unknown, HEAD)
            assert refused.value.facts == {"what": "report"}

    @pytest.mark.requirement("REP-02")
    def test_leave_out_those_that_the_caller_is_walled_off_from(self, school: World) -> None:
        first = self.about(school, name="Гүлнәр Өтегенқызы")
        both = (an_accused(), an_accused(person=HEAD_ID))
        hidden = school.receive(TEACHER, accused=both)
        assert self.together(school, first, HEAD) == set()
        assert self.together(school, first) == {hidden}
