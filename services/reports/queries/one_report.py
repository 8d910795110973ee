"""Read-only answers: access is decided from aggregates, or stands as a condition in a list's query.

Every answer is recorded as a read before it is given (CON-01).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.domain import AggregateCreated

from services.reports.application import ReportsApplication
from services.reports.domain.access import Act, reporter_of_it
from services.reports.domain.report import Report
from services.reports.domain.values import Duty, State
from services.reports.queries.attachments import attachments_of
from services.reports.queries.conversation import messages_of, spoken
from shared.domain import Actor
from shared.ladder import RUNGS
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
    """What was and is due, by whom and by which command, and how far what was missed has come up.

    [{"duty", "due_at", "rule", "open", "missed", "overdue", "command", "owner", "persons", "came_up_to"}]; the last
    four of what is still open.
    """
    ledger = application.for_tenant(tenant)
    found = application.report(ledger, report, by)
    rule = application.require(ledger, found, Act.SEE, by)
    application.record_read(tenant, by, "report_deadlines", [report], rule)
    ladder, walled = application.ladder(ledger), application.walled_off(ledger, found)
    return [
        {
            "duty": duty.value,
            "due_at": due_at,
            "rule": applied,
            "open": duty in found.open_duties,
            "missed": any(one == duty for one, _ in found.missed),
            "overdue": duty in found.open_duties and ledger.now() >= due_at,
            **_next_action(found, duty, found.who_owes(duty, ladder, walled)),
        }
        for duty, (due_at, applied) in found.due.items()
    ]


def _next_action(report: Report, duty: Duty, owing: Sequence[str]) -> dict[str, Any]:
    """Who answers for an open duty now, past those who are walled off, and what ends it or takes it further."""
    if duty not in report.open_duties:
        return {"command": None, "owner": None, "persons": [], "came_up_to": None}
    climb = report.climbs.get(duty.value)
    return {
        "command": _command(report, duty),
        "owner": next(iter(owing), None),
        "persons": [UUID(one.removeprefix("person:")) for one in owing if one.startswith("person:")],
        "came_up_to": None if climb is None else RUNGS[climb.step],
    }


def _command(report: Report, duty: Duty) -> str:
    """In danger something is done before anything is judged (REP-08); an outcome follows upon a finding (REP-06)."""
    if duty is Duty.FIRST_ACTION:
        return "reports.take_urgent_action" if report.immediate_danger else "reports.triage_report"
    if report.state is not State.UNDER_VERIFICATION:
        return "reports.begin_verification"
    return "reports.confirm_report" if report.steps else "reports.record_verification_step"


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
