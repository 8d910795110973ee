"""A task of the interagency team that was not done in time climbs the school's ladder (REF-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.bootstrap import build
from services.cases.domain.case import Case
from services.cases.domain.interagency import task_duty
from services.cases.domain.values import Level, Role
from services.cases.tests.builders import (
    AUDITOR,
    DEPUTY,
    DOCTOR,
    HEAD,
    OFFICER,
    PEDAGOGUE,
    POLICE,
    POLICY,
    PSYCHOLOGIST,
    TEACHER,
    a_report,
    person,
)
from services.cases.tests.entrypoints.test_ladder import DEPARTMENT, LEAD, catch_up, led, tell_department
from services.cases.tests.entrypoints.test_workspace import seated
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError
from shared.runners.clockwork import Clockwork

__all__ = ["led"]
pytestmark = pytest.mark.requirement("REF-05")
UP_FROM_COORDINATOR = [
    (1, [PEDAGOGUE.id]),
    (2, [HEAD.id]),
    (3, ["role:department_safeguarding_lead"]),
]


def at_high_risk(school: World, *walled: Actor) -> UUID:
    """Three of the school on the team, and the interagency step open."""
    case = school.open_case(a_report(walled=walled))
    for actor, role in ((PSYCHOLOGIST, Role.PSYCHOLOGIST), (DOCTOR, Role.SCHOOL_DOCTOR)):
        leading = DEPUTY if HEAD in walled else HEAD
        school.do(commands.JoinTeam, leading, case=case, person=person(actor), role=role)
    school.assess(case, Level.HIGH)
    return case


def given(school: World, case: UUID, **owner: UUID) -> UUID:
    """A task for two days."""
    said: dict[str, Any] = {"what": "Орын табу", "due_at": school.clock.now() + timedelta(days=2)}
    task = school.do(commands.GiveInteragencyTask, PEDAGOGUE, case=case, **said, **owner)
    return UUID(task.body["task"])


def stopped(school: World, **time: float) -> None:
    """The clock stands still for so long, and then says all that was missed."""
    school.clock.advance(timedelta(**time))
    catch_up(school)


def missed(school: World, case: UUID) -> list[tuple[int, list[str]]]:
    """The rungs of tasks, in the order in which they were said."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(case)]
    return [(event.step, list(event.told)) for event in events if isinstance(event, Case.InteragencyTaskMissed)]


def came_up(school: World, by: Actor) -> list[tuple[UUID, UUID, str]]:
    """What they find of tasks."""
    found = queries.come_up_to_me(school.application, SCHOOL, by)
    return [(one["case"], one["about"], one["rung"]) for one in found if one["duty"] == "interagency_task"]


def next_task(school: World, case: UUID) -> list[tuple[Any, ...]]:
    """What must happen next of tasks: which, whose, by whom, whether overdue, how far up."""
    found = queries.next_actions(school.application, SCHOOL, PEDAGOGUE, case=case)
    told = ("about", "owner", "persons", "overdue", "came_up_to")
    return [tuple(one[name] for name in told) for one in found if one["what"] == "interagency_task"]


def at_the_department(school: World, case: UUID) -> list[str]:
    """The tasks that the department's lead finds."""
    tell_department(school, case)
    found = queries.come_up_to_department(school.application, DEPARTMENT, LEAD)
    return [one["duty"] for one in found if one["duty"].startswith("interagency_task:")]


