"""A breach that nobody looked into in time climbs, past whom it is about and whom its report keeps away (REP-04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.bootstrap import build
from services.reports.domain.breach import INQUIRY, Breach, BreachOutcome
from services.reports.publications import PUBLICATIONS
from services.reports.tests.builders import (
    AUDITOR,
    DEPARTMENT,
    DEPUTY,
    DEPUTY_ID,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    a_reporter,
    an_accused,
)
from services.reports.tests.entrypoints.test_breaches import TEACHER, breach_of, reported
from services.reports.tests.world import SCHOOL, World
from shared.domain import Actor
from shared.ids import new_id
from shared.runners.clockwork import Clockwork
from shared.tenancy import commands as tenancy

pytestmark = [pytest.mark.requirement("REP-04"), pytest.mark.requirement("REP-12")]
POLICY = Actor(id="policy:when_role_assigned_take_office")
LEAD = "role:department_safeguarding_lead"


@pytest.fixture
def led(school: World) -> World:
    """A school of a department, with a head and a deputy that the service knows."""
    school.do(tenancy.NameDepartment, POLICY, department=DEPARTMENT)
    for leader, role in ((HEAD_ID, "head"), (DEPUTY_ID, "deputy")):
        since: dict[str, Any] = {"starts_at": school.clock.now(), "ends_at": None}
        school.do(tenancy.TakeOffice, POLICY, grant=new_id(), person=leader, role=role, **since)
    return school


def stopped(school: World, **time: float) -> None:
    """The clock stands still for so long, and then says all that was missed."""
    school.clock.advance(timedelta(**time))
    while school.clockwork.tick():
        school.settle()


def missed(school: World, breach: UUID) -> list[tuple[int, list[str]]]:
    """The rungs, in the order in which they were said."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(breach)]
    return [(event.step, list(event.told)) for event in events if isinstance(event, Breach.InquiryMissed)]


def came_up(school: World, by: Actor) -> list[tuple[UUID, str, str]]:
    """What they find of breaches."""
    found = queries.come_up_to_me(school.application, SCHOOL, by)
    return [(one["breach"], one["duty"], one["rung"]) for one in found if "breach" in one]


