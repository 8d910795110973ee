"""What must happen next: computed from the case, never set by hand; each entry with its command."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.next_actions import COMMANDS
from services.cases.domain.values import Awaited, Duty, Kind, MedicalHelp, Role, Step
from services.cases.service import CasesService
from services.cases.tests.builders import (
    AUDITOR,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_report,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, UnknownError


def asked(school: World, by: Actor = PEDAGOGUE, **which: Any) -> list[dict[str, Any]]:
    """The question."""
    return queries.next_actions(school.application, SCHOOL, by, **which)


def of(school: World, what: str, **which: Any) -> list[dict[str, Any]]:
    """One kind of entry."""
    return [one for one in asked(school, **which) if one["what"] == what]


class TestWhatMustHappenNext:
    def test_begins_with_what_falls_due_first_under_which_rule_by_whom(self, school: World) -> None:
        case = school.open_case(a_report(kinds=[Kind.PHYSICAL]))
        first, *_ = asked(school, case=case)
        owed = school.case(case).open_duties[Duty.INFORM_AGENCIES]
        assert first == {
            "case": case,
            "what": "inform_agencies",
            "command": "referrals.draft_referral",
            "rule": "cases.informing@2026-01-01",
            "owner": "role:coordinator",
            "persons": [person(PEDAGOGUE)],
            "due_at": owed.due_at,
            "overdue": False,
            "about": None,
            "codes": [],
            "came_up_to": None,
        }
        times = [one["due_at"] for one in asked(school, case=case)]
        known = [at for at in times if at is not None]
        assert times == sorted(known) + [None] * (len(times) - len(known))
        school.later(hours=25)
        assert (asked(school)[0]["overdue"], asked(school)[0]["came_up_to"]) == (True, "owner")

    def test_names_each_missing_step_of_the_assessment_until_it_is_taken(self, school: World) -> None:
        """By the time of the assessment, by whose role it is; the parents are asked, or are not, for a reason."""
        case = school.open_case()
        school.staff(case)
        [check] = [one for one in of(school, "assessment_step_missing") if one["codes"] == ["medical_check"]]
        assert (check["owner"], check["persons"]) == ("role:school_doctor", [person(DOCTOR)])
        assert check["due_at"] == school.case(case).open_duties[Duty.RISK_ASSESSMENT].due_at
        before = len(of(school, "assessment_step_missing"))
        step: dict[str, Any] = {"role": Role.SCHOOL_DOCTOR, "result": "Дені сау", "on": date(2026, 4, 6)}
        for taken in (Step.MEDICAL_CHECK, Step.PARENTS_NOT_INVITED):
            school.do(commands.RecordAssessmentStep, DOCTOR, case=case, step=taken, **step)
        assert len(of(school, "assessment_step_missing")) == before - 2

    def test_names_what_is_awaited_and_ends_with_it(self, school: World) -> None:
        """An agency's decision (REF-06), an ambulance (PLN-01)."""
        case = school.open_case()
        school.staff(case)
        school.do(commands.NoteReferralRequested, POLICY, case=case, referral=uuid4(), agency=POLICE)
        texts = {"at_once": "Жеке сынып", "awaited": "Шешім", "then": "Жоспар"}
        waits: dict[str, Any] = {"case": case, "agency": POLICE, **texts}
        waiting = school.do(commands.AwaitAgency, PEDAGOGUE, **waits).body["waiting"]
        [awaited] = of(school, "agency_awaited")
        assert (str(awaited["about"]), awaited["codes"], awaited["rule"]) == (waiting, [str(POLICE)], "REF-06")
        called: dict[str, Any] = {"kind": MedicalHelp.AMBULANCE, "called_at": school.clock.now()}
        school.do(commands.OrganiseMedicalHelp, DOCTOR, case=case, what_happened="Құлады", **called)
        [help_] = of(school, "medical_help_awaited")
        assert (help_["command"], help_["codes"]) == ("cases.record_medical_help", ["ambulance"])
        ended: dict[str, Any] = {"case": case, "waiting": UUID(waiting), "outcome": Awaited.DECIDED}
        school.do(commands.EndWaiting, PEDAGOGUE, said="Иә", follows="Жоспар", **ended)
        assert of(school, "agency_awaited") == []

    def test_names_who_has_not_said_whether_they_took_part(self, school: World) -> None:
        """Of them alone, and what was decided but is no joint decision yet."""
        case = school.open_case()
        school.staff(case)
        said: dict[str, Any] = {"held_at": school.clock.now(), "discussed": "Жоспар", "closing": None}
        people = [person(PEDAGOGUE), person(PSYCHOLOGIST)]
        decisions = [{"decision": "Жоспар бекітілді", "best_interests": "Бала қауіпсіз"}]
        held: dict[str, Any] = {"participants": people, "decisions": decisions, **said}
        meeting = UUID(school.do(commands.HoldMeeting, PEDAGOGUE, case=case, **held).body["meeting"])
        [unconfirmed] = of(school, "participation_unconfirmed")
        assert (unconfirmed["about"], unconfirmed["persons"]) == (meeting, [person(PSYCHOLOGIST)])
        assert [one["what"] for one in asked(school, PSYCHOLOGIST, mine=True)].count("participation_unconfirmed") == 1
        assert of(school, "decision_not_recorded")[0]["codes"] == ["1"]
        school.do(commands.ConfirmParticipation, PSYCHOLOGIST, case=case, meeting=meeting, took_part=False)
        assert of(school, "participation_unconfirmed") == []

    def test_names_what_closing_still_takes_and_nothing_of_a_closed_case(self, school: World) -> None:
        """The criteria that are not lasting, by the version of the rule that asks for them."""
        case = school.open_case()
        assert of(school, "criteria_not_lasting") == []
        school.assess(case)
        [criteria] = of(school, "criteria_not_lasting")
        assert (len(criteria["codes"]), criteria["rule"]) == (6, "cases.closing_ratings@2026-01-01")
        assert {one["what"] for one in asked(school)} >= {"support_plan", "session", "reassessment"}

    def test_names_a_command_that_there_is_for_every_duty(self, school: World) -> None:
        """The gateway's routes lead to them."""
        assert set(COMMANDS) == set(Duty)
        school.staff(school.open_case(a_report(kinds=[Kind.PHYSICAL])))
        for one in asked(school, HEAD):
            service, _, method = one["command"].partition(".")
            assert service == "referrals" or hasattr(CasesService, method)


