"""SQLAlchemy's statements on SQLite without the rest of SQLAlchemy: compiled once by it, then run by the driver itself.

Nine tenths of a run are statements, and three quarters of a statement's time are SQLAlchemy's contexts, events and
results. The statements, how they are compiled and the types of their values stay its own; a run takes the same steps
with this as without it (tests/simulation/test_seeds.py).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound, OperationalError

from shared.ledger.database import Database, _refuse_without_tenant

Convert = Callable[[Any], Any]


class Prepared:
    """One compiled statement: its text, where each value comes from, and what becomes of each column."""

    def __init__(self, statement: Any, key: Any, database: Database) -> None:
        engine = database.service_engine
        schemas = engine.get_execution_options()["schema_translate_map"]
        compiled = statement.compile(dialect=engine.dialect, cache_key=key, schema_translate_map=schemas)
        is_of_lists = bool(compiled.post_compile_params or compiled.literal_execute_params)
        self.is_for_all_values = key is not None and not is_of_lists
        if is_of_lists:  # of any length: the text is of this one use
            literal = {"literal_binds": True}
            compiled = statement.compile(dialect=engine.dialect, schema_translate_map=schemas, compile_kwargs=literal)
        self.text = compiled.preparer._render_schema_translates(str(compiled), schemas)
        places = {bind.key: place for place, bind in enumerate(key.bindparams if key else ())}
        self._values: list[tuple[int | None, Any, Convert | None]] = []
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            self._values.append((places.get(bind.key), bind, compiled._bind_processors.get(name)))
        columns = compiled._result_columns or ()
        self._converts = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := column.type._cached_result_processor(engine.dialect, None)) is not None
        ]
        self._row: Any = namedtuple("Row", [column.keyname for column in columns], rename=True) if columns else None

    def values(self, key: Any) -> list[Any]:
        """The values of one use of it."""
        found = []
        for place, bind, convert in self._values:
            value = (bind if place is None else key.bindparams[place]).effective_value
            found.append(value if convert is None else convert(value))
        return found

    def row(self, found: Sequence[Any]) -> Any:
        """A row as SQLAlchemy gives it, by name and by place."""
        if not self._converts:
            return self._row._make(found)
        values = list(found)
        for place, convert in self._converts:
            values[place] = convert(values[place])
        return self._row._make(values)


class Result:
    """What a statement gave, all of it at once."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """The only row, or None. Raises MultipleResultsFound."""
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> Any:
        """The only row. Raises NoResultFound, MultipleResultsFound."""
        if not self._rows:
            raise NoResultFound
        return self.one_or_none()


class LeanConnection:
    """As much of a SQLAlchemy connection as the suite uses inside a transaction."""

    def __init__(self, lean: Lean, *, of_tenant: bool) -> None:
        self._lean = lean
        self._of_tenant = of_tenant
        self.dialect = lean.dialect

    def execute(self, statement: Any) -> Result:
        """Runs a statement."""
        return self._lean.execute(statement, of_tenant=self._of_tenant)

    def scalar(self, statement: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.execute(statement).first()
        return None if row is None else row[0]

    def scalars(self, statement: Any) -> Result:
        """The first column of each row."""
        result = self.execute(statement)
        return Result([row[0] for row in result], result.rowcount)


class Lean:
    """A SQLite database in memory, run past SQLAlchemy's own machinery."""

    def __init__(self, database: Database, raw: Any) -> None:
        self.dialect = database.service_engine.dialect
        self._database = database
        self._raw = raw
        self._prepared: dict[Any, Prepared] = {}
        self._unchecked = SimpleNamespace(get_execution_options=dict, info={})

    @contextmanager
    def transaction(self, *, of_tenant: bool) -> Iterator[LeanConnection]:
        """A transaction, as Database.tenant, relay and clock begin one."""
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            yield LeanConnection(self, of_tenant=of_tenant)
        except BaseException:
            self._raw.execute("ROLLBACK")
            raise
        self._raw.execute("COMMIT")

    def execute(self, statement: Any, *, of_tenant: bool) -> Result:
        """Runs a statement. Raises SQLAlchemy's IntegrityError and OperationalError, TenantMissingError."""
        key = statement._generate_cache_key()
        found = self._prepared.get((key.key, of_tenant)) if key else None  # SQLAlchemy keeps no upsert either
        if found is None:
            found = Prepared(statement, key, self._database)
            if of_tenant:
                _refuse_without_tenant(self._unchecked, None, found.text)  # type: ignore[arg-type]
            if found.is_for_all_values:
                self._prepared[key.key, of_tenant] = found
        try:
            cursor = self._raw.execute(found.text, found.values(key))
        except self._driver.IntegrityError as error:
            raise IntegrityError(found.text, None, error) from None
        except self._driver.OperationalError as error:
            raise OperationalError(found.text, None, error) from None
        rows = [found.row(row) for row in cursor.fetchall()] if cursor.description else []
        return Result(rows, cursor.rowcount)

    @property
    def _driver(self) -> Any:
        return self.dialect.loaded_dbapi