class TestATaskNotDoneInTime:
    def test_of_an_agency_climbs_from_the_coordinator(self, led: World) -> None:
        """Nothing until its time has passed; then the school asks the agency."""
        case = at_high_risk(led)
        seated(led, case)
        task = given(led, case, agency=POLICE)
        stopped(led, days=1, hours=23)
        assert missed(led, case) == []
        stopped(led, hours=1)
        assert missed(led, case) == UP_FROM_COORDINATOR[:1]
        assert (came_up(led, PEDAGOGUE), came_up(led, HEAD)) == ([(case, task, "coordinator")], [])
        assert next_task(led, case) == [(task, f"agency:{POLICE}", [], True, "coordinator")]
        stopped(led, days=7)
        assert missed(led, case) == UP_FROM_COORDINATOR
        assert came_up(led, HEAD) == [(case, task, "head")]
        assert at_the_department(led, case) == [task_duty(task)]

    def test_of_somebody_at_the_school_climbs_from_them(self, led: World) -> None:
        case = at_high_risk(led)
        task = given(led, case, person=person(DOCTOR))
        assert next_task(led, case) == [(task, DOCTOR.id, [person(DOCTOR)], False, None)]
        stopped(led, days=20)
        assert missed(led, case) == [(0, [DOCTOR.id]), *UP_FROM_COORDINATOR]
        assert came_up(led, DOCTOR) == [(case, task, "owner")]

    def test_of_an_outsider_is_told_to_the_school_and_asked_by_no_grant(self, led: World) -> None:
        """Their workspace shows it; the school's questions stay closed to them."""
        case = at_high_risk(led)
        officer = seated(led, case)
        given(led, case, person=person(OFFICER))
        stopped(led, days=20)
        assert missed(led, case) == UP_FROM_COORDINATOR
        assert came_up(led, officer) == []

    def test_climbs_each_rung_once_across_a_restart_after_a_long_stop(self, led: World) -> None:
        """Two tasks, each in its own order."""
        case = at_high_risk(led)
        for owner in (DOCTOR, PSYCHOLOGIST):
            given(led, case, person=person(owner))
        led.clock.advance(timedelta(days=30))
        led.clockwork.tick()
        led.settle()
        application = build(led.application.parts)
        restarted = Clockwork(type(led.service)(**{**vars(led.service), "application": application}))
        while restarted.tick():
            led.settle()
        catch_up(led)
        expected = [(0, [DOCTOR.id]), (0, [PSYCHOLOGIST.id]), *UP_FROM_COORDINATOR, *UP_FROM_COORDINATOR]
        assert sorted(missed(led, case)) == sorted(expected)

    @pytest.mark.parametrize("done", [True, False])
    def test_ends_when_it_is_done_or_dropped(self, led: World, *, done: bool) -> None:
        case = at_high_risk(led)
        task = given(led, case, person=person(DOCTOR))
        stopped(led, days=20)
        assert at_the_department(led, case) == [task_duty(task)]
        if done:
            led.do(commands.DoInteragencyTask, DOCTOR, case=case, task=task, result="Табылды")
        else:
            led.do(commands.DropInteragencyTask, HEAD, case=case, task=task, reason="Керек емес")
        assert (at_the_department(led, case), came_up(led, HEAD), came_up(led, DOCTOR)) == ([], [], [])
        assert next_task(led, case) == []

    def test_climbs_no_further_once_it_is_done(self, led: World) -> None:
        case = at_high_risk(led)
        task = given(led, case, person=person(DOCTOR))
        stopped(led, days=2)
        led.do(commands.DoInteragencyTask, DOCTOR, case=case, task=task, result="Табылды")
        stopped(led, days=20)
        assert missed(led, case) == [(0, [DOCTOR.id])]


@pytest.mark.requirement("REP-02")
class TestWhoeverIsWalledOff:
    def test_is_passed_over_and_finds_no_trace(self, led: World) -> None:
        """The deputy stands in for the head; nobody who was not told finds it."""
        case = at_high_risk(led, HEAD)
        given(led, case, person=person(DOCTOR))
        stopped(led, days=20)
        assert missed(led, case)[2] == (2, [DEPUTY.id])
        assert [rung for _, _, rung in came_up(led, DEPUTY)] == ["head"]
        for other in (HEAD, TEACHER, AUDITOR, PSYCHOLOGIST):
            assert came_up(led, other) == []

    def test_later_finds_it_no_more(self, led: World) -> None:
        case = at_high_risk(led)
        given(led, case, person=person(DOCTOR))
        stopped(led, days=2)
        assert came_up(led, DOCTOR) != []
        report = next(iter(led.case(case).reports))
        led.do(commands.WallOffPerson, POLICY, case=case, person=person(DOCTOR), report=report)
        assert came_up(led, DOCTOR) == []
        stopped(led, days=20)
        assert missed(led, case) == [(0, [DOCTOR.id]), *UP_FROM_COORDINATOR]

    def test_as_the_departments_lead_finds_it_there_as_little(self, led: World) -> None:
        case = at_high_risk(led, LEAD)
        given(led, case, person=person(DOCTOR))
        stopped(led, days=20)
        assert at_the_department(led, case) == []
        other = Actor(id=f"person:{uuid4()}", roles=LEAD.roles, home=DEPARTMENT)
        assert queries.come_up_to_department(led.application, DEPARTMENT, other) != []
        with pytest.raises(NotPermittedError):
            queries.come_up_to_department(led.application, DEPARTMENT, HEAD)
