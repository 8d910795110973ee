"""The same attacks on a home of the real services: `qorgan audit verify` ends with 1 and prints where it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, delete, insert
from sqlalchemy.pool import NullPool

from cli.house import House
from services.cases.queries import show_case
from services.cases.tests.builders import HEAD
from shared.ids import new_id
from shared.ledger.tables import SCHEMAS, checkpoints, events, heads, public_events, stream_keys
from shared.sealing.seal import UnsealError
from tests.journeys.test_audit_commands import _case, _report, _save, run
from tests.support.attacks import at, change, columns_at, make_room, swap, swap_positions, without_triggers


class Schools(NamedTuple):
    """A home with two schools; each has two cases of two events, at positions 1 and 2, 3 and 4 of `cases`."""

    home: Path
    ours: UUID
    theirs: UUID
    cases: dict[UUID, list[UUID]]

    def attack(self, attack: Callable[[Connection], Any]) -> None:
        """Changes the database of `cases` where it lies, without its triggers."""
        engine = create_engine(f"sqlite:///{self.home / 'data' / 'cases.db'}", poolclass=NullPool)
        engine = engine.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
        with engine.begin() as connection:
            without_triggers(connection)
            attack(connection)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Schools:
    """The home that every test gets a copy of, with checkpoints as a follower makes them."""
    home = tmp_path_factory.mktemp("tampered") / "home"
    ours, theirs = new_id(), new_id()
    schools = Schools(home, ours, theirs, {ours: [new_id(), new_id()], theirs: [new_id(), new_id()]})
    with House.open(home) as house:
        for tenant, cases in schools.cases.items():
            for case in cases:
                report = new_id()
                _save(house, "reports", tenant, _report(report))
                _save(house, "cases", tenant, _case(case, report))
        house.checkpoint()
    return schools


@pytest.fixture
def schools(template: Schools, tmp_path: Path) -> Schools:
    """A home of the test's own."""
    shutil.copytree(template.home, tmp_path / "home")
    return template._replace(home=tmp_path / "home")


def forged_row(connection: Connection, schools: Schools, position: int) -> None:
    row = columns_at(connection, schools.ours, 1, "cases")
    connection.execute(insert(events).values(row | {"position": position, "stream": new_id()}))


def put_in_between(connection: Connection, schools: Schools) -> None:
    make_room(connection, schools.ours, 2, "cases")
    forged_row(connection, schools, 2)


def ours(schools: Schools, position: int) -> Any:
    return at(schools.ours, position, "cases")


def theirs(schools: Schools, position: int) -> Any:
    return at(schools.theirs, position, "cases")


ATTACKS: dict[str, tuple[Callable[[Connection, Schools], Any], set[tuple[int, str]]]] = {
    "the first row deleted": (lambda c, s: c.execute(delete(events).where(ours(s, 1))), {(1, "position_missing")}),
    "a row in the middle deleted": (
        lambda c, s: c.execute(delete(events).where(ours(s, 2))),
        {(2, "position_missing")},
    ),
    "the last row deleted": (lambda c, s: c.execute(delete(events).where(ours(s, 4))), {(4, "position_missing")}),
    "a row put in at the end": (lambda c, s: forged_row(c, s, 5), {(5, "position_beyond_head")}),
    "a row put in between": (put_in_between, {(2, "leaf_differs"), (3, "leaf_differs"), (4, "leaf_differs")}),
    "two rows reordered": (
        lambda c, s: swap_positions(c, s.ours, 2, 3, "cases"),
        {(2, "leaf_differs"), (3, "leaf_differs")},
    ),
    "events truncated": (lambda c, _: c.execute(delete(events)), {(1, "position_missing")}),
    "heads truncated": (lambda c, _: c.execute(delete(heads)), {(0, "head_missing")}),
    "keys truncated": (lambda c, _: c.execute(delete(stream_keys)), {(1, "key_missing"), (4, "key_missing")}),
    "public rows truncated": (lambda c, _: c.execute(delete(public_events)), {(1, "public_event_missing")}),
    "payloads of two schools swapped": (
        lambda c, s: swap(c, ours(s, 1), theirs(s, 1), "payload"),
        {(1, "payload_does_not_open")},
    ),
    "payloads of two events of a case swapped": (
        lambda c, s: swap(c, ours(s, 1), ours(s, 2), "payload"),
        {(1, "payload_does_not_open"), (2, "payload_does_not_open")},
    ),
    "a topic changed": (
        lambda c, s: change(c, events, ours(s, 2), topic="cases.case_closed"),
        {(2, "payload_does_not_open")},
    ),
    "a row moved to another school": (
        lambda c, s: change(c, events, ours(s, 2), tenant=s.theirs, position=5),
        {(2, "position_missing")},
    ),
    "a row moved to another case": (
        lambda c, s: change(c, events, ours(s, 2), stream=s.cases[s.ours][1], version=3),
        {(2, "payload_does_not_open")},
    ),
}


class TestVerifyingAnAttackedHome:
    def test_finds_nothing_before(self, schools: Schools) -> None:
        done = run("verify", "--json", "--home", schools.home)
        assert (done.exit_code, json.loads(done.stdout)["findings"]) == (0, [])

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_ends_with_1_and_names_the_position(self, schools: Schools, attack: str) -> None:
        attacked, expected = ATTACKS[attack]
        schools.attack(lambda connection: attacked(connection, schools))
        done = run("verify", "--json", "--home", schools.home)
        assert done.exit_code == 1
        findings = json.loads(done.stdout)["findings"]
        school = {(one["position"], one["code"]) for one in findings if one["tenant"] == str(schools.ours)}
        assert expected <= school

    def test_prints_the_position_to_read(self, schools: Schools) -> None:
        schools.attack(lambda connection: change(connection, events, ours(schools, 4), actor="person:x"))
        done = run("verify", "--home", schools.home)
        assert done.exit_code == 1
        rows = [[cell.strip() for cell in line.split("│")] for line in done.stdout.splitlines() if "│" in line]
        assert any({"cases", "4"} <= set(row) for row in rows), done.stdout

    def test_names_the_entry_of_a_checkpoint_that_is_gone(self, schools: Schools) -> None:
        schools.attack(lambda connection: connection.execute(delete(checkpoints).where(checkpoints.c.log == "cases")))
        done = run("verify", "--json", "--home", schools.home)
        found = [one for one in json.loads(done.stdout)["findings"] if one["log"] == "cases.checkpoints"]
        assert done.exit_code == 1
        assert {one["code"] for one in found} == {"entered_checkpoint_missing"}


class TestADailyQuestion:
    def show(self, schools: Schools, tenant: UUID) -> dict[str, Any]:
        """The case as its head is shown it."""
        with House.open(schools.home) as house:
            application: Any = house.services["cases"].application
            return show_case(application, tenant, HEAD, case=schools.cases[tenant][0])

    def test_is_answered_before(self, schools: Schools) -> None:
        assert self.show(schools, schools.ours)["case"] == schools.cases[schools.ours][0]

    def test_is_not_answered_from_another_schools_payload(self, schools: Schools) -> None:
        schools.attack(lambda connection: swap(connection, ours(schools, 1), theirs(schools, 1), "payload"))
        for tenant in (schools.ours, schools.theirs):
            with pytest.raises(UnsealError):
                self.show(schools, tenant)

    def test_is_not_answered_under_another_topic(self, schools: Schools) -> None:
        """A case that was closed by a changed topic stays as it was: unanswered."""
        schools.attack(lambda connection: change(connection, events, ours(schools, 2), topic="cases.case_closed"))
        with pytest.raises(UnsealError):
            self.show(schools, schools.ours)
