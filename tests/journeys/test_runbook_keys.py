"""deploy/runbooks/rotate-keys.md, played on a home, command by command."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cli.house import House
from services.reports.domain.report import Report
from shared.ids import new_id
from tests.support.quiet_house import confirm_report, settle
from tests.support.runbooks import Player, steps_of
from tests.support.tree import ROOT

PAGE = ROOT / "deploy/runbooks/rotate-keys.md"


class TestTheRunbook:
    def test_replaces_every_key_and_everything_verifies(self, tmp_path: Path) -> None:
        """What was before still opens, a witness goes on by itself, and no old key is left in any file."""
        home, tenant, state = tmp_path / "home", new_id(), tmp_path / "department.json"
        with House.open(home) as house:
            report = confirm_report(house, tenant)
            settle(house)
        player = Player(
            {**_environment(), "QORGAN_HOME": str(home), "COLUMNS": "300"}
            | {"LEAKED_SERVICE": "reports", "LEAKED_TENANT": str(tenant), "LEAKED_STREAM": str(report)},
            tmp_path,
        )
        witness = f'qorgan witness update $AT --state "{state}" --name department'
        steps = steps_of(PAGE, "home")
        private = [home / "keys/master.key", *(home / "keys/signing").glob("*.pem")]
        old = [path.read_bytes() for path in private]
        player.play(steps[0].commands)
        player.play(witness)
        said = [player.play(step.commands).stdout for step in steps[1:]]
        player.play(witness)
        player.play(f'qorgan witness check "{state}"')
        assert "everything verifies" in said[-1]
        followed = {origin for origin, log in json.loads(state.read_text())["logs"].items() if "successions" in log}
        assert {origin.split("/")[1] for origin in followed} >= {"reports.checkpoints", "cases.checkpoints"}
        left = b"".join(path.read_bytes() for path in (home / "keys").rglob("*") if path.is_file())
        assert all(key not in left for key in old)
        assert not list((home / "keys/tenants").rglob(f"{tenant}.1.key"))
        with House.open(home) as house:
            ledger = house.services["reports"].application.for_tenant(tenant)
            assert ledger.get(Report, report).id == report
            assert len(ledger.keys.all(report)) == 2


class TestThePage:
    def test_has_no_command_that_is_not_played(self) -> None:
        fences = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
        assert {line for line in fences if line != "```"} == {"```sh", "```sh postgres", "```sh home"}
        assert [step.number for step in steps_of(PAGE, "home")] == list(range(1, 9))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
