"""The checkout as data: its files as git would commit them, its services, the tests' requirement numbers."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DOMAIN = {"gateway"}


def committed_files(*patterns: str) -> list[Path]:
    """Every file that is tracked, or would be if all were added, and matches one of git's `patterns`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def service_folders() -> set[str]:
    """The names of all services: folders with code of their own."""
    return {path.name for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists()}


def requirement_markers(path: Path) -> Iterator[tuple[str, int]]:
    """Each number that a test file's `requirement` markers carry, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            for argument in node.args:
                number = argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
                yield str(number), node.lineno
