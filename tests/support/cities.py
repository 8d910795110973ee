"""A fresh sample city in a running suite, its police at work as in life."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from cli.story import texts
from cli.story.city import City, CityMaker, administrator_of
from shared.clock import ShiftedClock
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import amqp_address
from tests.support.suites import QORGAN, RunningSuite


@contextmanager
def city_of(suite: RunningSuite, maker_class: type[CityMaker] = CityMaker) -> Iterator[City]:
    """A fresh city in a running suite, its police at work as a program of their own."""
    administrator = administrator_of(suite.address, suite.department, suite.password)
    maker = maker_class(administrator, suite.department["department"], ShiftedClock(suite.clock_file), suite.home)
    hosts: list[str] = []

    def provision(name: str) -> None:
        if suite.partner_url is not None:
            virtual_hosts_of(suite.partner_url).create(name, amqp_address(suite.partner_url).user)
            hosts.append(name)

    try:
        city = maker.make(provision)
        city.sign_in(suite.address)
        with police_of(suite, city):
            yield city
    finally:
        for name in hosts:
            virtual_hosts_of(suite.partner_url or "").remove(name)


@contextmanager
def police_of(suite: RunningSuite, city: City) -> Iterator[None]:
    """`qorgan partner listen` on the police's virtual host; embedded, `qorgan up --rehearse` answers in its process."""
    if suite.partner_url is None:
        yield
        return
    agency = json.loads((suite.home / "partners" / f"{city.virtual_host}.json").read_text())
    keys = suite.home / f"{city.virtual_host}.keys.json"
    keys.write_text(json.dumps(agency["keys"]))
    url = in_virtual_host(suite.partner_url, city.virtual_host)
    command = [str(QORGAN), "partner", "listen", url, "--agency", agency["agency"], "--keys", str(keys)]
    command += ["--ours", str(suite.keys / "partners" / "public.jwks.json"), "--complete-with", texts.POLICE_OUTCOME]
    with subprocess.Popen(command, env=suite.environment, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()  # not SIGINT, which a suite run in the background of a shell has its children ignore
            process.wait(20)
