"""Breaches: those that the caller may see, decided on each; who reported one sees how far it is (REP-04, REP-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.application.walls import breaches_behind_walls
from services.reports.domain.access import STAFF_WHO_FILE
from services.reports.domain.breach import Breach
from services.reports.domain.breach_access import OWN, BreachAct
from services.reports.domain.values import Role
from shared.domain import Actor, NotPermittedError
from shared.ledger.application import TenantLedger

PAGE = 500


def list_breaches(application: ReportsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """[{"breach", "kind", "state", "reported_at", "due_at", "owner", "overdue"}], the first due first, ended ones last.

    There are few of them: each is asked, so that a list says what its breaches do; those behind walls are not loaded.
    """
    ledger = application.for_tenant(tenant)
    with application.read(tenant) as connection:
        walled = frozenset(connection.scalars(breaches_behind_walls(tenant, by)))
    seen = [
        one
        for one in _all(ledger, but=walled)
        if (decision := application.decide_on_breach(ledger, one, by, BreachAct.SEE)).allowed and decision.rule != OWN
    ]
    if not seen and not by.roles & (STAFF_WHO_FILE | {Role.AUDITOR}):
        rule = f"reports.need_to_know.{BreachAct.SEE.value}"
        application.record_read(tenant, by, "breaches", [], rule, allowed=False)
        raise NotPermittedError(rule=rule)
    application.record_read(tenant, by, "breaches", [one.id for one in seen], "reports.list_of_the_permitted")
    return sorted((_row(ledger, one) for one in seen), key=lambda row: (row["ended"], row["due_at"]))


def show_breach(application: ReportsApplication, tenant: UUID, by: Actor, *, breach: UUID) -> dict[str, Any]:
    """A breach in full; to whoever only reported it, how far it is.

    As of `list_breaches`, with {"version", "description", "happened_on", "accused", "report", "rule", "steps": [{"at",
    "by", "what", "finding"}], "outcome", "reasons", "consequence", "school_rule"}
    """
    ledger = application.for_tenant(tenant)
    found, rule = application.breach(ledger, breach, by, BreachAct.SEE)
    reader = Actor(id=found.reporter) if rule == OWN else by  # the access log does not tell who it was (REP-04)
    application.record_read(tenant, reader, "breach", [breach], rule)
    return progress_of(found) if rule == OWN else _in_full(ledger, found)


def told_by_receipt(ledger: TenantLedger, report: UUID, pseudonym: str) -> list[dict[str, Any]]:
    """How far those are that were reported by the receipt of a report."""
    return [progress_of(one) for one in _all(ledger) if one.belongs_to == report and one.reporter == pseudonym]


def progress_of(breach: Breach) -> dict[str, Any]:
    """What whoever reported it is told."""
    told = {"breach": breach.id, "kind": breach.kind.value, "state": breach.state.value}
    return told | {"reported_at": breach.created_on, "due_at": breach.due_at}


def _all(ledger: TenantLedger, but: Collection[UUID] = ()) -> Iterator[Breach]:
    start = 1
    while page := ledger.recorder.select_notifications(start, PAGE, topics=[Breach.Reported.TOPIC]):
        streams = (recorded.stream for recorded in page if recorded.stream not in but)
        yield from (one for one in (ledger.find(Breach, stream) for stream in streams) if one is not None)
        start = page[-1].id + 1


def _row(ledger: TenantLedger, breach: Breach) -> dict[str, Any]:
    overdue = not breach.has_ended and ledger.now() >= breach.due_at
    return progress_of(breach) | {"owner": breach.owner, "ended": breach.has_ended, "overdue": overdue}


def _in_full(ledger: TenantLedger, breach: Breach) -> dict[str, Any]:
    history = [event for _, event in ledger.events(breach.id)]
    ended = next((event for event in history if isinstance(event, Breach.Ended)), None)
    said = {name: getattr(ended, name, None) for name in ("outcome", "reasons", "consequence", "school_rule")}
    return (
        _row(ledger, breach)
        | said
        | {
            "version": breach.version,
            "description": history[0].description,
            "happened_on": breach.happened_on,
            "accused": [one.stored() for one in breach.accused],
            "report": breach.belongs_to,
            "rule": breach.rule,
            "steps": [
                {"at": event.timestamp, "by": event.actor, "what": event.what, "finding": event.finding}
                for event in history
                if isinstance(event, Breach.StepTaken)
            ],
        }
    )
