"""A missed clock of a case climbs: who is told, where they find it, and what ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases import commands, queries
from services.cases.bootstrap import SERVICE, build
from services.cases.domain.case import Case
from services.cases.domain.errors import DutyNotOwedError, DutyNotWaivedError
from services.cases.domain.values import Duty, Kind
from services.cases.policies import when_climb_ended_settle_notice, when_deadline_climbed_raise_notice
from services.cases.publications import PUBLICATIONS
from services.cases.schemas import read_climb_ended, read_deadline_climbed
from services.cases.tests.builders import AUDITOR, DEPUTY, HEAD, PEDAGOGUE, POLICY, TEACHER, a_report, person
from services.cases.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError
from shared.policy import Heard
from shared.runners.clockwork import Clockwork
from shared.runners.door import jsonable
from shared.tenancy import commands as tenancy

DEPARTMENT = uuid4()
LEAD = Actor(id=f"person:{uuid4()}", roles=frozenset({"department_safeguarding_lead"}), home=DEPARTMENT)


@pytest.fixture
def led(school: World) -> World:
    """A school of a department, with a head and a deputy that the service knows."""
    school.do(tenancy.NameDepartment, POLICY, department=DEPARTMENT)
    for actor, role in ((HEAD, "head"), (DEPUTY, "deputy")):
        facts: dict[str, Any] = {"person": person(actor), "role": role, "starts_at": school.clock.now()}
        school.do(tenancy.TakeOffice, POLICY, grant=uuid4(), ends_at=None, **facts)
    return school


def catch_up(school: World) -> None:
    """The clock says all that is due, rung by rung."""
    while school.clockwork.tick():
        school.settle()


def missed(school: World, case: UUID, duty: Duty = Duty.INFORM_AGENCIES) -> list[tuple[int, list[str]]]:
    """The rungs of a duty, in the order in which they were said."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(case)]
    return [
        (event.step, list(event.told))
        for event in events
        if isinstance(event, Case.DeadlineMissed) and event.duty == duty
    ]


def tell_department(school: World, case: UUID) -> None:
    """What the public events of the case lead to in the department's tenant."""
    readers: dict[str, tuple[Any, Any]] = {
        "cases.deadline_climbed.v1": (read_deadline_climbed, when_deadline_climbed_raise_notice),
        "cases.climb_ended.v1": (read_climb_ended, when_climb_ended_settle_notice),
    }
    for number, (recorded, event) in enumerate(school.application.for_tenant(SCHOOL).events(case)):
        form = PUBLICATIONS.get(recorded.topic, lambda _: None)(event)
        if form is None or form.type not in readers:
            continue
        heard = Heard(
            source="cases",
            tenant=SCHOOL,
            number=number,
            hash=b"",
            incarnation=uuid4(),
            type=form.type,
            happened_at=event.timestamp,
            recorded_at=event.timestamp,
            cause=None,
        )
        read, policy = readers[form.type]
        for command in policy(read(jsonable(form.body)), heard):
            school.application.execute(command)
    school.settle()


class TestAMissedClock:
    def test_climbs_each_rung_once_also_across_a_restart(self, led: World) -> None:
        """The clock stood still for ten days, then another process takes over in the middle."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL]))
        led.clock.advance(timedelta(days=10))
        led.clockwork.tick()
        led.settle()
        application = build(led.application.parts)
        restarted = Clockwork(type(led.service)(**{**vars(led.service), "application": application}))
        while restarted.tick():
            led.settle()
        catch_up(led)
        expected = [(0, [PEDAGOGUE.id]), (2, [HEAD.id]), (3, ["role:department_safeguarding_lead"])]
        assert missed(led, case) == expected
        assert SERVICE.name == "cases"

    def test_is_found_by_whom_it_came_up_to_and_by_nobody_else(self, led: World) -> None:
        """First by who coordinates, then by the head as well; never by somebody who was not told."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL]))
        led.later(hours=25)
        [mine] = queries.come_up_to_me(led.application, SCHOOL, PEDAGOGUE)
        assert (mine["case"], mine["duty"], mine["rung"]) == (case, "inform_agencies", "owner")
        assert queries.come_up_to_me(led.application, SCHOOL, HEAD) == []
        led.clock.advance(timedelta(days=3))
        catch_up(led)
        found = [one for one in queries.come_up_to_me(led.application, SCHOOL, HEAD) if one["duty"] == mine["duty"]]
        assert [(one["case"], one["rung"]) for one in found] == [(case, "head")]
        for other in (DEPUTY, TEACHER, AUDITOR):
            assert queries.come_up_to_me(led.application, SCHOOL, other) == []
        assert led.accesses()[-1][1]["what"] == "come_up_to_me"

    def test_passes_a_walled_head_who_finds_no_trace(self, led: World) -> None:
        """Also where the wall came after it had climbed to them."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL], walled=[HEAD]))
        told_first = led.open_case(a_report("екінші", kinds=[Kind.PHYSICAL]))
        led.clock.advance(timedelta(days=10))
        catch_up(led)
        assert missed(led, case)[1] == (2, [DEPUTY.id])
        assert {one["case"] for one in queries.come_up_to_me(led.application, SCHOOL, HEAD)} == {told_first}
        report = next(iter(led.case(told_first).reports))
        led.do(commands.WallOffPerson, POLICY, case=told_first, person=person(HEAD), report=report)
        assert queries.come_up_to_me(led.application, SCHOOL, HEAD) == []

    def test_ends_when_the_duty_is_met(self, led: World) -> None:
        """Nothing is due any more, and it is in nobody's list."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL]))
        led.later(hours=25)
        referral: dict[str, Any] = {
            "case": case,
            "referral": uuid4(),
            "agency": uuid4(),
            "delivered_at": led.clock.now(),
        }
        led.do(commands.NoteReferralDelivered, POLICY, **referral)
        led.clock.advance(timedelta(days=10))
        catch_up(led)
        assert missed(led, case) == [(0, [PEDAGOGUE.id])]
        found = queries.come_up_to_me(led.application, SCHOOL, PEDAGOGUE)
        assert "inform_agencies" not in {one["duty"] for one in found}