class TestWhoSeesIt:
    def test_is_whoever_may_see_the_case_in_one_list_over_all(self, school: World) -> None:
        """Head and auditor all, members their own; recorded with all ids."""
        first, second = school.open_case(), school.open_case(a_report("екінші", owner=DOCTOR))
        for by, expected in ((HEAD, {first, second}), (AUDITOR, {first, second}), (DOCTOR, {second})):
            assert {one["case"] for one in asked(school, by)} == expected
        assert school.accesses()[-1][1]["ids"] == [str(second)]

    @pytest.mark.requirement("REP-02")
    def test_is_nobody_behind_a_wall(self, school: World) -> None:
        """Neither in the list nor by the case's id."""
        case = school.open_case(a_report(walled=[HEAD]))
        assert asked(school, HEAD) == []
        with pytest.raises(UnknownError):
            asked(school, HEAD, case=case)

    @pytest.mark.requirement("CON-02")
    def test_is_nobody_before_the_warning_but_that_it_is_to_be_accepted(self, school: World) -> None:
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(TEACHER), role=Role.CLASS_TEACHER)
        [only] = asked(school, TEACHER)
        assert (only["what"], only["command"]) == ("warning_not_accepted", "cases.accept_confidentiality_warning")
        school.do(commands.AcceptConfidentialityWarning, TEACHER, case=case)
        assert {one["what"] for one in asked(school, TEACHER)} >= {"risk_assessment", "session"}
