"""Whom to look at next: tenants that are known to have grown at once, all tenants every now and then.

An append of this process names its tenant. What other processes append nobody tells: so all heads are looked through
as often as takes a twentieth of the time, once a second at least, however many tenants there are; and less and less
often, down to four times a second, while nothing happens at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from uuid import UUID

LEAST_OF_THE_TIME = 20
LONGEST_SECONDS = 1.0
QUIET_SECONDS = 0.25
SLOWER = 1.25  # from one look that found nothing to the next: from 30 ms to a quarter of a second within one
MOST_QUIET_LOOKS = 30


class Grown:
    """Tenants whose logs grew since they were last asked for; for several threads."""

    def __init__(self) -> None:
        self._tenants: set[UUID] = set()
        self._guard = threading.Lock()

    def add(self, tenant: UUID) -> None:
        """Notes a tenant whose log grew."""
        with self._guard:
            self._tenants.add(tenant)

    def __bool__(self) -> bool:
        return bool(self._tenants)

    def take(self) -> Collection[UUID]:
        """Those noted since it was last asked, each once."""
        with self._guard:
            taken, self._tenants = self._tenants, set()
        return taken


class News:
    """The rhythm of a relay or follower: `next` says whom to look at, `looked` what came of it, `rest` waits."""

    def __init__(self, woken: threading.Event, grown: Grown | None, backstop: float) -> None:
        self.woken = woken
        self._grown = Grown() if grown is None else grown
        self._backstop = backstop
        self._quiet_looks = 0
        self._all_at = 0.0
        self._begun = 0.0

    def next(self) -> Collection[UUID] | None:
        """The tenants to look at: None for all, nobody where nothing is known and the time for all has not come."""
        self._begun = time.monotonic()
        grown = self._grown.take()
        return None if self._begun >= self._all_at else grown

    def looked(self, tenants: Collection[UUID] | None, *, is_more: bool) -> None:
        """Is told when they were looked at; where there is more, all are looked at again without a pause."""
        now = time.monotonic()
        if is_more or tenants:
            self._quiet_looks = 0
        if is_more:
            self._all_at = now
        elif tenants is None:
            slower = min(self._backstop * SLOWER**self._quiet_looks, QUIET_SECONDS)
            least = min(LEAST_OF_THE_TIME * (now - self._begun), LONGEST_SECONDS)
            self._all_at = now + max(self._backstop, slower, least)
            self._quiet_looks = min(self._quiet_looks + 1, MOST_QUIET_LOOKS)

    def look_at_all(self) -> None:
        """After a failure nobody knows who was looked at: all are, next."""
        self._all_at = 0.0

    def rest(self) -> None:
        """Waits until it is woken or the time for all has come; woken by somebody who names nobody, it is all."""
        is_woken = self.woken.wait(max(0.0, self._all_at - time.monotonic()))
        self.woken.clear()
        if not (is_woken and self._grown):
            self.look_at_all()
