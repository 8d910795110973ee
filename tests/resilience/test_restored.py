"""A source restored from an older copy under the flow, by the commands of its runbook (deploy/runbooks/restore.md).

It tells another history than before: its listeners stop and say so, and so do witnesses, until it is restored. It runs
on the older copy before anybody notices, and its listeners run all the time. The same installation and flow as in
test_faults.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.testing.waiting import wait_until
from tests.resilience.checkpoints import Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.installation import Installation
from tests.resilience.observed import LISTENS_TO
from tests.resilience.told import heard_by, said_by

MANY = 50  # events between two blows
LISTENERS = tuple(listener for listener, sources in LISTENS_TO.items() if "cases" in sources)
OTHERS = tuple(listener for listener in LISTENERS if listener != "cases")  # its own lanes were put back with it
SECONDS = 300.0
NOTICED = r"fork|rollback|withheld"  # the last, where the copy is older than the first checkpoint, and none is made yet


class TestASourceRestoredByCommand:
    """Nothing new is taken for what was handled before, and every event that holds is handled once."""

    def test_is_noticed_reconciled_and_followed_again(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints, tmp_path: Path
    ) -> None:
        """`cases` loses what it told since the copy: the schools whose history changed, and no others, are stopped."""
        observed, state = checkpoints.observed, tmp_path / "department.json"
        with flow.running():
            flow.wait_for(MANY)
            installation.copy_database("cases")
            flow.wait_for(MANY)
        observed.settles()
        _witnessed_through_cases(installation, state)
        before = {one.heard for one in said_by(installation, "cases")}
        inboxes = {listener: set(heard_by(installation, listener, "cases")) for listener in OTHERS}
        processes = installation.of_service("cases")
        installation.kill(*processes)
        installation.restore_database("cases")
        lost = before - {one.heard for one in said_by(installation, "cases")}
        assert lost

        installation.start(*processes)
        for listener, inbox in inboxes.items():
            observed.stops(listener, "cases", {one.tenant for one in lost})
            assert set(heard_by(installation, listener, "cases")) == inbox
        with pytest.raises(AssertionError, match=NOTICED):
            installation.qorgan("witness", "update", "--state", str(state))

        installation.kill(*processes)
        _wait_until_nobody_is_connected(installation)
        _restore_and_reconcile(installation, state)
        observed.lost["cases"] |= lost
        installation.start(*processes)
        checkpoints.pass_()
        accepted = installation.qorgan("witness", "accept-restore", "--state", str(state), "--reason", "told by phone")
        assert "1 restored logs accepted, 0 refused" in accepted
        installation.qorgan("witness", "update", "--state", str(state))


def _restore_and_reconcile(installation: Installation, state: Path) -> None:
    named = ("--service", "cases", "--incident", "2026/17", "--reason", "put back from an older copy")
    assert "witness:department" in installation.qorgan("restore", *named, "--witnessed", str(state))
    assert "nothing is left to do" in installation.qorgan("restore", *named)
    for listener in LISTENERS:
        reconcile = ("lanes", "reconcile", "--service", listener, "--source", "cases", "--reason", "restored")
        assert " 0 refused" in installation.qorgan(*reconcile)


def _witnessed_through_cases(installation: Installation, state: Path) -> None:
    """The witness sees `cases` as it is now: the followers sign every few seconds."""
    house = installation.house("cases")
    house.checkpoint()
    house.close()
    installation.qorgan("witness", "update", "--state", str(state), "--name", "department")


def _wait_until_nobody_is_connected(installation: Installation) -> None:
    chosen = "SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
    name = installation.database_name("cases")
    wait_until(lambda: not installation.rows("accounts", chosen, name=name), SECONDS, "the killed processes to be gone")
