"""The risk group: walls and grounds stand in the query, so that rows and counts are of what may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from services.monitoring.application import MonitoringApplication
from services.monitoring.application.walls import kept_from_entry
from services.monitoring.domain import access
from services.monitoring.domain.access import Act
from services.monitoring.domain.values import EntryState, Role
from services.monitoring.queries.rows import MOST_ROWS, history_of, rows_of
from services.monitoring.read_models import group_entries, workers_of_entries
from shared.domain import Actor, NotPermittedError

OPEN_STATES = (EntryState.PROPOSED, EntryState.IN_GROUP)
SHOWN = ("entry", "state", "report", "level", "category", "begun_at", "due_at", "change")


def list_risk_group(
    application: MonitoringApplication, tenant: UUID, by: Actor, *, states: Sequence[EntryState] = ()
) -> list[dict[str, Any]]:
    """Entries that the caller may see, in the given states (open ones where none is given), what is due first first.

    [{"entry", "state", "report", "level", "category", "begun_at", "due_at", "change"}]; no names.
    """
    ledger = application.for_tenant(tenant)
    roles = application.group_roles(ledger)
    table = group_entries.c
    chosen = (
        select(*(table[name] for name in SHOWN))
        .where(table.tenant == tenant, table.state.in_([state.value for state in states or OPEN_STATES]))
        .where(or_(false(), *_grounds(tenant, by, roles)), ~kept_from_entry(tenant, table.entry, by))
    )
    ordered = chosen.order_by(table.due_at, table.begun_at, table.entry).limit(MOST_ROWS)
    rows = rows_of(application, tenant, ordered)
    if not rows and not by.roles & (roles | {Role.SAFEGUARDING_LEAD}) and not access.is_auditor(by):
        rule = "monitoring.need_to_know.see"
        application.record_read(tenant, by, "entries", [], rule, allowed=False)
        raise NotPermittedError(rule=rule)
    application.record_read(tenant, by, "entries", [row["entry"] for row in rows], "monitoring.list_of_the_permitted")
    return rows


def show_entry(application: MonitoringApplication, tenant: UUID, by: Actor, *, entry: UUID) -> dict[str, Any]:
    """An entry in full, with its history.

    {"entry", "state", "version", "report", "matters", "child", "level", "category", "named", "walled", "workers",
    "open_measures", "change", "duties": [{"duty", "due_at", "rule", "missed", "overdue"}],
    "history": [{"at", "by", "event", "facts"}]}, oldest first.
    """
    ledger = application.for_tenant(tenant)
    found, rule = application.entry_and_rule(ledger, entry, Act.SEE, by)
    application.record_read(tenant, by, "entry", [entry], rule)
    child = next((event.child for _, event in reversed(ledger.events(entry)) if hasattr(event, "child")), None)
    return {
        "entry": entry,
        "state": found.state.value,
        "version": found.version,
        "report": found.report,
        "matters": sorted(found.matters),
        "child": child,
        "level": None if found.level is None else found.level.value,
        "category": found.category,
        "named": [one.stored() for one in found.named],
        "walled": sorted(found.walled),
        "workers": sorted(found.workers),
        "open_measures": sorted(found.open_measures),
        "change": None if found.last_change is None else found.last_change.value,
        "duties": [
            {
                "duty": duty,
                "due_at": due.at,
                "rule": due.rule,
                "missed": (duty, due.at) in found.missed,
                "overdue": ledger.now() >= due.at,
            }
            for duty, due in found.open_duties.items()
        ],
        "history": history_of(ledger, entry),
    }


def _grounds(tenant: UUID, by: Actor, roles: frozenset[str]) -> list[ColumnElement[bool]]:
    """The same grounds as in `domain/access.py`, as conditions."""
    of_it = and_(workers_of_entries.c.tenant == tenant, workers_of_entries.c.entry == group_entries.c.entry)
    grounds: list[ColumnElement[bool]] = []
    if by.roles & roles or access.is_auditor(by):
        grounds.append(group_entries.c.tenant == tenant)
    if Role.SAFEGUARDING_LEAD in by.roles:
        grounds.append(group_entries.c.names_the_service)
    if by.person is not None:
        grounds.append(exists().where(of_it, workers_of_entries.c.person == by.person))
    return grounds
