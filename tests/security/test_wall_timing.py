"""Time tells nobody of a wall: an answer to a walled id takes as long as one to an unknown id (CON-08).

Called at the doors of all services, the two alternately, in one run. Process time is measured, so that what else the
machine does counts little. A planted difference is found, else the test would prove nothing.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.cases.application import CasesApplication
from shared.domain import Actor
from shared.ledger.application import TenantLedger
from tests.security.test_walls import (
    CALLS,
    COUNTED,
    LISTS,
    OF_A_MATTER,
    Cast,
    Matter,
    a_matter,
    a_safe,
    sent,
    unknown_ids,
)
from tests.support.said import something
from tests.support.whole_house import WholeHouse
from tests.support.work import cost_of

TIMES = 1_000
ROUNDS = 3
MOST_APART = 0.05
TRIED = (
    "cases.show_case",
    "reports.show_report",
    "reports.show_breach",
    "reports.report_by_receipt",
    "referrals.show_referral",
    "monitoring.show_entry",
)
"""Timed, one for each kind of id; of all others the work is compared, statement by statement, event by event."""

HELD = {"reports": ("report", "note"), "cases": ("case",)}
KEEPING = [
    (name, kind)
    for name, call in CALLS.items()
    if "stream" in call.schema.fields
    for kind in HELD[name.partition(".")[0]]
]
"""Calls that name a matter as a stream: to hold it, to destroy it."""

Walled = tuple[WholeHouse, Actor, Matter]


def known_cost_of(house: WholeHouse, name: str, by: Actor) -> list[str]:
    """The work of a list that was asked for just before: all keys are held."""
    house.ask(name, by, {})
    return cost_of(house, name, by, {})


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[list[str]]]]:
    """What each list costs the head, before there is a matter behind a wall and once there is one; of what is then as
    in a school without matters, what it costs there.
    """
    cast, agency = Cast.of_a_school(), str(uuid4())
    with WholeHouse.open(tmp_path_factory.mktemp("house")) as house:
        listed = {"agency": agency, "kind": "police", "channel": "web", "virtual_host": None}
        house.hear("accounts", "accounts.agency_registered.v1", UUID(agency), listed)
        house.settle()
        a_safe(house, cast)
        costs = {name: [known_cost_of(house, name, cast.head)] for name in COUNTED}
        a_matter(house, cast, agency)
        costs |= {name: [known_cost_of(house, name, cast.head)] for name in LISTS if name not in COUNTED}
        a_matter(house, cast, agency, cast.head, cast.head)
        for name in LISTS:
            costs[name].append(known_cost_of(house, name, cast.head))
        yield costs


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walled]:
    """The head, whom a child complains of; the deputy leads that case."""
    cast, agency = Cast.of_a_school(), str(uuid4())
    with WholeHouse.open(tmp_path_factory.mktemp("house")) as house:
        listed = {"agency": agency, "kind": "police", "channel": "web", "virtual_host": None}
        house.hear("accounts", "accounts.agency_registered.v1", UUID(agency), listed)
        house.settle()
        a_safe(house, cast)
        yield house, cast.head, a_matter(house, cast, agency, cast.head, cast.head)


def asker(walled: Walled, name: str) -> Callable[[Mapping[str, str]], float]:
    """Asks once, with ids; gives the process's time for it in seconds."""
    house, by, _ = walled
    service, _, method = name.partition(".")
    token = house.token(by, service, house.school)
    door = getattr(house.running[service].door, method)
    call = OF_A_MATTER[name]

    def ask(ids: Mapping[str, str]) -> float:
        payload = {"command_id": str(uuid4()), "data": sent(call, ids)}
        began = time.process_time()
        answer: dict[str, Any] = door(token, payload)
        took = time.process_time() - began
        assert answer == {"ok": False, "kind": "unknown", "code": "common.unknown", "facts": answer["facts"]}
        return took

    return ask


