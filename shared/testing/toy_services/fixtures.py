"""The toys as fixtures: on SQLite, on PostgreSQL, with brokers and threads."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from kombu.transport import memory
from sqlalchemy import (
    Table,
    create_engine,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from shared.ledger.install import install_postgres, remove_postgres
from shared.ledger.tables import TENANT_TABLES
from shared.messaging.transport import EMBEDDED_URL
from shared.messaging.transport import connection as broker_connection
from shared.testing.put_back import OlderCopy
from shared.testing.toy_services.alpha import ALPHA
from shared.testing.toy_services.beta import BETA
from shared.testing.toy_services.house import ToyHouse
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import amqp_address


@pytest.fixture
def sqlite_toys(tmp_path: Path) -> Iterator[ToyHouse]:
    """The toys on SQLite."""
    house = ToyHouse.on_sqlite(tmp_path / "toys")
    yield house
    house.close()


@pytest.fixture(scope="session")
def toy_databases(postgres_admin_url: str) -> Iterator[tuple[URL, str]]:
    """PostgreSQL databases of this run's own for both: the superuser's URL, and the prefix of their names."""
    prefix = f"qorgan_toys_{secrets.token_hex(5)}"
    admin = make_url(postgres_admin_url).set(drivername="postgresql+psycopg")
    for parts in (ALPHA, BETA):
        install_postgres(admin, f"{prefix}_{parts.name}", parts.metadata)
    yield admin, prefix
    for parts in (ALPHA, BETA):
        remove_postgres(admin, f"{prefix}_{parts.name}")


@pytest.fixture
def postgres_toys(tmp_path: Path, toy_databases: tuple[URL, str]) -> Iterator[ToyHouse]:
    """The toys on PostgreSQL, with nothing of an earlier test in their databases."""
    admin, prefix = toy_databases
    house = ToyHouse.on_postgres(tmp_path / "toys", admin, prefix)
    yield house
    house.close()
    for parts in (ALPHA, BETA):
        _empty(admin.set(database=f"{prefix}_{parts.name}"), [*TENANT_TABLES, *parts.metadata.sorted_tables])


def _empty(url: URL, tables: Sequence[Table]) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the ledger refuses, as it should
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        for table in tables:
            connection.execute(table.delete())


@pytest.fixture(params=["sqlite", "postgres"])
def toys(request: pytest.FixtureRequest) -> ToyHouse:
    """The toys on SQLite and on PostgreSQL in turn."""
    house: ToyHouse = request.getfixturevalue(f"{request.param}_toys")
    return house


@pytest.fixture
def older_copy(request: pytest.FixtureRequest, toys: ToyHouse) -> Callable[[str, UUID], OlderCopy]:
    """Keeps a copy of one tenant's rows in a toy's database, to be put back."""

    def keep(name: str, tenant: UUID) -> OlderCopy:
        database = toys.toys[name].service.database
        if database.is_sqlite:
            return OlderCopy(database, tenant, None)
        admin, prefix = request.getfixturevalue("toy_databases")
        return OlderCopy(database, tenant, admin.set(database=f"{prefix}_{name}"))

    return keep


@pytest.fixture(scope="session")
def toys_virtual_host(amqp_url: str) -> Iterator[str]:
    """URL of a virtual host for all tests of the toys: making one takes a second."""
    hosts = virtual_hosts_of(amqp_url)
    name = f"qorgan-toys-{secrets.token_hex(6)}"
    hosts.create(name, amqp_address(amqp_url).user)
    yield in_virtual_host(amqp_url, name)
    hosts.remove(name)


@pytest.fixture
def toy_broker(toys_virtual_host: str) -> Iterator[str]:
    """URL of a broker on which the toys have left nothing yet."""
    yield toys_virtual_host
    with broker_connection(toys_virtual_host) as opened:
        for name in ("alpha", "beta"):
            opened.channel().queue_delete(f"qorgan.beta.from.{name}")
            opened.channel().exchange_delete(f"qorgan.{name}")


@pytest.fixture
def in_process_broker() -> Iterator[str]:
    """URL of the embedded broker, empty."""
    _empty_the_in_process_broker()
    yield EMBEDDED_URL
    _empty_the_in_process_broker()


def _empty_the_in_process_broker() -> None:
    memory.Channel.queues.clear()
    memory.Transport.global_state.clear()


@pytest.fixture
def running_threads() -> Iterator[Callable[[Callable[[threading.Event], None]], threading.Thread]]:
    """Runs what takes a stop event in a thread, until the test ends."""
    stop = threading.Event()
    started: list[threading.Thread] = []

    def run(target: Callable[[threading.Event], None]) -> threading.Thread:
        thread = threading.Thread(target=target, args=(stop,), daemon=True)
        thread.start()
        started.append(thread)
        return thread

    yield run
    stop.set()
    for thread in started:
        thread.join(timeout=10)
    if any(thread.is_alive() for thread in started):
        pytest.fail("a part did not end when it was told to")
