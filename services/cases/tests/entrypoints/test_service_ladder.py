"""What the School Safety Service owes and missed climbs: the monthly meeting, a member's training (SSS-02, SSS-04)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.cases import commands, queries
from services.cases.bootstrap import build
from services.cases.domain.safety_service import SafetyService, safety_service_id
from services.cases.domain.safety_service.owing import TRAINING_DUTY
from services.cases.domain.values import Release, Role
from services.cases.tests.builders import AUDITOR, DEPUTY, DOCTOR, HEAD, PEDAGOGUE, PSYCHOLOGIST, TEACHER, person
from services.cases.tests.entrypoints.test_ladder import DEPARTMENT, LEAD, catch_up, led, tell_department
from services.cases.tests.entrypoints.test_safety_service import seat, train
from services.cases.tests.entrypoints.test_service_meetings import meet
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor
from shared.regulation import ALMATY
from shared.runners.clockwork import Clockwork

__all__ = ["led"]
MEMBERS = (
    (PEDAGOGUE, Role.SOCIAL_PEDAGOGUE),
    (PSYCHOLOGIST, Role.PSYCHOLOGIST),
    (DOCTOR, Role.SCHOOL_DOCTOR),
)
SERVICE = safety_service_id(SCHOOL)
HEAD_AND_DEPARTMENT = [("head", [HEAD.id]), ("department", ["role:department_safeguarding_lead"])]
RUNGS = ("owner", "coordinator", "head", "department")


@pytest.fixture
def serving(led: World) -> World:
    """A school with a head and a deputy, and a service of three; its first meeting is owed by the end of May."""
    led.do(commands.SetUpService, HEAD)
    for actor, role in MEMBERS:
        train(led, actor)
        seat(led, actor, role)
    return led


def until(school: World, month: int, day: int, hour: int = 0, year: int = 2026) -> None:
    """The clock stands still until then, and then says all that was missed."""
    school.clock.advance(datetime(year, month, day, hour, tzinfo=ALMATY) - school.clock.now())
    catch_up(school)


def missed(school: World) -> list[tuple[str, str, list[str]]]:
    """The rungs of what the service missed: whose, which, who was told."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(SERVICE)]
    rungs = [event for event in events if isinstance(event, SafetyService.DeadlineMissed)]
    return [(event.month or event.duty, RUNGS[event.step], list(event.told)) for event in rungs]


def came_up(school: World, by: Actor) -> list[tuple[str, str, datetime]]:
    """What they find of the service."""
    found = queries.come_up_to_me(school.application, SCHOOL, by)
    return [(one["duty"], one["rung"], one["due_at"]) for one in found if one.get("safety_service") == SERVICE]


