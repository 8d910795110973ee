"""One service's database: its connections, each bound to one tenant or, for relay and clock, to none but narrow rights.

On PostgreSQL row-level security reads the setting `qorgan.tenant`; on SQLite a hook refuses statements on tenant tables
that do not name the tenant column. A SQLite file has one connection and one semaphore.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import StaticPool

from shared.ledger.postgres_append import PostgresAppends
from shared.ledger.tables import SCHEMAS, TENANT_TABLES

ALL_TENANTS = "all_tenants"

POOL_SIZE, POOL_OVERFLOW = 6, 6
"""Connections of one role of one process: a city's seven processes stay far below PostgreSQL's usual limit of 100."""


class TenantMissingError(Exception):
    """A statement on a tenant table names no tenant: refused before it runs (SQLite)."""


class Database:
    """Connections to one service's database; `relay_url` and `clock_url` log in with those roles (PostgreSQL)."""

    def __init__(
        self, url: str | URL, *, relay_url: str | URL | None = None, clock_url: str | URL | None = None
    ) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock = threading.RLock()
        if self.is_sqlite:
            self._service = self._relay = self._clock = _sqlite_engine(self.url)
        else:
            self._service = _postgres_engine(self.url, isolation_level="AUTOCOMMIT")
            self.appends = PostgresAppends(self._service)
            # A cursor that a crash takes back is behind what was confirmed, never before: no wait for the disk.
            unhurried = {"options": "-c synchronous_commit=off"} if relay_url else {}
            self._relay = _postgres_engine(
                make_url(relay_url or url), isolation_level="AUTOCOMMIT", connect_args=unhurried
            )
            self._clock = _postgres_engine(make_url(clock_url or url), isolation_level="AUTOCOMMIT")

    @contextmanager
    def tenant(self, tenant: UUID) -> Iterator[Connection]:
        """A transaction that sees one tenant."""
        if self.is_sqlite:
            with self._lock, self._service.begin() as connection:
                yield connection
            return
        with self._service.begin() as connection:
            _begin_for(connection, tenant)
            yield connection

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own (PostgreSQL): for the append function."""
        with self._service.connect() as connection:
            yield connection

    @contextmanager
    def relay(self) -> Iterator[Connection]:
        """The role `relay`: heads, public events, lanes and cursors of all tenants, nothing else.

        Each statement is a transaction of its own on PostgreSQL.
        """
        with self._across_tenants(self._relay) as connection:
            yield connection

    @contextmanager
    def clock(self) -> Iterator[Connection]:
        """The role `clock`: what falls due in all tenants, nothing else; statements are as those of `relay`."""
        with self._across_tenants(self._clock) as connection:
            yield connection

    @contextmanager
    def _across_tenants(self, engine: Engine) -> Iterator[Connection]:
        if self.is_sqlite:
            with (
                self._lock,
                engine.connect().execution_options(**{ALL_TENANTS: True}) as connection,
                connection.begin(),
            ):
                yield connection
            return
        with engine.begin() as connection:
            yield connection

    def leader_connection(self) -> Connection:
        """A connection of its own for a leader's lock, held as long as the leader lives (PostgreSQL)."""
        return self._service.connect()

    @property
    def service_engine(self) -> Engine:
        """The engine of the service's own role."""
        return self._service

    @property
    def relay_engine(self) -> Engine:
        """The engine of the role `relay`."""
        return self._relay

    def dispose(self) -> None:
        """Closes all connections."""
        for engine in (self._service, self._relay, self._clock):
            engine.dispose()


def _postgres_engine(url: URL, **options: Any) -> Engine:
    sizes = {"pool_size": POOL_SIZE, "max_overflow": POOL_OVERFLOW}
    engine = create_engine(url, hide_parameters=True, **sizes, **options)
    event.listen(engine, "checkout", _refuse_if_lost)
    return engine


def _begin_for(connection: Connection, tenant: UUID) -> None:
    """Begins a transaction that sees one tenant, in one round trip; the connection is otherwise in autocommit."""
    driver: Any = connection.connection.driver_connection
    begin = f"BEGIN; SELECT set_config('qorgan.tenant', '{UUID(str(tenant))}', true)"
    try:
        driver.execute(begin, prepare=False)
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        raise DBAPIError.instance(
            begin, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=driver.closed
        ) from None


def _refuse_if_lost(connection: Any, *_: Any) -> None:
    """Notices a server that went away while a connection lay in the pool, without asking it: its farewell is there.

    The pool then brings another one.
    """
    try:
        connection.pgconn.consume_input()
    except psycopg.Error as error:
        raise DisconnectionError(type(error).__name__) from None
    if connection.closed:
        raise DisconnectionError


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)
    engine = engine.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    event.listen(engine, "before_cursor_execute", _refuse_without_tenant)
    return engine


def _on_sqlite_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


_LEDGER_NAMES = {table.name for table in TENANT_TABLES}
_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)\"?", re.IGNORECASE)
_WHERE_TENANT = re.compile(r"\bWHERE\b.*\btenant\s*(?:=|IN\b)", re.IGNORECASE | re.DOTALL)
_INSERT_TENANT = re.compile(r"^\s*INSERT\b[^(]*\([^)]*\btenant\b", re.IGNORECASE | re.DOTALL)


def _refuse_without_tenant(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    """Refuses a statement on a table that has tenants and does not say which, unless relay or clock asks."""
    if connection.get_execution_options().get(ALL_TENANTS) or connection.info.get("installing"):
        return
    tables = {name for name in _TABLE.findall(statement) if not name.startswith("sqlite_")}
    if tables and not (_WHERE_TENANT.search(statement) or _INSERT_TENANT.search(statement)):
        raise TenantMissingError(f"no tenant in a statement on {', '.join(sorted(tables))}")
