"""Events -> rows; position and rows go in one transaction, and doing an event twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, update

from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.case import Case
from services.cases.domain.notice import Notice
from services.cases.domain.values import SAFEGUARDING_LEAD
from services.cases.read_models import (
    arrived_matters,
    broken_glass,
    notice_walls,
    notices,
    register_entries,
    team,
    walls,
    walls_of_matters,
)


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


def notice_raised(connection: Connection, tenant: UUID, event: Notice.Raised) -> None:
    """What came up to the department, and who of it must not learn of that."""
    _forget_notice(connection, tenant, event.originator_id)
    facts = {name: getattr(event, name) for name in ("school", "service", "matter", "duty", "rule")}
    times = {name: getattr(event, name).astimezone(UTC).isoformat() for name in ("due_at", "climbed_at")}
    connection.execute(insert(notices).values(tenant=tenant, notice=event.originator_id, **facts, **times))
    for person in map(UUID, event.walled):
        connection.execute(insert(notice_walls).values(tenant=tenant, person=person, notice=event.originator_id))


def notice_settled(connection: Connection, tenant: UUID, event: Notice.Settled) -> None:
    """It is over."""
    _forget_notice(connection, tenant, event.originator_id)


def glass_broken(connection: Connection, tenant: UUID, event: Case.GlassBroken) -> None:
    """Whoever coordinates, and the department's safeguarding lead, are told."""
    coordinator = [f"person:{event.coordinator}"] if event.coordinator is not None else []
    for to_whom in (*coordinator, f"role:{SAFEGUARDING_LEAD}"):
        key = (
            (broken_glass.c.tenant == tenant)
            & (broken_glass.c.notice == event.request)
            & (broken_glass.c.to_whom == to_whom)
        )
        connection.execute(delete(broken_glass).where(key))
        connection.execute(
            insert(broken_glass).values(
                tenant=tenant,
                notice=event.request,
                to_whom=to_whom,
                kind="glass_broken",
                case=event.originator_id,
                at=event.timestamp,
                until=event.until,
            )
        )


def matter_moved(connection: Connection, tenant: UUID, event: Any) -> None:
    """A matter from another school, how far it is, and whom it keeps away."""
    matter, state = event.originator_id, _STATES[event.TOPIC]
    key = (arrived_matters.c.tenant == tenant) & (arrived_matters.c.matter == matter)
    connection.execute(delete(arrived_matters).where(key))
    at = event.timestamp.astimezone(UTC).isoformat()
    row = {"tenant": tenant, "matter": matter, "school": event.school, "state": state, "at": at}
    connection.execute(insert(arrived_matters).values(**row))
    matter_walled_off(connection, tenant, event)


def matter_walled_off(connection: Connection, tenant: UUID, event: Any) -> None:
    """Whom it keeps away besides those before."""
    matter = event.originator_id
    for person in map(UUID, getattr(event, "walled", ())):
        rows = walls_of_matters.c
        wall = (rows.tenant == tenant) & (rows.matter == matter) & (rows.person == person)
        connection.execute(delete(walls_of_matters).where(wall))
        connection.execute(insert(walls_of_matters).values(tenant=tenant, matter=matter, person=person))


_STATES = {
    ArrivedMatter.Offered.TOPIC: "offered",
    ArrivedMatter.Accepted.TOPIC: "accepted",
    ArrivedMatter.Declined.TOPIC: "declined",
}

PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Case.Opened.TOPIC: case_opened,
    Case.ReportLinked.TOPIC: report_linked,
    Case.PersonWalledOff.TOPIC: person_walled_off,
    **dict.fromkeys(_STATES, matter_moved),
    ArrivedMatter.WalledOff.TOPIC: matter_walled_off,
    Case.GlassBroken.TOPIC: glass_broken,
    Case.TeamMemberJoined.TOPIC: team_member_joined,
    Case.TeamMemberLeft.TOPIC: team_member_left,
    Case.RiskAssessed.TOPIC: risk_assessed,
    Case.Closed.TOPIC: case_closed,
    Case.Reopened.TOPIC: case_reopened,
    Notice.Raised.TOPIC: notice_raised,
    Notice.Settled.TOPIC: notice_settled,
}


def _wall_off(connection: Connection, tenant: UUID, case: UUID, persons: Sequence[str]) -> None:
    for person in map(UUID, persons):
        key = (walls.c.tenant == tenant) & (walls.c.person == person) & (walls.c.case == case)
        connection.execute(delete(walls).where(key))
        connection.execute(insert(walls).values(tenant=tenant, person=person, case=case))


def _forget_notice(connection: Connection, tenant: UUID, notice: UUID) -> None:
    for table in (notices, notice_walls):
        connection.execute(delete(table).where(table.c.tenant == tenant, table.c.notice == notice))


def _forget_entry(connection: Connection, tenant: UUID, case: UUID) -> None:
    key = (register_entries.c.tenant == tenant) & (register_entries.c.case == case)
    connection.execute(delete(register_entries).where(key))


def _forget_member(connection: Connection, tenant: UUID, case: UUID, person: UUID) -> None:
    key = (team.c.tenant == tenant) & (team.c.person == person) & (team.c.case == case)
    connection.execute(delete(team).where(key))


def _change_entry(connection: Connection, tenant: UUID, case: UUID, **values: Any) -> None:
    key = (register_entries.c.tenant == tenant) & (register_entries.c.case == case)
    connection.execute(update(register_entries).where(key).values(**values))
