"""Signs that staff note: they reach the service at once, add up by child, and are hidden from who is named (REP-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.errors import ReasonsMissingError, ReportNotNamedError
from services.reports.domain.values import Child, Method, Outcome
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    SAFEGUARDING_LEAD,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

pytestmark = pytest.mark.requirement("REP-09")
TEACHER = a_person(new_id(), "class_teacher")
OTHER_TEACHER = a_person(new_id(), "subject_teacher")
GHAZIZ = Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»")
POLICY = Actor(id="policy:when_case_walled_wall_off_from_case")
ALIKHAN = Child(name="Әлихан Үмбетов", class_name="7 «Ә»")


def noted(school: World, by: Actor = TEACHER, child: Child | None = GHAZIZ, **said: Any) -> UUID:
    """Somebody notes a sign."""
    facts: dict[str, Any] = {"method": Method.ANALYSING_WORK, "sign": "Суретте есігі тас қараңғы"} | said
    note = UUID(school.do(commands.NoteSign, by, child=child, **facts).body["note"])
    school.clock.advance(timedelta(seconds=1))  # lists are in the order of time
    return note


def children(school: World, by: Actor, tenant: UUID = SCHOOL) -> list[list[UUID]]:
    """The caller's list: notes by child."""
    listed = queries.list_sign_notes(school.application, tenant, by)
    assert [group["count"] for group in listed] == [len(group["notes"]) for group in listed]
    return [[row["note"] for row in group["notes"]] for group in listed]


def shown(school: World, by: Actor, note: UUID, tenant: UUID = SCHOOL) -> dict[str, Any]:
    """A note in full."""
    return queries.show_sign_note(school.application, tenant, by, note=note)


class TestANotedSign:
    @pytest.mark.parametrize("by", [HEAD, DEPUTY, PSYCHOLOGIST])
    def test_reaches_the_service_at_once(self, school: World, by: Actor) -> None:
        note = noted(school)
        assert children(school, by) == [[note]]
        assert shown(school, by, note)["method"] == "analysing_work"

    @pytest.mark.parametrize("by", [OTHER_TEACHER, SAFEGUARDING_LEAD, a_person(new_id(), "administrator")])
    def test_is_not_for_others(self, school: World, by: Actor) -> None:
        note = noted(school)
        with pytest.raises(NotPermittedError) as refused:
            shown(school, by, note)
        assert refused.value.rule == "reports.need_to_know.see_sign_note"
        if by is OTHER_TEACHER:
            assert children(school, by) == []

    def test_stays_readable_to_who_noted_it(self, school: World) -> None:
        note = noted(school)
        assert children(school, TEACHER) == [[note]]
        assert shown(school, TEACHER, note)["sign"] == "Суретте есігі тас қараңғы"

    def test_is_no_report(self, school: World) -> None:
        noted(school)
        assert queries.reports_to_triage(school.application, SCHOOL, DEPUTY) == []

    @pytest.mark.parametrize("by", [a_reporter(), a_person(new_id(), "administrator"), AUDITOR])
    def test_comes_from_staff_alone(self, school: World, by: Actor) -> None:
        with pytest.raises(NotPermittedError):
            noted(school, by)
        assert school.accesses()[-1][0] == "access.denied"

    @pytest.mark.requirement("CON-08")
    def test_is_of_its_school(self, school: World) -> None:
        note = noted(school)
        assert children(school, HEAD, OTHER_SCHOOL) == []
        with pytest.raises(UnknownError):
            shown(school, HEAD, note, OTHER_SCHOOL)


