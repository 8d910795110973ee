"""A witness and a database that was put back: noticed in any case, accepted only by the witness's own operator."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.commands import app
from cli.house import House
from cli.installation import found_department
from shared.ids import new_id
from shared.ledger.checkpoint_log import log_name
from shared.ledger.public_key import PublicKey
from shared.ledger.witness import Offer, WitnessRefusedError, WitnessState
from shared.ledger.witness_offer import offer_of, size_in_common
from shared.ledger.witness_restore import accept_restore, check_accepted
from shared.sealing.keys import Destroyed
from shared.sealing.stream_keys import KeyDestroyedError
from shared.signing import SigningKey
from tests.support.quiet_house import confirm_report

WIDE = {"COLUMNS": "300"}
AT = 1_700_000_000
SIGNER = SigningKey.generate("department")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a department, and its checkpoints."""
    home = tmp_path_factory.mktemp("restored") / "home"
    grow(home, "first")
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A home of the test's own."""
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A witness's file."""
    return tmp_path / "department.json"


def grow(home: Path, login: str) -> None:
    """Some more events in the home, and checkpoints of them."""
    with House.open(home) as house:
        found_department(house, "Жаңаөзен білім бөлімі", login, "a long enough password")
        house.checkpoint()


def qorgan(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env=WIDE)


def put_back(template: Path, home: Path) -> None:
    for file in (home / "data").glob("accounts.db*"):
        file.unlink()
    for file in (template / "data").glob("accounts.db*"):
        shutil.copy(file, home / "data" / file.name)


def restore(home: Path, state: Path, incident: str = "2026/17") -> Result:
    named = ("--service", "accounts", "--incident", incident, "--reason", "disk lost")
    return qorgan("restore", "--home", home, *named, "--witnessed", state)


def accept(home: Path, state: Path) -> Result:
    return qorgan("witness", "accept-restore", "--home", home, "--state", state, "--reason", "told on the telephone")


class TestAWitnessOfARestoredDatabase:
    def test_refuses_it_until_its_operator_accepts(self, template: Path, home: Path, state: Path) -> None:
        """What it had seen beyond, and why it was given up, stays in its file; then it witnesses on."""
        grow(home, "second")
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        before = json.loads(state.read_text())
        put_back(template, home)
        assert qorgan("witness", "update", "--home", home, "--state", state).exit_code == 1
        restored = restore(home, state)
        assert (restored.exit_code, "seen by witness:department" in restored.stdout) == (0, True), restored.output
        refused = qorgan("witness", "update", "--home", home, "--state", state)
        assert refused.exit_code == 1
        assert json.loads(state.read_text()) == before
        accepted = accept(home, state)
        assert (accepted.exit_code, "1 restored logs accepted, 0 refused" in accepted.stdout) == (0, True)
        (log,) = json.loads(state.read_text())["logs"].values()
        (kept,) = log["restored"]
        assert kept["abandoned"] == [before["logs"][next(iter(before["logs"]))]["seen"][-1]["note"]]
        assert kept["reason"] == "told on the telephone"
        grow(home, "third")
        on = qorgan("witness", "update", "--home", home, "--state", state)
        assert "1 cosigned anew, 0 refused" in on.stdout
        checked = qorgan("witness", "check", state)
        assert "1 restorations were accepted by its operator" in checked.stdout
        assert qorgan("audit", "verify", "--home", home, "--witnessed", state).exit_code == 0

    def test_refuses_to_accept_what_the_log_does_not_say_itself(self, template: Path, home: Path, state: Path) -> None:
        """A rollback that nobody owns up to stays one."""
        grow(home, "second")
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        put_back(template, home)
        before = state.read_text()
        refused = accept(home, state)
        assert (refused.exit_code, "no_restore_recorded" in refused.stderr) == (1, True), refused.output
        assert state.read_text() == before

    def test_has_nothing_to_accept_where_the_log_goes_on(self, home: Path, state: Path) -> None:
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        grow(home, "second")
        accepted = accept(home, state)
        assert (accepted.exit_code, "0 restored logs accepted, 0 refused" in accepted.stdout) == (0, True)

    def test_goes_by_a_file_too(self, template: Path, home: Path, state: Path, tmp_path: Path) -> None:
        grow(home, "second")
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        put_back(template, home)
        restore(home, state)
        offer = tmp_path / "offer.json"
        qorgan("witness", "offer", "--home", home, "-o", offer, "--since", state)
        accepted = qorgan("witness", "accept-restore", "--from", offer, "--state", state, "--reason", "a letter")
        assert (accepted.exit_code, "1 restored logs accepted" in accepted.stdout) == (0, True), accepted.output


class TestRestoringAgain:
    def test_in_the_same_incident_changes_nothing(self, home: Path, state: Path) -> None:
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        assert restore(home, state).exit_code == 0
        sizes = _sizes(home)
        again = restore(home, state)
        assert (again.exit_code, "nothing is left to do" in again.stdout) == (0, True)
        assert _sizes(home) == sizes

    def test_is_refused_for_what_is_damaged(self, home: Path, state: Path) -> None:
        """And nothing is changed."""
        qorgan("witness", "update", "--home", home, "--state", state, "--name", "department")
        with House.open(home) as house, house.services["accounts"].database.relay() as connection:
            connection.exec_driver_sql("DROP TRIGGER events_refuses_update")
            connection.exec_driver_sql("UPDATE events SET actor = 'person:nobody' WHERE position = 1")
        sizes = _sizes(home)
        refused = restore(home, state)
        assert (refused.exit_code, "is damaged" in refused.stderr) == (1, True), refused.output
        assert _sizes(home) == sizes


