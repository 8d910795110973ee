"""Lanes under the flow: those that wait hold up no other, and two services that ask each other answer each other.

The same installation and flow as in test_faults.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain import Actor
from shared.ids import new_id
from shared.messaging.lane_commands import retry
from shared.testing.waiting import wait_until
from tests.resilience.checkpoints import Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.installation import Installation

MANY = 100
ATTEMPTS = 3
NOTICE_SECONDS = 300.0
OPERATOR = Actor(id=f"person:{new_id()}")


class TestAHandlerThatAlwaysFails:
    """The lane of its school waits and is tried again and again; the others never notice."""

    def test_holds_up_its_own_school_only(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """No case can be opened in the busiest school, in the middle of the flow."""
        broken, observed = flow.tenants[0], checkpoints.observed

        def waiting() -> Sequence[int]:
            chosen = "SELECT tenant, attempts FROM messages.waiting_lanes WHERE source = 'reports' AND attempts > 0"
            rows = installation.rows("cases", chosen)
            assert {row.tenant for row in rows} <= {broken}
            return [row.attempts for row in rows]

        with installation.failing("cases", "cases.case_opened", broken):
            with flow.running():
                flow.wait_for(MANY)
            observed.settles(but={broken})
            wait_until(lambda: max(waiting()) >= ATTEMPTS, NOTICE_SECONDS, "the broken lane to be tried again")
            assert {one[0] for one in observed.behind()} == {broken}
        house = installation.house("cases")
        retry(house.services["cases"], "reports", broken, OPERATOR, "its database was mended")
        house.close()
        checkpoints.pass_()


class TestTwoServicesThatPullFromEachOther:
    """Where the broker carries nothing, every listener gets all it needs by asking, both ways at once."""

    def test_under_load_get_all_of_it_and_none_waits_for_the_other_for_ever(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """`cases` pulls reports, while `reports` and `referrals` pull the cases that come of them."""
        with installation.carrying_nothing():
            with flow.running():
                flow.wait_for(MANY)
            checkpoints.observed.settles()
        checkpoints.pass_()
