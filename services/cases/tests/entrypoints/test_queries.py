"""Answers about cases: what is shown to whom, and what the access log keeps of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.values import Attendee, Duty, Kind, Leaving, Level, Role
from services.cases.tests.builders import (
    AUDITOR,
    DEPUTY,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    POLICY,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    a_report,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError


def a_case_with_a_child(world: World) -> UUID:
    """Staffed, child identified, high risk."""
    case = world.open_case(a_report(kinds=[Kind.PHYSICAL]))
    world.staff(case)
    world.do(
        commands.IdentifyChild,
        PEDAGOGUE,
        case=case,
        name="Һәнифа Жүнісқызы Өтеғұлова",
        birth_date=date(2014, 9, 3),
        class_name="5 «Ә»",
    )
    world.assess(case, Level.HIGH)
    return case


class TestShowingACase:
    """`show_case`."""

    def test_shows_how_it_stands(self, school: World) -> None:
        """Child, level, team, duties, what is missing."""
        case = a_case_with_a_child(school)
        shown = queries.show_case(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert shown["child"]["name"] == "Һәнифа Жүнісқызы Өтеғұлова"
        assert (shown["level"], shown["number"], shown["state"]) == ("high", 1, "open")
        assert [duty["duty"] for duty in shown["duties"]] == ["inform_agencies", "reassessment"]
        assert "medical_check" in shown["steps_missing"]
        assert {member["role"] for member in shown["team"]} == {"triaging_member", "psychologist", "school_doctor"}

    @pytest.mark.requirement("CON-01")
    def test_is_recorded_before_it_is_answered(self, school: World) -> None:
        """Who, what, under which rule."""
        case = a_case_with_a_child(school)
        for by, rule in ((PEDAGOGUE, "team_member"), (DEPUTY, "head"), (AUDITOR, "audit_engagement")):
            queries.show_case(school.application, SCHOOL, by, case=case)
            topic, facts = school.accesses()[-1]
            assert (topic, facts["what"], facts["ids"], facts["rule"]) == (
                "access.read",
                "show_case",
                [str(case)],
                rule,
            )

    @pytest.mark.requirement("CON-01")
    def test_is_denied_to_whoever_is_not_on_the_team(self, school: World) -> None:
        """With the rule, which is recorded too."""
        case = school.open_case()
        with pytest.raises(NotPermittedError) as refusal:
            queries.show_case(school.application, SCHOOL, STRANGER, case=case)
        assert refusal.value.rule == "CON-01"
        assert school.accesses()[-1][0] == "access.denied"

    @pytest.mark.requirement("REP-02")
    @pytest.mark.parametrize("question", [queries.show_case, queries.case_timeline, queries.case_deadlines])
    @pytest.mark.parametrize("by", [HEAD, AUDITOR])
    def test_answers_a_walled_person_as_an_unknown_id(self, school: World, question: object, by: Actor) -> None:
        """Whatever the role."""
        case = school.open_case(a_report(walled=[by]))
        refusals = []
        for asked in (case, uuid4()):
            with pytest.raises(UnknownError) as refusal:
                question(school.application, SCHOOL, by, case=asked)  # type: ignore[operator]
            refusals.append((refusal.value.code, refusal.value.facts))
        assert refusals[0] == refusals[1]
        assert [facts["rule"] for _, facts in school.accesses()[-2:]] == ["wall", "unknown"]

    @pytest.mark.requirement("CON-08")
    def test_leaves_the_number_out_for_whoever_is_walled_off_elsewhere(self, school: World) -> None:
        """A member of one case who is named in another learns nothing from numbers."""
        case = school.open_case()
        school.open_case(a_report("екінші", walled=[PEDAGOGUE], owner=DOCTOR))
        assert "number" not in queries.show_case(school.application, SCHOOL, PEDAGOGUE, case=case)


class TestTheTimeline:
    """`case_timeline`."""

    def test_has_every_event_in_order_as_data(self, school: World) -> None:
        """Who, what, when, under which rule; no prose."""
        case = a_case_with_a_child(school)
        timeline = queries.case_timeline(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert [entry["version"] for entry in timeline] == list(range(1, len(timeline) + 1))
        assert timeline[0]["topic"] == "cases.case_opened"
        assert timeline[0]["actor"] == POLICY.id
        assert timeline[0]["facts"]["rule"] == "cases.risk_assessment@2026-01-01"
        assert all(entry["recorded_at"].tzinfo and entry["at"].tzinfo for entry in timeline)

    @pytest.mark.requirement("CON-07")
    def test_does_not_say_who_is_walled_off(self, school: World) -> None:
        """Allegations are shared on need to know."""
        case = school.open_case(a_report(walled=[TEACHER]))
        assert str(person(TEACHER)) not in str(queries.case_timeline(school.application, SCHOOL, HEAD, case=case))

    @pytest.mark.requirement("PLN-04")
    def test_has_a_sessions_note_for_the_helper_alone(self, school: World) -> None:
        """Not for the head, the coordinator or an auditor."""
        case = a_case_with_a_child(school)
        school.do(
            commands.HoldSession,
            PSYCHOLOGIST,
            case=case,
            attended=[Attendee.CHILD],
            observed_change="Күлімсіреді",
            note="Әжесін сағынады",
        )
        own = queries.case_timeline(school.application, SCHOOL, PSYCHOLOGIST, case=case)[-1]
        assert own["facts"]["note_text"] == "Әжесін сағынады"
        for by in (HEAD, PEDAGOGUE, AUDITOR):
            other = queries.case_timeline(school.application, SCHOOL, by, case=case)[-1]
            assert "note_text" not in other["facts"]
            assert other["facts"]["observed_change"] == "Күлімсіреді"


class TestDeadlines:
    """`case_deadlines`."""

    def test_say_what_is_next_by_when_by_whom_under_which_rule(self, school: World) -> None:
        """The nearest first; overdue once its time has come."""
        case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        [first, second] = queries.case_deadlines(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert first == {
            "duty": "inform_agencies",
            "due_at": school.case(case).open_duties[Duty.INFORM_AGENCIES].due_at,
            "owner": "role:coordinator",
            "person": PEDAGOGUE.person,
            "rule": "cases.informing@2026-01-01",
            "overdue": False,
        }
        assert second["duty"] == "risk_assessment"
        school.later(hours=24)
        [first, second] = queries.case_deadlines(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert (first["overdue"], second["overdue"]) == (True, False)


class TestTheRegister:
    """`register_of_cases and my_cases`."""

    @pytest.mark.requirement("REP-07")
    def test_shows_head_and_auditor_all_and_others_their_own(self, school: World) -> None:
        """By number; one read is recorded with all ids."""
        first, second = school.open_case(), school.open_case(a_report("екінші", owner=DOCTOR))
        for by in (HEAD, DEPUTY, AUDITOR):
            shown = queries.register_of_cases(school.application, SCHOOL, by)
            assert [(entry["case"], entry["number"]) for entry in shown] == [(first, 1), (second, 2)]
        assert school.accesses()[-1][1]["ids"] == [str(first), str(second)]
        [own] = queries.register_of_cases(school.application, SCHOOL, DOCTOR)
        assert own["case"] == second
        assert queries.register_of_cases(school.application, SCHOOL, STRANGER) == []
        assert queries.register_of_cases(school.application, SCHOOL, HEAD, register_year=2026) == []

    @pytest.mark.requirement("REP-02")
    @pytest.mark.requirement("CON-08")
    def test_is_empty_for_whoever_is_walled_off_from_any_of_it(self, school: World) -> None:
        """Numbers and counts would show the gap."""
        school.open_case()
        school.open_case(a_report("екінші", walled=[HEAD]))
        assert queries.register_of_cases(school.application, SCHOOL, HEAD) == []
        assert school.accesses()[-1] == (
            "access.denied",
            {"what": "register_of_cases", "ids": [], "rule": "wall", "purpose": ""},
        )
        assert len(queries.register_of_cases(school.application, SCHOOL, DEPUTY)) == 2

    @pytest.mark.requirement("REP-02")
    def test_trusts_the_case_where_the_read_model_is_behind(self, school: World) -> None:
        """A wall that the follower has not yet projected holds all the same."""
        case = school.open_case()
        school.application.execute(
            commands.LinkReport(
                tenant=SCHOOL, command_id=uuid4(), by=POLICY, case=case, report=a_report("жаңа", walled=[HEAD])
            )
        )
        assert queries.register_of_cases(school.application, SCHOOL, HEAD) == []

    def test_of_mine_shows_the_nearest_duty(self, school: World) -> None:
        """Role, state and what is next."""
        case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        [mine] = queries.my_cases(school.application, SCHOOL, PEDAGOGUE)
        assert (mine["case"], mine["role"], mine["next"]["duty"]) == (case, "triaging_member", "inform_agencies")
        assert queries.my_cases(school.application, SCHOOL, HEAD) == []

    @pytest.mark.requirement("CON-02")
    def test_of_mine_shows_nothing_of_a_case_before_the_warning(self, school: World) -> None:
        """Only that the warning waits."""
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(TEACHER), role=Role.CLASS_TEACHER)
        assert queries.my_cases(school.application, SCHOOL, TEACHER) == [
            {"case": case, "role": "class_teacher", "must_accept_warning": True}
        ]
        assert queries.register_of_cases(school.application, SCHOOL, TEACHER) == []

    def test_of_mine_ends_with_leaving(self, school: World) -> None:
        """Whoever left sees it no more."""
        case = school.open_case()
        school.staff(case)
        school.do(commands.LeaveTeam, HEAD, case=case, person=person(DOCTOR), reason=Leaving.NO_LONGER_NEEDED)
        assert queries.my_cases(school.application, SCHOOL, DOCTOR) == []
