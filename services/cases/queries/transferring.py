"""Matters that came from other schools (CON-08)."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.errors import rule_of
from services.cases.read_models import arrived_matters as arrived
from services.cases.read_models import walls_of_matters
from shared.domain import Actor, Event, NotPermittedError, UnknownError
from shared.ledger.application import TenantLedger

_ENVELOPE = {field.name for field in fields(Event)} | {"originator_topic", "content", "walled"}


def arrived_matters(application: CasesApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """[{"matter", "school", "state", "at"}], newest first, for those who decide on them and auditors; the wall is a
    condition of the query.
    """
    if by.comes_by_grant or not (access.leads(by) or access.audits(by)):
        application.record_read(tenant, by, "arrived_matters", [], "CON-08", allowed=False)
        raise NotPermittedError(rule="CON-08")
    rows = walls_of_matters.c
    walled = select(rows.matter).where(rows.tenant == tenant, rows.person == by.person)
    columns = (arrived.c.matter, arrived.c.school, arrived.c.state, arrived.c.at)
    chosen = select(*columns).where(arrived.c.tenant == tenant, arrived.c.matter.not_in(walled))
    with application.read(tenant) as connection:
        found = [dict(row) for row in connection.execute(chosen.order_by(arrived.c.at.desc())).mappings()]
    application.record_read(tenant, by, "arrived_matters", [row["matter"] for row in found], "arrived_matters")
    return found


def show_matter(application: CasesApplication, tenant: UUID, by: Actor, *, matter: UUID) -> dict[str, Any]:
    """{"matter", "version", "school", "state", "parts", "content": {part: [{"topic", "at", "facts"}]}, "trail"}.

    `content` is empty until it is accepted; the trail has who did what: [{"version", "topic", "actor", "at",
    "recorded_at", "facts"}].
    """
    ledger = application.for_tenant(tenant)
    found = _see(application, ledger, by, matter)
    told = ledger.events(matter)
    content = next((event.content for _, event in told if isinstance(event, ArrivedMatter.Accepted)), {})
    return {
        "matter": matter,
        "version": found.version,
        "school": found.school,
        "state": found.state,
        "parts": found.parts,
        "content": content,
        "trail": [
            {
                "version": event.originator_version,
                "topic": recorded.topic,
                "actor": event.actor,
                "at": event.timestamp,
                "recorded_at": datetime.fromtimestamp(recorded.recorded_at / 1_000_000, UTC),
                "facts": {one.name: getattr(event, one.name) for one in fields(event) if one.name not in _ENVELOPE},
            }
            for recorded, event in told
        ],
    }


def _see(application: CasesApplication, ledger: TenantLedger, by: Actor, matter: UUID) -> ArrivedMatter:
    try:
        found = application.arrived_matter(ledger, matter, by)
        is_audited = access.audits(by) and by.person not in found.walled
        rule = "audit_engagement" if is_audited else found.may_decide(by, application.heads_of(ledger))
    except (UnknownError, NotPermittedError) as denied:
        application.record_read(ledger.tenant, by, "show_matter", [matter], rule_of(denied), allowed=False)
        raise
    application.record_read(ledger.tenant, by, "show_matter", [matter], rule)
    return found
