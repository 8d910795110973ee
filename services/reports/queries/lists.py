"""Lists: walls and grounds stand as conditions in the query, so that rows and counts are of what may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from services.reports.application import ReportsApplication
from services.reports.domain.access import AUDIT_PURPOSE
from services.reports.domain.values import Role, State
from services.reports.read_models import (
    added_facts,
    cases_of_reports,
    reports,
    team_members,
    walled_from_cases,
    walled_persons,
    walled_roles,
)
from shared.domain import Actor, NotPermittedError

OPEN_STATES = (State.RECEIVED, State.TRIAGED, State.UNDER_VERIFICATION)
MOST_ROWS = 500


def reports_to_triage(application: ReportsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """Reports that nobody has judged yet, dangers first; rows as of `list_reports`."""
    return list_reports(application, tenant, by, states=(State.RECEIVED,))


def list_reports(
    application: ReportsApplication, tenant: UUID, by: Actor, *, states: Sequence[State] = ()
) -> list[dict[str, Any]]:
    """Reports that the caller may see, in the given states (open ones where none is given), dangers first, then oldest.

    [{"report", "state", "source", "channel", "place", "immediate_danger", "urgency", "owner", "received_at",
    "first_action_due_at", "verification_due_at", "facts_added_at"}]; walls are part of the query, so counts are of
    what may be seen.
    """
    chosen = visible_reports(tenant, by).where(reports.c.state.in_([state.value for state in states or OPEN_STATES]))
    ordered = chosen.order_by(reports.c.immediate_danger.desc(), reports.c.received_at, reports.c.report)
    with application.read(tenant) as connection:
        rows = [in_utc(dict(row)) for row in connection.execute(ordered.limit(MOST_ROWS)).mappings()]
    if not rows and not by.roles - {Role.REPORTER}:
        application.record_read(tenant, by, "reports", [], "reports.need_to_know.see", allowed=False)
        raise NotPermittedError(rule="reports.need_to_know.see")
    application.record_read(tenant, by, "reports", [row["report"] for row in rows], "reports.list_of_the_permitted")
    return rows


def visible_reports(tenant: UUID, by: Actor) -> Select[Any]:
    """Reports that `by` may see: the same grounds as in `domain/access.py`, as conditions."""
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
        _last_added(tenant),
    )
    grounds = or_(false(), *_grounds(tenant, by))
    return select(*columns).where(reports.c.tenant == tenant, grounds, *_not_walled_off(tenant, by))


def _last_added(tenant: UUID) -> ColumnElement[Any]:
    """When whoever reported last said more."""
    of_it = and_(added_facts.c.tenant == tenant, added_facts.c.report == reports.c.report)
    return select(func.max(added_facts.c.at)).where(of_it).scalar_subquery().label("facts_added_at")


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


def in_utc(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its times in UTC: SQLite keeps no zone."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
    }
