"""The running parts of a house as green threads of one process: doors, listeners, relays, followers, fillers, clocks.

Embedded, one process has all parts of all services; distributed, each has the roles of one service that it was started
for (`qorgan run`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nameko.containers import ServiceContainer

from cli.house import House
from cli.settings import Settings
from services.gateway.web.letters import letter
from services.referrals.partners.courier import Courier, Outside
from services.referrals.partners.mail import Post
from services.referrals.partners.webhooks import WebhookCaller
from shared.logging import facts_of, log
from shared.messaging.filler import Filler
from shared.messaging.lanes import Lanes
from shared.messaging.listener import Listener
from shared.messaging.relay import Relay
from shared.messaging.rpc import RpcPool
from shared.messaging.transport import connection, nameko_config
from shared.runners.clockwork import Clockwork
from shared.runners.door import BUILT
from shared.runners.follower import Follower
from shared.runners.leader import lead
from shared.runners.parts import ServiceApp

BEGIN_AGAIN_SECONDS = 1.0
ROLES = ("door", "relay", "follower", "clock")


class Suite:
    """The parts of a house that run in this process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.broker_url = house.settings.broker_url
        self.rpc = RpcPool(nameko_config(self.broker_url))
        self.stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._containers: dict[str, Any] = {}
        self._lanes: dict[str, Lanes] = {}

    def start(self, service: ServiceApp, role: str) -> None:
        """Starts one role of one service."""
        {"door": self._door, "relay": self._relay, "follower": self._follower, "clock": self._clock}[role](service)
        log().info("suite.role_started", service=service.name, role=role)

    def start_all(self) -> None:
        """Starts every role of every service: the embedded suite."""
        for service in self.house.services.values():
            for role in ROLES:
                self.start(service, role)

    def _door(self, service: ServiceApp) -> None:
        self._open(service)
        self._thread(f"{service.name}.door", lambda: self._keep_open(service))
        if service.parts.listens_to:
            listener = Listener(service, self._lanes_of(service), connection(self.broker_url), self.stop)
            self._thread(f"{service.name}.listener", listener.run)

    def _open(self, service: ServiceApp) -> None:
        container = ServiceContainer(service.parts.door, {**nameko_config(self.broker_url), BUILT: service})
        container.start()
        self._containers[service.name] = container

    def _keep_open(self, service: ServiceApp) -> None:
        """A door that broke takes no calls any more, and tells nobody but who waits for its end."""
        try:
            self._containers[service.name].wait()
        finally:
            if not self.stop.is_set():
                self._open(service)

    def _lanes_of(self, service: ServiceApp) -> Lanes:
        """Listener and filler of one process share them, and with them the lock of each lane."""
        return self._lanes.setdefault(service.name, Lanes(service.application))

    def _relay(self, service: ServiceApp) -> None:
        woken, grown = self.house.woken[service.name][0], self.house.grown[service.name][0]
        relay = Relay(service, connection(self.broker_url), woken, grown)
        self._led(service, "relay", relay.run)

    def _follower(self, service: ServiceApp) -> None:
        woken, grown = self.house.woken[service.name][1], self.house.grown[service.name][1]
        self._led(service, "follower", Follower(service, woken, grown).run)
        if service.parts.listens_to:
            self._led(service, "filler", Filler(service, self._lanes_of(service), self.rpc).run)
        if service.name == "referrals":
            partners = self.house.settings.partner_broker_url or self.broker_url
            self._led(service, "courier", Courier.of(service, partners, outside_of(self.house.settings)).run)

    def _clock(self, service: ServiceApp) -> None:
        self._led(service, "clock", Clockwork(service).run)

    def _led(self, service: ServiceApp, role: str, run: Callable[[threading.Event], None]) -> None:
        self._thread(f"{service.name}.{role}", lambda: lead(service.database, role, self.stop, run))

    def _thread(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._keep_up, args=(name, target), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _keep_up(self, name: str, target: Callable[[], None]) -> None:
        """Begins a part again that came to an end before it was told to: a silent service is worse than a slow one."""
        while not self.stop.is_set():
            try:
                target()
            except Exception as error:  # noqa: BLE001 - a thread's own report would show its text
                log().critical("suite.part_failed", role=name, **facts_of(error))
            self.stop.wait(BEGIN_AGAIN_SECONDS)

    def end(self) -> None:
        """Stops every part, each after what it has in hand; the doors together, as each takes two seconds for it."""
        self.stop.set()
        closing = [threading.Thread(target=self._close, args=(name,), daemon=True) for name in self._containers]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()
        for thread in self._threads:
            thread.join(timeout=5)
        self.rpc.close()

    def _close(self, service: str) -> None:
        try:
            self._containers[service].stop()
        except Exception as error:  # noqa: BLE001 - the others are closed nevertheless
            log().error("suite.part_failed", role=f"{service}.door", **facts_of(error))


def outside_of(settings: Settings) -> Outside:
    """How the courier reaches agencies without a broker; without a mail server, schools hand links over."""
    post = None
    if settings.smtp_url and settings.public_url:
        post = Post(server=settings.smtp_url, sender=settings.mail_from, page=settings.public_url, letter=letter)
    return Outside(WebhookCaller(allow_private=settings.partner_private_addresses), post)


@contextmanager
def running(house: House) -> Iterator[Suite]:
    """The embedded suite, running."""
    suite = Suite(house)
    suite.start_all()
    try:
        yield suite
    finally:
        suite.end()
