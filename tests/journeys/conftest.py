"""Both ways to run the suite, each started once for all journeys."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.story.city import City
from cli.story.main_case import Story
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import amqp_address
from tests.support.cities import city_of
from tests.support.suites import RunningSuite, distributed_suite, embedded_suite

pytest.register_assert_rewrite("tests.journeys.ways")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSuite]:
    """The suite in one process."""
    with embedded_suite(Path(tmp_path_factory.mktemp("embedded"))) as suite:
        yield suite


@pytest.fixture(scope="module")
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


@dataclass(frozen=True)
class Played:
    """The story, played to its end in a suite that still runs."""

    suite: RunningSuite
    city: City
    story: Story
    steps: list[str]

    def qorgan(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a `qorgan` command on what was played."""
        home = ["--home", str(self.suite.home)] if self.suite.partner_url is None else []
        return self.suite.qorgan(*arguments, *home, check=check)


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """The story played in each way to run the suite: a journey must hold in both."""
    suite: RunningSuite = request.getfixturevalue(request.param)
    with city_of(suite) as city:
        story = Story(city)
        yield Played(suite, city, story, list(story.play()))
