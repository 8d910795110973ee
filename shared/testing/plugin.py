"""The pytest plugin of the whole tree: servers and virtual hosts as fixtures, requirement numbers as markers.

A test that needs a server never skips for want of one: it fails, and says what to do.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.private_servers import PrivatePostgres, PrivateRabbitmq, private_postgres, private_rabbitmq
from shared.testing.requirements import NOT_RUN, Trace, Traced
from shared.testing.servers import amqp_url as amqp_url_in_use
from shared.testing.servers import postgres_url
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import ServerUnusableError, amqp_address, speak_amqp, speak_postgres

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
    """Watches the run for `make trace`."""
    config.pluginmanager.register(_RequirementTrace(config), "qorgan-requirement-trace")


class _RequirementTrace:
    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        self._seen: dict[str, Traced] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Before anything is deselected: what is there, and which numbers it carries."""
        for item in items:
            numbers = {str(number) for marker in item.iter_markers("requirement") for number in marker.args}
            self._seen[item.nodeid] = Traced(sorted(numbers))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The worst of a test's set-up, call and tear-down is its outcome."""
        traced = self._seen.get(report.nodeid)
        if traced is None:
            return
        if report.failed:
            traced.outcome = "failed"
        elif report.skipped:
            traced.outcome = "xfailed" if hasattr(report, "wasxfail") else "skipped"
        elif report.when == "call" and traced.outcome == NOT_RUN:
            traced.outcome = "passed"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Merges this run into the record; a run of single tests tells nothing about the rest of their files."""
        whole = not any("::" in str(argument) for argument in session.config.args)
        files = {node.partition("::")[0] for node in self._seen} if whole else set[str]()
        trace = Trace.read(self._root)
        trace.merge(self._seen, root=self._root, whole_files=files)
        trace.write(Path(self._root))
