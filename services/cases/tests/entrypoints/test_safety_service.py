"""The School Safety Service over the ledger: what is shown of it, and what it decides about cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import (
    MemberNotTrainedError,
    NotAMemberError,
    ServiceNotSetUpError,
    ServiceSetUpAlreadyError,
)
from services.cases.domain.values import Ground, Role
from services.cases.tests.builders import (
    AUDITOR,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    PSYCHOLOGIST,
    STRANGER,
    TEACHER,
    a_report,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError


def seat(school: World, actor: Actor, role: Role, days_ago: int = 0) -> None:
    """The head gives a seat, so many days back."""
    since = (school.clock.now() - timedelta(days=days_ago)).date()
    who: dict[str, Any] = {"person": person(actor), "role": role, "since": since}
    school.do(commands.AdmitMember, HEAD, **who, skills="Тыңдай біледі")


def train(school: World, actor: Actor) -> None:
    """The head says that somebody was trained today."""
    held: dict[str, Any] = {"training": "Міндетті оқу", "held_on": school.clock.now().date(), "held_by": "Өрлеу"}
    school.do(commands.RecordTraining, HEAD, person=person(actor), **held)


def shown(school: World, by: Actor = HEAD) -> dict[str, Any]:
    """The service as it stands."""
    return queries.show_safety_service(school.application, SCHOOL, by)


@pytest.mark.requirement("SSS-01")
class TestTheService:
    def test_is_set_up_once_and_first(self, school: World) -> None:
        assert not shown(school)["is_set_up"]
        assert shown(school)["gaps"]["is_too_small"]
        with pytest.raises(ServiceNotSetUpError):
            seat(school, PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        school.do(commands.SetUpService, HEAD)
        with pytest.raises(ServiceSetUpAlreadyError):
            school.do(commands.SetUpService, HEAD)

    def test_shows_vacant_roles_and_a_small_team_as_gaps_but_no_teachers_and_no_police(self, school: World) -> None:
        """Five are enough, with every permanent role taken; teachers and the police change nothing of it."""
        school.do(commands.SetUpService, HEAD)
        seats = [(HEAD, Role.HEAD), (PEDAGOGUE, Role.SOCIAL_PEDAGOGUE), (PSYCHOLOGIST, Role.PSYCHOLOGIST)]
        for actor, role in [*seats, (DOCTOR, Role.SCHOOL_DOCTOR), (TEACHER, Role.CLASS_TEACHER)]:
            seat(school, actor, role)
        gaps = shown(school)["gaps"]
        assert (gaps["vacant_roles"], gaps["members_found"], gaps["is_too_small"]) == (
            ["deputy", "safety_engineer"],
            4,
            True,
        )
        seat(school, STRANGER, Role.DEPUTY)
        seat(school, STRANGER, Role.SAFETY_ENGINEER)
        gaps = shown(school)["gaps"]
        assert (gaps["vacant_roles"], gaps["members_found"], gaps["is_too_small"]) == ([], 5, False)
        assert (shown(school)["teachers"], shown(school)["police"]) == (1, {"agreed": False})

    def test_is_shown_to_the_service_and_auditors_and_each_reading_is_recorded(self, school: World) -> None:
        school.do(commands.SetUpService, HEAD)
        seat(school, PEDAGOGUE, Role.SOCIAL_PEDAGOGUE)
        for by, open_to in ((HEAD, True), (PEDAGOGUE, True), (AUDITOR, True), (PSYCHOLOGIST, False)):
            [member] = shown(school, by)["members"]
            assert ("skills" in member) is open_to
            assert school.accesses()[-1][1]["what"] == "show_safety_service"
        with pytest.raises(NotPermittedError):
            shown(school, TEACHER)
        assert school.accesses()[-1][0] == "access.denied"


@pytest.mark.requirement("SSS-02")
class TestAMemberWhoseTrainingLapsed:
    @pytest.fixture
    def school(self, school: World) -> World:
        """A service: the pedagogue trained, the psychologist out of grace, the doctor in it."""
        school.do(commands.SetUpService, HEAD)
        train(school, PEDAGOGUE)
        seat(school, PEDAGOGUE, Role.SOCIAL_PEDAGOGUE, 400)
        seat(school, PSYCHOLOGIST, Role.PSYCHOLOGIST, 61)
        seat(school, DOCTOR, Role.SCHOOL_DOCTOR, 59)
        return school

    def test_takes_no_case_until_trained(self, school: World) -> None:
        case = school.open_case()
        psychologist: dict[str, Any] = {"case": case, "person": person(PSYCHOLOGIST), "role": Role.PSYCHOLOGIST}
        with pytest.raises(MemberNotTrainedError) as refusal:
            school.do(commands.JoinTeam, HEAD, **psychologist)
        assert refusal.value.facts["role"] == "psychologist"
        train(school, PSYCHOLOGIST)
        school.do(commands.JoinTeam, HEAD, **psychologist)
        school.do(commands.JoinTeam, HEAD, case=case, person=person(DOCTOR), role=Role.SCHOOL_DOCTOR)

    def test_coordinates_none(self, school: World) -> None:
        """The doctor joined in grace; once it is over, coordination does not pass to her."""
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(DOCTOR), role=Role.SCHOOL_DOCTOR)
        school.later(days=3)
        passing: dict[str, Any] = {"ground": Ground.LEADERSHIP_SKILLS, "reason": "Дәрігер жақсы біледі"}
        with pytest.raises(MemberNotTrainedError):
            school.do(commands.AppointCoordinator, HEAD, case=case, person=person(DOCTOR), **passing)
        train(school, DOCTOR)
        school.do(commands.AppointCoordinator, HEAD, case=case, person=person(DOCTOR), **passing)

    def test_is_not_first_on_the_team_by_confirming_the_report(self, school: World) -> None:
        """The case opens, says why it has no coordinator, and the head appoints another."""
        case = school.open_case(a_report(owner=PSYCHOLOGIST))
        assert (school.case(case).team, school.case(case).coordinator) == ({}, None)
        last = queries.case_timeline(school.application, SCHOOL, HEAD, case=case)[-1]
        assert (last["topic"], last["facts"]["reason"]) == ("cases.owner_not_admitted", "cases.member_not_trained")
        school.do(commands.LinkReport, Actor(id="policy:x"), case=case, report=a_report("екінші", owner=PSYCHOLOGIST))
        assert school.case(case).team == {}
        school.do(commands.LinkReport, Actor(id="policy:x"), case=case, report=a_report("үшінші", owner=PEDAGOGUE))
        assert school.case(case).coordinator == person(PEDAGOGUE)

    def test_shows_as_a_duty_ahead_and_after_and_as_a_gap(self, school: World) -> None:
        school.later(seconds=1)
        duties = {duty["person"]: duty for duty in shown(school)["duties"]}
        assert [duties[person(actor)]["overdue"] for actor in (PSYCHOLOGIST, DOCTOR)] == [True, False]
        assert shown(school)["gaps"]["untrained"] == [person(PSYCHOLOGIST)]
        states = {member["person"]: member["training"] for member in shown(school)["members"]}
        assert [states[person(one)] for one in (PEDAGOGUE, PSYCHOLOGIST, DOCTOR)] == ["valid", "lapsed", "in_grace"]
        train(school, PSYCHOLOGIST)
        assert shown(school)["gaps"]["untrained"] == []

    def test_and_whoever_has_no_seat_are_told_apart(self, school: World) -> None:
        with pytest.raises(NotAMemberError):
            school.do(commands.JoinTeam, HEAD, case=school.open_case(), person=person(STRANGER), role=Role.DEPUTY)


@pytest.mark.requirement("SSS-02")
def test_a_school_without_a_service_works_its_cases_all_the_same(school: World) -> None:
    """A child does not wait for an office to be filled; that there is no service shows as a gap."""
    case = school.open_case()
    school.staff(case)
    assert len(school.case(case).team) == 3
