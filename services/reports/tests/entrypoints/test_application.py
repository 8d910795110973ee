"""Commands and questions on a real ledger: what is answered, hidden, recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from services.reports.domain.values import Body, Informant, Kind, Source, State, Urgency
from services.reports.publications import PUBLICATIONS
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import DESCRIPTION, OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError, VersionConflictError
from shared.ids import new_id

TEACHER_ID = new_id()
TEACHER = a_person(TEACHER_ID, "class_teacher")
QUESTIONS: tuple[Callable[..., Any], ...] = (
    queries.show_report,
    queries.report_status,
    queries.report_timeline,
    queries.report_deadlines,
    queries.similar_reports,
    queries.reports_about_adult,
)
CHANGES: tuple[tuple[Any, dict[str, Any]], ...] = (
    (commands.TriageReport, {"kinds": (Kind.PHYSICAL,), "urgency": Urgency.URGENT}),
    (commands.WallOffPerson, {"person": new_id()}),
    (commands.TakeUrgentAction, {"what": "Полиция шақырылды"}),
    (commands.BeginVerification, {}),
    (commands.RecordVerificationStep, {"what": "Әңгіме", "finding": "Жоқ"}),
    (commands.ConfirmReport, {"reasons": "Иә", "kinds": (Kind.PHYSICAL,)}),
    (commands.NotConfirmReport, {"reasons": "Жоқ"}),
    (commands.LeaveReportOutOfScope, {"reasons": "Өзге"}),
    (commands.OpenReporterIdentity, {"reason": "Қажет"}),
    (commands.WriteToReporter, {"text": "Сәлем"}),
    (commands.TurnToBody, {"body": Body.POLICE}),
    (commands.JoinReports, {"other": new_id(), "reasons": "Бір оқиға"}),
    (commands.KeepReportsApart, {"other": new_id(), "reasons": "Басқа күн"}),
)


class TestReceiving:
    @pytest.mark.requirement("REP-03")
    def test_takes_what_an_anonymous_reporter_says(self, school: World) -> None:
        report = school.receive(a_reporter())
        shown = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)
        assert (shown["description"], shown["state"]) == (DESCRIPTION, "received")

    def test_again_creates_nothing_twice(self, school: World) -> None:
        command_id, by = new_id(), a_reporter()
        first = school.receive(by, command_id=command_id)
        assert school.receive(by, command_id=command_id) == first
        assert len(queries.reports_to_triage(school.application, SCHOOL, DEPUTY)) == 1

    def test_is_refused_to_who_holds_no_role_there(self, school: World) -> None:
        with pytest.raises(NotPermittedError) as refused:
            school.receive(a_person(new_id(), "administrator"))
        assert refused.value.rule == "reports.reporters_file"
        assert school.accesses()[-1][0] == "access.denied"

    @pytest.mark.requirement("REP-08")
    def test_counts_the_first_action_in_minutes_or_working_hours(self, school: World) -> None:
        """RECEIVED_AT is 09:00 of a Tuesday in Almaty: eight working hours later it is 18:00."""
        danger, calm = school.receive(immediate_danger=True), school.receive()
        due = [queries.report_deadlines(school.application, SCHOOL, DEPUTY, report=one)[0] for one in (danger, calm)]
        assert [one["due_at"] - RECEIVED_AT for one in due] == [timedelta(minutes=15), timedelta(hours=9)]
        assert due[0]["rule"] == "reports.first_action_in_danger@2026-01-01"


@pytest.mark.requirement("REP-04")
class TestWhoReported:
    informant = Informant(name="Өркен Қалиұлы", contact="+7 701 111 22 33")

    def entered(self, school: World) -> UUID:
        """A teacher enters what a neighbour said."""
        return school.receive(TEACHER, source=Source.NEIGHBOUR, on_behalf=True, informant=self.informant)

    def test_stands_in_no_event_of_the_report_not_even_as_its_actor(self, school: World) -> None:
        report = self.entered(school)
        told = str(queries.report_timeline(school.application, SCHOOL, DEPUTY, report=report))
        assert str(TEACHER_ID) not in told
        assert self.informant.name not in told
        identity = school.application.for_tenant(SCHOOL).events(identity_of(report))
        assert identity[0][1].actor == school.report(report).reporter

    def test_is_told_to_the_head_for_a_reason_that_is_recorded(self, school: World) -> None:
        report = self.entered(school)
        told = school.do(commands.OpenReporterIdentity, HEAD, report=report, reason="Кек алу қаупі бар").body
        assert told["entered_by"] == str(TEACHER_ID)
        assert told["informant"] == {"name": "Өркен Қалиұлы", "contact": "+7 701 111 22 33"}
        ledger = school.application.for_tenant(SCHOOL)
        opened = ledger.events(identity_of(report))[-1][1]
        assert isinstance(opened, ReporterIdentity.Opened)
        assert (opened.actor, opened.reason) == (HEAD.id, "Кек алу қаупі бар")

    @pytest.mark.parametrize("by", [PSYCHOLOGIST, AUDITOR, TEACHER])
    def test_is_told_to_nobody_else(self, school: World, by: Actor) -> None:
        report = self.entered(school)
        with pytest.raises(NotPermittedError):
            school.do(commands.OpenReporterIdentity, by, report=report, reason="Білгім келеді")
        assert school.accesses()[-1][0] == "access.denied"

    def test_is_unknown_to_a_head_complained_of(self, school: World) -> None:
        report = school.receive(TEACHER, accused=(an_accused(person=HEAD_ID),))
        with pytest.raises(UnknownError):
            school.do(commands.OpenReporterIdentity, HEAD, report=report, reason="Кім?")

    def test_is_not_told_by_the_access_log_when_they_look_how_far_it_is(self, school: World) -> None:
        report = self.entered(school)
        shown = queries.show_report(school.application, SCHOOL, TEACHER, report=report)
        assert set(shown) == {"report", "state", "received_at"}
        assert school.accesses()[-1][1] == school.report(report).reporter

    @pytest.mark.parametrize("question", [queries.report_timeline, queries.report_deadlines])
    def test_is_not_told_by_the_access_log_when_they_are_denied(
        self, school: World, question: Callable[..., Any]
    ) -> None:
        """Who but the one who entered it would know the id: the denial stands under the report's pseudonym."""
        report = self.entered(school)
        with pytest.raises(NotPermittedError):
            question(school.application, SCHOOL, TEACHER, report=report)
        with pytest.raises(NotPermittedError):
            school.do(commands.ConfirmReport, TEACHER, report=report, reasons="Иә", kinds=(Kind.PHYSICAL,))
        assert [topic for topic, _, _ in school.accesses()[-2:]] == ["access.denied"] * 2
        assert TEACHER.id not in {actor for _, actor, _ in school.accesses()}
        with pytest.raises(NotPermittedError):
            question(school.application, SCHOOL, PSYCHOLOGIST, report=report)
        assert school.accesses()[-1][1] == PSYCHOLOGIST.id


