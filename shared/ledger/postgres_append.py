"""The append on PostgreSQL: one prepared statement, `ledger.append`; for several at once one, `ledger.append_many`.

What several threads of a process append at the same time shares a transaction (shared/ledger/combining.py), tenants in
order, so that two processes never wait for each other in a circle. Each request has an outcome of its own, as if it had
been alone: where one of them fails in the database, none was done, and each is done again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.ledger.append_request import AppendRequest, AppendResult
from shared.ledger.combining import Combining
from shared.ledger.prepared import run_prepared

FLIGHTS = 1
MOST_TOGETHER = 64

_RESULT = "status, answer, last_position, stamped_at"
_OF_REQUEST = ("uuid", "text", "uuid")
_OF_EVENTS = ("uuid", "bigint", "text", "text", "bytea", "bytea", "bigint", "text", "text")
_REST = ("uuid", "uuid")
_OF_KEYS = ("uuid", "bytea")
_LAST = ("uuid", "bytea", "text", "bigint", "bytea", "uuid", "text")


def _call(function: str, kinds: Sequence[str]) -> bytes:
    places = ", ".join(f"{'%s' if kind.endswith('[]') else '%b'}::{kind}" for kind in kinds)
    return f"SELECT {_RESULT} FROM ledger.{function}({places})".encode()  # noqa: S608 - names of ours


def _arrays(kinds: Sequence[str]) -> list[str]:
    return [f"{kind}[]" for kind in kinds]


_KINDS = [*_OF_REQUEST, *_arrays(_OF_EVENTS), *_REST, *_arrays(_OF_KEYS), *_LAST]
_ONE = _call("append", _KINDS)
_MANY = _call("append_many", _arrays(["int", "int", *_OF_REQUEST, *_OF_EVENTS, *_REST, *_OF_KEYS, *_LAST]))


def append_by(
    connection: Connection, function: str, before: Sequence[tuple[str, Any]], request: AppendRequest
) -> AppendResult:
    """One append by `ledger.<function>`, in the connection's own transaction.

    The function takes what `ledger.append` takes, behind (type, value) pairs of its own. Raises SQLAlchemy's errors.
    """
    statement = _call(function, [*(kind for kind, _ in before), *_KINDS])
    driver: Any = connection.connection.driver_connection
    arguments = (*(_written(kind, value) for kind, value in before), *_arguments(request))
    try:
        row = driver.execute(statement, arguments, binary=True).fetchone()
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement.decode(),
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.closed,
        ) from error
    return _result(row)


class PostgresAppends:
    """Does appends over an engine whose connections are in autocommit; `do` one, alone or with others."""

    def __init__(
        self, engine: Engine, *, flights: int = FLIGHTS, most: int = MOST_TOGETHER, always_together: bool = False
    ) -> None:
        self._engine = engine
        self._alone_by_itself = not always_together
        self._together: Combining[AppendRequest, AppendResult] = Combining(self.do_all, flights=flights, most=most)

    def do(self, request: AppendRequest) -> AppendResult:
        """Appends in one transaction. Raises SQLAlchemy's errors."""
        return self._together.do(request)

    def do_all(self, requests: Sequence[AppendRequest]) -> Sequence[AppendResult | Exception]:
        """The outcome of each request, in their order."""
        if len(requests) == 1 and self._alone_by_itself:
            return [self._alone(requests[0])]
        order = sorted(range(len(requests)), key=lambda at: (requests[at].tenant.bytes, requests[at].log))
        try:
            rows = run_prepared(self._engine, _MANY, _arguments_of_all([requests[at] for at in order]))
        except DBAPIError as error:
            if error.connection_invalidated:
                return [self._again(request, error) for request in requests]
            return [self._alone(request) for request in requests]
        except (TypeError, AttributeError, ValueError):  # one of them holds what can't be a column
            return [self._alone(request) for request in requests]
        outcomes = dict(zip(order, map(_result, rows), strict=True))
        return [outcomes[at] for at in range(len(requests))]

    def _alone(self, request: AppendRequest) -> AppendResult | Exception:
        try:
            return _result(run_prepared(self._engine, _ONE, _arguments(request))[0])
        except DBAPIError as error:
            return self._again(request, error) if error.connection_invalidated else error
        except Exception as error:  # noqa: BLE001 - it is raised where the append was asked for
            return error

    def _again(self, request: AppendRequest, error: DBAPIError) -> AppendResult | Exception:
        """After a lost connection nobody knows what was done; only what carries a command's id may be sent again."""
        if request.command is None:
            return error
        try:
            return _result(run_prepared(self._engine, _ONE, _arguments(request))[0])
        except Exception as second:  # noqa: BLE001 - it is raised where the append was asked for
            return second


def _result(row: tuple[Any, ...]) -> AppendResult:
    status, answer, last_position, stamped_at = row
    return AppendResult(status=status, answer=answer, last_position=last_position, recorded_at=stamped_at)


def _arguments(request: AppendRequest) -> tuple[Any, ...]:
    return (
        request.tenant,
        request.log,
        request.incarnation,
        *_columns_of_events([request]),
        request.cause,
        request.correlation,
        *_columns_of_keys([request]),
        *_last(request),
    )


def _arguments_of_all(requests: Sequence[AppendRequest]) -> tuple[Any, ...]:
    return (
        _plain([len(request.events) for request in requests]),
        _plain([len(request.new_keys) for request in requests]),
        _plain([request.tenant for request in requests]),
        _texts([request.log for request in requests]),
        _plain([request.incarnation for request in requests]),
        *_columns_of_events(requests),
        _plain([request.cause for request in requests]),
        _plain([request.correlation for request in requests]),
        *_columns_of_keys(requests),
        *(write(column) for write, column in zip(_LAST_ARRAYS, zip(*map(_last, requests), strict=True), strict=True)),
    )


def _columns_of_events(requests: Sequence[AppendRequest]) -> Sequence[str]:
    events = list(chain.from_iterable(request.events for request in requests))
    return (
        _plain([event.stream for event in events]),
        _plain([event.version for event in events]),
        _texts([event.topic for event in events]),
        _texts([event.actor for event in events]),
        _bytes([event.payload for event in events]),
        _bytes([event.key_commitment for event in events]),
        _plain([event.happened_at for event in events]),
        _texts([event.public_type for event in events]),
        _texts([event.public_body for event in events]),
    )


def _columns_of_keys(requests: Sequence[AppendRequest]) -> Sequence[str]:
    keys = list(chain.from_iterable(request.new_keys for request in requests))
    return _plain([stream for stream, _ in keys]), _bytes([wrapped for _, wrapped in keys])


# Arrays as PostgreSQL writes them: the driver takes five times as long to make them from lists.


def _plain(values: Sequence[UUID | int | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _bytes(values: Sequence[bytes | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else f'"\\\\x{value.hex()}"' for value in values]) + "}"


def _texts(values: Sequence[str | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(kind: str, value: Any) -> Any:
    """A value of `append_by`: arrays as PostgreSQL writes them."""
    if not kind.endswith("[]"):
        return value
    return _bytes(value) if kind == "bytea[]" else _plain(value)


def _last(request: AppendRequest) -> tuple[Any, ...]:
    command, mark = request.command, request.inbox
    done = (command, request.answer if command else None)
    if mark is None:
        return (*done, None, None, None, None, None)
    return (*done, mark.source, mark.number, mark.hash, mark.incarnation, mark.outcome)


_LAST_ARRAYS: Sequence[Callable[[Any], str]] = (_plain, _bytes, _texts, _plain, _bytes, _plain, _texts)
