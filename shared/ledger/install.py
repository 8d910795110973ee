"""Makes a service's database ready: schemas, tables, the append function, roles, policies, triggers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from shared.ledger.database import Database
from shared.ledger.tables import APPEND_ONLY, SCHEMAS, TENANT_TABLES, ledger_metadata, public_events


@dataclass(frozen=True)
class Roles:
    """The roles of one service's database, named after it: an owner that cannot log in, and three that can."""

    database: str

    @property
    def owner(self) -> str:
        """The role that owns schemas and tables, and cannot log in."""
        return f"{self.database}_owner"

    @property
    def service(self) -> str:
        """The role of whatever works in one tenant: it sees that tenant's rows, and appends."""
        return f"{self.database}_service"

    @property
    def relay(self) -> str:
        """The role that sees heads, public events, lanes and cursors of all tenants, and moves the relay's cursors."""
        return f"{self.database}_relay"

    @property
    def clock(self) -> str:
        """The role that sees what falls due in all tenants."""
        return f"{self.database}_clock"


# The one change that public rows take on SQLite, as in ledger.refuse_change_but_erasure.
_AS_ERASED = (
    "NEW.type = 'erased' AND NEW.body = '{}' AND "  # noqa: S608 - names of ours
    + " AND ".join(
        f'NEW."{column.name}" IS OLD."{column.name}"'
        for column in public_events.columns
        if column.name not in ("type", "body")
    )
    + " AND (EXISTS (SELECT 1 FROM events e "
    "JOIN events t ON t.tenant = e.tenant AND t.log = e.log AND t.stream = e.stream "
    "WHERE e.tenant = OLD.tenant AND e.position = OLD.position AND e.leaf_hash = OLD.hash "
    "AND t.topic = 'ledger.stream_erased') "
    "OR EXISTS (SELECT 1 FROM key_floors f WHERE f.tenant = OLD.tenant AND f.generation = 2147483647) "
    "AND EXISTS (SELECT 1 FROM events e JOIN events t ON t.tenant = e.tenant AND t.log = e.log "
    "WHERE e.tenant = OLD.tenant AND e.position = OLD.position AND e.leaf_hash = OLD.hash "
    "AND t.topic = 'ledger.tenant_destroyed'))"
)


def install_sqlite(database: Database, read: MetaData) -> None:
    """Makes the tables and triggers in a SQLite file; does nothing where they are there."""
    with database.relay() as connection:
        ledger_metadata.create_all(connection)
        read.create_all(connection)
        _add_columns(connection)
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                name, when = f"{table.name}_refuses_{act.lower()}", ""
                if table is public_events and act == "UPDATE":
                    for older in (name, f"{name}_but_erasure"):
                        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {older}")
                    name, when = f"{name}_but_erasure_and_end", f"WHEN NOT ({_AS_ERASED})"
                connection.exec_driver_sql(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON {table.name} {when} "
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {act} on {table.name} is refused'); END"
                )


def _add_columns(connection: Connection) -> None:
    """What ledger tables gained since a file was made (postgres_additions.sql has the same)."""
    known = {row.name for row in connection.execute(text("PRAGMA table_info(waiting_lanes)"))}
    if "since" not in known:
        connection.execute(text("ALTER TABLE waiting_lanes ADD COLUMN since BIGINT"))


def install_postgres(admin: str | URL, database: str, read: MetaData) -> None:
    """Makes the database with its roles, tables, function and policies; `admin` is a superuser's URL to any database.

    Where all that is there already, adds what an earlier version did not have (docs/decisions/0005); goes on where an
    installation was broken off. Roles get no password here: that is the operator's (deploy/).
    """
    roles = Roles(database)
    server = create_engine(make_url(admin), isolation_level="AUTOCOMMIT", hide_parameters=True)
    with server.connect() as connection:
        _install_roles(connection, roles)
    server.dispose()
    inside = create_engine(make_url(admin).set(database=database), hide_parameters=True)
    with inside.begin() as connection:
        is_there = connection.scalar(text("SELECT 1 FROM pg_namespace WHERE nspname = 'ledger'"))
        if not is_there:
            connection.execute(text(f'SET ROLE "{roles.owner}"'))
            _install_schemas(connection, roles, read)
    inside.dispose()
    if is_there:
        _upgrade(make_url(admin).set(database=database), roles)