@pytest.mark.requirement("SSS-04")
class TestAMonthWithoutAMeeting:
    def test_climbs_from_its_end_to_the_head_and_then_to_the_department(self, serving: World) -> None:
        """Nothing as long as it lasts; the department a working day after the head, by the rule's hours."""
        until(serving, 5, 31, 23)
        assert missed(serving) == []
        until(serving, 6, 1)
        assert missed(serving) == [("2026-05", *HEAD_AND_DEPARTMENT[0])]
        assert came_up(serving, HEAD) == [("service_meeting", "head", datetime(2026, 6, 1, tzinfo=ALMATY))]
        until(serving, 6, 1, 17)
        assert len(missed(serving)) == 1
        until(serving, 6, 2, 9)
        assert missed(serving) == [("2026-05", *rung) for rung in HEAD_AND_DEPARTMENT]

    def test_is_found_by_the_head_and_by_nobody_who_was_not_told(self, serving: World) -> None:
        """Nor by a head who leads no more; each reading is recorded with what it showed."""
        until(serving, 6, 1)
        for other in (DEPUTY, TEACHER, PEDAGOGUE, AUDITOR, Actor(id=HEAD.id, roles=frozenset({"class_teacher"}))):
            assert came_up(serving, other) == []
        assert came_up(serving, HEAD) != []
        _, recorded = serving.accesses()[-1]
        assert (recorded["what"], recorded["ids"]) == ("come_up_to_me", [str(SERVICE)])

    def test_climbs_each_rung_once_after_a_long_stop_and_a_restart(self, serving: World) -> None:
        """The clock stood still for three months; another process takes over after its first words."""
        serving.clock.advance(datetime(2026, 8, 15, tzinfo=ALMATY) - serving.clock.now())
        serving.clockwork.tick()
        serving.settle()
        application = build(serving.application.parts)
        restarted = Clockwork(type(serving.service)(**{**vars(serving.service), "application": application}))
        while restarted.tick():
            serving.settle()
        catch_up(serving)
        months = ("2026-05", "2026-06", "2026-07")
        assert sorted(missed(serving)) == sorted((month, *rung) for month in months for rung in HEAD_AND_DEPARTMENT)

    def test_comes_up_to_the_department_until_the_service_has_met_again(self, serving: World) -> None:
        until(serving, 6, 15)
        tell_department(serving, SERVICE)
        [shown] = queries.come_up_to_department(serving.application, DEPARTMENT, LEAD)
        assert (shown["matter"], shown["duty"]) == (SERVICE, "service_meeting:2026-05")
        meet(serving, PEDAGOGUE, PSYCHOLOGIST)
        tell_department(serving, SERVICE)
        assert queries.come_up_to_department(serving.application, DEPARTMENT, LEAD) == [shown]
        meet(serving, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        tell_department(serving, SERVICE)
        assert queries.come_up_to_department(serving.application, DEPARTMENT, LEAD) == []
        assert came_up(serving, HEAD) == []

    def test_climbs_no_further_once_the_service_has_met(self, serving: World) -> None:
        """Before the department is told; that the month was missed stays in the record."""
        until(serving, 6, 1, 10)
        meet(serving, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        until(serving, 6, 30)
        assert missed(serving) == [("2026-05", *HEAD_AND_DEPARTMENT[0])]
        months = queries.service_meetings(serving.application, SCHOOL, HEAD)["months"]
        assert [one["state"] for one in months] == ["missed", "held"]

    def test_climbs_not_at_all_where_the_service_met_while_the_clock_stood_still(self, serving: World) -> None:
        serving.clock.advance(datetime(2026, 6, 10, tzinfo=ALMATY) - serving.clock.now())
        meet(serving, PEDAGOGUE, PSYCHOLOGIST, DOCTOR)
        until(serving, 6, 30)
        months = queries.service_meetings(serving.application, SCHOOL, HEAD)["months"]
        assert ([one["state"] for one in months], missed(serving)) == (["missed", "held"], [])


@pytest.mark.requirement("SSS-02")
class TestAMembersTraining:
    @pytest.fixture
    def lapsed(self, serving: World) -> World:
        """A teacher of physics took the engineer's seat 60 days ago, and was not trained."""
        seat(serving, TEACHER, Role.SAFETY_ENGINEER, 60)
        return serving

    def test_climbs_from_the_member_to_the_head_and_the_department(self, lapsed: World) -> None:
        until(lapsed, 4, 6, 23)
        assert missed(lapsed) == []
        until(lapsed, 4, 7)
        assert missed(lapsed) == [(TRAINING_DUTY, "owner", [TEACHER.id])]
        [mine] = queries.come_up_to_me(lapsed.application, SCHOOL, TEACHER)
        assert (mine["duty"], mine["about"], mine["rung"]) == (TRAINING_DUTY, person(TEACHER), "owner")
        assert came_up(lapsed, HEAD) == []
        until(lapsed, 4, 20)
        assert [(rung, told) for _, rung, told in missed(lapsed)] == [("owner", [TEACHER.id]), *HEAD_AND_DEPARTMENT]

    def test_ends_when_they_are_trained(self, lapsed: World) -> None:
        until(lapsed, 4, 7)
        train(lapsed, TEACHER)
        until(lapsed, 4, 20)
        assert missed(lapsed) == [(TRAINING_DUTY, "owner", [TEACHER.id])]
        assert came_up(lapsed, TEACHER) == []

    def test_ends_when_they_leave_the_service(self, lapsed: World) -> None:
        until(lapsed, 4, 20)
        tell_department(lapsed, SERVICE)
        assert len(queries.come_up_to_department(lapsed.application, DEPARTMENT, LEAD)) == 1
        seat_of: dict[str, Any] = {"person": person(TEACHER), "role": Role.SAFETY_ENGINEER}
        lapsed.do(commands.ReleaseMember, HEAD, **seat_of, reason=Release.LEFT_SCHOOL)
        tell_department(lapsed, SERVICE)
        assert queries.come_up_to_department(lapsed.application, DEPARTMENT, LEAD) == []

    def test_stays_as_far_up_as_it_was_when_they_take_another_seat(self, lapsed: World) -> None:
        """The head still finds it, and nobody is told again."""
        until(lapsed, 4, 8)
        before = missed(lapsed)
        lapsed.clock.advance(timedelta(minutes=1))
        seat(lapsed, TEACHER, Role.DEPUTY)
        catch_up(lapsed)
        assert [rung for _, rung, _ in before] == ["owner", "head"]
        assert (missed(lapsed), len(came_up(lapsed, HEAD))) == (before, 1)
