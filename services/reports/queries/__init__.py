"""Read-only answers: access is decided from aggregates, or stands as a condition in a list's query.

Every answer is recorded as a read before it is given (CON-01).
"""

from __future__ import annotations

from services.reports.queries.accesses import report_accesses
from services.reports.queries.attachments import show_attachment
from services.reports.queries.breaches import list_breaches, show_breach
from services.reports.queries.coming_up import come_up_to_me
from services.reports.queries.conversation import report_by_receipt
from services.reports.queries.keeping import destructions_of_reports
from services.reports.queries.lists import list_reports, reports_to_triage
from services.reports.queries.one_report import report_deadlines, report_status, report_timeline, show_report
from services.reports.queries.proof import proof_of_filing
from services.reports.queries.response_times import response_times
from services.reports.queries.searching import find_child, reports_about_adult
from services.reports.queries.signs import list_sign_notes, show_sign_note
from services.reports.queries.similar import similar_reports
from services.reports.queries.way_in import way_in

__all__ = [
    "come_up_to_me",
    "destructions_of_reports",
    "find_child",
    "list_breaches",
    "list_reports",
    "list_sign_notes",
    "proof_of_filing",
    "report_accesses",
    "report_by_receipt",
    "report_deadlines",
    "report_status",
    "report_timeline",
    "reports_about_adult",
    "reports_to_triage",
    "response_times",
    "show_attachment",
    "show_breach",
    "show_report",
    "show_sign_note",
    "similar_reports",
    "way_in",
]
