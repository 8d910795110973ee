"""What was recorded can't be changed: not by the service, nor by the tables' owner, whatever statement is used."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from shared.ids import new_id
from shared.ledger.append import InboxMark, append
from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.database import Database
from shared.ledger.install import Roles
from shared.ledger.tables import APPEND_ONLY
from shared.ledger.tiles import StoredTiles
from shared.signing import SigningKey
from shared.testing.ledger import LedgerServer
from shared.testing.sample import request, sealed_event

TABLES = [f"{table.schema}.{table.name}" for table in APPEND_ONLY]
COLUMNS = {
    "commands_done": "position",
    "checkpoints": "note",
    "tiles": "root",
    "inbox": "outcome",
    "events": "actor",
    "public_events": "body",
}
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column} WHERE tenant = :tenant",
    "delete": "DELETE FROM {table} WHERE tenant = :tenant",
    "truncate": "TRUNCATE {table}",
}

EMPTYING = "UPDATE {table} SET type = 'erased', body = '{{}}' WHERE tenant = :tenant"


@pytest.fixture
def tenant(ledger_database: Database) -> UUID:
    """A tenant with a row in every append-only table."""
    tenant, key = new_id(), SigningKey.generate("sample")
    append(
        ledger_database,
        request(
            tenant,
            sealed_event(new_id(), public_type="sample.box_opened.v1", public_body="{}"),
            command=new_id(),
            inbox=InboxMark(source="reports", number=1, hash=bytes(32), incarnation=new_id()),
        ),
    )
    make_checkpoint(ledger_database, tenant, "sample", key, key.id)
    StoredTiles(ledger_database, tenant, "sample").keep(0, 0, bytes(32), [bytes(32)] * 256)
    return tenant


def as_role(server: LedgerServer, role: str, tenant: UUID) -> Iterator[Connection]:
    """A transaction of a role that sees a tenant's rows; a role that can't log in is set by the superuser."""
    engine = create_engine(server.admin.set(database=server.name), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f'SET ROLE "{role}"'))
        connection.execute(text("SELECT set_config('qorgan.tenant', :tenant, false)"), {"tenant": str(tenant)})
        connection.commit()
        yield connection


class TestOnPostgres:
    @pytest.fixture
    def ledger_database(self, postgres_ledger: Database) -> Database:
        return postgres_ledger

    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("role", ["service", "owner"])
    def test_changes_are_refused_to_the_service_and_to_the_owner(
        self, ledger_server: LedgerServer, tenant: UUID, role: str, table: str, change: str
    ) -> None:
        name = getattr(Roles(ledger_server.name), role)
        statement = CHANGES[change].format(table=table, column=COLUMNS[table.partition(".")[2]])
        for connection in as_role(ledger_server, name, tenant):
            with pytest.raises(DBAPIError) as refused:
                connection.execute(text(statement), {"tenant": tenant} if ":tenant" in statement else {})
            assert "denied" in str(refused.value) or "append-only" in str(refused.value)

    @pytest.mark.parametrize("role", ["service", "owner"])
    def test_a_public_row_is_not_emptied_unless_its_stream_was_erased(
        self, ledger_server: LedgerServer, tenant: UUID, role: str
    ) -> None:
        for connection in as_role(ledger_server, getattr(Roles(ledger_server.name), role), tenant):
            with pytest.raises(DBAPIError, match=r"denied|append-only"):
                connection.execute(text(EMPTYING.format(table="ledger.public_events")), {"tenant": tenant})

    @pytest.mark.parametrize("table", [*TABLES, "ledger.heads", "ledger.stream_keys", "messages.lanes"])
    def test_the_service_writes_rows_by_the_append_alone(
        self, ledger_server: LedgerServer, tenant: UUID, table: str
    ) -> None:
        for connection in as_role(ledger_server, Roles(ledger_server.name).service, tenant):
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM {table}"))

    def test_the_service_cannot_take_triggers_or_policies_away(self, ledger_server: LedgerServer, tenant: UUID) -> None:
        for connection in as_role(ledger_server, Roles(ledger_server.name).service, tenant):
            for statement in (
                "ALTER TABLE ledger.events DISABLE TRIGGER ALL",
                "ALTER TABLE ledger.events DISABLE ROW LEVEL SECURITY",
                "DROP POLICY of_its_tenant ON ledger.events",
                "SET session_replication_role = replica",
                f'SET ROLE "{Roles(ledger_server.name).owner}"',
            ):
                with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
                    # SET ROLE asks the session's user, who is a superuser here: ask as the role itself.
                    _refused(connection, ledger_server, statement)
                connection.rollback()


class TestOnSqlite:
    @pytest.fixture
    def ledger_database(self, sqlite_ledger: Database) -> Database:
        return sqlite_ledger

    @pytest.mark.parametrize("change", ["update", "delete"])
    @pytest.mark.parametrize("table", TABLES)
    def test_changes_are_refused(self, ledger_database: Database, tenant: UUID, table: str, change: str) -> None:
        name = table.partition(".")[2]
        statement = CHANGES[change].format(table=name, column=COLUMNS[name])
        with pytest.raises(IntegrityError, match="append-only"), ledger_database.tenant(tenant) as connection:
            connection.execute(text(statement), {"tenant": tenant.hex})

    def test_a_public_row_is_not_emptied_unless_its_stream_was_erased(
        self, ledger_database: Database, tenant: UUID
    ) -> None:
        with pytest.raises(IntegrityError, match="append-only"), ledger_database.tenant(tenant) as connection:
            connection.execute(text(EMPTYING.format(table="public_events")), {"tenant": tenant.hex})

    def test_a_row_is_not_replaced(self, ledger_database: Database, tenant: UUID) -> None:
        with pytest.raises(IntegrityError, match="append-only"), ledger_database.tenant(tenant) as connection:
            connection.execute(
                text("INSERT OR REPLACE INTO events SELECT * FROM events WHERE tenant = :tenant"),
                {"tenant": tenant.hex},
            )


def _refused(connection: Connection, server: LedgerServer, statement: str) -> None:
    if not statement.startswith("SET "):
        connection.execute(text(statement))
        return
    engine = create_engine(server.url(Roles(server.name).service), poolclass=NullPool)
    with engine.connect() as own:
        own.execute(text(statement))
