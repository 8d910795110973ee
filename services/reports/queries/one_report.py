"""Read-only answers: access is decided from aggregates, or stands as a condition in a list's query.

Every answer is recorded as a read before it is given (CON-01).
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from services.reports.application import ReportsApplication
from services.reports.domain.access import Act, reporter_of_it
from services.reports.domain.report import Report
from services.reports.queries.attachments import attachments_of
from services.reports.queries.conversation import messages_of, spoken
from shared.domain import Actor
from shared.ledger.application import TenantLedger

REPORTERS_OWN = f"reports.{reporter_of_it.__name__}"


def report_status(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> dict[str, Any]:
    """How far a report is: all that whoever reported it is told (REP-03).

    {"report", "state", "received_at"}
    """
    ledger = application.for_tenant(tenant)
    found = application.report(ledger, report, by)
    rule = application.require(ledger, found, Act.SEE_STATUS, by)
    reader = (
        Actor(id=found.reporter) if rule == REPORTERS_OWN else by
    )  # the access log does not tell who it was (REP-04)
    application.record_read(tenant, reader, "report_status", [report], rule)
    return {"report": report, "state": found.state.value, "received_at": found.created_on}


def show_report(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> dict[str, Any]:
    """A report in full; to whoever only reported it, its status.

    {"report", "state", "version", "source", "channel", "place", "kinds", "description", "child", "accused", "walled",
    "immediate_danger", "timing", "happened_at", "happened_text", "on_behalf", "received_at", "reporter", "urgency",
    "owner", "steps": [{"at", "by", "what", "finding"}], "cases", "reasons", "messages": as of
    `messages_of`, each with its "by", "attachments": as of `attachments_of`}
    """
    ledger = application.for_tenant(tenant)
    found = application.report(ledger, report, by)
    if application.decide(ledger, found, Act.SEE_STATUS, by).rule == REPORTERS_OWN:
        return report_status(application, tenant, by, report=report)
    rule = application.require(ledger, found, Act.SEE, by)
    application.record_read(tenant, by, "report", [report], rule)
    return _in_full(ledger, found)


def report_timeline(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> list[dict[str, Any]]:
    """Every event of a report, oldest first: [{"version", "at", "recorded_at", "actor", "topic", "facts"}]."""
    ledger = application.for_tenant(tenant)
    rule = application.require(ledger, application.report(ledger, report, by), Act.SEE, by)
    application.record_read(tenant, by, "report_timeline", [report], rule)
    return [
        {
            "version": event.originator_version,
            "at": event.timestamp,
            "recorded_at": datetime.fromtimestamp(recorded.recorded_at / 1_000_000, UTC),
            "actor": event.actor,
            "topic": event.TOPIC,
            "facts": _facts(event),
        }
        for recorded, event in ledger.events(report)
    ]


def report_deadlines(application: ReportsApplication, tenant: UUID, by: Actor, *, report: UUID) -> list[dict[str, Any]]:
    """What was and is due: [{"duty", "due_at", "rule", "open", "missed", "overdue"}]."""
    ledger = application.for_tenant(tenant)
    found = application.report(ledger, report, by)
    rule = application.require(ledger, found, Act.SEE, by)
    application.record_read(tenant, by, "report_deadlines", [report], rule)
    return [
        {
            "duty": duty.value,
            "due_at": due_at,
            "rule": applied,
            "open": duty in found.open_duties,
            "missed": any(one == duty for one, _ in found.missed),
            "overdue": duty in found.open_duties and ledger.now() >= due_at,
        }
        for duty, (due_at, applied) in found.due.items()
    ]


def _in_full(ledger: TenantLedger, report: Report) -> dict[str, Any]:
    history = [event for _, event in ledger.events(report.id)]
    first = history[0]
    return {
        "report": report.id,
        "state": report.state.value,
        "version": report.version,
        "source": first.source,
        "channel": first.channel,
        "place": None if report.place is None else report.place.value,
        "kinds": [kind.value for kind in report.kinds],
        "description": first.description,
        "child": first.child,
        "accused": [one.stored() for one in report.accused],
        "walled": sorted(report.walled),
        "immediate_danger": report.immediate_danger,
        "timing": first.timing,
        "happened_at": first.happened_at,
        "happened_text": first.happened_text,
        "on_behalf": first.on_behalf,
        "received_at": report.created_on,
        "reporter": report.reporter,
        "urgency": None if report.urgency is None else report.urgency.value,
        "owner": report.owner,
        "steps": [_step(event) for event in history if isinstance(event, Report.VerificationStepRecorded)],
        "cases": report.cases,
        "messages": [
            told | {"by": event.actor} for event, told in zip(spoken(history), messages_of(history), strict=True)
        ],
        "attachments": attachments_of(history),
        "reasons": next((event.reasons for event in reversed(history) if hasattr(event, "reasons")), None),
    }


def _step(event: Report.VerificationStepRecorded) -> dict[str, Any]:
    return {"at": event.timestamp, "by": event.actor, "what": event.what, "finding": event.finding}


_ENVELOPE = {field.name for field in fields(AggregateCreated)} | {"actor", "child_marks", "adult_marks"}


def _facts(event: Any) -> dict[str, Any]:
    """What an event says besides who, when and where it stands."""
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _ENVELOPE}
