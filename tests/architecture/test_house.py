"""The house itself: contracts cover every service, requirement numbers are right, nothing names one machine."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

import yaml
from eventlet.patcher import is_monkey_patched

from shared.testing.events_page import page
from shared.testing.trace import numbers_in
from tests.support.tree import ROOT, WITHOUT_DOMAIN, committed_files, requirement_markers, service_folders

REQUIREMENTS = ROOT / "docs/requirements.md"
ROLES = ("door", "relay", "follower", "clock")
# How many numbers each part of the Algorithm's restatement has.
PARTS = {"REP": 15, "SSS": 9, "CON": 8, "RSK": 7, "REF": 9, "PLN": 7, "POL": 9, "TRN": 12, "MON": 10}


def contracts() -> dict[str, dict[str, Any]]:
    """import-linter's contracts by their id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


class TestImportContracts:
    def test_cover_every_domain_service(self) -> None:
        """A new service cannot slip by: the containers of the rooms' contract are the folders of `services`."""
        containers = {name.removeprefix("services.") for name in contracts()["rooms"]["containers"]}
        assert containers == service_folders() - WITHOUT_DOMAIN


class TestTheComposeFile:
    def test_runs_every_role_of_every_service(self) -> None:
        """The distributed suite lacks no process: each domain service's four roles, and the gateway."""
        suite = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
        commands = {tuple(process["command"][:4]) for process in suite["services"].values() if "command" in process}
        services = service_folders() - WITHOUT_DOMAIN
        roles = {("run", service, "--role", role) for service in services for role in ROLES}
        assert commands >= roles
        assert any(command[:2] == ("run", "gateway") for command in commands)


class TestRequirements:
    def test_are_all_stated_exactly_once(self) -> None:
        """docs/requirements.md has each number of the Algorithm's restatement, once."""
        stated = Counter(numbers_in(REQUIREMENTS.read_text(encoding="utf-8")))
        expected = {f"{part}-{number:02}" for part, count in PARTS.items() for number in range(1, count + 1)}
        assert stated == Counter(expected)

    def test_carried_by_a_test_exist(self) -> None:
        """No test claims a number that docs/requirements.md does not have."""
        known = set(numbers_in(REQUIREMENTS.read_text(encoding="utf-8")))
        unknown = [
            f"{path.relative_to(ROOT)}:{line}: {number}"
            for path in committed_files("*test_*.py")
            for number, line in requirement_markers(path)
            if number not in known
        ]
        assert not unknown


# Pieced together, so that this file is not found.
ONE_MACHINE_ONLY = {
    "a path of the machine it was made on": r"(?<![\w.])/(?:wo" + r"rk/|ro" + r"ot/|ho" + r"me/\w|opt/(?:wh|py))",
    "the address of a package index": r"py" + r"pi\.org|files\.python" + r"hosted|registry\.npm" + r"js",
    "an option that names an index": r"--(?:extra-)?ind" + r"ex-url[ =]|--find-" + r"links",
    "a file address": r"file:/" + r"//",
}


class TestCommittedFiles:
    def test_name_nothing_of_one_machine(self) -> None:
        """A clone elsewhere finds no path, index address or find-links of the machine that the files were made on."""
        found = []
        for path in committed_files():
            text = path.read_bytes().decode("utf-8", errors="ignore")
            for what, pattern in ONE_MACHINE_ONLY.items():
                found += [f"{path.relative_to(ROOT)}: {what}: {match[0]}" for match in re.finditer(pattern, text)]
        assert not found

    def test_hold_the_page_of_public_events_as_the_contracts_make_it(self) -> None:
        """docs/events.md is what `make events` makes of shared/contracts/."""
        assert (ROOT / "docs" / "events.md").read_text(encoding="utf-8") == page()

    def test_pin_every_requirement_by_hash(self) -> None:
        """Each requirement of the locked files has one version and at least one hash."""
        for path in committed_files("requirements/*.txt"):
            logical_lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
            for line in logical_lines:
                assert re.match(r"^\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), f"{path.name}: {line[:80]}"


class TestTheTests:
    def test_leave_their_own_process_as_it_is(self) -> None:
        """`cli.main` turns every thread of a process green: a test that imports it lets others hang, far from it."""
        importing = [
            str(path)
            for path in committed_files("*.py")
            if re.search(r"^\s*(from cli\.main import|import cli\.main)", path.read_text("utf-8"), re.MULTILINE)
        ]
        assert importing == []
        assert not is_monkey_patched("thread")
