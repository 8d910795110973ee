"""What is answered is kept, and what a listener forgets comes again: crashes, and an older copy.

The same installation and flow as in test_faults.py.
"""

from __future__ import annotations

from tests.resilience.checkpoints import Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.installation import Installation

MANY = 50  # events between two blows


class TestAFaultInTheDatabase:
    """What was answered is kept; what was not is asked again."""

    def test_crashing_and_starting_loses_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """PostgreSQL is killed in the middle of everything."""
        with flow.running():
            flow.wait_for(MANY)
            installation.postgres.kill()
            installation.postgres.start()
            flow.wait_for(MANY)
        checkpoints.pass_()

    def test_of_a_listener_that_is_restored_heals_by_itself(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """`referrals` forgets what it heard since the copy, and asks for it again."""
        with flow.running():
            flow.wait_for(MANY)
            installation.copy_database("referrals")
            flow.wait_for(MANY)
        checkpoints.observed.settles()
        processes = installation.of_service("referrals")
        installation.kill(*processes)
        installation.restore_database("referrals")
        installation.start(*processes)
        assert checkpoints.observed.behind()
        checkpoints.pass_()
        assert not checkpoints.observed.stopped("referrals", "cases")
