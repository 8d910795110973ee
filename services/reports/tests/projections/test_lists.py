"""Lists: rows from events, walls in the query, so that neither rows nor counts tell of what is hidden."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.values import Kind, State, WallReason
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    LEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    SAFEGUARDING_LEAD,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError
from shared.ids import new_id

POLICY = Actor(id="policy:when_team_member_joined_join_case_team")


def listed(school: World, by: Actor, *states: State, tenant: UUID = SCHOOL) -> list[UUID]:
    """Ids in the caller's list."""
    return [row["report"] for row in queries.list_reports(school.application, tenant, by, states=states)]


class TestTheListOfReports:
    @pytest.mark.requirement("REP-02")
    def test_shows_a_new_one_to_head_and_deputy_at_once(self, school: World) -> None:
        report = school.receive()
        assert listed(school, HEAD) == listed(school, DEPUTY) == [report]

    @pytest.mark.requirement("REP-08")
    def test_begins_with_dangers(self, school: World) -> None:
        first = school.receive()
        danger = school.receive(immediate_danger=True)
        rows = queries.reports_to_triage(school.application, SCHOOL, DEPUTY)
        assert [row["report"] for row in rows] == [danger, first]

    def test_is_of_the_open_ones_or_of_the_states_asked_for(self, school: World) -> None:
        report = school.receive()
        school.triage(report)
        assert queries.reports_to_triage(school.application, SCHOOL, DEPUTY) == []
        assert listed(school, DEPUTY) == [report]
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Басқа ұйымның ісі")
        assert listed(school, DEPUTY) == []
        assert listed(school, DEPUTY, State.OUT_OF_SCOPE) == [report]

    @pytest.mark.requirement("REP-02")
    def test_has_no_row_for_whoever_is_walled_off(self, school: World) -> None:
        other = school.receive()
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        by_role = school.receive(accused=(an_accused(name="директор", role="head"),))
        assert listed(school, HEAD) == [other]
        assert set(listed(school, DEPUTY)) == {other, report, by_role}

    @pytest.mark.requirement("REP-02")
    def test_loses_a_row_when_somebody_is_walled_off_later(self, school: World) -> None:
        report = school.receive(accused=(an_accused(name="психолог", role="psychologist"),))
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID, reason=WallReason.CLOSE_TO_ACCUSED)
        assert listed(school, HEAD) == []
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=new_id(), accused=0)
        school.triage(report)
        assert listed(school, PSYCHOLOGIST) == [report]

    @pytest.mark.requirement("REP-02")
    def test_shows_the_department_complaints_about_the_service_alone(self, school: World) -> None:
        school.receive()
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        assert listed(school, SAFEGUARDING_LEAD) == [report]
        assert listed(school, a_person(LEAD_ID, "department_analyst")) == []

    @pytest.mark.requirement("CON-01")
    def test_shows_a_report_to_its_owner_and_then_to_the_team_alone(self, school: World) -> None:
        report, case = school.receive(), new_id()
        assert listed(school, PSYCHOLOGIST) == []
        school.triage(report)
        assert listed(school, PSYCHOLOGIST) == [report]
        school.verify(report)
        school.confirm(report)
        school.do(commands.LinkCase, POLICY, report=report, case=case)
        assert listed(school, HEAD, State.CONFIRMED) == [report]
        school.do(commands.JoinCaseTeam, POLICY, case=case, person=PSYCHOLOGIST_ID, role="psychologist")
        assert listed(school, PSYCHOLOGIST, State.CONFIRMED) == [report]
        assert listed(school, HEAD, State.CONFIRMED) == []
        school.do(commands.LeaveCaseTeam, POLICY, case=case, person=PSYCHOLOGIST_ID)
        assert listed(school, PSYCHOLOGIST, State.CONFIRMED) == []

    @pytest.mark.requirement("CON-08")
    def test_has_nothing_of_another_school(self, school: World) -> None:
        report = school.receive()
        assert listed(school, DEPUTY, tenant=OTHER_SCHOOL) == []
        assert listed(school, DEPUTY) == [report]

    def test_shows_all_to_an_auditor_inside_an_engagement(self, school: World) -> None:
        report = school.receive()
        assert listed(school, AUDITOR) == [report]
        assert listed(school, a_person(new_id(), "auditor")) == []

    def test_is_not_for_whoever_only_reports(self, school: World) -> None:
        school.receive()
        with pytest.raises(NotPermittedError):
            listed(school, a_reporter())

    def test_shows_what_triage_found(self, school: World) -> None:
        report = school.receive(kinds=(Kind.PROBLEM_BEHAVIOUR,))
        school.triage(report)
        [row] = queries.list_reports(school.application, SCHOOL, DEPUTY)
        assert (row["state"], row["urgency"], row["owner"]) == ("triaged", "urgent", PSYCHOLOGIST_ID)
        assert row["received_at"].tzinfo is not None

    @pytest.mark.requirement("CON-01")
    def test_is_a_read_that_is_recorded_with_all_ids(self, school: World) -> None:
        report = school.receive()
        listed(school, DEPUTY)
        topic, actor, facts = school.accesses()[-1]
        assert (topic, actor) == ("access.read", DEPUTY.id)
        assert facts["ids"] == [str(report)]


def test_rows_come_out_the_same_when_events_are_projected_twice(school: World) -> None:
    """A follower that starts again begins at its position, but a rebuild may not."""
    from services.reports.projections import PROJECTIONS

    report = school.receive(kinds=(Kind.BULLYING,), accused=(an_accused(person=HEAD_ID), an_accused(role="deputy")))
    before = queries.list_reports(school.application, SCHOOL, AUDITOR)
    for _, event in school.application.for_tenant(SCHOOL).events(report):
        with school.application.read(SCHOOL) as connection:
            PROJECTIONS[event.TOPIC](connection, SCHOOL, event)
    assert queries.list_reports(school.application, SCHOOL, AUDITOR) == before