class TestAnUnknownId:
    def test_that_somebody_tries_is_in_the_access_log(self, school: World) -> None:
        """Of whoever tries ids, every trial is kept."""
        unknown = new_id()
        with pytest.raises(UnknownError):
            queries.show_report(school.application, SCHOOL, HEAD, report=unknown)
        with pytest.raises(UnknownError):
            school.do(commands.TakeUrgentAction, HEAD, report=unknown, what="…")
        for topic, actor, facts in school.accesses():
            assert (topic, actor, facts["ids"]) == ("access.denied", HEAD.id, [str(unknown)])
            assert facts["rule"] == "reports.unknown"


@pytest.mark.requirement("REP-02")
class TestWhoeverIsComplainedOf:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_gets_the_answer_of_an_unknown_id(self, school: World, question: Callable[..., Any]) -> None:
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        for unknown in (report, new_id()):
            with pytest.raises(UnknownError) as refused:
                question(school.application, SCHOOL, HEAD, report=unknown)
            assert refused.value.facts == {"what": "report"}

    @pytest.mark.parametrize(("change", "asked"), CHANGES)
    def test_can_change_nothing_and_is_told_nothing(self, school: World, change: Any, asked: dict[str, Any]) -> None:
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        with pytest.raises(UnknownError):
            school.do(change, HEAD, report=report, **asked)
        assert school.report(report).version == 1

    def test_leaves_the_true_rule_in_the_access_log(self, school: World) -> None:
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        with pytest.raises(UnknownError):
            queries.show_report(school.application, SCHOOL, HEAD, report=report)
        topic, actor, facts = school.accesses()[-1]
        assert (topic, actor, facts["rule"]) == ("access.denied", HEAD.id, "reports.walled_off")


class TestOthers:
    @pytest.mark.requirement("CON-01")
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_are_told_the_rule(self, school: World, question: Callable[..., Any]) -> None:
        report = school.receive()
        with pytest.raises(NotPermittedError) as refused:
            question(school.application, SCHOOL, PSYCHOLOGIST, report=report)
        assert refused.value.rule.startswith("reports.need_to_know.")

    @pytest.mark.requirement("CON-08")
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_in_another_school_find_nothing(self, school: World, question: Callable[..., Any]) -> None:
        report = school.receive()
        with pytest.raises(UnknownError):
            question(school.application, OTHER_SCHOOL, DEPUTY, report=report)

    @pytest.mark.parametrize(("change", "asked"), CHANGES)
    def test_as_auditors_change_nothing(self, school: World, change: Any, asked: dict[str, Any]) -> None:
        report = school.receive()
        with pytest.raises(NotPermittedError):
            school.do(change, AUDITOR, report=report, **asked)