def apart(ask: Callable[[Mapping[str, str]], float], hidden: Mapping[str, str], calls: int) -> float:
    """By how much the medians differ, of `calls` each: a share of the smaller one. The two take turns."""
    first: list[float] = []
    second: list[float] = []
    gc.disable()
    try:
        for number in range(calls):
            for ids, took in ((hidden, first), (unknown_ids(), second))[:: 1 if number % 2 else -1]:
                took.append(ask(ids))
    finally:
        gc.enable()
    one, other = median(first), median(second)
    return abs(one - other) / min(one, other)


@pytest.mark.requirement("CON-08")
class TestTheTimeOfAnAnswer:
    @pytest.mark.parametrize("name", TRIED)
    def test_is_the_same_to_a_walled_and_to_an_unknown_id(self, walled: Walled, name: str) -> None:
        """The medians over 1,000 calls differ by less than 5 %; once in three rounds, since the machine is shared."""
        ask, hidden = asker(walled, name), vars(walled[2])
        apart(ask, hidden, 20)
        measured = []
        for _ in range(ROUNDS):
            measured.append(apart(ask, hidden, TIMES))
            if measured[-1] < MOST_APART:
                return
        pytest.fail(f"{name}: apart by {measured}")

    def test_would_differ_if_a_wall_were_found_by_loading_what_is_behind_it(
        self, walled: Walled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted difference: no look for a wall, the case is loaded and then says no."""
        monkeypatch.setattr(CasesApplication, "_has_a_wall", lambda *_: False)
        assert apart(asker(walled, "cases.show_case"), vars(walled[2]), 100) > 2 * MOST_APART


@pytest.mark.requirement("CON-08")
class TestTheWorkOfAnAnswer:
    @pytest.mark.parametrize("name", sorted(OF_A_MATTER))
    def test_is_the_same_to_a_walled_and_to_an_unknown_id(self, walled: Walled, name: str) -> None:
        """The same statements and opened events in the same order, by every call that takes an id; a new one is
        compared as well.
        """
        house, by, matter = walled
        call = OF_A_MATTER[name]
        house.ask(name, by, sent(call, unknown_ids()))  # standing keys are held from now on
        done = [cost_of(house, name, by, sent(call, ids)) for ids in (vars(matter), unknown_ids())]
        assert done[0] == done[1]
        assert any(one.startswith("INSERT") for one in done[0])  # the denial, recorded

    @pytest.mark.parametrize(("name", "kind"), KEEPING)
    def test_is_the_same_in_holding_and_destroying(self, walled: Walled, name: str, kind: str) -> None:
        """What is held or destroyed is named as a stream, whatever it is."""
        house, by, matter = walled
        schema = CALLS[name].schema
        house.ask(name, by, something(schema, {"stream": str(uuid4())}))
        done = cost_of(house, name, by, something(schema, {"stream": vars(matter)[kind]}))
        assert house.accesses(name.partition(".")[0])[-1][2]["rule"] == "walled"
        assert done == cost_of(house, name, by, something(schema, {"stream": str(uuid4())}))

    def test_would_differ_if_the_case_were_loaded(self, walled: Walled, monkeypatch: pytest.MonkeyPatch) -> None:
        """The rows of walls are the first to ask; without them the case says no itself, with its events read."""
        house, by, matter = walled
        loaded: list[UUID] = []
        load = TenantLedger.find

        def noted(ledger: TenantLedger, kind: Any, stream: UUID) -> Any:
            loaded.append(stream)
            return load(ledger, kind, stream)

        monkeypatch.setattr(TenantLedger, "find", noted)
        house.ask("cases.show_case", by, {"case": matter.case})
        assert UUID(matter.case) not in loaded
        monkeypatch.setattr(CasesApplication, "_has_a_wall", lambda *_: False)
        assert house.ask("cases.show_case", by, {"case": matter.case})["code"] == "common.unknown"
        assert UUID(matter.case) in loaded


@pytest.mark.requirement("CON-08")
@pytest.mark.parametrize("name", LISTS)
def test_the_work_of_a_list_is_the_same_once_there_is_a_matter_behind_a_wall(
    lists: dict[str, list[list[str]]], name: str
) -> None:
    """No row more, and nothing more that is read for it."""
    before, after = lists[name]
    assert before == after
