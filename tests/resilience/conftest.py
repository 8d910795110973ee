"""One installation on servers of its own, and one flow through it, for all faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from shared.ids import new_id
from shared.testing.private_servers import private_postgres, private_rabbitmq
from tests.resilience.checkpoints import Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.installation import PROCESSES, Installation
from tests.resilience.observed import Observed

TENANTS = 23


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings the tests of the one installation together, behind all others and in whatever order they were: it is a
    dozen processes, in whose company no other test should run. The sum of them all comes last.
    """
    items.sort(
        key=lambda item: sum(name in getattr(item, "fixturenames", ()) for name in ("installation", "last_of_all"))
    )


@pytest.fixture
def last_of_all() -> None:
    """Asked for by the test that comes when all harm is done."""


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
def observed(installation: Installation, flow: Flow) -> Observed:
    """What the databases say of it."""
    return Observed(installation, flow)


@pytest.fixture(scope="session")
def checkpoints(installation: Installation, flow: Flow, observed: Observed) -> Checkpoints:
    """What must be true after each fault."""
    return Checkpoints(installation, flow, observed)
