"""The same contract with everything in one process: killed in the middle of work and started again, it goes on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests

from cli.api_client import Api, RefusedError
from cli.story import texts
from cli.story.city import City
from shared.ids import new_id
from shared.testing.waiting import wait_until
from tests.resilience.home import Home
from tests.resilience.observed import Observed
from tests.support.cities import city_of

SEED = 20261122
DEATHS = 3
HANDS = 2
PATIENCE_SECONDS = 300.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home, served."""
    made = Home(Path(tmp_path_factory.mktemp("home")))
    made.start()
    try:
        yield made
    finally:
        made.kill()


@dataclass
class Filing:
    """Reports that are filed and confirmed over the API; what is not answered is asked again under the same key."""

    city: City
    confirmed: dict[UUID, int] = field(default_factory=dict)
    left_open: list[UUID] = field(default_factory=list)
    asked: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)

    @property
    def tenants(self) -> list[UUID]:
        """The schools."""
        return [UUID(school.id) for school in self.city.schools]

    def work(self) -> None:
        """Files one report after the other until told to stop."""
        try:
            while not self.stop.is_set():
                self._file()
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.failures.append(error)

    def _file(self) -> None:
        school = self.city.schools[0]
        filed = texts.report(accused=school.people["accused"])
        report = self._ask(school.api("class_teacher"), "/reports", filed)["report"]
        head, of_report = school.api("head"), f"/reports/{report}"
        self._ask(head, f"{of_report}/triage", texts.TRIAGE)
        self._ask(head, f"{of_report}/verification", {"owner": school.people["head"]})
        what, finding = texts.VERIFICATION[0]
        self._ask(head, f"{of_report}/verification-steps", {"what": what, "finding": finding})
        self._ask(head, f"{of_report}/confirmation", texts.CONFIRMATION)
        self.confirmed[UUID(report)] = 1

    def _ask(self, api: Api, path: str, data: Mapping[str, Any]) -> Any:
        caller = Api(api.address, session=api.session, tenant=api.tenant)  # its own connection: callers are threads
        key, ends = new_id(), time.monotonic() + PATIENCE_SECONDS
        self.asked += 1
        while True:
            try:
                return caller.post(path, data, key=key)
            except (requests.RequestException, RefusedError) as error:
                refused = isinstance(error, RefusedError) and error.status < requests.codes.server_error
                if refused or time.monotonic() >= ends:
                    raise
            time.sleep(0.1)  # a poll with a deadline: the process is away


class TestAnEmbeddedSuite:
    """One process, SQLite files, a broker that dies with it."""

    def test_killed_again_and_again_loses_nothing_and_does_nothing_twice(self, home: Home) -> None:
        """Reports keep being asked for; every one has one case in the register, and every ledger verifies."""
        rng = random.Random(SEED)
        with city_of(home.as_suite()) as city:
            filing = Filing(city)
            hands = [threading.Thread(target=filing.work, daemon=True) for _ in range(HANDS)]
            for hand in hands:
                hand.start()
            for _ in range(DEATHS):
                goal = filing.asked + rng.randint(10, 25)
                wait_until(lambda: filing.failures or filing.asked >= goal, PATIENCE_SECONDS, "more to be asked")  # noqa: B023 - called before the next round
                time.sleep(rng.random() / 20)  # somewhere inside a request
                home.kill()
                home.start()
            filing.stop.set()
            for hand in hands:
                hand.join(PATIENCE_SECONDS)
            assert not filing.failures
            observed = Observed(home, filing)
            observed.settles()
            observed.check()
        home.kill()
        assert observed.ledgers_verify()
