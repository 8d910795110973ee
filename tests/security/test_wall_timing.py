"""Time tells nobody of a wall: an answer to a walled id takes as long as one to an unknown id (CON-08).

Called at the doors of all services, the two alternately, in one run. Process time is measured, so that what else the
machine does counts little. A planted difference is found, else the test would prove nothing.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from services.cases.application import CasesApplication
from shared.domain import Actor
from shared.ledger.application import TenantLedger
from shared.ledger.recorder import SealingMapper
from tests.security.test_walls import OF_A_MATTER, Cast, Matter, a_matter, a_safe, sent, unknown_ids
from tests.support.whole_house import WholeHouse

CALLS = 1_000
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

Walled = tuple[WholeHouse, Actor, Matter]


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
            measured.append(apart(ask, hidden, CALLS))
            if measured[-1] < MOST_APART:
                return
        pytest.fail(f"{name}: apart by {measured}")

    def test_would_differ_if_a_wall_were_found_by_loading_what_is_behind_it(
        self, walled: Walled, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted difference: no look for a wall, the case is loaded and then says no."""
        monkeypatch.setattr(CasesApplication, "_has_a_wall", lambda *_: False)
        assert apart(asker(walled, "cases.show_case"), vars(walled[2]), 100) > 2 * MOST_APART


@contextmanager
def work(house: WholeHouse) -> Iterator[list[str]]:
    """What is asked of the databases meanwhile, and `opened` for each event that is read out of its seal."""
    done: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        done.append(statement)

    def opening(mapper: SealingMapper, stored: Any, opened: Any = SealingMapper.to_domain_event) -> Any:
        done.append("opened")
        return opened(mapper, stored)

    engines = [one.service.database.service_engine for one in house.running.values()]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SealingMapper, "to_domain_event", opening)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        yield done
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.mark.requirement("CON-08")
class TestTheWorkOfAnAnswer:
    @pytest.mark.parametrize("name", sorted(OF_A_MATTER))
    def test_is_the_same_to_a_walled_and_to_an_unknown_id(self, walled: Walled, name: str) -> None:
        """The same statements and opened events in the same order, by every call that takes an id; a new one is
        compared as well.
        """
        house, by, matter = walled
        call, done = OF_A_MATTER[name], []
        house.ask(name, by, sent(call, unknown_ids()))  # standing keys are held from now on
        for ids in (vars(matter), unknown_ids()):
            with work(house) as one:
                house.ask(name, by, sent(call, ids))
            done.append(one)
        assert done[0] == done[1]
        assert any(one.startswith("INSERT") for one in done[0])  # the denial, recorded

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
