"""Names for the ids in a history: people, schools and agencies as accounts knows them; each look is recorded there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from cli.auditing.houses import AuditHouse, Auditor, recorded_events
from cli.auditing.matter import AN_ID, MatterEvent
from shared.ledger.tables import events, public_events

NAMED = (
    "accounts.person_registered.v1",
    "accounts.school_registered.v1",
    "accounts.agency_registered.v1",
)


def names_of(house: AuditHouse, history: Iterable[MatterEvent], auditor: Auditor) -> dict[str, str]:
    """The names of everybody whom these events mention, by id."""
    accounts = house.services.get("accounts")
    wanted = set(AN_ID.findall(" ".join(f"{one.recorded.actor} {json.dumps(one.facts)}" for one in history)))
    if accounts is None or not wanted:
        return {}
    chosen = select(public_events.c.tenant, public_events.c.position, public_events.c.body).where(
        public_events.c.type.in_(NAMED)
    )
    with accounts.database.relay() as connection:
        rows = [row for row in connection.execute(chosen) if wanted & set(re.findall(AN_ID, row.body))]
    names: dict[str, str] = {}
    seen: dict[UUID, list[UUID]] = {}
    for row in rows:
        for recorded in recorded_events(accounts, row.tenant, events.c.position == row.position):
            if str(recorded.stream) in wanted:
                event = accounts.application.for_tenant(row.tenant).mapper.to_domain_event(recorded)
                names[str(recorded.stream)] = str(getattr(event, "name", "")) or str(recorded.stream)
                seen.setdefault(row.tenant, []).append(recorded.stream)
    for tenant, people in seen.items():
        accounts.application.record_read(tenant, auditor.actor, "names", people, auditor.rule)
    return names
