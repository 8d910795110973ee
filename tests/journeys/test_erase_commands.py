"""A played case is erased by `qorgan erase`: unreadable everywhere, told by tombstones, and every ledger verifies."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from cli.audit import app as audit
from cli.erase import app as erase
from cli.house import House
from services.accounts import commands
from services.accounts.domain.values import Language, Role
from shared.audit.tests.independent_checker import wrong_with
from shared.domain import Actor
from shared.ids import new_id
from tests.support.runbooks import Player, steps_of
from tests.support.suites import QORGAN
from tests.support.tree import ROOT

WIDE = {"COLUMNS": "300"}
BASIS = "Закон РК № 94-V, ст. 18"
RUNBOOK = ROOT / "deploy/runbooks/erase.md"
INSTALLER = Actor(id="system:install")


class Played(NamedTuple):
    """The demo's home, with its case and the people who may erase it."""

    home: Path
    case: str
    head: str
    accused: str
    lead: str

    def rows(self, service: str, statement: str) -> list[Any]:
        """What a query finds in a service's file."""
        with sqlite3.connect(self.home / "data" / f"{service}.db") as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The demo, played once; the department gets a safeguarding lead."""
    home = Path(tmp_path_factory.mktemp("erased")) / "home"
    subprocess.run([QORGAN, "demo", "--once", "--home", home], check=True, timeout=180, capture_output=True)
    city = json.loads((home / "city.json").read_text(encoding="utf-8"))
    department, seats = UUID(city["department"]), city["schools"][0]["seats"]
    with House.open(home) as house:
        execute = house.services["accounts"].application.execute
        registered = execute(
            commands.RegisterPerson(
                tenant=department,
                command_id=new_id(),
                by=INSTALLER,
                home=department,
                name="Гүлшат Нұрланқызы Өмірбек",
                language=Language.KAZAKH,
                login="lead",
            )
        )
        lead = registered.body["person"]
        execute(
            commands.AssignRole(
                tenant=department,
                command_id=new_id(),
                by=INSTALLER,
                person=UUID(lead),
                home=department,
                at=department,
                role=Role.SAFEGUARDING_LEAD,
            )
        )
    played = Played(home, "", seats["head"]["person"], seats["accused"]["person"], lead)
    ((case,),) = played.rows("cases", "SELECT stream FROM events WHERE topic = 'cases.case_opened'")
    return played._replace(case=str(UUID(case)))


@pytest.fixture
def played(template: Played, tmp_path: Path) -> Played:
    """A home of the test's own."""
    shutil.copytree(template.home, tmp_path / "home")
    return template._replace(home=tmp_path / "home")


def run(played: Played, app: Any, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(played.home)], env=WIDE)


def requested(played: Played) -> str:
    done = run(played, erase, "request", played.case, "--by", played.head, "--basis", BASIS)
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["erasure"])


class TestAnErasedCase:
    def test_is_read_by_nobody_told_by_tombstones_and_verifies(self, played: Played, tmp_path: Path) -> None:
        told = run(played, audit, "replay", played.case, "--language", "kk").stdout
        assert told.count("\n") > 50
        erasure = requested(played)
        done = run(played, erase, "approve", erasure, "--by", played.lead)
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["complete_at"] > "2026"

        verified = json.loads(run(played, audit, "verify", "--json").stdout)
        assert (verified["sound"], verified["findings"]) == (True, [])
        assert verified["totals"]["erased"] > 30

        after = run(played, audit, "replay", played.case, "--language", "ru")
        assert after.exit_code == 0, after.output
        assert after.stdout.count("Уничтожено; осталось лишь место в журнале.") > 20
        assert f"Всё это уничтожено на основании: {BASIS}" in after.stdout
        assert "✗" not in after.stdout

        for table in ("register_entries", "team", "walls"):
            assert played.rows("cases", f"SELECT * FROM {table} WHERE \"case\" = '{UUID(played.case).hex}'") == []
        listed = run(played, erase, "list").stdout
        assert listed.count(erasure) == 3
        assert "carried_out" in listed

        bundle = tmp_path / "erased.json"
        exported = run(played, audit, "export", played.case, "-o", str(bundle), "--plain")
        assert exported.exit_code == 0, exported.output
        assert CliRunner().invoke(audit, ["check", str(bundle)], env=WIDE).exit_code == 0
        assert wrong_with(bundle.read_bytes()) == []

    def test_goes_on_where_it_was_broken_off(self, played: Played) -> None:
        erasure = requested(played)
        for _ in range(2):
            assert run(played, erase, "approve", erasure, "--by", played.lead).exit_code == 0
        assert json.loads(run(played, audit, "verify", "--json").stdout)["sound"]


class TestTheRunbook:
    def test_holds_command_by_command(self, played: Played, tmp_path: Path) -> None:
        environment = os.environ | {
            "QORGAN_HOME": str(played.home),
            "CASE": played.case,
            "HEAD_OF_SCHOOL": played.head,
            "SAFEGUARDING_LEAD": played.lead,
            **WIDE,
        }
        player = Player(environment, tmp_path)
        said = [player.play(step.commands).stdout for step in steps_of(RUNBOOK, "home")]
        assert "complete_at" in said[2]
        assert "carried_out" in said[2]
        assert "everything verifies" in said[3]
        assert "This was erased; what is left is its place in the ledger." in said[3]


class TestWhoMayErase:
    def test_is_not_the_accused_nor_any_teacher(self, played: Played) -> None:
        done = run(played, erase, "request", played.case, "--by", played.accused, "--basis", BASIS)
        assert done.exit_code == 1
        assert "erasure_is_asked_for_by_the_head" in done.stderr

    def test_approves_nothing_of_their_own_school(self, played: Played) -> None:
        erasure = requested(played)
        done = run(played, erase, "approve", erasure, "--by", played.head)
        assert done.exit_code == 1
        assert "erasure_is_approved_by_the_safeguarding_lead" in done.stderr
        assert "carried_out" not in run(played, erase, "list").stdout

    def test_is_told_what_is_still_needed(self, played: Played) -> None:
        done = run(played, erase, "request", str(new_id()), "--by", played.head, "--basis", BASIS)
        assert done.exit_code == 1
        assert "case_unknown" in done.stderr
