"""Workers of the page: a school whose reports arrive by HTTP, with a service behind that stores them or nothing."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from cli.benching.appending import rate

REPORT = {
    "source": "neighbour",
    "channel": "messenger",
    "place": "home",
    "kinds": ["neglect", "psychological"],
    "description": "Көрші үйдегі бала күні бойы есік алдында отырады, кешке дейін ешкім кіргізбейді.",
    "child": {"name": "Нұрәли", "age": 9},
    "accused": [{"category": "parent_or_guardian"}],
    "timing": "present",
    "happened_text": "соңғы екі апта",
}


class _Door:
    """The door of one service of the distributed suite, whose settings are in the environment."""

    def __init__(self, service: str) -> None:
        from cli.house import House
        from cli.settings import Settings
        from cli.suite import Suite

        self.house = House.build(Settings.from_environment(), [service])
        self.application: Any = self.house.services[service].application
        Suite(self.house).start(self.house.services[service], "door")


class Accounts:
    """`accounts`, with a department and a school in it."""

    def __init__(self) -> None:
        from cli.installation import found_department
        from services.accounts.commands import RegisterSchool
        from shared.domain import Actor
        from shared.ids import new_id

        door = _Door("accounts")
        founded = found_department(door.house, "bench", "bench", "a password of the benchmark")
        command = RegisterSchool(
            tenant=UUID(founded["department"]), command_id=new_id(), by=Actor(id="system:install"), name="bench"
        )
        self._school = door.application.execute(command).body

    def __call__(self) -> Any:
        """The school."""
        return self._school


class Reports:
    """`reports`, which stores, or answers the same and stores nothing."""

    def __init__(self) -> None:
        door = _Door("reports")
        self._stores = True
        self._last: Any = None
        store = door.application.execute

        def execute(command: Any, **more: Any) -> Any:
            if self._stores or self._last is None:
                self._last = store(command, **more)
            return self._last

        door.application.execute = execute

    def __call__(self, *, stores: bool) -> bool:
        """From now on it stores, or does not."""
        self._stores = stores
        return stores


class Pages:
    """People who send reports, one after the other."""

    def __init__(self, address: str, school: str, people: int) -> None:
        self._address, self._school, self._people = address, school, people

    def __call__(self, seconds: float) -> dict[str, float]:
        """A round."""
        return rate(self._people, seconds, self._work)

    def _work(self, ends: float) -> int:
        from cli.api_client import Api

        api, count = Api(self._address, tenant=self._school), 0
        while time.monotonic() < ends:
            api.post("/reports", REPORT)
            count += 1
        return count