class TestNotesAboutOneChild:
    def test_add_up_and_are_shown_together(self, school: World) -> None:
        """By two teachers, by another way, the name written otherwise."""
        first = noted(school)
        other = noted(school, child=ALIKHAN)
        second = noted(school, OTHER_TEACHER, Child(name="хакимулы Газиз", class_name="7ә"), method=Method.TALKING)
        assert children(school, PSYCHOLOGIST) == [[first, second], [other]]
        told = shown(school, PSYCHOLOGIST, second)
        assert [one["note"] for one in told["same_child"]] == [first]
        assert told["same_child"][0]["sign"] == "Суретте есігі тас қараңғы"
        assert shown(school, PSYCHOLOGIST, other)["same_child"] == []

    def test_are_found_through_a_third_that_knows_more(self, school: World) -> None:
        by_class = noted(school)
        by_number = noted(school, child=Child(name="Ғазиз", iin="140903500023"))
        assert children(school, HEAD) == [[by_class], [by_number]]
        both = noted(school, child=Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»", iin="140903500023"))
        assert children(school, HEAD) == [[by_class, by_number, both]]

    def test_that_nobody_named_stay_apart(self, school: World) -> None:
        notes = [noted(school, child=child) for child in (None, None, Child(name="Ғазиз"), Child(name="Ғазиз"))]
        assert children(school, HEAD) == [[note] for note in notes]

    @pytest.mark.requirement("CON-01")
    def test_are_one_read_with_all_ids(self, school: World) -> None:
        first, second = noted(school), noted(school)
        shown(school, HEAD, second)
        topic, actor, facts = school.accesses()[-1]
        assert (topic, actor, facts["ids"]) == ("access.read", HEAD.id, [str(second), str(first)])
        children(school, HEAD)
        assert school.accesses()[-1][2]["ids"] == [str(first), str(second)]

    def test_are_shown_to_a_teacher_only_as_far_as_the_own(self, school: World) -> None:
        note = noted(school)
        noted(school, OTHER_TEACHER)
        assert children(school, TEACHER) == [[note]]
        assert shown(school, TEACHER, note)["same_child"] == []


@pytest.mark.requirement("REP-02")
class TestWhoeverIsNamed:
    @pytest.mark.parametrize("named", [an_accused(person=HEAD_ID), an_accused(role="head")])
    def test_finds_what_an_unknown_id_finds(self, school: World, named: Any) -> None:
        seen, note = noted(school), noted(school, accused=(named,))
        for unknown in (note, new_id()):
            with pytest.raises(UnknownError) as refused:
                shown(school, HEAD, unknown)
            assert refused.value.facts == {"what": "report"}
            with pytest.raises(UnknownError) as refused:
                school.do(commands.ConsiderSignNote, HEAD, note=unknown, outcome=Outcome.NO_CONCERN, reasons="Жоқ")
            assert refused.value.facts == {"what": "report"}
        assert children(school, HEAD) == [[seen]]
        assert shown(school, HEAD, seen)["same_child"] == []
        assert children(school, DEPUTY) == [[seen, note]]

    @pytest.mark.parametrize("by", [HEAD, TEACHER])
    @pytest.mark.parametrize("of_the_case", [False, True])
    def test_finds_no_note_either_once_the_report_filed_because_of_it_keeps_them_away(
        self, school: World, by: Actor, of_the_case: bool
    ) -> None:
        """Whoever noted it among them: that something was filed would tell them of the report."""
        seen, note, report = noted(school), noted(school, child=ALIKHAN), school.receive()
        reported: dict[str, Any] = {"outcome": Outcome.REPORTED, "reasons": "Екінші белгі", "report": report}
        school.do(commands.ConsiderSignNote, DEPUTY, note=note, **reported)
        assert children(school, by) == [[seen], [note]]
        if of_the_case:
            case = new_id()
            school.do(commands.LinkCase, POLICY, report=report, case=case)
            school.do(commands.WallOffFromCase, POLICY, case=case, persons=(by.person,))
        else:
            school.do(commands.WallOffPerson, DEPUTY, report=report, person=by.person)
        assert children(school, by) == [[seen]]
        with pytest.raises(UnknownError) as refused:
            shown(school, by, note)
        assert refused.value.facts == {"what": "report"}
        assert school.accesses()[-1][2]["rule"] == "reports.walled_off"
        with pytest.raises(UnknownError):
            school.do(commands.ConsiderSignNote, by, note=note, outcome=Outcome.NO_CONCERN, reasons="Жоқ")
        assert children(school, PSYCHOLOGIST) == [[seen], [note]]

    def test_is_stopped_by_the_report_also_while_the_rows_of_walls_are_late(
        self, school: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What decides is the note, and the reports that were filed because of it."""
        note, report = noted(school), school.receive(accused=(an_accused(person=HEAD_ID),))
        reported: dict[str, Any] = {"outcome": Outcome.REPORTED, "reasons": "Екінші белгі", "report": report}
        school.do(commands.ConsiderSignNote, DEPUTY, note=note, **reported)
        monkeypatch.setattr(school.application, "is_true", lambda *_: False)
        with pytest.raises(UnknownError):
            shown(school, HEAD, note)
        assert school.accesses()[-1][2]["rule"] == "reports.walled_off"
        with pytest.raises(UnknownError):
            school.do(commands.ConsiderSignNote, HEAD, note=note, outcome=Outcome.NO_CONCERN, reasons="Жоқ")
        assert school.accesses()[-1][2]["rule"] == "reports.walled_off"

    def test_is_passed_over_to_the_department(self, school: World) -> None:
        note = noted(school, accused=(an_accused(person=HEAD_ID),))
        assert children(school, SAFEGUARDING_LEAD) == [[note]]
        assert shown(school, SAFEGUARDING_LEAD, note)["note"] == note


class TestConsidering:
    def test_says_what_comes_of_it_and_may_be_done_again(self, school: World) -> None:
        note, report = noted(school), school.receive()
        school.do(commands.ConsiderSignNote, PSYCHOLOGIST, note=note, outcome=Outcome.WATCHED_ON, reasons="Бір белгі")
        reported: dict[str, Any] = {"outcome": Outcome.REPORTED, "reasons": "Екінші белгі", "report": report}
        school.do(commands.ConsiderSignNote, DEPUTY, note=note, **reported)
        told = shown(school, HEAD, note)["considered"]
        assert [(one["outcome"], one["report"]) for one in told] == [("watched_on", None), ("reported", report)]
        [group] = queries.list_sign_notes(school.application, SCHOOL, HEAD)
        assert group["notes"][0]["outcome"] == "reported"

    def test_needs_reasons_and_the_report_where_there_is_one(self, school: World) -> None:
        note = noted(school)
        for refusal, said in (
            (ReasonsMissingError, {"outcome": Outcome.NO_CONCERN, "reasons": " "}),
            (ReportNotNamedError, {"outcome": Outcome.REPORTED, "reasons": "Иә"}),
            (ReportNotNamedError, {"outcome": Outcome.NO_CONCERN, "reasons": "Жоқ", "report": school.receive()}),
        ):
            with pytest.raises(refusal):
                school.do(commands.ConsiderSignNote, DEPUTY, note=note, **said)

    def test_names_no_report_that_the_caller_may_not_know(self, school: World) -> None:
        note, hidden = noted(school), school.receive(accused=(an_accused(person=HEAD_ID),))
        for unknown in (hidden, new_id()):
            asked: dict[str, Any] = {"outcome": Outcome.REPORTED, "reasons": "Иә", "report": unknown}
            with pytest.raises(UnknownError):
                school.do(commands.ConsiderSignNote, HEAD, note=note, **asked)

    def test_is_not_for_who_noted_it(self, school: World) -> None:
        note = noted(school)
        with pytest.raises(NotPermittedError):
            school.do(commands.ConsiderSignNote, TEACHER, note=note, outcome=Outcome.NO_CONCERN, reasons="Жоқ")

    def test_is_missed_once_after_eight_working_hours(self, school: World) -> None:
        note = noted(school)
        assert shown(school, HEAD, note)["rule"] == "reports.sign_consideration@2026-01-01"
        school.later(hours=8, minutes=59, seconds=58)
        assert self.topics(school, note) == ["Noted"]
        school.later(seconds=1)
        school.later(hours=9)
        assert self.topics(school, note) == ["Noted", "ConsiderationMissed"]

    def test_in_time_is_not_missed(self, school: World) -> None:
        note = noted(school)
        school.do(commands.ConsiderSignNote, DEPUTY, note=note, outcome=Outcome.NO_CONCERN, reasons="Сурет сабағы")
        school.later(days=3)
        assert self.topics(school, note) == ["Noted", "Considered"]

    @staticmethod
    def topics(school: World, note: UUID) -> list[str]:
        """What was recorded of a note."""
        return [type(event).__name__ for _, event in school.application.for_tenant(SCHOOL).events(note)]