class TestWhatComesUpToTheDepartment:
    def test_is_ids_codes_and_times_until_it_is_settled(self, led: World) -> None:
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL]))
        led.clock.advance(timedelta(days=10))
        catch_up(led)
        for _ in range(2):  # a public event that is told twice leads to one notice
            tell_department(led, case)
        shown = queries.come_up_to_department(led.application, DEPARTMENT, LEAD)
        assert {(one["school"], one["service"], one["matter"]) for one in shown} == {(SCHOOL, "cases", case)}
        assert [one["duty"] for one in shown].count("inform_agencies") == 1
        assert set(shown[0]) == {"school", "service", "matter", "duty", "due_at", "climbed_at", "rule"}
        referral: dict[str, Any] = {
            "case": case,
            "referral": uuid4(),
            "agency": uuid4(),
            "delivered_at": led.clock.now(),
        }
        led.do(commands.NoteReferralDelivered, POLICY, **referral)
        tell_department(led, case)
        shown = queries.come_up_to_department(led.application, DEPARTMENT, LEAD)
        assert "inform_agencies" not in {one["duty"] for one in shown}

    def test_is_hidden_from_a_lead_who_is_walled_off(self, led: World) -> None:
        """Another lead of the department sees it."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL], walled=[LEAD]))
        led.clock.advance(timedelta(days=10))
        catch_up(led)
        tell_department(led, case)
        other = Actor(id=f"person:{uuid4()}", roles=LEAD.roles, home=DEPARTMENT)
        assert queries.come_up_to_department(led.application, DEPARTMENT, LEAD) == []
        assert queries.come_up_to_department(led.application, DEPARTMENT, other) != []

    @pytest.mark.parametrize(("by", "tenant"), [(HEAD, SCHOOL), (LEAD, SCHOOL), (HEAD, DEPARTMENT)])
    def test_is_for_the_lead_in_the_departments_own_tenant(self, led: World, by: Actor, tenant: UUID) -> None:
        with pytest.raises(NotPermittedError):
            queries.come_up_to_department(led.application, tenant, by)


class TestADecisionNotToAct:
    @pytest.mark.requirement("RSK-07")
    def test_stops_the_ladder_with_reason_and_best_interests(self, led: World) -> None:
        """A plan review is left this time, and owed again."""
        case = led.open_case()
        led.assess(case)
        texts: dict[str, Any] = {
            name: ["Қауіпсіз"] for name in ("dangers", "safe_people", "safe_places", "child_does", "adults_do")
        }
        led.do(commands.DrawUpSafetyPlan, PEDAGOGUE, case=case, **texts)
        led.later(days=16)
        assert missed(led, case, Duty.PLAN_REVIEW) == [(0, [PEDAGOGUE.id])]
        why: dict[str, Any] = {"reason": "Бала шипажайда", "best_interests": "Емі үзілмейді"}
        led.do(commands.WaiveDuty, PEDAGOGUE, case=case, duty=Duty.PLAN_REVIEW, **why)
        assert not led.case(case).open_duties[Duty.PLAN_REVIEW].missed
        led.later(days=5)
        assert missed(led, case, Duty.PLAN_REVIEW) == [(0, [PEDAGOGUE.id])]

    def test_is_not_for_what_ends_in_a_way_of_its_own_or_is_not_owed(self, led: World) -> None:
        """Informing ends by a notification or the finding that no liability arises (REF-01)."""
        case = led.open_case(a_report(kinds=[Kind.PHYSICAL]))
        why: dict[str, Any] = {"reason": "Керек емес", "best_interests": "Бала қауіпсіз"}
        with pytest.raises(DutyNotWaivedError):
            led.do(commands.WaiveDuty, PEDAGOGUE, case=case, duty=Duty.INFORM_AGENCIES, **why)
        with pytest.raises(DutyNotOwedError):
            led.do(commands.WaiveDuty, PEDAGOGUE, case=case, duty=Duty.PLAN_REVIEW, **why)


@pytest.mark.requirement("RSK-05")
def test_new_facts_from_a_reporter_make_risk_be_assessed_again(led: World) -> None:
    """Within a working day; of a closed case, or another report, nothing follows."""
    case = led.open_case()
    led.assess(case)
    before = led.case(case).open_duties[Duty.REASSESSMENT].due_at
    report = next(iter(led.case(case).reports))
    led.do(commands.NoteNewFacts, POLICY, case=case, report=uuid4())
    assert led.case(case).open_duties[Duty.REASSESSMENT].due_at == before
    led.do(commands.NoteNewFacts, POLICY, case=case, report=report)
    owed = led.case(case).open_duties[Duty.REASSESSMENT]
    assert (owed.due_at < before, owed.rule) == (True, "cases.reassessment_on_new_facts@2026-01-01")
