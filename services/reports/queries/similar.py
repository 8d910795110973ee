"""Reports that may be about the same events as one: suggested, and judged by a person (REP-07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from services.reports.application import ReportsApplication
from services.reports.domain.access import Act
from services.reports.queries.lists import MOST_ROWS, in_utc, visible_reports
from services.reports.read_models import child_marks, judged_pairs, kinds_of_reports, reports, times_of_reports
from shared.domain import Actor

CHILD, TIME, PLACE, KIND = "child", "time", "place", "kind"


def similar_reports(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> list[dict[str, Any]]:
    """Reports that are like this one and that the caller may see, the most alike first.

    [{"report", "state", "received_at", "same": [`child` `time` `place` `kind`], "judged": `joined` `kept_apart` None}].
    The same child, and time, place or kind; or, where of one of them the child is not known, all three.
    """
    ledger = application.for_tenant(tenant)
    rule = application.require(ledger, application.report(ledger, report, by), Act.SEE, by)
    within = timedelta(days=ledger.book.at("reports.same_events_within", ledger.now()).value)
    with application.read(tenant) as connection:
        this, *_ = [*_facts(connection, tenant, {report}).values(), _NOTHING]
        rows = _candidates(connection, tenant, by, report, this, within)
        facts = _facts(connection, tenant, set(rows))
        judged = _judged(connection, tenant, report)
    found = [
        {name: row[name] for name in ("report", "state", "received_at")} | {"same": same, "judged": judged.get(other)}
        for other, row in rows.items()
        if (same := _same(this, facts.get(other, _NOTHING), within))
    ]
    found.sort(key=lambda one: (-len(one["same"]), one["received_at"]))
    application.record_read(tenant, by, "similar_reports", [report, *(one["report"] for one in found)], rule)
    return found


_NOTHING: Mapping[str, Any] = {"at": None, "place": None, "kinds": set(), "marks": set()}


def _candidates(
    connection: Connection, tenant: UUID, by: Actor, report: UUID, this: Mapping[str, Any], within: timedelta
) -> dict[UUID, dict[str, Any]]:
    marked = select(child_marks.c.subject).where(child_marks.c.tenant == tenant, child_marks.c.mark.in_(this["marks"]))
    alike: list[ColumnElement[bool]] = [reports.c.report.in_(marked)]
    if this["at"] is not None and this["place"] is not None:
        times = times_of_reports.c
        near = select(times.report).where(
            times.tenant == tenant, times.at >= this["at"] - within, times.at <= this["at"] + within
        )
        alike.append(and_(reports.c.place == this["place"], reports.c.report.in_(near)))
    chosen = visible_reports(tenant, by).where(reports.c.report != report, or_(*alike))
    ordered = chosen.order_by(reports.c.received_at.desc()).limit(MOST_ROWS)
    return {row["report"]: in_utc(dict(row)) for row in connection.execute(ordered).mappings()}


def _facts(connection: Connection, tenant: UUID, ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is compared: when it happened (or was told), where, which kinds, which child."""
    times = times_of_reports.c
    chosen = (
        select(reports.c.report, reports.c.place, times.at)
        .join(times_of_reports, and_(times.tenant == tenant, times.report == reports.c.report), isouter=True)
        .where(reports.c.tenant == tenant, reports.c.report.in_(ids))
    )
    found = {
        row["report"]: in_utc(dict(row)) | {"kinds": set(), "marks": set()}
        for row in connection.execute(chosen).mappings()
    }
    kinds = kinds_of_reports.c
    for one, kind in connection.execute(
        select(kinds.report, kinds.kind).where(kinds.tenant == tenant, kinds.report.in_(ids))
    ):
        found[one]["kinds"].add(kind)
    marks = child_marks.c
    for one, mark in connection.execute(
        select(marks.subject, marks.mark).where(marks.tenant == tenant, marks.subject.in_(ids))
    ):
        found[one]["marks"].add(mark)
    return found


def _same(this: Mapping[str, Any], other: Mapping[str, Any], within: timedelta) -> list[str]:
    same = {
        CHILD: bool(this["marks"] & other["marks"]),
        TIME: _is_near(this["at"], other["at"], within),
        PLACE: this["place"] is not None and this["place"] == other["place"],
        KIND: bool(this["kinds"] & other["kinds"]),
    }
    found = [name for name, holds in same.items() if holds]
    if same[CHILD]:
        return found if len(found) > 1 else []
    children_known = bool(this["marks"] and other["marks"])
    return found if len(found) == len((TIME, PLACE, KIND)) and not children_known else []


def _is_near(one: datetime | None, other: datetime | None, within: timedelta) -> bool:
    return one is not None and other is not None and abs(one - other) <= within


def _judged(connection: Connection, tenant: UUID, report: UUID) -> dict[UUID, str]:
    pairs = judged_pairs.c
    chosen = select(pairs.report, pairs.other, pairs.judged).where(
        pairs.tenant == tenant, or_(pairs.report == report, pairs.other == report)
    )
    return {other if one == report else one: judged for one, other, judged in connection.execute(chosen)}
