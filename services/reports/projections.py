"""Our events as rows, in the same transaction as the follower's position; doing one again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, update

from services.reports.domain.breach import Breach
from services.reports.domain.case_team import CaseTeam
from services.reports.domain.receipt import Receipt
from services.reports.domain.report import Report
from services.reports.domain.same_events import SameEvents
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import State
from services.reports.read_models import (
    added_facts,
    adult_marks,
    breaches,
    cases_of_reports,
    child_marks,
    judged_pairs,
    kinds_of_reports,
    receipts,
    reports,
    reports_of_notes,
    response_times_of_reports,
    sign_notes,
    team_members,
    times_of_reports,
    walled_from_breaches,
    walled_from_cases,
    walled_from_notes,
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
    known = {"happened_at": event.happened_at, "received_at": event.timestamp}
    _put(connection, response_times_of_reports, tenant, {"report": report}, **known)
    _put(connection, times_of_reports, tenant, {"report": report}, at=event.happened_at or event.timestamp)
    _mark(connection, tenant, report, event.child_marks or {})
    for mark in [*event.adult_marks, *(f"person:{one['person']}" for one in event.accused if one["person"])]:
        _put(connection, adult_marks, tenant, {"mark": mark, "report": report})
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
        _put(connection, adult_marks, tenant, {"mark": f"person:{event.person}", "report": report})


def acted_on(connection: Connection, tenant: UUID, event: Any) -> None:
    """Something was done; what was done first is kept."""
    times = response_times_of_reports
    row = update(times).where(times.c.tenant == tenant, times.c.report == event.originator_id)
    connection.execute(row.where(times.c.first_action_at.is_(None)).values(first_action_at=event.timestamp))


def triaged(connection: Connection, tenant: UUID, event: Report.Triaged) -> None:
    """Judged: kinds, danger, urgency, proposed owner."""
    acted_on(connection, tenant, event)
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


def facts_added(connection: Connection, tenant: UUID, event: Report.FactsAdded | Report.AttachmentAdded) -> None:
    """Whoever reported said more."""
    key = {"report": event.originator_id, "version": event.originator_version}
    _put(connection, added_facts, tenant, key, at=event.timestamp)


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


def reports_joined(connection: Connection, tenant: UUID, event: SameEvents.Joined) -> None:
    """About the same events."""
    _judge(connection, tenant, event, "joined")


def reports_kept_apart(connection: Connection, tenant: UUID, event: SameEvents.KeptApart) -> None:
    """Only alike."""
    _judge(connection, tenant, event, "kept_apart")


def _judge(connection: Connection, tenant: UUID, event: Any, judged: str) -> None:
    report, other = event.reports
    key = {"pair": event.originator_id}
    _put(connection, judged_pairs, tenant, key, report=report, other=other, judged=judged)


def sign_noted(connection: Connection, tenant: UUID, event: SignNote.Noted) -> None:
    """A note, by what its child is found again, and whom it is kept from."""
    note = event.originator_id
    _put(
        connection,
        sign_notes,
        tenant,
        {"note": note},
        method=event.method,
        noted_by=event.actor,
        noted_at=event.timestamp,
        consider_by=event.consider_by,
        about_the_service=any(one["person"] or one["role"] for one in event.accused),
    )
    _mark(connection, tenant, note, event.child_marks)
    for whom in [*map(str, event.walled), *(f"role:{role}" for role in event.walled_roles)]:
        _put(connection, walled_from_notes, tenant, {"note": note, "whom": whom})


def sign_considered(connection: Connection, tenant: UUID, event: SignNote.Considered) -> None:
    """What came of it last, and the report whose walls are its own from now on."""
    if event.report is not None:
        _put(connection, reports_of_notes, tenant, {"note": event.originator_id, "report": event.report})
    row = update(sign_notes).where(sign_notes.c.tenant == tenant, sign_notes.c.note == event.originator_id)
    connection.execute(row.values(outcome=event.outcome))


def _mark(connection: Connection, tenant: UUID, subject: UUID, marks: Mapping[str, str]) -> None:
    for kind, mark in marks.items():
        _put(connection, child_marks, tenant, {"kind": kind, "mark": mark, "subject": subject})


def receipt_issued(connection: Connection, tenant: UUID, event: Receipt.Issued) -> None:
    """Where it leads to."""
    _put(connection, receipts, tenant, {"receipt": event.originator_id}, report=event.report)


def breach_reported(connection: Connection, tenant: UUID, event: Breach.Reported) -> None:
    """A breach, and whom it is kept from."""
    breach = event.originator_id
    _put(connection, breaches, tenant, {"breach": breach}, report=event.report)
    for person in event.walled:
        _wall_breach(connection, tenant, breach, str(person))
    for index, one in enumerate(event.accused):
        if one["role"] is not None and one["person"] is None:
            _wall_breach(connection, tenant, breach, f"role:{one['role']}", str(index))


def breach_person_walled_off(connection: Connection, tenant: UUID, event: Breach.PersonWalledOff) -> None:
    """One more is kept away; a role is free again when it is known who of its holders it is."""
    breach = event.originator_id
    if event.accused is not None:
        _drop(connection, walled_from_breaches, tenant, {"breach": breach, "accused": str(event.accused)})
    _wall_breach(connection, tenant, breach, str(event.person))


def _wall_breach(connection: Connection, tenant: UUID, breach: UUID, whom: str, accused: str = "") -> None:
    _put(connection, walled_from_breaches, tenant, {"breach": breach, "whom": whom, "accused": accused})


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
    Report.UrgentActionTaken.TOPIC: acted_on,
    Report.Triaged.TOPIC: triaged,
    Report.VerificationBegun.TOPIC: verification_begun,
    Report.FactsAdded.TOPIC: facts_added,
    Report.AttachmentAdded.TOPIC: facts_added,
    Report.Confirmed.TOPIC: confirmed,
    Report.NotConfirmed.TOPIC: not_confirmed,
    Report.LeftOutOfScope.TOPIC: left_out_of_scope,
    Report.CaseLinked.TOPIC: case_linked,
    SameEvents.Joined.TOPIC: reports_joined,
    SameEvents.KeptApart.TOPIC: reports_kept_apart,
    Receipt.Issued.TOPIC: receipt_issued,
    Breach.Reported.TOPIC: breach_reported,
    Breach.PersonWalledOff.TOPIC: breach_person_walled_off,
    SignNote.Noted.TOPIC: sign_noted,
    SignNote.Considered.TOPIC: sign_considered,
    CaseTeam.MemberJoined.TOPIC: member_joined,
    CaseTeam.MemberLeft.TOPIC: member_left,
    CaseTeam.PersonWalledOff.TOPIC: walled_off_from_case,
}
