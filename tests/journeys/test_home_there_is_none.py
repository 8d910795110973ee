"""A command that is given a folder without a home says so, and leaves the folder as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.commands import app
from shared.ids import new_id

SOMEBODY = str(new_id())
COMMANDS = {
    "audit verify": ["audit", "verify"],
    "audit replay": ["audit", "replay", SOMEBODY],
    "erase list": ["erase", "list"],
    "keys list": ["keys", "list"],
    "keys rotate-master": ["keys", "rotate-master", "--reason", "Ауыстыру"],
    "lanes": ["lanes"],
    "lanes reconcile": ["lanes", "reconcile", "--service", "cases", "--source", "reports", "--reason", "Қайта"],
    "restore": ["restore", "--service", "cases", "--incident", "2026/17", "--reason", "Қалпына келтіру"],
    "tenant export": ["tenant", "export", SOMEBODY, "--plain", "--output", "көшірме"],
}


class TestACommand:
    @pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
    def test_makes_no_home_where_there_is_none(self, command: list[str], tmp_path: Path) -> None:
        """A mistyped folder is not answered with an empty installation that has nothing to find."""
        folder = tmp_path / "қате"
        result = CliRunner().invoke(app, [*command, "--home", str(folder)])
        assert result.exit_code == 1, result.output
        assert "there is no " in result.output
        assert not folder.exists()
