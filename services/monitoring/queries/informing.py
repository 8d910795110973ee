"""What was told to whom in a school year, and what to nobody (SSS-05, SSS-09, REF-08)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from services.monitoring.application import MonitoringApplication
from services.monitoring.domain import access
from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.invitation import Invitation
from services.monitoring.domain.staff_training import StaffTraining
from services.monitoring.domain.values import SEPTEMBER, Audience, school_year_of
from services.monitoring.queries.rows import MOST_ROWS, history_of, rows_of
from services.monitoring.read_models import campaigns, informing, invitations, staff_trainings
from shared.domain import Actor
from shared.regulation import local_day

Row = dict[str, Any]


def list_campaigns(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"campaign", "state", "means", "starts_on", "ends_on", "held_on", "audiences", "topics", "coverage"}].

    `coverage` is [{"audience", "reached", "out_of"}] of the audiences for which it was recorded.
    """
    rows = _listed(application, tenant, by, "campaign", campaigns, "starts_on")
    return _with_scope(application, tenant, rows, "campaign")


def list_invitations(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"invitation", "state", "guest", "purpose", "invited_for", "came_on", "audiences", "topics", "coverage"}]."""
    rows = _listed(application, tenant, by, "invitation", invitations, "invited_for")
    return _with_scope(application, tenant, rows, "invitation")


def list_staff_trainings(application: MonitoringApplication, tenant: UUID, by: Actor) -> list[Row]:
    """[{"training", "held_on", "minutes", "count"}], the last first."""
    return _listed(application, tenant, by, "training", staff_trainings, "held_on")


def show_campaign(application: MonitoringApplication, tenant: UUID, by: Actor, *, campaign: UUID) -> Row:
    """{"campaign", "state", "version", "history": [{"at", "by", "event", "facts"}]}."""
    found = _shown(application, tenant, by, Campaign, campaign, "campaign")
    return found | {"state": application.for_tenant(tenant).get(Campaign, campaign).state.value}


def show_staff_training(application: MonitoringApplication, tenant: UUID, by: Actor, *, training: UUID) -> Row:
    """{"training", "version", "history"}, as of a campaign."""
    return _shown(application, tenant, by, StaffTraining, training, "training")


def show_invitation(application: MonitoringApplication, tenant: UUID, by: Actor, *, invitation: UUID) -> Row:
    """{"invitation", "state", "version", "history"}, as of a campaign."""
    found = _shown(application, tenant, by, Invitation, invitation, "invitation")
    return found | {"state": application.for_tenant(tenant).get(Invitation, invitation).state.value}


def informing_of_school_year(
    application: MonitoringApplication, tenant: UUID, by: Actor, *, school_year: int | None = None
) -> Row:
    """What was told to whom, and what the policy demands and nobody was told yet.

    {"school_year", "informed": [{"audience", "topic", "times", "reached", "out_of", "last_on"}], "gaps": [{"audience",
    "topic"}], "rules"}. Informed is who was reached; `reached` is the best count, `out_of` goes with it.
    """
    ledger = application.for_tenant(tenant)
    rule = application.require(access.may_see_prevention(by), tenant, by, "informing")
    application.record_read(tenant, by, "informing", [], rule)
    today = local_day(ledger.now())
    year = school_year_of(today) if school_year is None else school_year
    within = (date(year, SEPTEMBER, 1), date(year + 1, SEPTEMBER, 1))
    table = informing.c
    chosen = (
        select(table.audience, table.topic, table.informed_on, table.reached, table.out_of)
        .where(table.tenant == tenant, table.informed_on >= within[0], table.informed_on < within[1], table.reached > 0)
        .order_by(table.audience, table.topic, table.reached.desc(), table.out_of, table.informed_on)
    )
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows_of(application, tenant, chosen):
        found.setdefault((row["audience"], row["topic"]), []).append(row)
    demanded = [ledger.book.in_force(f"monitoring.informing_{audience.value}", today) for audience in Audience]
    pairs = [(one.value, topic) for one, rule in zip(Audience, demanded, strict=True) for topic in rule.value]
    return {
        "school_year": year,
        "informed": [
            {
                "audience": audience,
                "topic": topic,
                "times": len(rows),
                "reached": rows[0]["reached"],
                "out_of": rows[0]["out_of"],
                "last_on": max(row["informed_on"] for row in rows),
            }
            for (audience, topic), rows in found.items()
        ],
        "gaps": [{"audience": audience, "topic": topic} for audience, topic in pairs if (audience, topic) not in found],
        "rules": [one.version for one in demanded],
    }


def _listed(
    application: MonitoringApplication, tenant: UUID, by: Actor, what: str, table: Table, ordered_by: str
) -> list[Row]:
    rule = application.require(access.may_see_prevention(by), tenant, by, f"{what}s")
    columns = [column for column in table.columns if column.name != "tenant"]
    chosen = select(*columns).where(table.c.tenant == tenant).order_by(table.c[ordered_by].desc(), table.c[what])
    rows = rows_of(application, tenant, chosen.limit(MOST_ROWS))
    application.record_read(tenant, by, f"{what}s", [row[what] for row in rows], rule)
    return rows


def _with_scope(application: MonitoringApplication, tenant: UUID, rows: list[Row], what: str) -> list[Row]:
    table = informing.c
    chosen = select(table.source, table.audience, table.topic, table.reached, table.out_of).where(
        table.tenant == tenant
    )
    of: dict[UUID, list[Row]] = {}
    for one in rows_of(application, tenant, chosen) if rows else ():
        of.setdefault(one["source"], []).append(one)
    return [row | _scope(of.get(row[what], [])) for row in rows]


def _scope(meant: list[Row]) -> Row:
    covered = {one["audience"]: one for one in meant if one["reached"] is not None}
    return {
        "audiences": sorted({one["audience"] for one in meant}),
        "topics": sorted({one["topic"] for one in meant}),
        "coverage": [
            {"audience": audience, "reached": one["reached"], "out_of": one["out_of"]}
            for audience, one in sorted(covered.items())
        ],
    }


def _shown(application: MonitoringApplication, tenant: UUID, by: Actor, kind: type[Any], id: UUID, what: str) -> Row:
    ledger = application.for_tenant(tenant)
    rule = application.require(access.may_see_prevention(by), tenant, by, what, [id])
    found = application.known(ledger, kind, id, what, by)
    application.record_read(tenant, by, what, [id], rule)
    return {what: id, "version": found.version, "history": history_of(ledger, id)}
