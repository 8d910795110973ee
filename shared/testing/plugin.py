"""The pytest plugin of the whole tree: servers and virtual hosts as fixtures, requirement numbers as markers.

A test that needs a server never skips for want of one: it fails, and says what to do.
"""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.testing.private_servers import PrivatePostgres, PrivateRabbitmq, private_postgres, private_rabbitmq
from shared.testing.requirements import NOT_RUN, Trace, Traced
from shared.testing.scratch import scratch
from shared.testing.servers import amqp_url as amqp_url_in_use
from shared.testing.servers import postgres_url
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import ServerUnusableError, amqp_address, speak_amqp, speak_postgres

NUMBERS = "qorgan_requirements"  # what a worker of pytest-xdist calls them on its way to the one who asked
WIDE = "300"
HOW_TO_GET_SERVERS = "`make test` provides the servers; `deploy/provision/test_servers` alone says what is missing."


@pytest.fixture(scope="session")
def postgres_admin_url() -> str:
    """URL of the shared PostgreSQL, as superuser: make databases and roles of your own and remove them after."""
    url = postgres_url()
    try:
        speak_postgres(url)
    except ServerUnusableError as error:
        pytest.fail(f"{error}. {HOW_TO_GET_SERVERS}", pytrace=False)
    return url


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """URL of the shared broker's own virtual host: only for what needs none of its own."""
    url = amqp_url_in_use()
    try:
        speak_amqp(url)
    except ServerUnusableError as error:
        pytest.fail(f"{error}. {HOW_TO_GET_SERVERS}", pytrace=False)
    return url


@pytest.fixture
def amqp_vhost(amqp_url: str) -> Iterator[str]:
    """URL of a fresh virtual host of the shared broker, removed after the test with all that is in it."""
    hosts = virtual_hosts_of(amqp_url)
    name = f"qorgan-test-{secrets.token_hex(6)}"
    try:
        hosts.create(name, amqp_address(amqp_url).user)
    except ServerUnusableError as error:
        pytest.fail(f"no virtual host could be made by {hosts}: {error}. {HOW_TO_GET_SERVERS}", pytrace=False)
    yield in_virtual_host(amqp_url, name)
    hosts.remove(name)


@pytest.fixture
def own_postgres() -> Iterator[PrivatePostgres]:
    """A PostgreSQL of the test's own, to stop, kill or wipe (about 2 s)."""
    with private_postgres() as server:
        yield server


@pytest.fixture
def own_rabbitmq() -> Iterator[PrivateRabbitmq]:
    """A RabbitMQ node of the test's own, to stop, kill or wipe (about 8 s)."""
    with private_rabbitmq() as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    """Gives commands a wide terminal, so that no test reads what was wrapped; watches the run for `make trace`."""
    os.environ["COLUMNS"] = WIDE
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch()))  # what `tmp_path` is made in
    config.pluginmanager.register(_RequirementTrace(config), "qorgan-requirement-trace")


def pytest_collection_finish() -> None:
    """Thousands of tests and modules stay until the end: no collection of garbage has to look through them again."""
    gc.collect()
    gc.freeze()


class _RequirementTrace:
    """Sees all tests and outcomes of a run; where workers share it, each tells its numbers to the one who asked."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._root = config.rootpath
        self._seen: dict[str, Traced] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Before anything is deselected: what is there, and which numbers it carries."""
        for item in items:
            numbers = {str(number) for marker in item.iter_markers("requirement") for number in marker.args}
            self._see(item.nodeid).requirements = sorted(numbers)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The worst of a test's set-up, call and tear-down is its outcome."""
        traced = self._see(report.nodeid)
        if report.failed:
            traced.outcome = "failed"
        elif report.skipped:
            traced.outcome = "xfailed" if hasattr(report, "wasxfail") else "skipped"
        elif report.when == "call" and traced.outcome == NOT_RUN:
            traced.outcome = "passed"

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of pytest-xdist has ended, and has told what it collected."""
        for nodeid, numbers in getattr(node, "workeroutput", {}).get(NUMBERS, {}).items():
            self._see(nodeid).requirements = numbers

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Merges this run into the record; a run of single tests tells nothing about the rest of their files."""
        told: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if told is not None:
            told[NUMBERS] = {node: traced.requirements for node, traced in self._seen.items()}
            return
        whole = not any("::" in str(argument) for argument in session.config.args)
        files = {node.partition("::")[0] for node in self._seen} if whole else set[str]()
        trace = Trace.read(self._root)
        trace.merge(self._seen, root=self._root, whole_files=files)
        trace.write(Path(self._root))

    def _see(self, nodeid: str) -> Traced:
        return self._seen.setdefault(nodeid, Traced([]))
