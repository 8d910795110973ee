"""Two toy services on real ledgers: `alpha` rings bells and says so, `beta` listens and repeats what it heard.

They have no domain but all the mechanisms: commands, refusals, public events, reactions, duties, a projection, a door.

    house.ring(tenant, number=7)         alpha: one event, published
    house.events(tenant)                 what alpha published, opened from its signed form, in order
    house.heard(tenant)                  the numbers that beta has heard, in the order of its log
    beta.breaks_in.add(tenant)           from now on beta's handler fails there
"""

from __future__ import annotations

from shared.testing.toy_services.alpha import (
    SOMEBODY,
    TOO_MUCH,
    UNLUCKY,
    Bell,
    BellSchema,
    Promise,
    PromiseSchema,
    Ring,
    RingAgain,
    RingersSchema,
    RingSchema,
    bells,
    show_bell,
    unprojectable,
)
from shared.testing.toy_services.fixtures import (
    in_process_broker,
    older_copy,
    postgres_toys,
    running_threads,
    sqlite_toys,
    toy_broker,
    toy_databases,
    toys,
    toys_virtual_host,
)
from shared.testing.toy_services.house import Toy, ToyHouse

__all__ = [
    "SOMEBODY",
    "TOO_MUCH",
    "UNLUCKY",
    "Bell",
    "BellSchema",
    "Promise",
    "PromiseSchema",
    "Ring",
    "RingAgain",
    "RingSchema",
    "RingersSchema",
    "Toy",
    "ToyHouse",
    "bells",
    "in_process_broker",
    "older_copy",
    "postgres_toys",
    "running_threads",
    "show_bell",
    "sqlite_toys",
    "toy_broker",
    "toy_databases",
    "toys",
    "toys_virtual_host",
    "unprojectable",
]
