"""The worker of messages: event committed to handled in another service, against bare kombu on the same broker."""

from __future__ import annotations

import dataclasses
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from kombu import Connection, Consumer, Exchange, Queue

from cli.benching.toys import HEARS, SOMEBODY, SPEAKS, Begin, _parts_of
from shared.clock import SystemClock
from shared.ids import new_id
from shared.ledger.database import Database
from shared.ledger.install import Roles
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import Lanes, Outcome
from shared.messaging.listener import Listener
from shared.messaging.relay import Relay
from shared.messaging.transport import connection, queue_of
from shared.runners.parts import ServiceApp, ServiceParts
from shared.signing import KeyRing, SigningKey

PATIENCE_SECONDS = 10.0


class _TimedLanes(Lanes):
    """Lanes that note when an event is handled."""

    handled_at = 0.0

    def __init__(self, application: Any, handled: threading.Event) -> None:
        super().__init__(application)
        self._handled = handled

    def take(self, event: PublicEvent) -> Outcome:
        outcome = super().take(event)
        self.handled_at = time.monotonic()
        self._handled.set()
        return outcome


class Heard:
    """Both sides in one cooperative process, as the embedded suite and the tests have them."""

    def __init__(self, admin: str, speaks: str, hears: str, amqp: str) -> None:
        self._admin, self._amqp = admin, amqp
        self._keys = KeyRing(Path(tempfile.mkdtemp(prefix="qorgan-bench-")))
        self._tenant: UUID = new_id()
        self._stop = threading.Event()
        self._handled = threading.Event()
        woken = threading.Event()
        self._speaker = self._open(SPEAKS, speaks, woken)
        listener = self._open(HEARS, hears, threading.Event())
        self._lanes = _TimedLanes(listener.application, self._handled)
        with connection(amqp) as declaring:
            queue_of(HEARS.name, SPEAKS.name)(declaring.channel()).declare()
        relay = Relay(self._speaker, connection(amqp), woken)
        listening = Listener(listener, self._lanes, connection(amqp), self._stop)
        for target, arguments in ((relay.run, (self._stop,)), (listening.run, ())):
            threading.Thread(target=target, args=arguments, daemon=True).start()
        self._bare = _Bare(amqp)
        self._ours(20)
        self._bare.times(20)

    def __call__(self, times: int) -> dict[str, float]:
        """A round: medians of the seconds."""
        ours, bare = [], []
        for _ in range(5):
            ours += self._ours(times // 5)
            bare += self._bare.times(times // 5)
        return {"seconds": median(ours), "bare": median(bare)}

    def _ours(self, times: int) -> list[float]:
        taken = []
        for _ in range(times):
            self._handled.clear()
            command = Begin(tenant=self._tenant, command_id=new_id(), by=SOMEBODY)
            self._speaker.application.execute(command)
            committed = time.monotonic()
            if not self._handled.wait(PATIENCE_SECONDS):
                raise RuntimeError("an event was not heard")
            taken.append(self._lanes.handled_at - committed)
        return taken

    def _open(self, parts: ServiceParts, name: str, woken: threading.Event) -> ServiceApp:
        roles = Roles(name)
        urls = [self._admin.format(role=role, database=name) for role in (roles.service, roles.relay, roles.clock)]
        database = Database(urls[0], relay_url=urls[1], clock_url=urls[2])
        key = SigningKey.generate(parts.name)
        key.publish(self._keys.folder)
        ledger_parts = dataclasses.replace(_parts_of(database), woken=lambda _: woken.set())
        return ServiceApp(
            parts=parts,
            application=parts.build(ledger_parts),
            database=database,
            signing_key=key,
            public_keys=self._keys,
            clock=SystemClock(),
        )


class _Bare:
    """kombu alone: a persistent message published to a quorum queue, and consumed from it on another connection."""

    def __init__(self, amqp: str) -> None:
        self._publishing, self._consuming = Connection(amqp), Connection(amqp)
        exchange = Exchange("qorgan.bench.bare", type="topic", durable=True, delivery_mode="persistent")
        arguments = {"x-queue-type": "quorum"}
        queue = Queue("qorgan.bench.bare", exchange, routing_key="#", durable=True, queue_arguments=arguments)
        queue(self._publishing.channel()).declare()
        self._producer = self._publishing.Producer(exchange=exchange, serializer="json")
        self._came = threading.Event()
        self._came_at = 0.0
        self._queue = queue
        threading.Thread(target=self._consume, daemon=True).start()

    def _consume(self) -> None:
        def take(_: Any, message: Any) -> None:
            self._came_at = time.monotonic()
            message.ack()
            self._came.set()

        with Consumer(self._consuming, queues=[self._queue], callbacks=[take], accept=["json"], prefetch_count=50):
            while True:
                self._consuming.drain_events()

    def times(self, times: int) -> list[float]:
        """The seconds that each message took."""
        taken = []
        for _ in range(times):
            self._came.clear()
            begun = time.monotonic()
            self._producer.publish({"text": "x" * 700}, routing_key="bench")
            if not self._came.wait(PATIENCE_SECONDS):
                raise RuntimeError("a bare message did not come")
            taken.append(self._came_at - begun)
        return taken
