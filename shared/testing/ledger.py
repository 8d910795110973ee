"""Ledger databases for tests, on SQLite and on the real PostgreSQL, and ways to damage them."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from shared.clock import Clock, SystemClock
from shared.ids import new_id
from shared.ledger.application import LedgerParts
from shared.ledger.database import Database
from shared.ledger.install import Roles, install_postgres, install_sqlite, remove_postgres
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.keys import KeyCache
from shared.sealing.master_keys import FixedMasterKey


@dataclass(frozen=True)
class LedgerServer:
    """A PostgreSQL database with a ledger: as its service, relay and clock reach it, and as a superuser does."""

    admin: URL
    name: str

    def url(self, role: str) -> URL:
        """The URL for one of the database's roles."""
        return self.admin.set(database=self.name, username=role)

    def open(self) -> Database:
        """The database as a service opens it."""
        roles = Roles(self.name)
        return Database(self.url(roles.service), relay_url=self.url(roles.relay), clock_url=self.url(roles.clock))


class Tamperer:
    """Changes rows behind the ledger's back, as somebody who owns the machine can: no trigger and no policy holds."""

    def __init__(self, database: Database, server: LedgerServer | None) -> None:
        self._database = database
        self._server = server

    def run(self, statement: str, **values: Any) -> int:
        """Runs one statement, table names as `ledger.events`, UUIDs and bytes as values; gives the rows it changed."""
        if self._server is None:
            return self._on_sqlite(statement, values)
        engine = create_engine(self._server.admin.set(database=self._server.name), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            return connection.execute(text(statement), values).rowcount

    def _on_sqlite(self, statement: str, values: dict[str, Any]) -> int:
        for schema in ("ledger.", "messages.", "read."):
            statement = statement.replace(schema, "")
        plain = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
        with sqlite3.connect(str(self._database.url.database)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            return connection.execute(statement, plain).rowcount


@pytest.fixture(scope="session")
def ledger_server(postgres_admin_url: str) -> Iterator[LedgerServer]:
    """A PostgreSQL database of this run's own; tests share it, each with tenants of its own."""
    server = LedgerServer(
        admin=make_url(postgres_admin_url).set(drivername="postgresql+psycopg"),
        name=f"qorgan_test_{secrets.token_hex(6)}",
    )
    install_postgres(server.admin, server.name, MetaData())
    yield server
    remove_postgres(server.admin, server.name)


@pytest.fixture
def postgres_ledger(ledger_server: LedgerServer) -> Iterator[Database]:
    """A ledger on PostgreSQL."""
    database = ledger_server.open()
    yield database
    database.dispose()


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> Iterator[Database]:
    """A ledger in a SQLite file."""
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    install_sqlite(database, MetaData())
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_database(request: pytest.FixtureRequest) -> Database:
    """A ledger, on SQLite and on PostgreSQL in turn."""
    database: Database = request.getfixturevalue(f"{request.param}_ledger")
    return database


@pytest.fixture
def tamperer(request: pytest.FixtureRequest, ledger_database: Database) -> Tamperer:
    """Damages the ledger of `ledger_database`."""
    server = None if ledger_database.is_sqlite else request.getfixturevalue("ledger_server")
    return Tamperer(ledger_database, server)


def ledger_parts(database: Database, folder: Path, clock: Clock | None = None) -> LedgerParts:
    """What an application is built from, with keys of its own in `folder` and nobody to be woken."""
    return LedgerParts(
        database=database,
        tenant_keys=FolderTenantKeys(folder, FixedMasterKey(secrets.token_bytes(32))),
        clock=clock or SystemClock(),
        platform=new_id(),
        key_cache=KeyCache(),
        woken=lambda _: None,
    )
