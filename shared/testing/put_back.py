"""One tenant's rows of a ledger database, put back as they were, on SQLite and PostgreSQL: an older copy in small."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, create_engine, delete, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.ledger.tables import TENANT_TABLES


class OlderCopy:
    """What one tenant's rows were when the copy was made; `admin` is a superuser's URL to a PostgreSQL database."""

    def __init__(self, database: Database, tenant: UUID, admin: URL | None) -> None:
        self._database, self._tenant, self._admin = database, tenant, admin
        with self._connection() as connection:
            self._rows: dict[str, list[dict[str, Any]]] = {
                table.name: [dict(row) for row in connection.execute(self._of(table)).mappings()]
                for table in TENANT_TABLES
            }

    def put_back(self) -> None:
        """Makes the tenant's rows what they were, whatever the ledger says to that."""
        with self._connection() as connection:
            for table in TENANT_TABLES:
                connection.execute(delete(table).where(table.c.tenant == self._tenant))
                if self._rows[table.name]:
                    connection.execute(insert(table), self._rows[table.name])

    def _of(self, table: Any) -> Any:
        return select(table).where(table.c.tenant == self._tenant)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if self._admin is None:
            with self._database.relay() as connection:
                triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
                for (name,) in triggers:
                    connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
                yield connection
            install_sqlite(self._database, MetaData())
            return
        engine = create_engine(self._admin, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
