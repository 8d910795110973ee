"""Events -> rows; position and rows go in one transaction, and doing an event twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, update

from services.cases.domain.case import Case
from services.cases.read_models import register_entries, team, walls


def case_opened(connection: Connection, tenant: UUID, event: Case.Opened) -> None:
    """The register's line, and whom the case walls off."""
    case = event.originator_id
    _forget_entry(connection, tenant, case)
    connection.execute(
        insert(register_entries).values(
            tenant=tenant,
            case=case,
            register_year=event.register_year,
            number=event.number,
            opened_at=event.timestamp.astimezone(UTC).isoformat(),
            level=None,
            is_open=True,
        )
    )
    _wall_off(connection, tenant, case, event.walled)


def report_linked(connection: Connection, tenant: UUID, event: Case.ReportLinked) -> None:
    """Whom the newly linked report walls off."""
    _wall_off(connection, tenant, event.originator_id, event.walled)


def person_walled_off(connection: Connection, tenant: UUID, event: Case.PersonWalledOff) -> None:
    """One more is kept away."""
    _wall_off(connection, tenant, event.originator_id, [str(event.person)])


def team_member_joined(connection: Connection, tenant: UUID, event: Case.TeamMemberJoined) -> None:
    """The person's case, under the role."""
    _forget_member(connection, tenant, event.originator_id, event.person)
    connection.execute(
        insert(team).values(tenant=tenant, person=event.person, case=event.originator_id, role=event.role)
    )


def team_member_left(connection: Connection, tenant: UUID, event: Case.TeamMemberLeft) -> None:
    """No longer the person's case."""
    _forget_member(connection, tenant, event.originator_id, event.person)


def risk_assessed(connection: Connection, tenant: UUID, event: Case.RiskAssessed) -> None:
    """The level in the register's line."""
    _change_entry(connection, tenant, event.originator_id, level=event.level)


def case_closed(connection: Connection, tenant: UUID, event: Case.Closed) -> None:
    """Closed in the register's line."""
    _change_entry(connection, tenant, event.originator_id, is_open=False)


def case_reopened(connection: Connection, tenant: UUID, event: Case.Reopened) -> None:
    """Open again in the register's line."""
    _change_entry(connection, tenant, event.originator_id, is_open=True)


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.PersonWalledOff.TOPIC: person_walled_off,
    Case.TeamMemberJoined.TOPIC: team_member_joined,
    Case.TeamMemberLeft.TOPIC: team_member_left,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
}


def _wall_off(connection: Connection, tenant: UUID, case: UUID, persons: Sequence[str]) -> None:
    for person in map(UUID, persons):
        key = (walls.c.tenant == tenant) & (walls.c.person == person) & (walls.c.case == case)
        connection.execute(delete(walls).where(key))
        connection.execute(insert(walls).values(tenant=tenant, person=person, case=case))


def _forget_entry(connection: Connection, tenant: UUID, case: UUID) -> None:
    key = (register_entries.c.tenant == tenant) & (register_entries.c.case == case)
    connection.execute(delete(register_entries).where(key))


def _forget_member(connection: Connection, tenant: UUID, case: UUID, person: UUID) -> None:
    key = (team.c.tenant == tenant) & (team.c.person == person) & (team.c.case == case)
    connection.execute(delete(team).where(key))


def _change_entry(connection: Connection, tenant: UUID, case: UUID, **values: Any) -> None:
    key = (register_entries.c.tenant == tenant) & (register_entries.c.case == case)
    connection.execute(update(register_entries).where(key).values(**values))
