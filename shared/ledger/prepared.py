"""Statements of the paths that are gone most, straight to the driver: prepared once on each pooled connection.

SQLAlchemy keeps the connections, and its errors are raised; what it does around a statement takes the processor as long
as the statement itself.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError


class Prepared:
    """A statement of SQLAlchemy's that gives rows, compiled once; `rows` runs it with values for its parameters."""

    def __init__(self, engine: Engine, statement: Any) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        self._engine = engine
        self._text = compiled.string.encode()
        self._values = dict(compiled.params)
        names = [column.name for column in statement.exported_columns]
        row: Any = namedtuple("Row", names)  # type: ignore[misc] # which they are, each statement knows
        self._row_of = row._make

    def rows(self, **values: Any) -> Sequence[Any]:
        """Its rows, columns by their names. Raises SQLAlchemy's errors."""
        return list(map(self._row_of, run_prepared(self._engine, self._text, {**self._values, **values})))


def run_prepared(
    engine: Engine, statement: bytes, arguments: Sequence[Any] | Mapping[str, Any]
) -> Sequence[tuple[Any, ...]]:
    """The rows of one statement, a transaction of its own: the engine's connections are in autocommit (PostgreSQL).

    Raises SQLAlchemy's errors.
    """
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        try:
            rows: Sequence[tuple[Any, ...]] = connection.execute(
                statement, arguments, prepare=True, binary=True
            ).fetchall()
        except psycopg.Error as error:
            lost = connection.closed
            if lost:
                pooled.invalidate(error)
            raise DBAPIError.instance(
                statement.decode(), None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost
            ) from error
        except BaseException as error:  # ended in the middle of a round trip: its answer is nobody's
            pooled.invalidate(error if isinstance(error, Exception) else None)
            raise
    finally:
        pooled.close()
    return rows
