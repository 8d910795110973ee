"""Our events as rows, in the same transaction as the follower's position; doing one again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, update

from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import SENT, Channel, OutMessage, State
from services.referrals.read_models import (
    directory,
    messages_to_send,
    partner_inbox,
    referrals_of_cases,
    sending_attempts,
    walls_of_cases,
)


def _put(connection: Connection, table: Table, tenant: UUID, key: Mapping[str, Any], **values: Any) -> None:
    """Writes one row, in place of the one that has its key."""
    same = [table.c.tenant == tenant, *(table.c[name] == value for name, value in key.items())]
    connection.execute(delete(table).where(*same))
    connection.execute(insert(table).values(tenant=tenant, **key, **values))


def _agency_listed(connection: Connection, tenant: UUID, event: Agency.Listed | Agency.EntryRevised) -> None:
    _put(
        connection,
        directory,
        tenant,
        {"agency": event.originator_id},
        kind=event.kind,
        channel=event.channel,
        virtual_host=event.virtual_host,
        version=event.originator_version,
    )


def _team_formed(connection: Connection, tenant: UUID, event: CaseTeam.Formed) -> None:
    for person in event.walled:
        _put(connection, walls_of_cases, tenant, {"case": event.originator_id, "person": UUID(person)})


def _person_walled_off(connection: Connection, tenant: UUID, event: CaseTeam.PersonWalledOff) -> None:
    _put(connection, walls_of_cases, tenant, {"case": event.originator_id, "person": event.person})


def _drafted(connection: Connection, tenant: UUID, event: Referral.Drafted) -> None:
    _put(
        connection,
        referrals_of_cases,
        tenant,
        {"referral": event.originator_id},
        case=event.case,
        agency=event.agency,
        state=State.DRAFT.value,
        changed_at=event.timestamp,
    )


def _set_state(connection: Connection, tenant: UUID, event: Any, state: str) -> None:
    table = referrals_of_cases
    row = update(table).where(table.c.tenant == tenant, table.c.referral == event.originator_id)
    connection.execute(row.values(state=state, changed_at=event.timestamp))


def _moved(state: State) -> Callable[[Connection, UUID, Any], None]:
    def moved(connection: Connection, tenant: UUID, event: Any) -> None:
        _set_state(connection, tenant, event, state.value)

    return moved


def _resumed(connection: Connection, tenant: UUID, event: Referral.Resumed) -> None:
    _set_state(connection, tenant, event, event.state)


def _placed(connection: Connection, tenant: UUID, event: InboxEntry.Placed) -> None:
    _put(
        connection,
        partner_inbox,
        tenant,
        {"referral": event.referral},
        school=event.school,
        state=State.REQUESTED.value,
        requested_at=event.requested_at,
        acknowledge_by=event.acknowledge_by,
        begin_by=event.begin_by,
        report_back_by=event.report_back_by,
        changed_at=event.requested_at,
    )
    if Channel(event.channel) in SENT:
        _to_send(connection, tenant, event.referral, event.school, OutMessage.REQUESTED)


def _state_noted(connection: Connection, tenant: UUID, event: InboxEntry.StateNoted) -> None:
    table = partner_inbox
    row = update(table).where(table.c.tenant == tenant, table.c.referral == event.referral)
    connection.execute(row.values(state=event.state, changed_at=event.changed_at))
    if event.state == State.CANCELLED and Channel(event.channel) in SENT:
        # Said even where the request seems unsent: it may have been sent just before a crash.
        _no_longer_to_send(connection, tenant, event.referral, OutMessage.REQUESTED)
        _to_send(connection, tenant, event.referral, event.school, OutMessage.CANCELLED)


def _to_send(connection: Connection, tenant: UUID, referral: UUID, school: UUID, message: OutMessage) -> None:
    key = {"referral": referral, "message": message.value}
    _put(connection, messages_to_send, tenant, key, school=school)


def _no_longer_to_send(connection: Connection, tenant: UUID, referral: UUID, message: str) -> None:
    table = messages_to_send
    sent = [table.c.tenant == tenant, table.c.referral == referral, table.c.message == message]
    connection.execute(delete(table).where(*sent))


def _told(connection: Connection, tenant: UUID, event: InboxEntry.Told) -> None:
    _no_longer_to_send(connection, tenant, event.referral, event.message)
    _tried(connection, tenant, event, attempt=0, status="taken", next_at=None)


def _sending_failed(connection: Connection, tenant: UUID, event: InboxEntry.SendingFailed) -> None:
    _tried(connection, tenant, event, attempt=event.attempt, status=event.status, next_at=event.next_at)


def _sending_resumed(connection: Connection, tenant: UUID, event: InboxEntry.SendingResumed) -> None:
    _to_send(connection, tenant, event.referral, event.school, OutMessage(event.message))


def _tried(connection: Connection, tenant: UUID, event: Any, **facts: Any) -> None:
    """The delivery log: ids, codes and times."""
    key = {"referral": event.referral, "number": event.originator_version}
    _put(connection, sending_attempts, tenant, key, message=event.message, at=event.timestamp, **facts)


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Agency.Listed.TOPIC: _agency_listed,
    Agency.EntryRevised.TOPIC: _agency_listed,
    CaseTeam.Formed.TOPIC: _team_formed,
    CaseTeam.PersonWalledOff.TOPIC: _person_walled_off,
    Referral.Drafted.TOPIC: _drafted,
    Referral.Requested.TOPIC: _moved(State.REQUESTED),
    Referral.Accepted.TOPIC: _moved(State.ACCEPTED),
    Referral.Declined.TOPIC: _moved(State.REJECTED),
    Referral.Begun.TOPIC: _moved(State.IN_PROGRESS),
    Referral.PutOnHold.TOPIC: _moved(State.ON_HOLD),
    Referral.Resumed.TOPIC: _resumed,
    Referral.Completed.TOPIC: _moved(State.COMPLETED),
    Referral.Failed.TOPIC: _moved(State.FAILED),
    Referral.Cancelled.TOPIC: _moved(State.CANCELLED),
    InboxEntry.Placed.TOPIC: _placed,
    InboxEntry.StateNoted.TOPIC: _state_noted,
    InboxEntry.Told.TOPIC: _told,
    InboxEntry.SendingFailed.TOPIC: _sending_failed,
    InboxEntry.SendingResumed.TOPIC: _sending_resumed,
}
