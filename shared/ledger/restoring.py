"""Opens a new incarnation of one tenant's log after its database was put back from an older copy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from shared.domain import Actor
from shared.ledger.append import append_within
from shared.ledger.append_request import AppendRequest, AppendResult
from shared.ledger.application import LedgerApplication, TenantLedger
from shared.ledger.checkpoint import last_checkpoint
from shared.ledger.database import Database
from shared.ledger.incarnation import Incarnation, generation_of, number_before
from shared.ledger.merkle import MerkleEdge
from shared.ledger.postgres_append import append_by
from shared.ledger.recorder import SealedStoredEvent
from shared.ledger.tables import heads, public_events


class LogMovedError(Exception):
    """The log grew, or was restored by somebody else, while this was decided: to be decided again."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A tenant's log as it was put back: its head, nothing where it has none, and its public rows."""

    incarnation: UUID | None
    size: int
    public_number: int
    public: Sequence[Row[Any]]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What is to be opened: the new incarnation, how far the old one holds, and what is known to be lost.

    `told_again` are the public numbers whose events follow under new ones. `previous` is the incarnation that listeners
    know, where the log itself is gone.
    """

    incarnation: UUID
    generation: int
    previous: UUID
    last_number_kept: int
    told_again: Sequence[int]
    lost: Sequence[Mapping[str, Any]]
    incident: str
    reason: str
    by: Actor


def found_log(database: Database, tenant: UUID, log: str) -> Found:
    """The head of a tenant's log and its public rows, in order of their numbers, read together."""
    with database.tenant(tenant) as connection:
        chosen = select(heads).where(heads.c.tenant == tenant, heads.c.log == log)
        head = connection.execute(chosen).one_or_none()
        rows = connection.execute(
            select(public_events).where(public_events.c.tenant == tenant).order_by(public_events.c.number)
        ).all()
    if head is None:
        return Found(incarnation=None, size=0, public_number=0, public=rows)
    return Found(incarnation=head.incarnation, size=head.size, public_number=head.public_number, public=rows)


def has_incarnation(found: Found, incarnation: UUID) -> bool:
    """Whether a log is, or was, in this incarnation."""
    return found.incarnation == incarnation or any(row.incarnation == incarnation for row in found.public)


def open_incarnation(application: LedgerApplication, tenant: UUID, found: Found, opening: Opening) -> int:
    """Opens it, and tells again what is behind the last number kept: all in one transaction; gives the log's size.

    Raises LogMovedError where the log is not as it was found.
    """
    if opening.generation <= generation_of(found.public_number):
        raise ValueError("an incarnation's numbers begin behind all that were given")
    ledger = application.for_tenant(tenant)
    again = [row for row in found.public if row.number in set(opening.told_again)]
    stored = _stored(ledger, opening, again, _kept(application.parts.database, tenant))
    first = ledger.recorder.request(stored[:1], incarnation=opening.incarnation)
    with application.parts.database.tenant(tenant) as connection:
        result = _open(connection, found, number_before(opening.generation), first)
        if result.status != "done":
            raise LogMovedError(result.status)
        for row, event in zip(again, stored[1:], strict=True):
            request = ledger.recorder.request([event], cause=row.cause, correlation=row.correlation)
            result = append_within(connection, request)
            if result.status != "done":
                raise LogMovedError(result.status)
    application.parts.woken(tenant)
    return result.last_position


def _stored(
    ledger: TenantLedger, opening: Opening, again: Sequence[Row[Any]], kept: list[dict[str, Any]]
) -> list[SealedStoredEvent]:
    incarnation = Incarnation.open(
        tenant=ledger.tenant,
        log=ledger.recorder.log,
        incarnation=opening.incarnation,
        previous=opening.previous,
        by=opening.by,
        at=ledger.now(),
        generation=opening.generation,
        last_number_kept=opening.last_number_kept,
        told_again=len(again),
        kept=kept,
        lost=[dict(one) for one in opening.lost],
        incident=opening.incident,
        reason=opening.reason,
    )
    for row in again:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row.happened_at)
        incarnation.tell_again(number=row.number, type_=row.type, body=_body(row), by=opening.by, at=at)
    return [ledger.mapper.to_stored_event(event) for event in incarnation.collect_events()]


def _body(row: Row[Any]) -> str:
    """As it is stored. Raises ValueError where it was changed into no JSON."""
    json.loads(row.body)
    return str(row.body)


def _kept(database: Database, tenant: UUID) -> list[dict[str, Any]]:
    """Each of the tenant's logs with its size and its last checkpoint."""
    with database.tenant(tenant) as connection:
        chosen = select(heads.c.log, heads.c.size).where(heads.c.tenant == tenant).order_by(heads.c.log)
        sizes = [(row.log, row.size) for row in connection.execute(chosen)]
    kept = []
    for log, size in sizes:
        last = last_checkpoint(database, tenant, log)
        root = MerkleEdge.unpack(last.size, last.edge).root().hex() if last else None
        kept.append({"log": log, "size": size, "checkpoint_size": last.size if last else 0, "checkpoint_root": root})
    return kept


def _open(connection: Connection, found: Found, last_number: int, request: AppendRequest) -> AppendResult:
    if connection.dialect.name == "sqlite":
        return _open_on_sqlite(connection, found, last_number, request)
    before = (("uuid", found.incarnation), ("bigint", found.size), ("bigint", last_number))
    return append_by(connection, "open_incarnation", before, request)


def _open_on_sqlite(connection: Connection, found: Found, last_number: int, request: AppendRequest) -> AppendResult:
    """The steps of `ledger.open_incarnation`."""
    of_log = (heads.c.tenant == request.tenant) & (heads.c.log == request.log)
    head = connection.execute(select(heads).where(of_log)).one_or_none()
    if (head.incarnation if head else None, head.size if head else 0) != (found.incarnation, found.size):
        return AppendResult(status="conflict", answer=None, last_position=found.size)
    if head is None:
        fresh = {"size": 0, "edge": b"", "recorded_at": 0, "public_number": 0, "incarnation": request.incarnation}
        connection.execute(insert(heads).values(tenant=request.tenant, log=request.log, **fresh))
    moved = update(heads).where(heads.c.tenant == request.tenant).values(incarnation=request.incarnation)
    connection.execute(moved)
    connection.execute(update(heads).where(of_log).values(public_number=last_number))
    return append_within(connection, request)
