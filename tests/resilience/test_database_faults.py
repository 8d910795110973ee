"""What is answered is kept, and what databases forget is noticed: crashes, and older copies put in their place.

The same installation and flow as in test_faults.py.
"""

from __future__ import annotations

from tests.resilience.flow import Flow
from tests.resilience.installation import Installation
from tests.resilience.observed import Observed

MANY = 10  # reports between two blows


class TestAFaultInTheDatabase:
    """What was answered is kept; what was not is asked again."""

    def test_crashing_and_starting_loses_nothing(
        self, installation: Installation, flow: Flow, observed: Observed
    ) -> None:
        """PostgreSQL is killed in the middle of everything."""
        with flow.running():
            flow.wait_for(MANY)
            installation.postgres.kill()
            installation.postgres.start()
            flow.wait_for(MANY)
        observed.settles()
        observed.check()

    def test_of_a_listener_that_is_restored_heals_by_itself(
        self, installation: Installation, flow: Flow, observed: Observed
    ) -> None:
        """`referrals` forgets what it heard since the copy, and asks for it again."""
        with flow.running():
            flow.wait_for(MANY)
            installation.copy_database("referrals")
            flow.wait_for(MANY)
        observed.settles()
        processes = installation.of_service("referrals")
        installation.kill(*processes)
        installation.restore_database("referrals")
        installation.start(*processes)
        assert observed.behind()
        observed.settles()
        observed.check()
        assert not observed.stopped("referrals", "cases")


class TestASourceThatIsRestored:
    """It tells another history than before: its listeners stop, and say so."""

    def test_is_noticed_and_nothing_is_taken_for_a_duplicate(
        self, installation: Installation, flow: Flow, observed: Observed
    ) -> None:
        """`cases` loses what it told since the copy; its schools whose history changed are stopped at its listeners."""
        with flow.running():
            flow.wait_for(MANY)
            installation.copy_database("cases")
            flow.wait_for(MANY)
        observed.settles()
        before = observed.numbers("cases")
        processes = installation.of_service("cases")
        installation.kill(*processes)
        installation.restore_database("cases", keep=True)
        after = observed.numbers("cases")
        lost = {tenant for tenant, number in before.items() if after.get(tenant, 0) < number}
        assert lost
        inbox = observed.inbox("reports", "cases")
        installation.start(*processes)
        for listener in ("reports", "referrals"):
            observed.stops(listener, "cases", lost)
        assert observed.inbox("reports", "cases") == inbox
        installation.kill(*processes)
        installation.take_back("cases", listeners=("reports", "referrals"))
        installation.start(*processes)
        observed.settles()
        observed.check()
