"""What falls due, and what has climbed, as rows: the follower keeps them, in the transaction of its position."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import Connection, Table, delete, update
from sqlalchemy.sql import ColumnElement

from shared.duties import Change, Climbed, Meets, Opens, Passes
from shared.ledger.recorder import microseconds
from shared.ledger.tables import climbed, due


def keep_duty(connection: Connection, tenant: UUID, change: Change) -> None:
    """Keeps one change of a duty; done twice, it changes nothing more."""
    match change:
        case Opens():
            _open(connection, tenant, change)
        case Meets():
            _forget(connection, due, tenant, change)
            _forget(connection, climbed, tenant, change)
        case Passes():
            connection.execute(update(due).where(_of(due, tenant, change)).values(owner=change.owner))
        case Climbed():
            _climb(connection, tenant, change)


def _open(connection: Connection, tenant: UUID, change: Opens) -> None:
    """The row of its next time; at its foot nothing has climbed yet."""
    _forget(connection, due, tenant, change)
    if change.step == 0:
        _forget(connection, climbed, tenant, change)
    connection.execute(
        due.insert().values(
            tenant=tenant,
            stream=change.stream,
            duty=change.duty,
            step=change.step,
            due_at=microseconds(change.due_at),
            owner=change.owner,
            rule=change.rule,
        )
    )


def _climb(connection: Connection, tenant: UUID, change: Climbed) -> None:
    """The clock has said this rung; whoever was told on it is kept until the duty is settled."""
    _forget(connection, due, tenant, change)
    connection.execute(delete(climbed).where(_of(climbed, tenant, change), climbed.c.step == change.step))
    connection.execute(
        climbed.insert().values(
            tenant=tenant,
            stream=change.stream,
            duty=change.duty,
            step=change.step,
            told=json.dumps(list(change.told)),
            due_at=microseconds(change.due_at),
            climbed_at=microseconds(change.climbed_at),
            rule=change.rule,
        )
    )


def _forget(connection: Connection, table: Table, tenant: UUID, change: Change) -> None:
    connection.execute(delete(table).where(_of(table, tenant, change)))


def _of(table: Table, tenant: UUID, change: Change) -> ColumnElement[bool]:
    return (table.c.tenant == tenant) & (table.c.stream == change.stream) & (table.c.duty == change.duty)
