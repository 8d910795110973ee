"""Both ways to run the suite, each started once for all journeys."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import amqp_address
from tests.support.suites import RunningSuite, distributed_suite, embedded_suite


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """The suite in one process."""
    with embedded_suite(Path(tmp_path_factory.mktemp("embedded"))) as suite:
        yield suite


@pytest.fixture(scope="session")
def distributed(
    tmp_path_factory: pytest.TempPathFactory, postgres_admin_url: str, amqp_url: str
) -> Iterator[RunningSuite]:
    """The suite in seven processes, two of them replicas of `cases`, in a virtual host of its own."""
    hosts, name = virtual_hosts_of(amqp_url), f"qorgan-journeys-{secrets.token_hex(4)}"
    hosts.create(name, amqp_address(amqp_url).user)
    try:
        folder = Path(tmp_path_factory.mktemp("distributed"))
        with distributed_suite(folder, postgres_admin_url, in_virtual_host(amqp_url, name)) as suite:
            yield suite
    finally:
        hosts.remove(name)


@pytest.fixture(params=["embedded", "distributed"])
def suite(request: pytest.FixtureRequest) -> RunningSuite:
    """Each way to run the suite in turn: a journey must hold in both."""
    running: RunningSuite = request.getfixturevalue(request.param)
    return running
