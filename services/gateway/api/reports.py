"""Routes of reports."""

from __future__ import annotations

from services.gateway.api.routes import command, question
from services.gateway.schemas import reports as schemas
from services.gateway.schemas.common import Deadlines, Timeline

ONE = "/reports/{report}"

ROUTES = (
    command(
        "/reports",
        "reports.receive_report",
        "Report a fact or a suspicion; without a session, as somebody who stays anonymous",
        schemas.ReceiveReport,
        answer=schemas.ReportState,
        creates=ONE,
        anonymous=True,
    ),
    question(
        "/reports",
        "reports.list_reports",
        "Reports that the caller may see",
        schemas.Reports,
        query=schemas.ReportsQuery,
        items="reports",
    ),
    question(ONE, "reports.show_report", "One report", schemas.Report),
    question(f"{ONE}/status", "reports.report_status", "How far a report is", schemas.ReportStatus),
    question(f"{ONE}/timeline", "reports.report_timeline", "Every event of a report", Timeline, items="events"),
    question(f"{ONE}/deadlines", "reports.report_deadlines", "What is due on a report", Deadlines, items="deadlines"),
    command(
        f"{ONE}/walls",
        "reports.wall_off_person",
        "Keep somebody away from a report",
        schemas.WallOffPerson,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/urgent-actions",
        "reports.take_urgent_action",
        "Say what was done at once, in immediate danger",
        schemas.TakeUrgentAction,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/triage",
        "reports.triage_report",
        "Judge what it is and how urgent",
        schemas.TriageReport,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/verification",
        "reports.begin_verification",
        "Give the verification an owner",
        schemas.BeginVerification,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/verification-steps",
        "reports.record_verification_step",
        "Record a step and its finding",
        schemas.RecordVerificationStep,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/confirmation",
        "reports.confirm_report",
        "End a report as a fact: cases open, or are joined",
        schemas.ConfirmReport,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/rejection",
        "reports.not_confirm_report",
        "End a report as not confirmed",
        schemas.EndReport,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/out-of-scope",
        "reports.leave_report_out_of_scope",
        "End a report that is another's matter",
        schemas.EndReport,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/reporter-identity",
        "reports.open_reporter_identity",
        "Be told who reported, for a reason; the opening is an event",
        schemas.OpenReporterIdentity,
        answer=schemas.ReporterIdentity,
    ),
)
