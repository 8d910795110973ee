"""Problem behaviour that is reported goes to the risk group, and is not dropped (REP-01, SSS-06)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.reports.domain.report import Report
from services.reports.domain.values import Kind, Urgency
from services.reports.tests.builders import HEAD, HEAD_ID, RECEIVED_AT, a_report, an_accused, events_of

pytestmark = [pytest.mark.requirement("REP-01"), pytest.mark.requirement("SSS-06")]


class TestProblemBehaviour:
    """Is passed on to the risk group's desk once, whenever it becomes known and however the report ends."""

    def test_is_passed_on_when_it_is_said(self) -> None:
        accused = (an_accused(person=HEAD_ID), an_accused(role="deputy"))
        report = a_report(kinds=(Kind.PROBLEM_BEHAVIOUR,), accused=accused).report
        _, passed_on = report.pending_events
        assert isinstance(passed_on, Report.ProblemBehaviourPassedOn)
        assert (passed_on.walled, passed_on.walled_roles) == ([HEAD_ID], ["deputy"])
        assert passed_on.actor == report.reporter

    def test_is_passed_on_when_it_is_found_at_triage_and_once(self) -> None:
        report = a_report(kinds=(Kind.BULLYING,)).build()
        report.triage(
            kinds=(Kind.PROBLEM_BEHAVIOUR,),
            immediate_danger=False,
            urgency=Urgency.ORDINARY,
            note="",
            owner=None,
            verification_due_at=RECEIVED_AT + timedelta(days=3),
            verification_rule="reports.verification@2026-01-01",
            by=HEAD,
            at=RECEIVED_AT,
        )
        report.leave_out_of_scope(reasons="Зорлық емес, әңгіме керек", by=HEAD, at=RECEIVED_AT)
        assert events_of(report) == ["Triaged", "ProblemBehaviourPassedOn", "LeftOutOfScope"]

    def test_of_a_report_from_before_is_passed_on_when_it_ends(self) -> None:
        report = a_report(kinds=(Kind.PROBLEM_BEHAVIOUR,)).triaged().build()
        report.behaviour_passed_on = False
        report.kinds = [Kind.PROBLEM_BEHAVIOUR]
        report.leave_out_of_scope(reasons="Зорлық емес", by=HEAD, at=RECEIVED_AT)
        assert events_of(report) == ["LeftOutOfScope", "ProblemBehaviourPassedOn"]

    def test_is_nothing_where_there_is_none(self) -> None:
        report = a_report(kinds=(Kind.BULLYING,)).triaged().under_verification().with_a_finding().confirmed().report
        assert "ProblemBehaviourPassedOn" not in events_of(report)
