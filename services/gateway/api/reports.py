"""Routes of reports."""

from __future__ import annotations

from services.gateway.api.routes import command, question, secret_question
from services.gateway.schemas import comparing
from services.gateway.schemas import reports as schemas
from services.gateway.schemas.cases import Accesses
from services.gateway.schemas.common import Deadlines, Timeline

ONE = "/reports/{report}"

ROUTES = (
    command(
        "/reports",
        "reports.receive_report",
        "Report a fact or a suspicion; without a session, as somebody who stays anonymous",
        schemas.ReceiveReport,
        answer=schemas.ReportReceived,
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
    question(
        f"{ONE}/accesses", "reports.report_accesses", "Who read what of it, or was denied", Accesses, items="accesses"
    ),
    question(f"{ONE}/deadlines", "reports.report_deadlines", "What is due on a report", Deadlines, items="deadlines"),
    command(
        f"{ONE}/walls",
        "reports.wall_off_person",
        "Keep somebody away from a report",
        schemas.WallOffPerson,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/duties/waiver",
        "reports.waive_duty",
        "Decide not to act on a duty",
        schemas.WaiveDutyOfReport,
        answer=schemas.ReportState,
    ),
    question(
        "/come-up/reports",
        "reports.come_up_to_me",
        "What was missed and came up",
        schemas.ReportsCameUp,
        items="reports",
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
    question(
        f"{ONE}/similar",
        "reports.similar_reports",
        "Reports that may be about the same events",
        comparing.SimilarReports,
        items="reports",
    ),
    question(
        f"{ONE}/same-adult",
        "reports.reports_about_adult",
        "Reports that complain of the same adult",
        schemas.Reports,
        items="reports",
    ),
    secret_question(
        "/children/search",
        "reports.find_child",
        "What there is about a child: by IIN, by name with birth date or class",
        comparing.FindChild,
        answer=comparing.FoundOfChild,
    ),
    command(
        f"{ONE}/turns",
        "reports.turn_to_body",
        "Say that one has turned to a competent body oneself; nothing stands in its way",
        comparing.TurnToBody,
        answer=schemas.ReportState,
    ),
    question(
        "/response-times",
        "reports.response_times",
        "How long it took to report, and to act",
        comparing.ResponseTimes,
    ),
    command(
        f"{ONE}/joining",
        "reports.join_reports",
        "Say that another report is about the same events",
        comparing.OfTwoReports,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/separation",
        "reports.keep_reports_apart",
        "Say that another report only looks alike",
        comparing.OfTwoReports,
        answer=schemas.ReportState,
    ),
    command(
        f"{ONE}/messages",
        "reports.write_to_reporter",
        "Answer whoever reported, or ask; they read it with their receipt",
        schemas.WriteToReporter,
        answer=schemas.ReportState,
    ),
    secret_question(
        "/receipt",
        "reports.report_by_receipt",
        "How far one's report is, and what was written, by receipt; no session is looked at",
        schemas.OfOneReceipt,
        answer=schemas.ReportByReceipt,
        nameless=True,
    ),
    command(
        "/receipt/facts",
        "reports.add_facts",
        "Say more, or answer a question, by receipt; no session is looked at",
        schemas.AddFacts,
        answer=schemas.StateByReceipt,
        nameless=True,
    ),
)