class TestTheMainPath:
    @pytest.mark.requirement("REP-06")
    @pytest.mark.requirement("REP-07")
    def test_goes_from_reception_to_a_linked_case(self, school: World) -> None:
        report, case = school.receive(), new_id()
        school.triage(report)
        school.verify(report)
        school.confirm(report)
        school.do(commands.LinkCase, Actor(id="policy:when_case_opened_link_case"), report=report, case=case)
        shown = queries.show_report(school.application, SCHOOL, DEPUTY, report=report)
        assert (shown["state"], shown["cases"], shown["reasons"]) == ("confirmed", [case], "Үш куәгер")
        assert [one["finding"] for one in shown["steps"]] == ["Үшеуі де көрген"]
        topics = [one["topic"] for one in queries.report_timeline(school.application, SCHOOL, AUDITOR, report=report)]
        assert topics == [
            "reports.report_received",
            "reports.report_triaged",
            "reports.verification_begun",
            "reports.verification_step_recorded",
            "reports.report_confirmed",
            "reports.case_linked",
        ]

    def test_says_in_public_ids_and_codes_only(self, school: World) -> None:
        report = school.receive(accused=(an_accused(person=HEAD_ID),))
        school.triage(report)
        school.verify(report)
        school.confirm(report)
        events = [event for _, event in school.application.for_tenant(SCHOOL).events(report)]
        forms = [PUBLICATIONS[event.TOPIC](event) for event in events if event.TOPIC in PUBLICATIONS]
        received, confirmed = (form for form in forms if form is not None)
        assert received.type == "reports.report_received.v1"
        assert confirmed.body == {
            "report": report,
            "kinds": ["physical"],
            "place": "school",
            "immediate_danger": False,
            "walled": [HEAD_ID],
            "owner": PSYCHOLOGIST_ID,
            "cases": [],
            "count_of_cases": 1,
            "accused_categories": ["staff"],
            "happened_at": None,
            "received_at": events[0].timestamp,
            "first_action_at": events[1].timestamp,
        }
        assert "Гүлнәр" not in str(received.body)

    def test_refuses_a_change_of_what_the_sender_did_not_see(self, school: World) -> None:
        report = school.receive()
        with pytest.raises(VersionConflictError):
            school.triage(report, expected_version=7)
        school.triage(report, expected_version=1)

    def test_gives_the_verification_to_whoever_asks_where_nobody_was_proposed(self, school: World) -> None:
        report = school.receive()
        school.triage(report, owner=None)
        school.do(commands.BeginVerification, DEPUTY, report=report)
        assert school.report(report).owner == DEPUTY.person


class TestTheClock:
    def test_records_a_missed_first_action_once(self, school: World) -> None:
        report = school.receive()
        school.later(hours=8, minutes=59)
        assert school.report(report).version == 1
        school.later(minutes=1)
        school.later(hours=5)
        assert school.report(report).version == 2
        [due] = queries.report_deadlines(school.application, SCHOOL, DEPUTY, report=report)
        assert (due["open"], due["missed"], due["overdue"]) == (True, True, True)

    @pytest.mark.requirement("REP-08")
    def test_says_by_whom_by_which_command_and_how_far_up_until_it_is_done(self, school: World) -> None:
        """As `next_actions` does of cases; in danger something is done first, and nothing is open in the end."""

        def told(report: UUID) -> list[tuple[Any, ...]]:
            asked = queries.report_deadlines(school.application, SCHOOL, DEPUTY, report=report)
            return [(one["command"], one["owner"], one["persons"], one["came_up_to"]) for one in asked]

        danger = school.receive(immediate_danger=True)
        assert told(danger) == [("reports.take_urgent_action", "role:head", [], None)]
        assert told(school.receive(accused=(an_accused(role="head"),)))[0][1] == "role:deputy"
        report = school.receive()
        school.later(hours=9)
        assert told(report) == [("reports.triage_report", "role:head", [], "owner")]
        school.triage(report)
        done, verification = told(report)
        assert (done, verification[0]) == ((None, None, [], None), "reports.begin_verification")
        school.do(commands.BeginVerification, PSYCHOLOGIST, report=report)
        mine = (PSYCHOLOGIST.id, [PSYCHOLOGIST_ID], None)
        assert told(report)[1] == ("reports.record_verification_step", *mine)
        school.do(commands.RecordVerificationStep, PSYCHOLOGIST, report=report, what="Әңгіме", finding="Солай")
        assert told(report)[1] == ("reports.confirm_report", *mine)

    @pytest.mark.requirement("REP-06")
    def test_records_a_verification_that_takes_too_long(self, school: World) -> None:
        """Tuesday's triage: three working days end with Friday."""
        report = school.receive()
        school.triage(report)
        school.later(days=3, hours=14)
        assert school.report(report).version == 2
        school.later(hours=1)
        assert school.report(report).version == 3

    def test_says_nothing_of_what_was_done_in_time(self, school: World) -> None:
        report = school.receive()
        school.triage(report)
        school.do(commands.LeaveReportOutOfScope, DEPUTY, report=report, reasons="Өзге ұйымның ісі")
        school.later(days=30)
        assert school.report(report).state is State.OUT_OF_SCOPE
        assert school.report(report).version == 3
