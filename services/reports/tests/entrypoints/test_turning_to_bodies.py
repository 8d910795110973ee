"""An employee's own turn to a competent body is recorded, never blocked; and how long everything took (REP-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.values import Body, Source
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    RECEIVED_AT,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

pytestmark = pytest.mark.requirement("REP-10")
TEACHER = a_person(new_id(), "class_teacher")
POLICE: dict[str, Any] = {"body": Body.POLICE, "turned_at": RECEIVED_AT, "note": "102 арқылы"}


def turns(school: World, report: UUID) -> list[tuple[str, str]]:
    """Who turned where."""
    told = queries.report_timeline(school.application, SCHOOL, DEPUTY, report=report)
    return [(one["actor"], one["facts"]["body"]) for one in told if one["topic"] == "reports.body_turned_to"]


def times(school: World, by: Actor = DEPUTY, tenant: UUID = SCHOOL) -> dict[str, Any]:
    """What the caller is shown."""
    return queries.response_times(school.application, tenant, by)


class TestAnEmployeesOwnTurn:
    @pytest.mark.requirement("REP-04")
    def test_is_recorded_under_the_reports_pseudonym(self, school: World) -> None:
        report = school.receive(TEACHER, source=Source.STAFF)
        school.do(commands.TurnToBody, TEACHER, report=report, **POLICE)
        assert turns(school, report) == [(school.report(report).reporter, "police")]

    def test_is_recorded_of_who_works_on_it_by_name(self, school: World) -> None:
        report = school.receive()
        school.triage(report)
        school.do(commands.TurnToBody, PSYCHOLOGIST, report=report, **POLICE)
        assert turns(school, report) == [(PSYCHOLOGIST.id, "police")]

    def test_is_blocked_by_nothing(self, school: World) -> None:
        """Neither before triage nor after the end, nor by another turn, nor by a team that has it."""
        report = school.receive(TEACHER, source=Source.STAFF)
        for _ in range(2):
            school.do(commands.TurnToBody, TEACHER, report=report, **POLICE)
        school.triage(report)
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Мектеп ісі емес")
        school.do(commands.TurnToBody, TEACHER, report=report, body=Body.GUARDIANSHIP)
        assert [body for _, body in turns(school, report)] == ["police", "police", "guardianship"]

    @pytest.mark.parametrize("by", [AUDITOR, a_reporter(), a_person(new_id(), "subject_teacher")])
    def test_is_not_said_by_others(self, school: World, by: Actor) -> None:
        report = school.receive(TEACHER, source=Source.STAFF)
        with pytest.raises(NotPermittedError):
            school.do(commands.TurnToBody, by, report=report, **POLICE)

    @pytest.mark.requirement("REP-02")
    def test_is_unknown_to_who_is_complained_of(self, school: World) -> None:
        report = school.receive(TEACHER, accused=(an_accused(person=HEAD_ID),))
        for unknown in (report, new_id()):
            with pytest.raises(UnknownError) as refused:
                school.do(commands.TurnToBody, HEAD, report=unknown, **POLICE)
            assert refused.value.facts == {"what": "report"}


class TestTheTimes:
    def test_are_from_the_events_to_the_report_and_to_the_first_action(self, school: World) -> None:
        report = school.receive(happened_at=RECEIVED_AT - timedelta(hours=5))
        [row] = times(school)["reports"]
        assert (row["to_report"], row["to_first_action"]) == (300, None)
        school.clock.advance(timedelta(minutes=20))
        school.do(commands.TakeUrgentAction, DEPUTY, report=report, what="Баланы дәрігерге апардық")
        school.clock.advance(timedelta(minutes=20))
        school.triage(report)
        [row] = times(school)["reports"]
        assert (row["to_report"], row["to_first_action"]) == (300, 20)

    def test_are_those_of_the_triage_where_that_was_first_and_unknown_where_nobody_said(self, school: World) -> None:
        report = school.receive()
        school.clock.advance(timedelta(minutes=45))
        school.triage(report)
        [row] = times(school)["reports"]
        assert (row["to_report"], row["to_first_action"]) == (None, 45)

    def test_have_medians_of_what_is_known(self, school: World) -> None:
        assert times(school) == {"reports": [], "median_to_report": None, "median_to_first_action": None}
        for hours in (1, 2, 9):
            school.receive(happened_at=RECEIVED_AT - timedelta(hours=hours))
        school.receive()
        assert (times(school)["median_to_report"], times(school)["median_to_first_action"]) == (120, None)

    @pytest.mark.requirement("REP-02")
    def test_are_of_what_the_caller_may_see_medians_too(self, school: World) -> None:
        seen = school.receive(happened_at=RECEIVED_AT - timedelta(hours=1))
        before = times(school, HEAD)
        accused = (an_accused(person=HEAD_ID),)
        hidden = school.receive(happened_at=RECEIVED_AT - timedelta(hours=9), accused=accused)
        assert times(school, HEAD) == before
        assert {row["report"] for row in times(school)["reports"]} == {seen, hidden}
        assert times(school, DEPUTY, OTHER_SCHOOL)["reports"] == []

    @pytest.mark.requirement("CON-01")
    def test_are_a_read_with_all_ids_and_for_staff_alone(self, school: World) -> None:
        report = school.receive()
        times(school)
        assert school.accesses()[-1][2]["ids"] == [str(report)]
        for by in (a_reporter(), a_person(new_id(), "administrator")):
            with pytest.raises(NotPermittedError):
                times(school, by)
