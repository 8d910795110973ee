"""Walls that come late, or by another report of the same events, hold as those that were there from the start."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.values import State
from services.reports.publications import PUBLICATIONS
from services.reports.tests.builders import (
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    SAFEGUARDING_LEAD,
    a_person,
    an_accused,
)
from services.reports.tests.world import SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

POLICY = Actor(id="policy:when_case_opened_link_case")
CASE = new_id()


def told(school: World, report: UUID) -> list[tuple[UUID, list[UUID]]]:
    """Whom the public events keep away, and from which cases."""
    events = [event for _, event in school.application.for_tenant(SCHOOL).events(report)]
    forms = [PUBLICATIONS[event.TOPIC](event) for event in events if event.TOPIC in PUBLICATIONS]
    return [
        (form.body["person"], list(form.body["cases"]))
        for form in forms
        if form is not None and form.type == "reports.person_walled_off.v1"
    ]


def confirmed(school: World, *, cases: Sequence[UUID] = ()) -> UUID:
    """A report that is a fact."""
    report = school.receive()
    school.triage(report)
    school.verify(report)
    school.confirm(report, cases=tuple(cases))
    return report


@pytest.mark.requirement("REP-02")
class TestWallingOffSomebodyAfterTheReportEnded:
    def test_is_told_with_the_cases_that_it_led_to(self, school: World) -> None:
        report = confirmed(school)
        school.do(commands.LinkCase, POLICY, report=report, case=CASE)
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        assert told(school, report) == [(HEAD_ID, [CASE])]
        with pytest.raises(UnknownError):
            queries.show_report(school.application, SCHOOL, HEAD, report=report)

    def test_is_told_with_the_roles_that_are_kept_away_still(self, school: World) -> None:
        report = school.receive(accused=(an_accused(role="head"), an_accused(role="deputy")))
        school.do(commands.WallOffPerson, SAFEGUARDING_LEAD, report=report, person=HEAD_ID, accused=0)
        events = [event for _, event in school.application.for_tenant(SCHOOL).events(report)]
        forms = [PUBLICATIONS[event.TOPIC](event) for event in events if event.TOPIC in PUBLICATIONS]
        assert [form.body["walled_roles"] for form in forms if form] == [["deputy", "head"], ["deputy"]]

    def test_is_told_to_a_case_that_becomes_known_later(self, school: World) -> None:
        """Between confirming and the case's opening, the report does not know its case yet."""
        report, joined = confirmed(school), new_id()
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        for case in (CASE, joined, CASE):
            school.do(commands.LinkCase, POLICY, report=report, case=case)
        assert told(school, report) == [(HEAD_ID, []), (HEAD_ID, [CASE]), (HEAD_ID, [joined])]

    def test_says_nothing_twice_of_whom_the_case_knows_from_the_start(self, school: World) -> None:
        report = school.receive()
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        school.triage(report)
        school.verify(report)
        school.confirm(report)
        school.do(commands.LinkCase, POLICY, report=report, case=CASE)
        assert told(school, report) == [(HEAD_ID, [])]

    def test_is_open_to_the_deputy_though_a_team_has_it(self, school: World) -> None:
        """Need to know ends with the team; that somebody must be kept away can still be said."""
        report = confirmed(school)
        school.do(commands.LinkCase, POLICY, report=report, case=CASE)
        school.do(commands.JoinCaseTeam, POLICY, case=CASE, person=PSYCHOLOGIST_ID, role="psychologist")
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        with pytest.raises(NotPermittedError):
            school.do(commands.WallOffPerson, PSYCHOLOGIST, report=report, person=new_id())
        with pytest.raises(UnknownError):
            school.do(commands.WallOffPerson, HEAD, report=report, person=new_id())


@pytest.mark.requirement("REP-02")
class TestAWallOfTheCase:
    def test_holds_for_every_report_of_it(self, school: World) -> None:
        """The second report does not name the head; the case does, because of the first."""
        school.do(commands.WallOffFromCase, POLICY, case=CASE, persons=(HEAD_ID,))
        report = confirmed(school, cases=[CASE])
        listed = queries.list_reports(school.application, SCHOOL, HEAD, states=tuple(State))
        assert listed == []
        for ask in (queries.show_report, queries.report_status, queries.report_timeline, queries.report_deadlines):
            with pytest.raises(UnknownError):
                ask(school.application, SCHOOL, HEAD, report=report)
        with pytest.raises(UnknownError):
            school.do(commands.OpenReporterIdentity, HEAD, report=report, reason="Кім екенін білгім келеді")
        assert school.accesses()[-1][2]["rule"] == "reports.walled_off"

    def test_hides_no_other_report(self, school: World) -> None:
        school.do(commands.WallOffFromCase, POLICY, case=CASE, persons=(HEAD_ID,))
        confirmed(school, cases=[CASE])
        other = school.receive()
        rows = queries.list_reports(school.application, SCHOOL, HEAD, states=tuple(State))
        assert [row["report"] for row in rows] == [other]

    def test_told_twice_is_noted_once(self, school: World) -> None:
        for _ in range(2):
            school.do(commands.WallOffFromCase, POLICY, case=CASE, persons=(HEAD_ID, HEAD_ID))
        last = school.application.for_tenant(SCHOOL).recorder.max_notification_id()
        school.do(commands.WallOffFromCase, POLICY, case=CASE, persons=(HEAD_ID,))
        assert school.application.for_tenant(SCHOOL).recorder.max_notification_id() == last


class TestAnotherPerson:
    def test_sees_the_report_as_before(self, school: World) -> None:
        """A wall keeps one person away."""
        report = confirmed(school)
        school.do(commands.LinkCase, POLICY, report=report, case=CASE)
        school.do(commands.WallOffFromCase, POLICY, case=CASE, persons=(HEAD_ID,))
        assert queries.show_report(school.application, SCHOOL, DEPUTY, report=report)["report"] == report
        for stranger in (SAFEGUARDING_LEAD, a_person(new_id(), "class_teacher")):
            with pytest.raises(NotPermittedError):
                queries.show_report(school.application, SCHOOL, stranger, report=report)
