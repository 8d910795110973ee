"""Installing a service's database: once, again, and after it was broken off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.pool import NullPool

from shared.ids import new_id
from shared.ledger import install
from shared.ledger.append import append
from shared.ledger.install import install_postgres, remove_postgres
from shared.ledger.postgres_append import PostgresAppends
from shared.testing.ledger import LedgerServer
from shared.testing.sample import request, sealed_event


@pytest.fixture
def broken_off(ledger_server: LedgerServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LedgerServer]:
    """A database whose installation ended before its schemas were there."""
    server = LedgerServer(ledger_server.admin, f"{ledger_server.name}_again")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(install, "_install_schemas", killed)
        with pytest.raises(KeyboardInterrupt):
            install_postgres(server.admin, server.name, MetaData())
    yield server
    remove_postgres(server.admin, server.name)


class TestInstalling:
    def test_goes_on_where_it_was_broken_off(self, broken_off: LedgerServer) -> None:
        install_postgres(broken_off.admin, broken_off.name, MetaData())
        database = broken_off.open()
        assert append(database, request(new_id(), sealed_event(new_id()))).status == "done"
        database.dispose()

    def test_changes_nothing_where_it_was_done(self, ledger_server: LedgerServer) -> None:
        database, tenant, stream = ledger_server.open(), new_id(), new_id()
        append(database, request(tenant, sealed_event(stream)))
        install_postgres(ledger_server.admin, ledger_server.name, MetaData())
        assert append(database, request(tenant, sealed_event(stream, 2))).last_position == 2
        database.dispose()

    def test_brings_functions_that_came_later_to_what_is_there(self, ledger_server: LedgerServer) -> None:
        """A database of an earlier version appends several at once after the next `qorgan install`."""
        server = LedgerServer(ledger_server.admin, f"{ledger_server.name}_older")
        install_postgres(server.admin, server.name, MetaData())
        engine = create_engine(server.admin.set(database=server.name), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION ledger.append_many"))
        install_postgres(server.admin, server.name, MetaData())
        database = server.open()
        requests = [request(new_id(), sealed_event(new_id())) for _ in range(3)]
        outcomes = PostgresAppends(database.service_engine).do_all(requests)
        database.dispose()
        remove_postgres(server.admin, server.name)
        assert [getattr(one, "status", one) for one in outcomes] == ["done"] * 3
