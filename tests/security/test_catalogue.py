"""The catalogue of every service's database as it is installed: who may do what, down to each function and policy.

Isolation of tables by policy and key is in test_isolation.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from cli.services import ALL_SERVICES
from shared.ledger.install import Roles, install_postgres, remove_postgres
from shared.testing.ledger import LedgerServer

AS_THE_CALLER = {
    "current_tenant": "reads the caller's own setting; policies inline it",
    "length_prefixed": "works out bytes, reads no table",
    "leaf_hash": "works out bytes, reads no table",
    "edge_with": "works out bytes, reads no table",
    "tree_parts": "reads under the policies of the caller, whose tenant it sets",
    "lane_of": "reads under the policies of the caller, whose tenant it sets",
    "refuse_change": "a trigger's, which only refuses",
    "refuse_change_but_erasure": "a trigger's, which only refuses, or lets pass",
    "is_erased": "a part of those that run with the owner's",
    "is_destroyed": "a part of those that run with the owner's",
}
"""Functions that run with the caller's rights, and why they may."""

OWN_ROWS = {
    "messages.waiting_lanes": "{service}",
    "messages.due": "{service}",
    "messages.climbed": "{service}",
    "messages.uploads": "{service}",
    "messages.blobs": "{service}",
    "read.positions": "{service}",
    "messages.relay_cursors": "{relay}",
}
"""Tables that a role writes to itself, beside read models; everything else is written by functions."""

ADDED_TO = {"messages.blobs"}
"""Tables of its own that a role adds to, and changes nothing of."""

ACROSS_TENANTS = {
    "ledger.heads SELECT {relay}",
    "ledger.public_events SELECT {relay}",
    "messages.lanes SELECT {relay}",
    "messages.inbox SELECT {relay}",
    "messages.waiting_lanes SELECT {relay}",
    "messages.relay_cursors ALL {relay}",
    "read.positions SELECT {relay}",
    "messages.due SELECT {clock}",
}
"""The policies beside each table's own: what relay and clock see of all tenants."""

SEEN_COLUMNS = {f"messages.inbox.{column}" for column in ("tenant", "source", "number", "hash")}
"""What the relay's role may read of a table column by column, and nobody else: not what came of an event."""

FUNCTIONS = """
SELECT p.proname, p.prosecdef, r.rolname = '{owner}' AND NOT r.rolcanlogin AS owned,
       p.prosqlbody IS NOT NULL OR coalesce(p.proconfig, '{{}}') = ARRAY['search_path=pg_catalog, pg_temp'] AS fixed,
       coalesce((SELECT bool_or(a.grantee = 0) FROM aclexplode(p.proacl) a), p.proacl IS NULL) AS public,
       has_function_privilege('{relay}', p.oid, 'EXECUTE')
       OR has_function_privilege('{clock}', p.oid, 'EXECUTE') AS across
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace IN (
    SELECT oid FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_')
"""
GRANTS = """
SELECT n.nspname || '.' || c.relname AS name, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE r.rolname END AS grantee,
       a.privilege_type AS right
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname IN ('ledger', 'messages', 'read', 'public') AND a.grantee <> c.relowner
  AND (a.privilege_type <> 'SELECT' OR a.grantee = 0)
UNION ALL
SELECT n.nspname || '.' || c.relname || '.' || t.attname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE n.nspname IN ('ledger', 'messages', 'read')
"""
ROLES = """
SELECT rolname::text FROM pg_roles WHERE rolname IN ('{owner}', '{service}', '{relay}', '{clock}') AND
    (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication OR (rolname = '{owner}') = rolcanlogin)
UNION ALL
SELECT member.rolname::text FROM pg_auth_members m JOIN pg_roles member ON member.oid = m.member
WHERE member.rolname IN ('{service}', '{relay}', '{clock}')
UNION ALL
SELECT c.relowner::regrole || ' owns ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('ledger', 'messages', 'read') AND c.relowner <> '"{owner}"'::regrole
UNION ALL
SELECT role || ' creates in ' || nspname FROM pg_namespace, unnest(ARRAY['{service}', '{relay}', '{clock}']) role
WHERE nspname IN ('ledger', 'messages', 'read', 'public') AND has_schema_privilege(role, oid, 'CREATE')
"""
POLICIES = """
SELECT concat_ws(' ', p.polrelid::regclass, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN '*' THEN 'ALL' ELSE 'WRITE' END,
    array_to_string(ARRAY(SELECT CASE o WHEN 0 THEN 'PUBLIC' ELSE o::regrole::text END FROM unnest(p.polroles) o), ','))
FROM pg_policy p WHERE p.polname <> 'of_its_tenant'
"""


def breaches(connection: Connection, roles: Roles) -> list[str]:
    """What the catalogue allows that it should not."""
    names = {"owner": roles.owner, "service": roles.service, "relay": roles.relay, "clock": roles.clock}

    def rows(statement: str) -> Iterator[tuple[object, ...]]:
        return map(tuple, connection.execute(text(statement.format(**names))).all())

    return [
        *_functions(rows(FUNCTIONS)),
        *_grants(rows(GRANTS), names),
        *(f"role: {role}" for (role,) in rows(ROLES)),
        *_policies({str(name).replace('"', "") for (name,) in rows(POLICIES)}, names),
    ]


