"""Workers of messages: an event committed here and handled in another service, each in a process of its own.

Beside them kombu alone on the same broker, its two ends in processes of their own, too. Times are of the machine's
monotonic clock, which is one for all its processes.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from pathlib import Path
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
from shared.runners.news import Grown
from shared.runners.parts import ServiceApp, ServiceParts
from shared.signing import KeyRing, SigningKey

PATIENCE_SECONDS = 10.0


class _Times:
    """When each of a row of things happened."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._came = threading.Condition()

    def note(self) -> None:
        """It happened now."""
        now = time.monotonic()
        with self._came:
            self._times.append(now)
            self._came.notify_all()

    def of(self, number: int) -> dict[str, float]:
        """When it happened for the `number`th time; waits for it. Raises RuntimeError where it does not."""
        with self._came:
            if not self._came.wait_for(lambda: len(self._times) >= number, PATIENCE_SECONDS):
                raise RuntimeError("a message did not come")
            return {"at": self._times[number - 1]}


class Speaking:
    """The service that speaks: its application and its relay, as one process of the suite has them."""

    def __init__(self, admin: str, database: str, amqp: str, keys: str, tenant: str) -> None:
        self._tenant = UUID(tenant)
        woken, grown = threading.Event(), Grown()

        def wake(one: UUID) -> None:
            grown.add(one)
            woken.set()

        self._service = _open(SPEAKS, admin, database, keys, wake)
        with connection(amqp) as declaring:
            queue_of(HEARS.name, SPEAKS.name)(declaring.channel()).declare()
        relay = Relay(self._service, connection(amqp), woken, grown)
        threading.Thread(target=relay.run, args=(threading.Event(),), daemon=True).start()

    def __call__(self) -> dict[str, float]:
        """An event; when it was committed."""
        self._service.application.execute(Begin(tenant=self._tenant, command_id=new_id(), by=SOMEBODY))
        committed = time.monotonic()
        time.sleep(0)  # as a door that sends its answer: the relay has its turn, and not first this process's own pipes
        return {"at": committed}


class Hearing:
    """The service that hears, and does one command for each event."""

    def __init__(self, admin: str, database: str, amqp: str, keys: str) -> None:
        self._handled = _Times()
        service = _open(HEARS, admin, database, keys, lambda _: None)
        lanes = _TimedLanes(service.application, self._handled)
        listener = Listener(service, lanes, connection(amqp), threading.Event())
        threading.Thread(target=listener.run, daemon=True).start()

    def __call__(self, number: int) -> dict[str, float]:
        """When the `number`th event was handled."""
        return self._handled.of(number)


class _TimedLanes(Lanes):
    """Lanes that note when an event is handled."""

    def __init__(self, application: Any, handled: _Times) -> None:
        super().__init__(application)
        self._handled = handled

    def take(self, event: PublicEvent) -> Outcome:
        outcome = super().take(event)
        if outcome is not Outcome.DONE:
            raise RuntimeError(f"an event was not handled: {outcome}")
        self._handled.note()
        return outcome


def _open(parts: ServiceParts, admin: str, name: str, keys: str, wake: Callable[[UUID], None]) -> ServiceApp:
    roles, ring = Roles(name), KeyRing(Path(keys))
    urls = [admin.format(role=role, database=name) for role in (roles.service, roles.relay, roles.clock)]
    database = Database(urls[0], relay_url=urls[1], clock_url=urls[2])
    key = SigningKey.generate(parts.name)
    key.publish(ring.folder)
    return ServiceApp(
        parts=parts,
        application=parts.build(dataclasses.replace(_parts_of(database), woken=wake)),
        database=database,
        signing_key=key,
        public_keys=ring,
        clock=SystemClock(),
    )


def _bare_queue() -> tuple[Exchange, Queue]:
    exchange = Exchange("qorgan.bench.bare", type="topic", durable=True, delivery_mode="persistent")
    arguments = {"x-queue-type": "quorum"}
    return exchange, Queue("qorgan.bench.bare", exchange, routing_key="#", durable=True, queue_arguments=arguments)


class Publishing:
    """kombu alone: persistent messages, published to a quorum queue."""

    def __init__(self, amqp: str) -> None:
        publishing = Connection(amqp)
        exchange, queue = _bare_queue()
        queue(publishing.channel()).declare()
        self._producer = publishing.Producer(exchange=exchange, serializer="json")

    def __call__(self) -> dict[str, float]:
        """A message; when it was about to be published."""
        begun = time.monotonic()
        self._producer.publish({"text": "x" * 700}, routing_key="bench")
        return {"at": begun}


class Consuming:
    """kombu alone: the other end."""

    def __init__(self, amqp: str) -> None:
        self._consuming = Connection(amqp)
        self._came = _Times()
        threading.Thread(target=self._consume, daemon=True).start()

    def _consume(self) -> None:
        def take(_: Any, message: Any) -> None:
            self._came.note()
            message.ack()

        queue = _bare_queue()[1]
        with Consumer(self._consuming, queues=[queue], callbacks=[take], accept=["json"], prefetch_count=50):
            while True:
                self._consuming.drain_events()

    def __call__(self, number: int) -> dict[str, float]:
        """When the `number`th message came."""
        return self._came.of(number)
