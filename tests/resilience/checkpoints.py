"""What must be true after each fault, whatever it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cli.auditing.verify import verify_services
from shared.testing.waiting import wait_until
from tests.resilience.flow import Flow
from tests.resilience.installation import Installation
from tests.resilience.observed import Observed

UNTIL_DEADLINES_PASS = timedelta(minutes=20)  # those of reports of danger (15 minutes), and no other
CLOCK_SECONDS = 300.0


@dataclass(frozen=True)
class Checkpoints:
    """Drains the flow, and compares what came in with what became of it."""

    installation: Installation
    flow: Flow
    observed: Observed

    def pass_(self) -> None:
        """No event lost, none handled twice, order kept per tenant, clocks fired once each, every ledger verifies."""
        self.observed.settles()
        self.installation.let_time_pass(UNTIL_DEADLINES_PASS)
        wait_until(self.observed.clocks_fired, CLOCK_SECONDS, "the clocks to have fired")
        self.observed.settles()
        self.observed.check()
        self._ledgers_verify()

    def _ledgers_verify(self) -> None:
        house = self.installation.house()
        try:
            assert verify_services(house, lambda _log, _done: None).findings == []
        finally:
            house.close()