@pytest.fixture(scope="module")
def restored(template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Offer]:
    """A home that was put back and restored, a witness's state of before, and what it is offered."""
    folder = tmp_path_factory.mktemp("evidence")
    home, state = folder / "home", folder / "state.json"
    shutil.copytree(template, home)
    witness = WitnessState(witness=PublicKey(name="department", raw=SIGNER.public_key.public_bytes_raw()))
    witness.take(_offer(home, witness), SIGNER, AT)
    grow(home, "second")
    witness.take(_offer(home, witness), SIGNER, AT)
    put_back(template, home)
    state.write_text(json.dumps(witness.as_json()))
    assert restore(home, state).exit_code == 0
    return home, witness.as_json(), _offer(home, witness)


class TestEvidence:
    """What a witness is shown of a restoration, changed by somebody who has the house but not its past."""

    @pytest.fixture
    def shown(self, restored: tuple[Path, Any, Offer]) -> tuple[WitnessState, Offer]:
        """A witness, and a restored log's offer to it."""
        _, state, offer = restored
        return WitnessState.of(state), offer

    def test_is_accepted_as_it_is(self, shown: tuple[WitnessState, Offer]) -> None:
        witness, offer = shown
        acceptance = accept_restore(witness, offer, SIGNER, AT, "told")
        assert (acceptance.base > 0, acceptance.base, len(acceptance.abandoned)) == (True, offer.before, 1)
        check_accepted(WitnessState.of(witness.as_json()))
        witness.check()

    @pytest.mark.parametrize("change", ["position", "payload", "proof", "none"])
    def test_that_was_changed_is_refused(self, shown: tuple[WitnessState, Offer], change: str) -> None:
        witness, offer = shown
        assert offer.restored is not None
        changed = {
            "position": replace(offer.restored, position=offer.restored.position - 1),
            "payload": replace(offer.restored, payload=offer.restored.payload.replace(b'"kept":', b'"kept":1')),
            "proof": replace(offer.restored, proof=[bytes(32) for _ in offer.restored.proof]),
            "none": None,
        }[change]
        with pytest.raises(WitnessRefusedError, match="no_restore_recorded"):
            accept_restore(witness, replace(offer, restored=changed), SIGNER, AT, "told")
        assert not any(log.restored for log in witness.logs.values())

    def test_without_a_proof_from_what_both_have_in_common_is_refused(self, shown: tuple[WitnessState, Offer]) -> None:
        """A restoration gives up what came behind; it rewrites nothing before."""
        witness, offer = shown
        with pytest.raises(WitnessRefusedError, match="fork"):
            accept_restore(witness, replace(offer, proof=[bytes(32) for _ in offer.proof]), SIGNER, AT, "told")
        with pytest.raises(WitnessRefusedError, match="proof_from_another_size"):
            accept_restore(witness, replace(offer, before=offer.before - 1), SIGNER, AT, "told")

    def test_is_of_one_restoration_only(
        self, shown: tuple[WitnessState, Offer], restored: tuple[Path, Any, Offer], tmp_path: Path
    ) -> None:
        """One that was accepted does not excuse another rollback."""
        witness, offer = shown
        accept_restore(witness, offer, SIGNER, AT, "told")
        copy = tmp_path / "copy"
        shutil.copytree(restored[0], copy)
        grow(copy, "third")
        witness.take(_offer(copy, witness), SIGNER, AT)
        with pytest.raises(WitnessRefusedError, match="no_restore_recorded"):
            accept_restore(witness, _offer(restored[0], witness), SIGNER, AT, "told")

    def test_that_is_changed_in_the_state_is_found(self, shown: tuple[WitnessState, Offer]) -> None:
        witness, offer = shown
        accept_restore(witness, offer, SIGNER, AT, "told")
        (log,) = witness.logs.values()
        log.restored[0] = replace(log.restored[0], evidence=replace(log.restored[0].evidence, actor="operator:nobody"))
        with pytest.raises(WitnessRefusedError, match="no_restore_recorded"):
            check_accepted(witness)


def _offer(home: Path, witness: WitnessState) -> Offer:
    with House.open(home) as house:
        house.checkpoint()
        accounts, log = house.services["accounts"], log_name("accounts")
        key = PublicKey(name=accounts.key_name, raw=accounts.signing_key.public_key.public_bytes_raw())
        common = size_in_common(accounts.database, house.platform, log, witness)
        offered = offer_of(accounts.database, house.platform, log, key, lambda _: common)
        assert offered is not None
        return offered


def _sizes(home: Path) -> list[int]:
    with House.open(home) as house, house.services["accounts"].database.relay() as connection:
        return list(connection.exec_driver_sql("SELECT size FROM heads ORDER BY tenant, log").scalars())


class TestKeysDestroyedSinceTheBackup:
    def test_are_destroyed_again(self, template: Path, tmp_path: Path) -> None:
        """The journal of destroyed keys lies outside the databases; the ledger still verifies."""
        home = tmp_path / "home"
        shutil.copytree(template, home)
        tenant = new_id()
        with House.open(home) as house:
            erased, kept = confirm_report(house, tenant), confirm_report(house, tenant)
            erasure = Destroyed(tenant=tenant, stream=erased, erasure=new_id(), destroyed_at=0)
            house.services["reports"].application.parts.tenant_keys.note_destroyed([erasure])
        named = ("--service", "reports", "--incident", "2026/18", "--reason", "disk lost")
        restored = qorgan("restore", "--home", home, *named)
        assert (restored.exit_code, "1 keys that were destroyed" in restored.stdout) == (0, True), restored.output
        with House.open(home) as house:
            keys = house.services["reports"].application.keys(tenant)
            assert keys.get(kept)
            with pytest.raises(KeyDestroyedError):
                keys.get(erased)
        assert qorgan("audit", "verify", "--home", home).exit_code == 0