def published(school: World, breach: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What leaves the service of it."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(breach)]
    forms = [PUBLICATIONS.get(type(event).TOPIC, lambda _: None)(event) for event in events]
    return [(form.type, dict(form.body)) for form in forms if form is not None]


class TestAnInquiryThatDidNotEndInTime:
    def test_climbs_from_who_looks_into_it_to_the_head_and_the_department(self, led: World) -> None:
        breach = breach_of(led)
        led.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=PSYCHOLOGIST_ID)
        stopped(led, days=6)
        assert missed(led, breach) == []
        stopped(led, days=1, hours=15)
        assert missed(led, breach) == [(0, [PSYCHOLOGIST.id])]
        assert (came_up(led, PSYCHOLOGIST), came_up(led, HEAD)) == ([(breach, INQUIRY, "owner")], [])
        stopped(led, days=7)
        assert missed(led, breach) == [(0, [PSYCHOLOGIST.id]), (2, [HEAD.id]), (3, [LEAD])]
        assert came_up(led, HEAD) == [(breach, INQUIRY, "head")]

    def test_that_is_nobodys_begins_with_the_head(self, led: World) -> None:
        breach = breach_of(led)
        stopped(led, days=20)
        assert missed(led, breach) == [(0, [HEAD.id]), (3, [LEAD])]

    def test_climbs_each_rung_once_across_a_restart_and_a_new_owner(self, led: World) -> None:
        """Somebody who is appointed late does not begin it anew."""
        breach = breach_of(led)
        led.clock.advance(timedelta(days=7, hours=15))
        led.clockwork.tick()
        led.settle()
        led.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=PSYCHOLOGIST_ID)
        led.clock.advance(timedelta(days=20))
        application = build(led.application.parts)
        restarted = Clockwork(type(led.service)(**{**vars(led.service), "application": application}))
        while restarted.tick():
            led.settle()
        stopped(led, days=1)
        assert missed(led, breach) == [(0, [HEAD.id]), (3, [LEAD])]

    def test_climbs_no_further_once_it_has_ended(self, led: World) -> None:
        breach = breach_of(led)
        stopped(led, days=7, hours=15)
        self.end(led, breach)
        stopped(led, days=20)
        assert (missed(led, breach), came_up(led, HEAD), published(led, breach)) == ([(0, [HEAD.id])], [], [])

    def test_is_told_to_the_department_by_ids_and_when_it_ended(self, led: World) -> None:
        breach = breach_of(led, accused=(an_accused(person=PSYCHOLOGIST_ID),))
        stopped(led, days=20)
        self.end(led, breach)
        (climbed, told), (ended, settled) = published(led, breach)
        assert (climbed, ended) == ("reports.deadline_climbed.v1", "reports.climb_ended.v1")
        assert (told["matter"], told["duty"], told["walled"]) == (breach, INQUIRY, [str(PSYCHOLOGIST_ID)])
        assert {settled[name] == told[name] for name in ("matter", "duty", "due_at", "department")} == {True}
        assert told["department"] == DEPARTMENT

    @staticmethod
    def end(school: World, breach: UUID) -> None:
        """The deputy looks into it after all."""
        school.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=DEPUTY_ID)
        school.do(commands.TakeBreachStep, DEPUTY, breach=breach, what="Журнал", finding="Дұрыс")
        ended: dict[str, Any] = {"outcome": BreachOutcome.UNSUBSTANTIATED, "reasons": "Расталмады"}
        school.do(commands.EndBreach, DEPUTY, breach=breach, **ended, consequence=None, school_rule=None)


@pytest.mark.requirement("REP-02")
class TestWhoeverIsWalledOff:
    @pytest.mark.parametrize("accused", [an_accused(person=HEAD_ID), an_accused(role="head")])
    def test_is_passed_over_and_finds_no_trace(self, led: World, accused: Any) -> None:
        """The deputy stands in."""
        breach = breach_of(led, accused=(accused,))
        stopped(led, days=20)
        assert missed(led, breach) == [(0, [DEPUTY.id]), (3, [LEAD])]
        assert (came_up(led, HEAD), came_up(led, DEPUTY)) == ([], [(breach, INQUIRY, "owner")])

    def test_by_its_report_is_passed_over_and_hidden_from_at_the_department(self, led: World) -> None:
        report, receipt = reported(led)
        breach = breach_of(led, receipt=receipt)
        led.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        stopped(led, days=20)
        assert missed(led, breach) == [(0, [DEPUTY.id]), (3, [LEAD])]
        [(_, told)] = published(led, breach)
        assert told["walled"] == [str(HEAD_ID)]

    def test_after_it_came_up_to_them_finds_it_no_more(self, led: World) -> None:
        breach = breach_of(led)
        stopped(led, days=7, hours=15)
        assert came_up(led, HEAD) == [(breach, INQUIRY, "owner")]
        led.do(commands.WallOffFromBreach, DEPUTY, breach=breach, person=HEAD_ID, accused=None)
        assert came_up(led, HEAD) == []

    def test_and_whoever_was_not_told_find_nothing(self, led: World) -> None:
        """Nor does whoever reported it."""
        breach_of(led, TEACHER)
        stopped(led, days=20)
        for other in (DEPUTY, TEACHER, PSYCHOLOGIST, AUDITOR, a_reporter()):
            assert came_up(led, other) == []

    def test_by_their_role_is_not_told_at_the_department_either(self, led: World) -> None:
        """Which lead it is about is not known yet."""
        breach = breach_of(led, accused=(an_accused(role="department_safeguarding_lead"),))
        stopped(led, days=20)
        assert missed(led, breach) == [(0, [HEAD.id])]
