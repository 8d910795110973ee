"""Schools share the database and see nothing of each other, even where our code forgets to say which (CON-08)."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import MetaData, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from cli.services import ALL_SERVICES
from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.database import Database, TenantMissingError
from shared.ledger.install import Roles, install_postgres, remove_postgres
from shared.ledger.tables import TENANT_TABLES, events, heads, public_events, relay_cursors
from shared.runners.parts import ServiceParts
from shared.testing.ledger import LedgerServer
from shared.testing.sample import request, sealed_event

WITHOUT_POLICY = text(
    """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity
             AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'of_its_tenant'
                         AND pg_get_expr(p.polqual, p.polrelid) = '(tenant = ledger.current_tenant())'
                         AND pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant = ledger.current_tenant())'))"""
)
TENANT_NOT_FIRST = text(
    """SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname IN ('ledger', 'messages', 'read') AND i.indisunique AND a.attname <> 'tenant'"""
)


@pytest.fixture
def tenants(ledger_database: Database) -> tuple[UUID, UUID]:
    """Two tenants, each with an event that has a public form."""
    ours, theirs = new_id(), new_id()
    for tenant in (ours, theirs):
        public = sealed_event(new_id(), public_type="sample.box_opened.v1", public_body="{}")
        append(ledger_database, request(tenant, public))
    return ours, theirs


@pytest.mark.requirement("CON-08")
class TestAQueryOnPostgres:
    @pytest.fixture
    def ledger_database(self, postgres_ledger: Database) -> Database:
        return postgres_ledger

    @pytest.mark.parametrize(
        "table",
        [table.fullname for table in TENANT_TABLES if table is not relay_cursors],  # which the relay alone sees
    )
    def test_without_a_tenant_gives_nothing(self, postgres_ledger: Database, tenants: object, table: str) -> None:
        with postgres_ledger.autocommit() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {table} WHERE true")) == 0

    def test_of_another_tenant_gives_nothing(self, postgres_ledger: Database, tenants: tuple[UUID, UUID]) -> None:
        ours, theirs = tenants
        with postgres_ledger.tenant(ours) as connection:
            for table in (events, heads, public_events):
                assert connection.scalar(select(func.count()).select_from(table).where(table.c.tenant == theirs)) == 0
                assert set(connection.scalars(select(table.c.tenant))) == {ours}

    def test_sees_no_tenant_of_the_call_before(self, postgres_ledger: Database, tenants: tuple[UUID, UUID]) -> None:
        """The setting ends with the transaction, also on a connection that goes back to the pool."""
        for tenant in tenants * 3:
            with postgres_ledger.tenant(tenant):
                pass
            with postgres_ledger.autocommit() as connection:
                assert connection.scalar(select(func.count()).select_from(events)) == 0

    def test_by_the_append_leaves_no_tenant_behind(self, postgres_ledger: Database, tenants: tuple[UUID, UUID]) -> None:
        append(postgres_ledger, request(tenants[0], sealed_event(new_id())))
        with postgres_ledger.autocommit() as connection:
            assert connection.scalar(select(func.count()).select_from(events)) == 0


class TestTheRolesAcrossTenants:
    @pytest.fixture
    def ledger_database(self, postgres_ledger: Database) -> Database:
        return postgres_ledger

    def test_let_the_relay_see_heads_and_public_events_of_all(
        self, postgres_ledger: Database, tenants: tuple[UUID, UUID]
    ) -> None:
        with postgres_ledger.relay() as connection:
            for table in (heads, public_events):
                assert set(tenants) <= set(connection.scalars(select(table.c.tenant)))

    @pytest.mark.parametrize("table", ["ledger.events", "ledger.stream_keys", "ledger.checkpoints", "messages.inbox"])
    @pytest.mark.parametrize("role", ["relay", "clock"])
    def test_let_neither_relay_nor_clock_see_what_is_sealed_or_came_of_it(
        self, postgres_ledger: Database, role: str, table: str
    ) -> None:
        with pytest.raises(DBAPIError, match="permission denied"), getattr(postgres_ledger, role)() as connection:
            connection.execute(text(f"SELECT * FROM {table}"))

    @pytest.mark.parametrize("table", ["ledger.heads", "ledger.public_events", "messages.relay_cursors"])
    def test_let_the_clock_see_nothing_but_what_is_due(self, postgres_ledger: Database, table: str) -> None:
        with postgres_ledger.clock() as connection:
            assert connection.scalar(text("SELECT count(*) FROM messages.due")) == 0
        with pytest.raises(DBAPIError, match="permission denied"), postgres_ledger.clock() as connection:
            connection.execute(text(f"SELECT count(*) FROM {table}"))

    @pytest.mark.parametrize("role", ["relay", "clock"])
    def test_let_neither_relay_nor_clock_append(self, ledger_server: LedgerServer, role: str) -> None:
        name = getattr(Roles(ledger_server.name), role)
        database = Database(ledger_server.url(name))
        with pytest.raises(DBAPIError, match="permission denied"):
            append(database, request(new_id(), sealed_event(new_id())))
        database.dispose()