def _install_roles(connection: Connection, roles: Roles) -> None:
    """The roles and the empty database; the database last but for its grants, which are given anew."""
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    if roles.owner not in there:
        connection.execute(text(f'CREATE ROLE "{roles.owner}" NOLOGIN'))
    for role in (roles.service, roles.relay, roles.clock):
        if role not in there:
            connection.execute(text(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'))
    if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": roles.database}):
        connection.execute(text(f'CREATE DATABASE "{roles.database}" OWNER "{roles.owner}"'))
    connection.execute(text(f'REVOKE ALL ON DATABASE "{roles.database}" FROM PUBLIC'))
    connection.execute(
        text(f'GRANT CONNECT ON DATABASE "{roles.database}" TO "{roles.service}", "{roles.relay}", "{roles.clock}"')
    )


def remove_postgres(admin: str | URL, database: str) -> None:
    """Drops a database with its roles, as tests do after themselves."""
    server = create_engine(make_url(admin), isolation_level="AUTOCOMMIT", hide_parameters=True)
    roles = Roles(database)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
        for role in (roles.service, roles.relay, roles.clock, roles.owner):
            connection.execute(text(f'DROP ROLE IF EXISTS "{role}"'))
    server.dispose()


def _install_schemas(connection: Connection, roles: Roles, read: MetaData) -> None:
    for schema in SCHEMAS:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    ledger_metadata.create_all(connection)
    read.create_all(connection)
    script = _script("postgres_functions.sql", roles) + _script("postgres.sql", roles)
    for table in (*TENANT_TABLES, *read.sorted_tables):
        script += _isolation_of(table)
    for table in read.sorted_tables:
        script += f'GRANT SELECT, INSERT, UPDATE, DELETE ON {_name(table)} TO "{roles.service}";\n'
    for table in APPEND_ONLY:
        script += _append_only(table)
    _run(connection, script + _script("postgres_additions.sql", roles))


def _upgrade(url: URL, roles: Roles) -> None:
    """Adds what a database lacks that an earlier version made: ledger tables, and the scripts that may run again."""
    inside = create_engine(url, hide_parameters=True)
    with inside.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('qorgan install'))"))
        connection.execute(text(f'SET ROLE "{roles.owner}"'))
        lacking = [table for table in TENANT_TABLES if not inspect(connection).has_table(table.name, table.schema)]
        ledger_metadata.create_all(connection, tables=lacking)
        made = "".join(
            _isolation_of(table) + (_append_only(table) if table in APPEND_ONLY else "") for table in lacking
        )
        _run(connection, _script("postgres_functions.sql", roles) + made + _script("postgres_additions.sql", roles))
    inside.dispose()


def _script(name: str, roles: Roles) -> str:
    script = files("shared.ledger").joinpath(name).read_text()
    names = {"owner": roles.owner, "service": roles.service, "relay": roles.relay, "clock": roles.clock}
    for role, own in names.items():
        script = script.replace("{" + role + "}", f'"{own}"')
    return script


def _run(connection: Connection, script: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(script)
    cursor.close()


def _append_only(table: Table) -> str:
    """Triggers that refuse every change of a table's rows, to its owner too."""
    return (
        f"CREATE TRIGGER refuses_change BEFORE UPDATE OR DELETE ON {_name(table)} "
        "FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();\n"
        f"CREATE TRIGGER refuses_truncate BEFORE TRUNCATE ON {_name(table)} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();\n"
    )


def _name(table: Table) -> str:
    return f'"{table.schema}"."{table.name}"'


def _isolation_of(table: Table) -> str:
    """Row-level security of one table: its rows are those of the tenant that the transaction names."""
    name = _name(table)
    return (
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {name} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY of_its_tenant ON {name} USING (tenant = ledger.current_tenant()) "
        "WITH CHECK (tenant = ledger.current_tenant());\n"
    )
