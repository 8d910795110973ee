"""Our events as rows, in the same transaction as the follower's position; doing one again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, update

from services.reports.domain.case_team import CaseTeam
from services.reports.domain.report import Report
from services.reports.domain.values import State
from services.reports.read_models import (
    cases_of_reports,
    kinds_of_reports,
    reports,
    team_members,
    walled_from_cases,
    walled_persons,
    walled_roles,
)


def received(connection: Connection, tenant: UUID, event: Report.Received) -> None:
    """A row, its kinds, and whom it is kept from."""
    report = event.originator_id
    _put(
        connection,
        reports,
        tenant,
        {"report": report},
        state=State.RECEIVED.value,
        source=event.source,
        channel=event.channel,
        place=event.place,
        immediate_danger=event.immediate_danger,
        triaged_by="",
        about_the_service=any(one["person"] or one["role"] for one in event.accused),
        received_at=event.timestamp,
        first_action_due_at=event.first_action_due_at,
    )
    _set_kinds(connection, tenant, report, event.kinds)
    for person in event.walled:
        _put(connection, walled_persons, tenant, {"report": report, "person": person})
    for index, one in enumerate(event.accused):
        if one["role"] is not None and one["person"] is None:
            _put(connection, walled_roles, tenant, {"report": report, "accused": str(index)}, role=one["role"])


def person_walled_off(connection: Connection, tenant: UUID, event: Report.PersonWalledOff) -> None:
    """One more is kept away; a role is free again when it is known who of its holders it is."""
    report = event.originator_id
    _put(connection, walled_persons, tenant, {"report": report, "person": event.person})
    if event.accused is not None:
        _drop(connection, walled_roles, tenant, {"report": report, "accused": str(event.accused)})
        _change(connection, tenant, report, about_the_service=True)


def triaged(connection: Connection, tenant: UUID, event: Report.Triaged) -> None:
    """Judged: kinds, danger, urgency, proposed owner."""
    _set_kinds(connection, tenant, event.originator_id, event.kinds)
    _change(
        connection,
        tenant,
        event.originator_id,
        state=State.TRIAGED.value,
        immediate_danger=event.immediate_danger,
        urgency=event.urgency,
        owner=event.owner,
        triaged_by=event.actor,
        verification_due_at=event.verification_due_at,
    )


def verification_begun(connection: Connection, tenant: UUID, event: Report.VerificationBegun) -> None:
    """Somebody verifies it."""
    _change(connection, tenant, event.originator_id, state=State.UNDER_VERIFICATION.value, owner=event.owner)


def confirmed(connection: Connection, tenant: UUID, event: Report.Confirmed) -> None:
    """A fact, perhaps part of cases that there are."""
    _set_kinds(connection, tenant, event.originator_id, event.kinds)
    _change(connection, tenant, event.originator_id, state=State.CONFIRMED.value, place=event.place)
    for case in event.cases:
        _put(connection, cases_of_reports, tenant, {"report": event.originator_id, "case": case})


def not_confirmed(connection: Connection, tenant: UUID, event: Report.NotConfirmed) -> None:
    """No fact."""
    _change(connection, tenant, event.originator_id, state=State.NOT_CONFIRMED.value)


def left_out_of_scope(connection: Connection, tenant: UUID, event: Report.LeftOutOfScope) -> None:
    """Nothing for this service."""
    _change(connection, tenant, event.originator_id, state=State.OUT_OF_SCOPE.value)


def case_linked(connection: Connection, tenant: UUID, event: Report.CaseLinked) -> None:
    """The case it led to."""
    _put(connection, cases_of_reports, tenant, {"report": event.originator_id, "case": event.case})


def member_joined(connection: Connection, tenant: UUID, event: CaseTeam.MemberJoined) -> None:
    """May read the reports that led to the case."""
    _put_member(connection, tenant, event, left=False)


def member_left(connection: Connection, tenant: UUID, event: CaseTeam.MemberLeft) -> None:
    """May not any more; the row stays, since it says that a team has had the case."""
    _put_member(connection, tenant, event, left=True)


def _put_member(connection: Connection, tenant: UUID, event: Any, *, left: bool) -> None:
    _put(connection, team_members, tenant, {"case": event.case, "person": event.person}, left=left)


def _put(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any], **values: Any) -> None:
    """Writes one row, in place of the one that has its key."""
    _drop(connection, table, tenant, key)
    connection.execute(insert(table).values(tenant=tenant, **key, **values))


def walled_off_from_case(connection: Connection, tenant: UUID, event: CaseTeam.PersonWalledOff) -> None:
    """Kept away from every report of the case."""
    _put(connection, walled_from_cases, tenant, {"case": event.case, "person": event.person})


def _drop(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any]) -> None:
    same = [table.c.tenant == tenant, *(table.c[name] == value for name, value in key.items())]
    connection.execute(delete(table).where(*same))


def _change(connection: Connection, tenant: UUID, report: UUID, **values: Any) -> None:
    row = update(reports).where(reports.c.tenant == tenant, reports.c.report == report)
    connection.execute(row.values(**values))


def _set_kinds(connection: Connection, tenant: UUID, report: UUID, kinds: list[str]) -> None:
    _drop(connection, kinds_of_reports, tenant, {"report": report})
    for kind in kinds:
        connection.execute(insert(kinds_of_reports).values(tenant=tenant, report=report, kind=kind))


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Report.Received.TOPIC: received,
    Report.PersonWalledOff.TOPIC: person_walled_off,
    Report.Triaged.TOPIC: triaged,
    Report.VerificationBegun.TOPIC: verification_begun,
    Report.Confirmed.TOPIC: confirmed,
    Report.NotConfirmed.TOPIC: not_confirmed,
    Report.LeftOutOfScope.TOPIC: left_out_of_scope,
    Report.CaseLinked.TOPIC: case_linked,
    CaseTeam.MemberJoined.TOPIC: member_joined,
    CaseTeam.MemberLeft.TOPIC: member_left,
    CaseTeam.PersonWalledOff.TOPIC: walled_off_from_case,
}