@pytest.mark.requirement("CON-08")
class TestAQueryOnSqlite:
    @pytest.fixture
    def ledger_database(self, sqlite_ledger: Database) -> Database:
        return sqlite_ledger

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM events",
            "SELECT * FROM events WHERE position = 1",
            "SELECT tenant FROM heads",
            "UPDATE lanes SET number = 1",
            "DELETE FROM due",
            "SELECT * FROM events e JOIN heads h ON h.tenant = e.tenant",
            "INSERT INTO due (stream) VALUES ('x')",
        ],
    )
    def test_without_a_tenant_is_refused(self, sqlite_ledger: Database, statement: str) -> None:
        with pytest.raises(TenantMissingError), sqlite_ledger.tenant(new_id()) as connection:
            connection.execute(text(statement))

    def test_of_one_tenant_gives_only_its_rows(self, sqlite_ledger: Database, tenants: tuple[UUID, UUID]) -> None:
        with sqlite_ledger.tenant(tenants[0]) as connection:
            found = connection.scalars(select(events.c.tenant).where(events.c.tenant == tenants[0]))
            assert set(found) == {tenants[0]}


@pytest.mark.requirement("CON-08")
class TestEveryTable:
    @pytest.mark.parametrize("service", ALL_SERVICES, ids=lambda parts: str(parts.name))
    def test_of_a_service_is_isolated_by_a_policy_and_keyed_by_tenant_first(
        self, ledger_server: LedgerServer, service: ServiceParts
    ) -> None:
        """The catalogue of a database as it is installed, ledger tables and read models alike."""
        name = f"{ledger_server.name}_{service.name}"
        install_postgres(ledger_server.admin, name, service.metadata)
        try:
            assert self._found(ledger_server, name) == ([], [])
        finally:
            remove_postgres(ledger_server.admin, name)

    def test_without_a_policy_is_found(self, ledger_server: LedgerServer) -> None:
        """The catalogue test fails when it should."""
        name = f"{ledger_server.name}_unsafe"
        install_postgres(ledger_server.admin, name, MetaData())
        try:
            engine = create_engine(ledger_server.admin.set(database=name), poolclass=NullPool)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE read.forgotten (id int PRIMARY KEY, tenant uuid)"))
            assert self._found(ledger_server, name) == (["read.forgotten"], ["read.forgotten_pkey"])
        finally:
            remove_postgres(ledger_server.admin, name)

    def _found(self, server: LedgerServer, name: str) -> tuple[list[str], list[str]]:
        engine = create_engine(server.admin.set(database=name), poolclass=NullPool)
        with engine.connect() as connection:
            return list(connection.scalars(WITHOUT_POLICY)), list(connection.scalars(TENANT_NOT_FIRST))


class TestAFunction:
    def test_that_a_migration_adds_is_nobodys_until_it_is_granted(self, ledger_server: LedgerServer) -> None:
        """PostgreSQL lets everybody execute a new function; in our databases it does not."""
        engine = create_engine(ledger_server.admin.set(database=ledger_server.name), poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(f'SET ROLE "{Roles(ledger_server.name).owner}"'))
            connection.execute(text("CREATE FUNCTION ledger.added() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
            allowed = text("SELECT has_function_privilege(:role, 'ledger.added()', 'EXECUTE')")
            roles = Roles(ledger_server.name)
            for role in (roles.service, roles.relay, roles.clock):
                assert connection.scalar(allowed, {"role": role}) is False

    def test_looks_for_nothing_in_the_callers_temporary_schema_first(self, ledger_server: LedgerServer) -> None:
        """Where `pg_temp` is not named last, PostgreSQL searches it before everything else.

        A body that was bound to its names when the function was made looks for nothing at all.
        """
        engine = create_engine(ledger_server.admin.set(database=ledger_server.name), poolclass=NullPool)
        with engine.connect() as connection:
            unsafe = connection.scalars(
                text(
                    "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace "
                    "AND p.prosqlbody IS NULL AND NOT "
                    "coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']"
                )
            )
            assert list(unsafe) == []
