"""The attacked ledger, on SQLite and on PostgreSQL, and the superuser who attacks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from shared.ledger.install import install_postgres, remove_postgres
from shared.testing.ledger import LedgerServer
from tests.support.attacked_ledger import Attack, AttackedLedger, attacked_ledger


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[AttackedLedger, Callable[[], None]]]:
    """The ledger, made once on each kind of database, and what puts it back."""
    folder, server = tmp_path_factory.mktemp("attacked"), None
    if request.param == "postgres":
        shared: LedgerServer = request.getfixturevalue("ledger_server")
        server = LedgerServer(shared.admin, f"{shared.name}_attacked")
        install_postgres(server.admin, server.name, MetaData())
    ledger = attacked_ledger(folder, server)
    yield ledger, ledger.keep(Path(folder / "copy.sqlite"))
    ledger.database.dispose()
    if server is not None:
        remove_postgres(server.admin, server.name)


@pytest.fixture
def ledger(made: tuple[AttackedLedger, Callable[[], None]]) -> Iterator[AttackedLedger]:
    """As it was made; put back after the attack."""
    ledger, put_back = made
    yield ledger
    put_back()


@pytest.fixture
def attack(ledger: AttackedLedger) -> Callable[[Attack], None]:
    """Does something as the superuser, all of it or nothing."""

    def run(attack: Attack) -> None:
        with ledger.as_superuser() as connection:
            attack(connection)

    return run
