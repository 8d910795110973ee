"""`qorgan witness` and `qorgan audit verify` with witnesses, on a home: sound, put back, and forked."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.audit import app as audit
from cli.house import House
from cli.installation import found_department
from cli.witness import app as witness

WIDE = {"COLUMNS": "300"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a department."""
    home = tmp_path_factory.mktemp("witnessed") / "home"
    grow(home, "first")
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A home of the test's own."""
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


def grow(home: Path, login: str) -> None:
    """Some more events in the home."""
    with House.open(home) as house:
        found_department(house, "A department", login, "a long enough password")


def update(state: Path, *options: object) -> Result:
    return CliRunner().invoke(witness, ["update", "--state", str(state), *map(str, options)], env=WIDE)


def verify(home: Path, *options: object) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of `qorgan audit verify`, and what it found."""
    done = CliRunner().invoke(audit, ["verify", "--json", "--home", str(home), *map(str, options)], env=WIDE)
    return done.exit_code, json.loads(done.stdout)["findings"]


def keys_of(folder: Path, *states: Path) -> Path:
    """A file of the witnesses' public keys."""
    lines = [CliRunner().invoke(witness, ["key", "--state", str(state)], env=WIDE).stdout for state in states]
    (folder / "keys.txt").write_text("".join(lines), encoding="utf-8")
    return folder / "keys.txt"


class TestWitnessing:
    def test_keeps_and_cosigns_what_continues(self, home: Path, tmp_path: Path) -> None:
        state = tmp_path / "department.json"
        first = update(state, "--home", home, "--name", "department")
        assert (first.exit_code, "1 cosigned anew, 0 refused" in first.stdout) == (0, True), first.output
        assert "0 cosigned anew, 0 refused" in update(state, "--home", home).stdout
        grow(home, "second")
        assert "1 cosigned anew, 0 refused" in update(state, "--home", home).stdout
        checked = CliRunner().invoke(witness, ["check", str(state)], env=WIDE)
        assert (checked.exit_code, "2 checkpoints, each continues" in checked.stdout) == (0, True)
        assert "PRIVATE" not in state.read_text()
        assert state.with_name("department.json.key").stat().st_mode & 0o077 == 0

    def test_refuses_a_home_that_was_put_back_and_names_both_checkpoints(self, home: Path, tmp_path: Path) -> None:
        state, copy = tmp_path / "department.json", tmp_path / "copy"
        shutil.copytree(home, copy)
        with House.open(copy) as house:
            house.checkpoint()
        grow(home, "second")
        update(state, "--home", home)
        before = state.read_text()
        refused = update(state, "--home", copy)
        assert refused.exit_code == 1
        assert "rollback: qorgan/accounts.checkpoints/" in refused.stderr
        assert "seen: size" in refused.stderr
        assert "offered: size" in refused.stderr
        assert state.read_text() == before

    def test_refuses_another_history(self, home: Path, tmp_path: Path) -> None:
        state, copy = tmp_path / "department.json", tmp_path / "copy"
        shutil.copytree(home, copy)
        grow(home, "second")
        update(state, "--home", home)
        for login in ("other", "another"):
            grow(copy, login)
            with House.open(copy) as house:
                house.checkpoint()
        refused = update(state, "--home", copy)
        assert (refused.exit_code, "fork: qorgan/accounts.checkpoints/" in refused.stderr) == (1, True)

    def test_goes_by_a_file_or_an_address_instead_of_a_house(
        self, home: Path, tmp_path: Path, published: tuple[Path, str]
    ) -> None:
        folder, address = published
        state, offer = tmp_path / "partner.json", folder / "offer.json"
        CliRunner().invoke(witness, ["offer", "--home", str(home), "-o", str(offer)], env=WIDE)
        assert "1 cosigned anew" in update(state, "--from", offer).stdout
        grow(home, "second")
        since = ["offer", "--home", str(home), "-o", str(offer), "--since", str(state)]
        CliRunner().invoke(witness, since, env=WIDE)
        assert "1 cosigned anew" in update(state, "--from", f"{address}/offer.json").stdout

    def test_compares_witnesses_offline(self, home: Path, tmp_path: Path) -> None:
        one, other, copy = tmp_path / "one.json", tmp_path / "other.json", tmp_path / "copy"
        update(one, "--home", home, "--name", "one")
        shutil.copytree(home, copy)
        for login, shown in (("second", home), ("other", copy)):
            grow(shown, login)
        update(one, "--home", home)
        update(other, "--home", copy, "--name", "other")
        compared = CliRunner().invoke(witness, ["check", str(one), str(other)], env=WIDE)
        alike = CliRunner().invoke(witness, ["check", str(one), str(one)], env=WIDE)
        assert (alike.exit_code, compared.exit_code) == (0, 1), compared.output
        assert "fork: qorgan/accounts.checkpoints/" in compared.stderr

    def test_says_so_where_there_is_nothing_to_witness(self, tmp_path: Path) -> None:
        assert update(tmp_path / "state.json", "--home", tmp_path / "nowhere").exit_code == 1
        assert update(tmp_path / "state.json", "--from", tmp_path / "nothing.json").exit_code == 1


class TestVerifyingWithWitnesses:
    @pytest.fixture
    def states(self, home: Path, tmp_path: Path) -> list[Path]:
        """Two witnesses that saw the home as it is."""
        states = [tmp_path / "department.json", tmp_path / "auditor.json"]
        for state in states:
            update(state, "--home", home, "--name", state.stem)
        return states

    def test_asks_for_k_of_n(self, home: Path, tmp_path: Path, states: list[Path]) -> None:
        seen = ["--witnessed", states[0], "--witnessed", states[1]]
        keys = ["--witness-keys", keys_of(tmp_path, *states)]
        assert verify(home, *seen, *keys, "--cosignatures", 2) == (0, [])
        code, (found,) = verify(home, *seen, *keys, "--cosignatures", 3)
        assert (code, found["log"], found["code"]) == (1, "accounts.checkpoints", "cosignatures_too_few")
        assert found["detail"] == "2 of 3"

    def test_believes_only_keys_that_it_was_given(self, home: Path, tmp_path: Path, states: list[Path]) -> None:
        seen = ["--witnessed", states[0], "--witnessed", states[1]]
        code, (found,) = verify(home, *seen, "--witness-keys", keys_of(tmp_path, states[0]), "--cosignatures", 2)
        assert (code, found["detail"]) == (1, "1 of 2")

    def test_finds_a_home_that_was_put_back(self, home: Path, template: Path, tmp_path: Path) -> None:
        state = tmp_path / "department.json"
        grow(home, "second")
        update(state, "--home", home)
        code, found = verify(template, "--witnessed", state, "--witness-keys", keys_of(tmp_path, state))
        assert code == 1
        assert {"witnessed_beyond_head"} == {one["code"] for one in found}

    def test_finds_a_home_with_another_history(self, home: Path, tmp_path: Path) -> None:
        state, copy = tmp_path / "department.json", tmp_path / "copy"
        shutil.copytree(home, copy)
        grow(home, "second")
        update(state, "--home", home)
        grow(copy, "other")
        with House.open(copy) as house:
            house.checkpoint()
        code, found = verify(copy, "--witnessed", state, "--witness-keys", keys_of(tmp_path, state))
        assert (code, {one["code"] for one in found}) == (1, {"witnessed_differs"})


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which an operator publishes it."""
    folder = tmp_path / "published"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing in the tests' output."""
