"""How long it took from the events to the report, and from the report to the first action (REP-10)."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.reports.application import ReportsApplication
from services.reports.domain.access import STAFF_WHO_FILE
from services.reports.domain.values import Role
from services.reports.queries.lists import MOST_ROWS, in_utc, visible_reports
from services.reports.read_models import reports, response_times_of_reports
from shared.domain import Actor, NotPermittedError


def response_times(application: ReportsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """Of every report that the caller may see, newest first; times in whole minutes, None where one is not known.

    {"reports": [{"report", "happened_at", "received_at", "first_action_at", "to_report", "to_first_action"}],
    "median_to_report", "median_to_first_action"}; medians are of what is shown.
    """
    if not by.roles & (STAFF_WHO_FILE | {Role.AUDITOR}):
        rule = "reports.need_to_know.see"
        application.record_read(tenant, by, "response_times", [], rule, allowed=False)
        raise NotPermittedError(rule=rule)
    times = response_times_of_reports.c
    visible = visible_reports(tenant, by).with_only_columns(reports.c.report)
    chosen = (
        select(times.report, times.happened_at, times.received_at, times.first_action_at)
        .where(times.tenant == tenant, times.report.in_(visible))
        .order_by(times.received_at.desc(), times.report)
    )
    with application.read(tenant) as connection:
        rows = [in_utc(dict(row)) for row in connection.execute(chosen.limit(MOST_ROWS)).mappings()]
    for row in rows:
        row["to_report"] = _minutes(row["happened_at"], row["received_at"])
        row["to_first_action"] = _minutes(row["received_at"], row["first_action_at"])
    application.record_read(
        tenant, by, "response_times", [row["report"] for row in rows], "reports.list_of_the_permitted"
    )
    return {
        "reports": rows,
        "median_to_report": _median([row["to_report"] for row in rows]),
        "median_to_first_action": _median([row["to_first_action"] for row in rows]),
    }


def _minutes(begin: datetime | None, end: datetime | None) -> int | None:
    return None if begin is None or end is None else int((end - begin).total_seconds() // 60)


def _median(minutes: list[int | None]) -> int | None:
    known = [one for one in minutes if one is not None]
    return int(median(known)) if known else None
