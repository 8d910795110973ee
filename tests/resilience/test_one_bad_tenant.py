"""A handler that always fails in one school stops that school's lane, and no other's."""

from __future__ import annotations

import threading
from collections.abc import Callable

from shared.ids import new_id
from shared.messaging.listener import Listener
from shared.messaging.relay import Relay
from shared.messaging.transport import connection
from shared.testing.toy_services import ToyHouse
from shared.testing.waiting import wait_until

TENANTS = 20
BELLS = 25
DEADLINE_SECONDS = 300.0

Runs = Callable[[Callable[[threading.Event], None]], threading.Thread]


class TestAHandlerThatAlwaysFails:
    """The lane of its tenant waits, is tried again and goes on once it is mended; the others never notice."""

    def test_holds_up_its_own_tenant_only_and_loses_nothing(
        self, postgres_toys: ToyHouse, toy_broker: str, running_threads: Runs
    ) -> None:
        """Twenty tenants, two listeners, relay and filler at work; one tenant's handler is broken."""
        house, beta = postgres_toys, postgres_toys.toys["beta"].service
        tenants = [new_id() for _ in range(TENANTS)]
        broken = tenants[7]
        house.beta.breaks_in.add(broken)
        alpha = house.toys["alpha"]
        for _ in range(2):
            running_threads(lambda stop: Listener(beta, house.lanes(), connection(toy_broker), stop).run())
        running_threads(Relay(alpha.service, connection(toy_broker), alpha.relay_woken, alpha.relay_grown).run)
        running_threads(house.filler().run)
        numbers = list(range(101, 101 + BELLS))
        for number in numbers:
            for tenant in tenants:
                house.ring(tenant, number=number)
        sound = [tenant for tenant in tenants if tenant != broken]
        wait_until(lambda: all(house.heard(one) == numbers for one in sound), DEADLINE_SECONDS, "the sound tenants")
        assert house.heard(broken) == []
        tried = wait_until(lambda: house.waiting(broken), DEADLINE_SECONDS, "the broken lane to be written down")
        assert tried.attempts
        house.beta.breaks_in.discard(broken)
        wait_until(lambda: house.heard(broken) == numbers, DEADLINE_SECONDS, "the mended tenant")
        assert house.outcomes(broken) == ["done"] * BELLS
