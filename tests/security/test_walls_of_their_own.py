"""Breaches and risk-group entries keep people away by themselves, too: by name, by role, or since later (REP-02).

What belongs to a report, and has its walls, is tried in `test_walls.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from shared.domain import Actor
from tests.security.test_walls import ENTERED, OF_A_MATTER, WORD, Cast, sent, unknown_ids
from tests.support.whole_house import WholeHouse
from tests.support.work import cost_of

LISTS = ("reports.list_breaches", "monitoring.list_risk_group")
CALLS = [name for name, call in OF_A_MATTER.items() if {"breach", "entry"} & set(call.schema.fields)]
RULES = {"reports.walled_off", "monitoring.walled_off"}


@dataclass(frozen=True)
class Scene:
    """A school whose head is kept from a breach and an entry; what the head's lists were before, and what they cost."""

    house: WholeHouse
    head: Actor
    ids: dict[str, str]
    lists: Mapping[str, Any]
    cost: Mapping[str, list[str]]


def a_breach(house: WholeHouse, deputy: Actor, accused: list[dict[str, str]]) -> str:
    """Reported without a name and of no report; its id."""
    before = {row["breach"] for row in house.do("reports.list_breaches", deputy)}
    told: dict[str, Any] = {"kind": "disclosure_of_information", "description": WORD, "accused": accused}
    house.do("reports.report_breach", Actor(id=f"reporter:{uuid4()}"), **told)
    [breach] = {row["breach"] for row in house.do("reports.list_breaches", deputy)} - before
    return str(breach)


def an_entry(house: WholeHouse, by: Actor, named: list[dict[str, str]]) -> str:
    """Of a child, from no report and no case; its id."""
    return str(house.do("monitoring.enter_child", by, **(dict(ENTERED) | {"named": named}))["entry"])


@pytest.fixture(params=["by name", "by role", "since later", "as who it turned out to be"], scope="module")
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The head knows of one breach and one entry, and must not of the next."""
    cast = Cast.of_a_school()
    head = str(cast.head.person)
    named = {
        "by name": [{"person": head}],
        "by role": [{"role": "head"}],
        "as who it turned out to be": [{"role": "deputy"}],
    }
    who = [{"category": "staff"} | one for one in named.get(request.param, [])]
    with WholeHouse.open(tmp_path_factory.mktemp("house")) as house:
        others = [a_breach(house, cast.deputy, []), an_entry(house, cast.psychologist, [])]
        lists = {name: house.ask(name, cast.head, {}) for name in LISTS}
        cost = {name: cost_of(house, name, cast.head, {}) for name in LISTS}
        assert all(one in json.dumps(lists) for one in others)
        leads = cast.head if request.param == "as who it turned out to be" else cast.deputy
        ids = {"breach": a_breach(house, leads, who), "entry": an_entry(house, cast.psychologist, who)}
        if request.param in ("since later", "as who it turned out to be"):
            breach: dict[str, Any] = {"accused": 0} if who else {}
            entry: dict[str, Any] = {"named": 0} if who else {}
            house.do("reports.wall_off_from_breach", leads, breach=ids["breach"], person=head, **breach)
            house.do("monitoring.wall_off_from_entry", cast.psychologist, entry=ids["entry"], person=head, **entry)
        yield Scene(house, cast.head, ids, lists, cost)


@pytest.mark.requirement("REP-02")
@pytest.mark.requirement("CON-08")
class TestWhoeverABreachOrAnEntryKeepsAway:
    @pytest.mark.parametrize("name", CALLS)
    def test_gets_what_an_unknown_id_gets_at_the_same_cost(self, scene: Scene, name: str) -> None:
        call, none = OF_A_MATTER[name], unknown_ids()
        scene.house.ask(name, scene.head, sent(call, none))  # standing keys are held from now on
        cost = cost_of(scene.house, name, scene.head, sent(call, none | scene.ids))
        found = scene.house.ask(name, scene.head, sent(call, none | scene.ids))
        topic, actor, facts = scene.house.accesses(name.partition(".")[0])[-1]
        assert (topic, actor) == ("access.denied", scene.head.id)
        assert facts["rule"] in RULES
        assert found == scene.house.ask(name, scene.head, sent(call, unknown_ids()))
        assert found["kind"] == "unknown"
        assert cost == cost_of(scene.house, name, scene.head, sent(call, unknown_ids()))

    @pytest.mark.parametrize("name", LISTS)
    def test_finds_the_list_as_it_was_at_the_same_cost(self, scene: Scene, name: str) -> None:
        assert scene.house.ask(name, scene.head, {}) == scene.lists[name]
        assert cost_of(scene.house, name, scene.head, {}) == scene.cost[name]
