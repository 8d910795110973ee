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
from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from services.reports.application import ReportsApplication
from services.reports.domain.access import AUDIT_PURPOSE, Act, reporter_of_it
from services.reports.domain.report import Report
from services.reports.domain.values import Role, State
from services.reports.read_models import (
    cases_of_reports,
    reports,
    team_members,
    walled_from_cases,
    walled_persons,
    walled_roles,
)
from shared.domain import Actor, NotPermittedError
from shared.ledger.application import TenantLedger

OPEN_STATES = (State.RECEIVED, State.TRIAGED, State.UNDER_VERIFICATION)
MOST_ROWS = 500
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
    "owner", "steps": [{"at", "by", "what", "finding"}], "cases", "reasons"}
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


def reports_to_triage(application: ReportsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """Reports that nobody has judged yet, dangers first; rows as of `list_reports`."""
    return list_reports(application, tenant, by, states=(State.RECEIVED,))


def list_reports(
    application: ReportsApplication, tenant: UUID, by: Actor, *, states: Sequence[State] = ()
) -> list[dict[str, Any]]:
    """Reports that the caller may see, in the given states (open ones where none is given), dangers first, then oldest.

    [{"report", "state", "source", "channel", "place", "immediate_danger", "urgency", "owner", "received_at",
    "first_action_due_at", "verification_due_at"}]; walls are part of the query, so counts are of what may be seen.
    """
    chosen = _visible(tenant, by).where(reports.c.state.in_([state.value for state in states or OPEN_STATES]))
    ordered = chosen.order_by(reports.c.immediate_danger.desc(), reports.c.received_at, reports.c.report)
    with application.read(tenant) as connection:
        rows = [_aware(dict(row)) for row in connection.execute(ordered.limit(MOST_ROWS)).mappings()]
    if not rows and not by.roles - {Role.REPORTER}:
        application.record_read(tenant, by, "reports", [], "reports.need_to_know.see", allowed=False)
        raise NotPermittedError(rule="reports.need_to_know.see")
    application.record_read(tenant, by, "reports", [row["report"] for row in rows], "reports.list_of_the_permitted")
    return rows


def _visible(tenant: UUID, by: Actor) -> Select[Any]:
    """The same grounds as in `domain/access.py`, as conditions."""
    columns = (
        reports.c.report,
        reports.c.state,
        reports.c.source,
        reports.c.channel,
        reports.c.place,
        reports.c.immediate_danger,
        reports.c.urgency,
        reports.c.owner,
        reports.c.received_at,
        reports.c.first_action_due_at,
        reports.c.verification_due_at,
    )
    grounds = or_(false(), *_grounds(tenant, by))
    return select(*columns).where(reports.c.tenant == tenant, grounds, *_not_walled_off(tenant, by))


def _grounds(tenant: UUID, by: Actor) -> list[ColumnElement[bool]]:
    of_it = and_(cases_of_reports.c.tenant == tenant, cases_of_reports.c.report == reports.c.report)
    members = and_(team_members.c.tenant == tenant, team_members.c.case == cases_of_reports.c.case)
    no_team_has_it = ~exists().where(of_it, members)
    grounds = [and_(reports.c.triaged_by == by.id, no_team_has_it)]
    if by.person is not None:
        grounds.append(and_(reports.c.owner == by.person, no_team_has_it))
        grounds.append(exists().where(of_it, members, team_members.c.person == by.person, ~team_members.c.left))
    if by.roles & {Role.HEAD, Role.DEPUTY}:
        grounds.append(no_team_has_it)
    if Role.SAFEGUARDING_LEAD in by.roles:
        grounds.append(reports.c.about_the_service)
    if Role.AUDITOR in by.roles and by.purpose.startswith(AUDIT_PURPOSE):
        grounds.append(reports.c.tenant == tenant)
    return grounds


def _not_walled_off(tenant: UUID, by: Actor) -> list[ColumnElement[bool]]:
    persons, roles, of_cases = walled_persons.c, walled_roles.c, walled_from_cases.c
    of_it = and_(cases_of_reports.c.tenant == tenant, cases_of_reports.c.report == reports.c.report)
    case = and_(of_cases.tenant == tenant, of_cases.case == cases_of_reports.c.case)
    return [
        ~exists().where(of_it, case, of_cases.person == by.person),
        ~exists().where(persons.tenant == tenant, persons.report == reports.c.report, persons.person == by.person),
        ~exists().where(roles.tenant == tenant, roles.report == reports.c.report, roles.role.in_(sorted(by.roles))),
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
        "reasons": next((event.reasons for event in reversed(history) if hasattr(event, "reasons")), None),
    }


def _step(event: Report.VerificationStepRecorded) -> dict[str, Any]:
    return {"at": event.timestamp, "by": event.actor, "what": event.what, "finding": event.finding}


_ENVELOPE = {field.name for field in fields(AggregateCreated)} | {"actor"}


def _facts(event: Any) -> dict[str, Any]:
    """What an event says besides who, when and where it stands."""
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _ENVELOPE}


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its times in UTC: SQLite keeps no zone."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
    }
