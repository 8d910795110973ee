"""Exact search over sealed records by keyed hashes: what there is of a child, and of one adult (REP-09, REP-13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.reports.application import ReportsApplication
from services.reports.domain.access import STAFF_WHO_FILE, Act
from services.reports.domain.values import Child, Role
from services.reports.queries.lists import MOST_ROWS, in_utc, visible_reports
from services.reports.queries.signs import visible_notes
from services.reports.read_models import adult_marks, child_marks, reports
from shared.domain import Actor, InvalidInputError, NotPermittedError

WHO_SEARCHES = STAFF_WHO_FILE | {Role.AUDITOR}


def find_child(application: ReportsApplication, tenant: UUID, by: Actor, *, child: Child) -> dict[str, Any]:
    """Reports and notes about a child that the caller may see: by IIN, by name with birth date, by name with class.

    {"reports": rows as of `list_reports`, "notes": as in `list_sign_notes`}; raises InvalidInputError for a name alone.
    """
    if not by.roles & WHO_SEARCHES:
        rule = "reports.need_to_know.find_child"
        application.record_read(tenant, by, "child", [], rule, allowed=False)
        raise NotPermittedError(rule=rule)
    marks = application.child_marks(tenant, child)
    if not marks:
        raise InvalidInputError({"child": ["too_little_known"]})
    marked = select(child_marks.c.subject).where(
        child_marks.c.tenant == tenant, child_marks.c.mark.in_(sorted(marks.values()))
    )
    found = _reports(application, tenant, by, reports.c.report.in_(marked))
    with application.read(tenant) as connection:
        subjects = set(connection.scalars(marked))
    seen, _ = visible_notes(application, tenant, by, application.note_readers(application.for_tenant(tenant)))
    notes = [row for note, row in seen.items() if note in subjects]
    ids = [*(row["report"] for row in found), *(row["note"] for row in notes)]
    application.record_read(tenant, by, "child", ids, "reports.list_of_the_permitted")
    return {"reports": found, "notes": notes}


def reports_about_adult(
    application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID
) -> list[dict[str, Any]]:
    """Reports that complain of somebody of whom this one complains, as far as the caller may see.

    Rows as of `list_reports`. The same person of the system, or the same name and surname. This one is not among them.
    """
    ledger = application.for_tenant(tenant)
    rule = application.require(ledger, application.report(ledger, report, by), Act.SEE, by)
    marks = select(adult_marks.c.mark).where(adult_marks.c.tenant == tenant, adult_marks.c.report == report)
    same = select(adult_marks.c.report).where(
        adult_marks.c.tenant == tenant, adult_marks.c.mark.in_(marks), adult_marks.c.report != report
    )
    found = _reports(application, tenant, by, reports.c.report.in_(same))
    application.record_read(tenant, by, "reports_about_adult", [report, *(row["report"] for row in found)], rule)
    return found


def _reports(
    application: ReportsApplication, tenant: UUID, by: Actor, which: ColumnElement[bool]
) -> list[dict[str, Any]]:
    ordered = visible_reports(tenant, by).where(which).order_by(reports.c.received_at, reports.c.report)
    with application.read(tenant) as connection:
        return [in_utc(dict(row)) for row in connection.execute(ordered.limit(MOST_ROWS)).mappings()]
