"""The sum of it all."""

from __future__ import annotations

import pytest

from tests.resilience.checkpoints import Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.told import said_by

EVENTS, TENANTS = 5_000, 20
PUBLIC = 1_500
"""Of the events, those that services tell each other; each is heard by up to four."""


@pytest.mark.usefixtures("last_of_all")
class TestTheWholeFlow:
    """Steady, and large enough to believe it."""

    def test_carried_thousands_of_events_of_many_schools(self, flow: Flow, checkpoints: Checkpoints) -> None:
        """What the faults before did not need of it comes without any; the command finds every ledger sound."""
        with flow.running():
            flow.wait_for(max(1, PUBLIC - flow.events))
        checkpoints.pass_()
        installation = checkpoints.installation
        said = [one for source in ("reports", "cases") for one in said_by(installation, source)]
        assert len(said) >= flow.events >= PUBLIC
        assert len({one.heard.tenant for one in said}) >= TENANTS
        assert checkpoints.observed.ledgers_verify() >= max(EVENTS, len(said))
