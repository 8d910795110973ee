"""Answers about cases: what is shown to whom, and what the access log keeps of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.values import (
    Attendee,
    Deletion,
    Duty,
    Kind,
    Leaving,
    Level,
    MedicalHelp,
    MedicalHelper,
    Role,
)
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
        assert [duty["duty"] for duty in shown["duties"]] == ["inform_agencies", "session", "reassessment"]
        assert "medical_check" in shown["steps_missing"]
        assert {member["role"] for member in shown["team"]} == {"triaging_member", "psychologist", "school_doctor"}

    @pytest.mark.requirement("PLN-01")
    def test_shows_medical_help_with_what_came_of_it(self, school: World) -> None:
        """One entry for the call and its outcome."""
        case = school.open_case()
        now = school.clock.now()
        called = school.do(
            commands.OrganiseMedicalHelp,
            PEDAGOGUE,
            case=case,
            kind=MedicalHelp.AMBULANCE,
            called_at=now,
            what_happened="Есінен танды",
        )
        [awaited] = queries.show_case(school.application, SCHOOL, PEDAGOGUE, case=case)["medical_help"]
        assert (awaited["kind"], "helper" in awaited) == ("ambulance", False)
        school.do(
            commands.RecordMedicalHelp,
            PEDAGOGUE,
            case=case,
            medical_help=UUID(called.body["medical_help"]),
            helper=MedicalHelper.AMBULANCE_CREW,
            began_at=now,
            ended_at=now,
            outcome="Ауруханаға жеткізілді",
        )
        [helped] = queries.show_case(school.application, SCHOOL, PEDAGOGUE, case=case)["medical_help"]
        assert (helped["helper"], helped["called_at"], helped["ended_at"]) == ("ambulance_crew", now, now)

    @pytest.mark.requirement("CON-01")
    def test_is_recorded_before_it_is_answered(self, school: World) -> None:
        """Who, what, under which rule."""
        case = a_case_with_a_child(school)
        for by, rule in ((PEDAGOGUE, "team_member"), (HEAD, "head"), (AUDITOR, "audit_engagement")):
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
        [first, second, third] = queries.case_deadlines(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert first == {
            "duty": "inform_agencies",
            "due_at": school.case(case).open_duties[Duty.INFORM_AGENCIES].due_at,
            "owner": "role:coordinator",
            "person": PEDAGOGUE.person,
            "rule": "cases.informing@2026-01-01",
            "overdue": False,
        }
        assert (second["duty"], third["duty"]) == ("risk_assessment", "session")
        school.later(hours=24)
        [first, second, _] = queries.case_deadlines(school.application, SCHOOL, PEDAGOGUE, case=case)
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
        nothing: dict[str, Any] = dict.fromkeys(("computer", "recycle_bin", "email"), Deletion.NOTHING_THERE)
        school.do(commands.HandOverMaterial, DOCTOR, case=case, to=person(PEDAGOGUE), material="Жоқ", **nothing)
        school.do(commands.LeaveTeam, HEAD, case=case, person=person(DOCTOR), reason=Leaving.NO_LONGER_NEEDED)
        assert queries.my_cases(school.application, SCHOOL, DOCTOR) == []


@pytest.mark.requirement("SSS-08")
def test_a_case_shows_its_protocol_and_who_took_part_in_each_decision(school: World) -> None:
    """The psychologist was named and did not confirm: she is no part of what the three decided; so with the closing."""
    case = school.open_case()
    school.staff(case)
    school.do(commands.JoinTeam, HEAD, case=case, person=person(DEPUTY), role=Role.DEPUTY)
    held = school.do(
        commands.HoldMeeting,
        PEDAGOGUE,
        case=case,
        held_at=school.clock.now(),
        participants=[person(actor) for actor in (PEDAGOGUE, PSYCHOLOGIST, DOCTOR, DEPUTY)],
        discussed="Отбасы, сынып, баланың өзі",
        decisions=[{"decision": "Сыныппен жұмыс", "best_interests": "Бала жалғыз қалмайды"}],
        closing=None,
    )
    meeting = UUID(held.body["meeting"])
    for actor in (DOCTOR, DEPUTY):
        school.do(commands.ConfirmParticipation, actor, case=case, meeting=meeting, took_part=True)
    school.do(commands.RecordDecision, PEDAGOGUE, case=case, meeting=meeting, number=1)
    shown = queries.show_case(school.application, SCHOOL, PEDAGOGUE, case=case)
    [decision] = shown["decisions"]
    assert shown["protocol"] == decision["protocol"] == "cases.action_protocol@2026-01-01"
    assert decision["participants"] == sorted(str(person(actor)) for actor in (PEDAGOGUE, DOCTOR, DEPUTY))
    assert shown["closings"] == []