def _functions(rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    for name, definer, owned, fixed, public, across in rows:
        if not owned:
            yield f"function {name}: another's"
        if not fixed:
            yield f"function {name}: searches where the caller says"
        if public:
            yield f"function {name}: everybody's"
        if not definer and name not in AS_THE_CALLER:
            yield f"function {name}: with the caller's rights"
        if across and name != "current_tenant":
            yield f"function {name}: relay's or clock's"


def _grants(rows: Iterator[tuple[object, ...]], names: dict[str, str]) -> Iterator[str]:
    for name, grantee, right in rows:
        table = str(name)
        if (right, grantee) == ("SELECT", names["relay"]) and table in SEEN_COLUMNS:
            continue
        allowed = OWN_ROWS.get(table, "{service}" if table.startswith("read.") else "").format(**names)
        rights = {"INSERT"} if table in ADDED_TO else {"INSERT", "UPDATE", "DELETE"}
        if grantee != allowed or right not in rights:
            yield f"grant {table}: {right} to {grantee}"


def _policies(found: set[str], names: dict[str, str]) -> Iterator[str]:
    expected = {policy.format(**names) for policy in ACROSS_TENANTS}
    return (f"policy {policy}" for policy in sorted(found ^ expected))


@pytest.fixture(scope="module", params=ALL_SERVICES, ids=lambda parts: str(parts.name))
def installed(request: pytest.FixtureRequest, ledger_server: LedgerServer) -> Iterator[LedgerServer]:
    """A service's database as `qorgan install` makes it."""
    server = LedgerServer(ledger_server.admin, f"{ledger_server.name}_{request.param.name}_rights")
    install_postgres(server.admin, server.name, request.param.metadata)
    yield server
    remove_postgres(server.admin, server.name)


@pytest.fixture
def catalogue(installed: LedgerServer) -> Iterator[Connection]:
    """A superuser's transaction in it, rolled back."""
    engine = create_engine(installed.admin.set(database=installed.name), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


LOOSENED = {
    "ALTER ROLE {service} BYPASSRLS": "role: {service}",
    "ALTER ROLE {relay} CREATEROLE": "role: {relay}",
    "ALTER ROLE {owner} LOGIN": "role: {owner}",
    "GRANT {owner} TO {service}": "role: {service}",
    "GRANT CREATE ON SCHEMA ledger TO {service}": "role: {service} creates in ledger",
    "GRANT INSERT ON ledger.events TO {service}": "grant ledger.events: INSERT to {service}",
    "GRANT UPDATE (body) ON ledger.public_events TO {service}": "grant ledger.public_events.body: UPDATE to {service}",
    "GRANT DELETE ON messages.inbox TO {service}": "grant messages.inbox: DELETE to {service}",
    "GRANT DELETE ON messages.blobs TO {service}": "grant messages.blobs: DELETE to {service}",
    "GRANT TRUNCATE ON messages.due TO {service}": "grant messages.due: TRUNCATE to {service}",
    "GRANT SELECT ON ledger.heads TO PUBLIC": "grant ledger.heads: SELECT to PUBLIC",
    "GRANT UPDATE ON messages.due TO {clock}": "grant messages.due: UPDATE to {clock}",
    "GRANT EXECUTE ON FUNCTION ledger.append TO PUBLIC": "function append: everybody's",
    "GRANT EXECUTE ON FUNCTION ledger.append TO {relay}": "function append: relay's or clock's",
    "ALTER FUNCTION ledger.append SECURITY INVOKER": "function append: with the caller's rights",
    "ALTER FUNCTION ledger.append SET search_path = public": "function append: searches where the caller says",
    "ALTER FUNCTION ledger.append RESET search_path": "function append: searches where the caller says",
    "ALTER FUNCTION ledger.append OWNER TO {service}": "function append: another's",
    "ALTER TABLE ledger.events OWNER TO {service}": "role: {service} owns ledger.events",
    "CREATE POLICY all_of_it ON ledger.events FOR SELECT TO {service} USING (true)": (
        "policy ledger.events SELECT {service}"
    ),
    "DROP POLICY clock_sees_due ON messages.due": "policy messages.due SELECT {clock}",
}
"""What a careless migration might do, and what is said of it."""


@pytest.mark.requirement("CON-08")
class TestTheCatalogue:
    def test_allows_nothing_that_the_lists_do_not(self, catalogue: Connection, installed: LedgerServer) -> None:
        """Functions, grants, roles, policies."""
        assert breaches(catalogue, Roles(installed.name)) == []

    def test_of_what_was_loosened_is_not_clean(self, catalogue: Connection, installed: LedgerServer) -> None:
        """Every check is seen to fail, by the statement that it is there for."""
        roles = Roles(installed.name)
        names = {name: getattr(roles, name) for name in ("owner", "service", "relay", "clock")}
        quoted = {name: f'"{role}"' for name, role in names.items()}
        for statement, said in LOOSENED.items():
            catalogue.execute(text(statement.format(**quoted)))
            found = [one.replace('"', "") for one in breaches(catalogue, roles)]
            assert said.format(**names) in found, statement
            catalogue.rollback()
