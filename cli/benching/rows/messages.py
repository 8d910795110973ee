"""The row of messages: how long until an event is handled in another service."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import uuid4

from cli.benching.comparing import Row, compared
from cli.benching.ground import Ground, Worker


class _Heard:
    """Two processes, one that says something and one to which it comes: the median seconds from one to the other."""

    def __init__(self, says: Worker, hears: Worker, times: int) -> None:
        self._says, self._hears, self._times = says, hears, times
        self._number = 0

    def __call__(self) -> float:
        return median(self._once() for _ in range(self._times))

    def _once(self) -> float:
        self._number += 1
        self._hears.tell(number=self._number)
        said = self._says.round()["at"]
        return float(self._hears.heard()["at"] - said)


def messages(ground: Ground) -> Iterator[Row]:
    """Events handled elsewhere against messages that come."""
    admin = ground.admin.set(username="ROLE", database="DATABASE").render_as_string(hide_password=False)
    given: dict[str, Any] = {
        "admin": admin.replace("ROLE", "{role}").replace("DATABASE", "{database}"),
        "amqp": ground.virtual_host(),
        "keys": tempfile.mkdtemp(prefix="qorgan-bench-"),
    }
    tenant = str(uuid4())
    (says,) = ground.workers("speaks", database=ground.database("speaks"), tenant=tenant, **given)
    (hears,) = ground.workers("hears", database=ground.database("hears"), **given)
    (publishes,) = ground.workers("publishes", amqp=ground.virtual_host())
    (consumes,) = ground.workers("consumes", amqp=ground.virtual_host())
    times = max(3, ground.scale.messages // 5)
    ours, bare = _Heard(says, hears, times), _Heard(publishes, consumes, times)
    for side in (ours, bare):
        side()
    yield compared(
        "event committed to handled in another service, against bare kombu publish to consume",
        "s",
        ours,
        bare,
        5.0,
        ground.scale.rounds * 2 + 1,
        at_most=True,
    )
    for worker in (says, hears, publishes, consumes):
        worker.close()
