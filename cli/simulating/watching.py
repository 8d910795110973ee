"""What is watched while a run goes on, at every commit: no effect without its position, no cursor before a confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cli.simulating.installation import Ground, Installation
from cli.simulating.schedule import Process, Schedule
from cli.simulating.toys import RUNG, UNLUCKY
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import Lanes
from shared.runners.parts import ServiceApp


@dataclass(frozen=True)
class Follows:
    """What is to follow from an event that was heard: how many effects in its own tenant and in another one."""

    source: str
    tenant: str
    number: int
    own: int
    others: int

    @classmethod
    def of(cls, source: str, tenant: str, number: int, kind: str, body: Any) -> Follows:
        """What follows from a public event."""
        if kind != RUNG:
            return cls(source, tenant, number, 1, 0)
        if body["number"] == UNLUCKY:
            return cls(source, tenant, number, 0, 0)
        return cls(source, tenant, number, body["times"], 1 if body["also"] else 0)


class WatchedLanes(Lanes):
    """The real lanes; notes what they are about to do, and that one lane does one thing at a time."""

    def __init__(self, service: ServiceApp, watch: Watch) -> None:
        super().__init__(service.application)
        self._watch = watch
        self._service = service.name
        self._at_work: set[tuple[str, UUID]] = set()

    def _react(self, event: PublicEvent) -> None:
        heard = event.heard
        self._watch.about_to_handle(self._service, event)
        with self._alone((heard.source, heard.tenant)):
            super()._react(event)

    @contextmanager
    def _alone(self, lane: tuple[str, UUID]) -> Iterator[None]:
        if lane in self._at_work:
            self._watch.schedule.fail("two handlers of one process are at work on one lane")
        self._at_work.add(lane)
        try:
            yield
        finally:
            self._at_work.discard(lane)


class Watch:
    """Watches one run."""

    def __init__(self, ground: Ground, schedule: Schedule) -> None:
        self.ground = ground
        self.schedule = schedule
        self.installation: Installation
        self.were_restored: set[str] = set()
        self.leaders: dict[tuple[str, str], list[Process]] = defaultdict(list)
        self.when_restored: list[Callable[[str], None]] = []
        self._follows: dict[tuple[str, str], Follows] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._confirmed: dict[tuple[str, str], int] = {}

    def lanes(self, service: ServiceApp, _: Process) -> Lanes:
        """The lanes of a process, watched."""
        return WatchedLanes(service, self)

    def leading(self, service: str, role: str, process: Process, run: Callable[[Any], None]) -> Callable[[Any], None]:
        """What a leader runs; while it does it counts as leading."""

        def led(stop: Any) -> None:
            leaders = self.leaders[service, role]
            leaders.append(process)
            try:
                run(stop)
            finally:
                if process in leaders:
                    leaders.remove(process)

        return led

    def ended(self, process: Process) -> None:
        """A process was killed."""
        for leaders in self.leaders.values():
            while process in leaders:
                leaders.remove(process)

    def restored(self, service: str) -> None:
        """A service's database was put back."""
        self.were_restored.add(service)
        for known in (self._sizes, self._confirmed):
            for key in [key for key in known if key[0] == service]:
                del known[key]
        for tell in self.when_restored:
            tell(service)

    def about_to_handle(self, service: str, event: PublicEvent) -> None:
        """Remembers what is to follow from an event."""
        heard = event.heard
        follows = Follows.of(heard.source, heard.tenant.hex, heard.number, heard.type, event.body)
        self._follows[service, heard.id.hex] = follows

    def committed(self, service: str, role: str, tenant: UUID | None) -> None:
        """Looks at what a commit left: what a crash at this moment would leave."""
        if role == "relay":
            self._look_at_cursors(service)
        elif tenant is not None:
            self._look_at_effects(service, tenant.hex)

    def _look_at_cursors(self, service: str) -> None:
        store, accepted = self.ground.stores[service], self.installation.broker.accepted
        for tenant, cursor in store.rows("SELECT tenant, number FROM relay_cursors"):
            before = self._confirmed.get((service, tenant), 0)
            public = store.rows(
                "SELECT number, lower(hex(hash)) FROM public_events WHERE tenant = ? AND number > ? AND number <= ?",
                tenant, before, cursor,
            )  # fmt: skip
            for number, told in public:
                if told not in accepted[service, str(UUID(tenant)), number]:
                    self.schedule.fail(f"the relay's cursor passed number {number}, which the broker never confirmed")
            self._confirmed[service, tenant] = max(before, cursor)

    def _look_at_effects(self, service: str, tenant: str) -> None:
        store = self.ground.stores[service]
        size = store.rows("SELECT size FROM heads WHERE tenant = ? AND log = ?", tenant, service)
        if not size or self._sizes.get((service, tenant)) == size[0][0]:
            return
        self._sizes[service, tenant] = position = size[0][0]
        of_log = "FROM events WHERE tenant = ? AND log = ? AND"
        ((cause,),) = store.rows(f"SELECT cause {of_log} position = ?", tenant, service, position)
        follows = self._follows.get((service, cause)) if cause else None
        if follows is None:
            return
        ((done,),) = store.rows(f"SELECT count(*) {of_log} cause = ?", tenant, service, cause)
        is_own = tenant == follows.tenant
        if done > (follows.own if is_own else follows.others) and (is_own or follows.source not in self.were_restored):
            self.schedule.fail(f"number {follows.number} of {follows.source} was handled twice")
        if is_own and done == follows.own:
            lane = store.rows("SELECT number FROM lanes WHERE tenant = ? AND source = ?", tenant, follows.source)
            if not lane or lane[0][0] < follows.number:
                self.schedule.fail(f"the effects of number {follows.number} are there without its position")
