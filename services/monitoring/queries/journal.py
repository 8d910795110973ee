"""The risk journal: risks, trips, walks, and what is due (RSK-06, MON-06)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.monitoring.application import MonitoringApplication
from services.monitoring.domain import access
from services.monitoring.domain.risk import RISK_REVIEW, Risk
from services.monitoring.domain.risk_journal import JOURNAL_REVIEW, RiskJournal, Walk, journal_of
from services.monitoring.domain.trip import TRIP_ASSESSMENT, Trip
from services.monitoring.domain.values import TripState
from services.monitoring.queries.rows import MOST_ROWS, history_of, rows_of
from services.monitoring.read_models import risks, trips, walks
from shared.domain import Actor

Row = dict[str, Any]


def list_risks(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"risk", "subject", "tendency", "trip", "walk", "likelihood", "consequence", "residual", "owner", "review_by",
    "closed"}], what is due first first.
    """
    return _listed(application, tenant, by, "risk", risks, "review_by")


def list_trips(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"trip", "state", "abroad", "starts_on", "ends_on", "leader", "assess_by", "assessed"}], the next first."""
    return _listed(application, tenant, by, "trip", trips, "starts_on")


def list_walks(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"walk", "taken_on", "found"}], the first first; `found` is how many findings."""
    return _listed(application, tenant, by, "walk", walks, "taken_on")


def show_risk(application: MonitoringApplication, tenant: UUID, by: Actor, *, risk: UUID) -> Row:
    """{"risk", "version", "history"}, as of an entry."""
    return _shown(application, tenant, by, Risk, risk, "risk")


def show_trip(application: MonitoringApplication, tenant: UUID, by: Actor, *, trip: UUID) -> Row:
    """{"trip", "version", "history"}."""
    return _shown(application, tenant, by, Trip, trip, "trip")


def show_walk(application: MonitoringApplication, tenant: UUID, by: Actor, *, walk: UUID) -> Row:
    """{"walk", "version", "history"}."""
    return _shown(application, tenant, by, Walk, walk, "walk")


def risk_journal(application: MonitoringApplication, tenant: UUID, by: Actor) -> Row:
    """{"reviewed_at", "duties": [{"duty", "of", "due_at", "overdue"}]}: the review of the whole, of each risk, and the
    assessment of each trip that is planned without one; the nearest first.
    """
    ledger = application.for_tenant(tenant)
    rule = application.require(access.may_see_journal(by), tenant, by, "journal")
    journal = ledger.find(RiskJournal, journal_of(tenant))
    due: list[tuple[str, UUID, Any]] = [(JOURNAL_REVIEW, journal.id, journal.due.at)] if journal else []
    of_risks = select(risks.c.risk, risks.c.review_by).where(risks.c.tenant == tenant, ~risks.c.closed)
    of_trips = select(trips.c.trip, trips.c.assess_by).where(
        trips.c.tenant == tenant, ~trips.c.assessed, trips.c.state == TripState.PLANNED.value
    )
    due += [(RISK_REVIEW, row["risk"], row["review_by"]) for row in rows_of(application, tenant, of_risks)]
    due += [(TRIP_ASSESSMENT, row["trip"], row["assess_by"]) for row in rows_of(application, tenant, of_trips)]
    application.record_read(tenant, by, "journal", [of for _, of, _ in due], rule)
    now = ledger.now()
    return {
        "reviewed_at": None if journal is None else journal.reviewed_at,
        "duties": [
            {"duty": duty, "of": of, "due_at": at, "overdue": now >= at}
            for duty, of, at in sorted(due, key=lambda one: (one[2], one[1]))
        ],
    }


def _listed(
    application: MonitoringApplication, tenant: UUID, by: Actor, what: str, table: Table, ordered_by: str
) -> list[Row]:
    rule = application.require(access.may_see_journal(by), tenant, by, f"{what}s")
    columns = [column for column in table.columns if column.name != "tenant"]
    chosen = select(*columns).where(table.c.tenant == tenant).order_by(table.c[ordered_by], table.c[what])
    rows = rows_of(application, tenant, chosen.limit(MOST_ROWS))
    application.record_read(tenant, by, f"{what}s", [row[what] for row in rows], rule)
    return rows


def _shown(application: MonitoringApplication, tenant: UUID, by: Actor, kind: type[Any], id: UUID, what: str) -> Row:
    ledger = application.for_tenant(tenant)
    rule = application.require(access.may_see_journal(by), tenant, by, what, [id])
    found = application.known(ledger, kind, id, what, by)
    application.record_read(tenant, by, what, [id], rule)
    return {what: id, "version": found.version, "history": history_of(ledger, id)}
