"""What an operator may do to a lane, each with a reason and as an event of the listening service's own log.

LaneRefusedError    `code`: lane_not_waiting, lane_stopped, lane_moved, not_the_next_number,
                    source_has_no_such_number, other_incarnation, source_not_restored, restoration_does_not_fit,
                    kept_event_fails
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.append import append_within
from shared.ledger.append_request import AppendRequest, InboxMark
from shared.ledger.application import TenantLedger
from shared.ledger.lane_acts import LaneAct
from shared.ledger.recorder import microseconds
from shared.ledger.tables import lanes, waiting_lanes
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import ALARM
from shared.runners.parts import ServiceApp

SKIPPED = "skipped"
Pull = Callable[[UUID, int], list[PublicEvent]]
"""A page of the source's public events of a tenant, with numbers behind the one given, in order; empty at the end."""


class LaneRefusedError(Exception):
    """A lane on which this can't be done; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class LaneState:
    """One lane of a listening service; `since` and `retry_at` in microseconds since 1970 UTC, where it waits."""

    service: str
    source: str
    tenant: UUID
    number: int
    incarnation: UUID | None
    reason: str = ""
    attempts: int = 0
    since: int | None = None
    retry_at: int | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still until somebody acts."""
        return self.reason.startswith(ALARM)


def lanes_of(service: ServiceApp) -> list[LaneState]:
    """All lanes of a listening service, those too that wait for their first event; by source and tenant."""
    with service.database.relay() as connection:
        known = {(row.source, row.tenant): row for row in connection.execute(select(lanes))}
        waiting = {(row.source, row.tenant): row for row in connection.execute(select(waiting_lanes))}
    return [
        _state(service.name, source, tenant, known.get((source, tenant)), waiting.get((source, tenant)))
        for source, tenant in sorted(known.keys() | waiting.keys(), key=lambda one: (one[0], str(one[1])))
    ]


def lane_of(service: ServiceApp, source: str, tenant: UUID) -> LaneState:
    """One lane, as it stands now; number 0 where nothing was handled yet."""
    with service.database.tenant(tenant) as connection:
        return _lane_in(connection, service.name, source, tenant)


def _lane_in(connection: Connection, service: str, source: str, tenant: UUID) -> LaneState:
    known = select(lanes).where(lanes.c.tenant == tenant, lanes.c.source == source)
    waits = select(waiting_lanes).where(waiting_lanes.c.tenant == tenant, waiting_lanes.c.source == source)
    lane, waiting = connection.execute(known).one_or_none(), connection.execute(waits).one_or_none()
    return _state(service, source, tenant, lane, waiting)


def _state(service: str, source: str, tenant: UUID, lane: Any, waiting: Any) -> LaneState:
    return LaneState(
        service=service,
        source=source,
        tenant=tenant,
        number=lane.number if lane else 0,
        incarnation=lane.incarnation if lane else None,
        reason=waiting.reason if waiting else "",
        attempts=waiting.attempts if waiting else 0,
        since=waiting.since if waiting else None,
        retry_at=waiting.retry_at if waiting else None,
    )


def retry(service: ServiceApp, source: str, tenant: UUID, by: Actor, reason: str) -> LaneState:
    """Has a waiting or stopped lane tried again at once; what stopped it stops it again, if it is still so.

    Gives the lane as it was. Raises LaneRefusedError.
    """
    ledger = service.application.for_tenant(tenant)
    with service.database.tenant(tenant) as connection:
        lane = _lane_in(connection, service.name, source, tenant)
        if not lane.reason:
            raise LaneRefusedError("lane_not_waiting")
        facts = {"source": source, "was": lane.reason, "reason": reason}
        _record(connection, act(ledger, LaneAct.LaneRetried, by, facts))
        try_now(connection, tenant, source)
    service.application.parts.woken(tenant)
    return lane


def skip(service: ServiceApp, event: PublicEvent, by: Actor, reason: str) -> None:
    """Settles exactly this public event, which must be its lane's next, without any effect. Raises LaneRefusedError."""
    heard = event.heard
    ledger = service.application.for_tenant(heard.tenant)
    mark = InboxMark(
        source=heard.source, number=heard.number, hash=heard.hash, incarnation=heard.incarnation, outcome=SKIPPED
    )
    facts = {"source": heard.source, "number": heard.number, "type": heard.type, "hash": heard.hash.hex()}
    request = act(ledger, LaneAct.PublicEventSkipped, by, {**facts, "reason": reason}, inbox=mark)
    with service.database.tenant(heard.tenant) as connection:
        lane = _lane_in(connection, service.name, heard.source, heard.tenant)
        if lane.is_stopped:
            raise LaneRefusedError("lane_stopped")
        if lane.incarnation not in (None, heard.incarnation):
            raise LaneRefusedError("other_incarnation")
        _record(connection, request)
        try_now(connection, heard.tenant, heard.source)
    service.application.parts.woken(heard.tenant)


def event_of(pull: Pull, tenant: UUID, number: int) -> PublicEvent:
    """The source's public event of that number. Raises LaneRefusedError."""
    page = pull(tenant, number - 1)
    if not page or page[0].heard.number != number:
        raise LaneRefusedError("source_has_no_such_number")
    return page[0]


def all_events(pull: Pull, tenant: UUID) -> Iterator[PublicEvent]:
    """All public events that a source has of a tenant, in order."""
    after = 0
    while page := pull(tenant, after):
        yield from page
        after = page[-1].heard.number


def act(ledger: TenantLedger, event_class: Any, by: Actor, facts: dict[str, Any], **more: Any) -> AppendRequest:
    """The append of one act on a lane; `more` as in AppendRequest."""
    done = LaneAct.record(event_class, id=new_id(), by=by, at=ledger.now(), **facts)
    stored = [ledger.mapper.to_stored_event(event) for event in done.collect_events()]
    return ledger.recorder.request(stored, **more)


def _record(connection: Connection, request: AppendRequest) -> None:
    result = append_within(connection, request)
    if result.status != "done":
        raise LaneRefusedError("not_the_next_number" if request.inbox else "lane_moved")


def try_now(connection: Connection, tenant: UUID, source: str) -> None:
    """What a lane waited for is settled by the act in this transaction: the filler looks at once."""
    connection.execute(
        update(waiting_lanes)
        .where(waiting_lanes.c.tenant == tenant, waiting_lanes.c.source == source)
        .values(reason="gap", attempts=0, retry_at=microseconds(datetime.now(UTC)))
    )
