"""One installation on servers of its own, and one flow through it, for all faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shared.ids import new_id
from shared.testing.private_servers import private_postgres, private_rabbitmq
from tests.resilience.flow import Flow
from tests.resilience.installation import PROCESSES, Installation
from tests.resilience.observed import Observed

TENANTS = 24


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Installed and running, two replicas of each service; its servers go with all that is in them."""
    with private_postgres(max_connections="400") as postgres, private_rabbitmq() as rabbitmq:
        running = Installation(Path(tmp_path_factory.mktemp("resilience")), postgres, rabbitmq)
        running.provide_virtual_host()
        admin = make_url(postgres.url).set(drivername="postgresql+psycopg")
        running.house("accounts").install(admin.render_as_string(hide_password=False))
        running.start(*PROCESSES)
        try:
            running.wait_until_at_work()
            yield running
        finally:
            running.end()


@pytest.fixture(scope="session")
def flow(installation: Installation) -> Iterator[Flow]:
    """Reports in two dozen schools."""
    house = installation.house("reports")
    yield Flow(house, [new_id() for _ in range(TENANTS)])
    house.close()


@pytest.fixture(scope="session")
def observed(installation: Installation, flow: Flow) -> Iterator[Observed]:
    """What the databases say of it; when all is over, that every ledger verifies."""
    yield Observed(installation, flow)
    assert Observed(installation, flow).ledgers_verify()
