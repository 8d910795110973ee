"""Leads a lane into the new incarnation of a source that was restored from an older copy.

What the source kept and the lane had not handled is handled first; what the lane handled and the source no longer knows
is named; then the lane moves, in one transaction with the event that says all that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from shared.domain import Actor
from shared.ledger.append import append_within
from shared.ledger.append_request import AppendRequest, AppendResult
from shared.ledger.incarnation import LOG_RESTORED, as_ranges
from shared.ledger.lane_acts import LaneAct
from shared.ledger.postgres_append import append_by
from shared.ledger.tables import inbox, lanes
from shared.messaging.agreement import Crossing, Stand, Told, next_crossing, no_longer_known
from shared.messaging.envelope import PublicEvent
from shared.messaging.lane_commands import LaneRefusedError, Pull, act, all_events, lane_of, try_now
from shared.messaging.lanes import Lanes, Outcome
from shared.runners.parts import ServiceApp

SETTLED = "reconciled"


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """What was done to a lane: numbers as [from, to]."""

    tenant: UUID
    from_number: int
    to_number: int
    handled: list[list[int]]
    lost: list[list[int]]
    told_before: list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Reconciling:
    """Reconciles lanes of one listening service with one restored source."""

    listener: ServiceApp
    source: str
    pull: Pull
    by: Actor
    reason: str

    def reconcile(self, tenant: UUID) -> list[Reconciled]:
        """Leads one lane as far as the source's restorations lead; nothing where it follows the source already.

        Raises LaneRefusedError.
        """
        heard = {event.heard.number: event for event in all_events(self.pull, tenant)}
        told = [told_of(event) for event in heard.values()]
        done = []
        while (crossing := next_crossing(told, stand := self.stand(tenant))) is not None:
            done.append(self._cross(tenant, told, stand, crossing, heard))
        if not done:
            self._refuse_unless_following(tenant, told, stand)
        return done

    def stand(self, tenant: UUID) -> Stand:
        """How far the listener is."""
        return stand_of(self.listener, self.source, tenant)

    def _refuse_unless_following(self, tenant: UUID, told: list[Told], stand: Stand) -> None:
        if not any(one.kept is not None for one in told):
            raise LaneRefusedError("source_not_restored")
        if stand.incarnation != told[-1].incarnation:
            raise LaneRefusedError("restoration_does_not_fit")
        if lane_of(self.listener, self.source, tenant).is_stopped:
            raise LaneRefusedError("source_not_restored")

    def _cross(
        self, tenant: UUID, told: list[Told], stand: Stand, crossing: Crossing, heard: dict[int, PublicEvent]
    ) -> Reconciled:
        own = Lanes(self.listener.application)
        for one in crossing.pending:
            if own.take_kept(heard[one.number]) not in (Outcome.DONE, Outcome.DUPLICATE):
                raise LaneRefusedError("kept_event_fails")
        found = self.stand(tenant)
        reconciled = Reconciled(
            tenant=tenant,
            from_number=found.number,
            to_number=crossing.settled[-1].number,
            handled=as_ranges([one.number for one in crossing.pending]),
            lost=as_ranges(no_longer_known(told, found)),
            told_before=as_ranges([one.number for one in crossing.settled[1:]]),
        )
        self._move(reconciled, found, crossing)
        return reconciled

    def _move(self, reconciled: Reconciled, found: Stand, crossing: Crossing) -> None:
        tenant, incarnation = reconciled.tenant, crossing.settled[-1].incarnation
        facts: dict[str, Any] = {
            "source": self.source,
            "previous": found.incarnation,
            "incarnation": incarnation,
            "from_number": reconciled.from_number,
            "to_number": reconciled.to_number,
            "handled": reconciled.handled,
            "lost": reconciled.lost,
            "told_before": reconciled.told_before,
            "reason": self.reason,
        }
        ledger = self.listener.application.for_tenant(tenant)
        request = act(ledger, LaneAct.LaneReconciled, self.by, facts)
        with self.listener.database.tenant(tenant) as connection:
            result = _move_lane(connection, request, self.source, found, crossing)
            if result.status != "done":
                raise LaneRefusedError("lane_moved")
            try_now(connection, tenant, self.source)
        self.listener.application.parts.woken(tenant)


def told_of(event: PublicEvent) -> Told:
    """What an event of a source is to a comparison."""
    heard = event.heard
    is_mark = heard.type == f"{heard.source}.{LOG_RESTORED}"
    kept = int(event.body["last_number_kept"]) if is_mark else None
    return Told(number=heard.number, hash=heard.hash, incarnation=heard.incarnation, kept=kept)


def stand_of(listener: ServiceApp, source: str, tenant: UUID) -> Stand:
    """How far a listener is in one lane."""
    of_lane = select(lanes).where(lanes.c.tenant == tenant, lanes.c.source == source)
    of_inbox = select(inbox.c.number, inbox.c.hash).where(inbox.c.tenant == tenant, inbox.c.source == source)
    with listener.database.tenant(tenant) as connection:
        lane = connection.execute(of_lane).one_or_none()
        handled = {row.number: bytes(row.hash) for row in connection.execute(of_inbox)}
    return Stand(number=lane.number if lane else 0, incarnation=lane.incarnation if lane else None, handled=handled)


def _move_lane(
    connection: Connection, request: AppendRequest, source: str, found: Stand, crossing: Crossing
) -> AppendResult:
    last = crossing.settled[-1]
    numbers, hashes = [one.number for one in crossing.settled], [one.hash for one in crossing.settled]
    if connection.dialect.name == "sqlite":
        return _move_on_sqlite(connection, request, source, found, crossing)
    before = (
        ("text", source),
        ("bigint", found.number),
        ("uuid", found.incarnation),
        ("bigint", last.number),
        ("uuid", last.incarnation),
        ("bigint[]", numbers),
        ("bytea[]", hashes),
        ("text", SETTLED),
    )
    return append_by(connection, "move_lane", before, request)


def _move_on_sqlite(
    connection: Connection, request: AppendRequest, source: str, found: Stand, crossing: Crossing
) -> AppendResult:
    """The steps of `ledger.move_lane`."""
    last, of_lane = crossing.settled[-1], (lanes.c.tenant == request.tenant) & (lanes.c.source == source)
    lane = connection.execute(select(lanes).where(of_lane)).one_or_none()
    if (lane.number if lane else 0, lane.incarnation if lane else None) != (found.number, found.incarnation):
        return AppendResult(status="conflict", answer=None, last_position=0)
    for one in crossing.settled:
        settled = {"source": source, "number": one.number, "hash": one.hash, "outcome": SETTLED}
        connection.execute(insert(inbox).values(tenant=request.tenant, **settled))
    moved = {"number": last.number, "incarnation": last.incarnation}
    if lane is None:
        connection.execute(insert(lanes).values(tenant=request.tenant, source=source, **moved))
    else:
        connection.execute(update(lanes).where(of_lane).values(**moved))
    return append_within(connection, request)
