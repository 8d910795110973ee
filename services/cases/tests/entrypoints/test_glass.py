"""Breaking the glass: the deputy, a second person, a reason, an end; a notice; reads marked; never through a wall."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.domain.errors import AlreadyOnTeamError, GlassNotAskedForError
from services.cases.domain.values import SAFEGUARDING_LEAD, Role
from services.cases.tests.builders import (
    AUDITOR,
    DEPUTY,
    DOCTOR,
    HEAD,
    PEDAGOGUE,
    POLICY,
    STRANGER,
    TEACHER,
    a_report,
    an_id,
    person,
)
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError

LEAD = Actor(id=f"person:{an_id('Үміт Қасымқызы')}", roles=frozenset({SAFEGUARDING_LEAD}))
REASON = "Басшы науқас, баланы бүгін қорғау керек"


def asked_for(school: World, case: UUID, by: Actor = DEPUTY) -> UUID:
    """The deputy asks."""
    return UUID(school.do(commands.AskToBreakGlass, by, case=case, reason=REASON).body["request"])


def broken(school: World) -> UUID:
    """A case whose glass is broken."""
    case = school.open_case()
    school.do(commands.BreakGlass, DOCTOR, case=case, request=asked_for(school, case))
    return case


def show(school: World, by: Actor, case: UUID) -> dict[str, Any]:
    """The case as it stands."""
    return queries.show_case(school.application, SCHOOL, by, case=case)


@pytest.mark.requirement("CON-01")
class TestTheDeputy:
    def test_sees_no_case_that_they_are_not_on(self, school: World) -> None:
        """Nor by asking alone; the denial names its rule."""
        case = school.open_case()
        for _ in range(2):
            with pytest.raises(NotPermittedError) as denied:
                show(school, DEPUTY, case)
            assert denied.value.rule == "CON-01"
            asked_for(school, case)

    def test_sees_the_case_on_whose_team_they_are(self, school: World) -> None:
        """And breaks no glass there."""
        case = school.open_case()
        school.do(commands.JoinTeam, HEAD, case=case, person=person(DEPUTY), role=Role.DEPUTY)
        assert show(school, DEPUTY, case)["case"] == case
        with pytest.raises(AlreadyOnTeamError):
            asked_for(school, case)

    def test_stands_in_for_the_head_who_is_walled_off(self, school: World) -> None:
        case = school.open_case(a_report(walled=[HEAD]))
        assert show(school, DEPUTY, case)["case"] == case
        assert school.accesses()[-1][1]["rule"] == "deputy_stands_in"

    def test_still_finds_every_line_of_the_register(self, school: World) -> None:
        """Which case there is, they know; not what is in it."""
        case = school.open_case()
        assert [row["case"] for row in queries.register_of_cases(school.application, SCHOOL, DEPUTY)] == [case]


@pytest.mark.requirement("CON-01")
class TestBreakingTheGlass:
    def test_lets_the_deputy_see_and_act_each_read_marked(self, school: World) -> None:
        case = broken(school)
        assert show(school, DEPUTY, case)["case"] == case
        queries.case_timeline(school.application, SCHOOL, DEPUTY, case=case)
        school.do(commands.FindLiabilityPossible, DEPUTY, case=case)
        marked = [facts["what"] for _, facts in school.accesses() if facts["rule"] == "break_glass"]
        assert marked == ["show_case", "case_timeline"]

    def test_ends_by_itself(self, school: World) -> None:
        """To the hour that policy says."""
        case = broken(school)
        school.later(hours=23, minutes=59)
        assert show(school, DEPUTY, case)["case"] == case
        school.later(minutes=1)
        with pytest.raises(NotPermittedError):
            show(school, DEPUTY, case)

    def test_takes_a_second_person_of_the_service(self, school: World) -> None:
        case = school.open_case()
        request = asked_for(school, case)
        for by in (DEPUTY, TEACHER, AUDITOR):
            with pytest.raises(NotPermittedError):
                school.do(commands.BreakGlass, by, case=case, request=request)
        school.do(commands.BreakGlass, DOCTOR, case=case, request=request)
        assert show(school, DEPUTY, case)["case"] == case

    def test_takes_a_request_that_is_fresh_and_not_used(self, school: World) -> None:
        case = school.open_case()
        request = asked_for(school, case)
        for other in (uuid4(), request):
            school.later(hours=24 if other == request else 0)
            with pytest.raises(GlassNotAskedForError):
                school.do(commands.BreakGlass, DOCTOR, case=case, request=other)
        used = broken(school)
        with pytest.raises(GlassNotAskedForError):
            school.do(commands.BreakGlass, DOCTOR, case=used, request=request)

    def test_is_the_deputys_alone(self, school: World) -> None:
        """The head needs none, others get none."""
        case = school.open_case()
        for by in (HEAD, DOCTOR, STRANGER):
            with pytest.raises(NotPermittedError):
                asked_for(school, case, by)

    def test_goes_through_no_wall(self, school: World) -> None:
        """Of the deputy, of the second person; and a wall that comes later closes what was open."""
        walled = school.open_case(a_report(walled=[DEPUTY]))
        with pytest.raises(UnknownError):
            asked_for(school, walled)
        of_another = school.open_case(a_report("Екінші"))
        request = asked_for(school, of_another)
        school.do(commands.WallOffPerson, POLICY, case=of_another, person=person(DOCTOR), report=a_report().id)
        with pytest.raises(UnknownError):
            school.do(commands.BreakGlass, DOCTOR, case=of_another, request=request)
        case = broken(school)
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(DEPUTY), report=a_report().id)
        with pytest.raises(UnknownError):
            show(school, DEPUTY, case)

    def test_is_told_to_whoever_coordinates_and_to_the_department(self, school: World) -> None:
        """No names; to nobody who is walled off from the case."""
        case = broken(school)
        for by in (PEDAGOGUE, LEAD):
            [told] = queries.broken_glass(school.application, SCHOOL, by)
            assert (told["kind"], told["case"], set(told)) == (
                "glass_broken",
                case,
                {"notice", "kind", "case", "at", "until"},
            )
        assert queries.broken_glass(school.application, SCHOOL, DOCTOR) == []
        school.do(commands.WallOffPerson, POLICY, case=case, person=person(PEDAGOGUE), report=a_report().id)
        assert queries.broken_glass(school.application, SCHOOL, PEDAGOGUE) == []


@pytest.mark.requirement("CON-01")
class TestTheAccessListOfACase:
    def test_says_who_read_what_under_which_rule_and_who_was_denied(self, school: World) -> None:
        case, other = school.open_case(), school.open_case(a_report("Екінші"))
        show(school, PEDAGOGUE, case)
        show(school, HEAD, other)
        with pytest.raises(NotPermittedError):
            show(school, STRANGER, case)
        told = queries.case_accesses(school.application, SCHOOL, PEDAGOGUE, case=case)
        assert [(one["actor"], one["what"], one["allowed"], one["rule"]) for one in told] == [
            (PEDAGOGUE.id, "show_case", True, "team_member"),
            (STRANGER.id, "show_case", False, "CON-01"),
            (PEDAGOGUE.id, "case_accesses", True, "team_member"),
        ]

    def test_names_those_stopped_by_a_wall_to_who_leads_and_audits_alone(self, school: World) -> None:
        case = school.open_case(a_report(walled=[TEACHER]))
        school.staff(case)
        with pytest.raises(UnknownError):
            show(school, TEACHER, case)
        for by, told in ((HEAD, True), (AUDITOR, True), (PEDAGOGUE, True), (DOCTOR, False)):
            listed = queries.case_accesses(school.application, SCHOOL, by, case=case)
            assert any(one["rule"] == "wall" for one in listed) is told

    def test_is_shown_to_nobody_else(self, school: World) -> None:
        case = school.open_case(a_report(walled=[TEACHER]))
        with pytest.raises(NotPermittedError):
            queries.case_accesses(school.application, SCHOOL, STRANGER, case=case)
        with pytest.raises(UnknownError):
            queries.case_accesses(school.application, SCHOOL, TEACHER, case=case)
