"""deploy/runbooks/tenant-export.md and tenant-destroy.md, played on a home one after the other, command by command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cli.house import House
from cli.installation import INSTALLER, found_department
from services.accounts import commands
from services.accounts.domain.values import Language, Role
from shared.ids import new_id
from tests.support.quiet_house import confirm_report, settle
from tests.support.runbooks import Player, steps_of
from tests.support.tree import ROOT

EXPORT, DESTROY = ROOT / "deploy/runbooks/tenant-export.md", ROOT / "deploy/runbooks/tenant-destroy.md"


def persons(house: House) -> tuple[UUID, UUID]:
    """A department's administrator and its safeguarding lead."""
    founded = found_department(house, "Қызылорда білім бөлімі", "әкімші", "a long enough password")
    department = UUID(founded["department"])

    def ask(kind: Any, **facts: Any) -> dict[str, Any]:
        command = kind(tenant=department, command_id=new_id(), by=INSTALLER, home=department, **facts)
        return house.services["accounts"].application.execute(command).body

    lead = UUID(ask(commands.RegisterPerson, name="Үміт", language=Language.KAZAKH, login="lead")["person"])
    ask(commands.AssignRole, person=lead, at=department, role=Role.SAFEGUARDING_LEAD)
    return UUID(founded["administrator"]), lead


class TestTheRunbooks:
    def test_hand_a_tenant_over_and_destroy_it(self, tmp_path: Path) -> None:
        tenant, out, password = new_id(), tmp_path / "out", tmp_path / "password"
        password.write_text("он сөзден тұратын ұзын құпиясөз, бұл жерде\n")
        with House.open(tmp_path / "home") as house:
            administrator, lead = persons(house)
            confirm_report(house, tenant)
            settle(house)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
        environment |= {
            "QORGAN_HOME": str(tmp_path / "home"),
            "TENANT": str(tenant),
            "OUT": str(out),
            "PASSWORD_FILE": str(password),
            "ADMINISTRATOR": str(administrator),
            "SAFEGUARDING_LEAD": str(lead),
            "COLUMNS": "300",
        }
        player = Player(environment, tmp_path)
        exported = [player.play(step.commands).stdout for step in steps_of(EXPORT, "home")]
        assert "files" in exported[1]
        assert "everything" in exported[2]
        assert not list(out.iterdir())
        destroyed = [player.play(step.commands).stdout for step in steps_of(DESTROY, "home")]
        assert "is destroyed; complete when" in destroyed[2]
        assert f"destroyed tenants {tenant}" in destroyed[3]
        refused = player.play(f'qorgan tenant export "$TENANT" -o "{out}" --plain $AT', check=False)
        assert refused.returncode == 1


class TestThePages:
    @pytest.mark.parametrize("page", [EXPORT, DESTROY])
    def test_have_no_command_that_is_not_played(self, page: Path) -> None:
        fences = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
        assert {line for line in fences if line != "```"} <= {"```sh", "```sh postgres", "```sh home"}
        assert [step.number for step in steps_of(page, "home")] == list(range(1, len(steps_of(page, "home")) + 1))
