"""Takes a service's messages off its queues to its lanes; acknowledges each once it is done or written down.

Lanes are worked on side by side, so that a tenant whose handlers are slow holds up no other. The connection is for one
thread: what the others are done with is acknowledged by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from kombu import Connection, Consumer
from kombu.mixins import ConsumerMixin

from shared.logging import facts_of, log
from shared.messaging.envelope import ForgedError, PublicEvent, open_event
from shared.messaging.lanes import Lanes
from shared.messaging.side_by_side import SideBySide
from shared.messaging.transport import limit_waits, queue_of
from shared.runners.parts import ServiceApp

PREFETCH = 100
WORKERS = 8
LOOK_SECONDS = 0.02
END_SECONDS = 5.0


class Listener(ConsumerMixin):
    """One consumer per source, on one connection; several listeners of a service share its queues."""

    def __init__(self, service: ServiceApp, lanes: Lanes, connection: Connection, stop: threading.Event) -> None:
        self.service = service
        self.lanes = lanes
        self.connection = connection
        self._stop = stop
        workers = 1 if service.database.is_sqlite else WORKERS
        self._lanes_at_work = SideBySide(f"{service.name}.lanes", workers)
        self._done: SimpleQueue[tuple[Any, str]] = SimpleQueue()
        self._channel: Any = None

    @property
    def should_stop(self) -> bool:  # type: ignore[override] # kombu never writes it
        """Whether it was told to stop; asked before each message and every second."""
        return self._stop.is_set()

    def run(self, _tokens: int = 1, **options: Any) -> None:
        """Listens until told to stop; connects again where the connection is lost."""
        try:
            ConsumerMixin.run(self, _tokens, safety_interval=LOOK_SECONDS, **options)
        finally:
            self._lanes_at_work.end(END_SECONDS)

    def on_iteration(self) -> None:
        """Tells the broker what became of messages that are done."""
        while not self._done.empty():
            message, told = self._done.get()
            if message.channel is self._channel:  # what came by a lost connection comes once more
                getattr(message, told)()

    def on_consume_end(self, _: Any, __: Any) -> None:
        """Acknowledges what is in hand, while the connection is still there."""
        if self.should_stop:
            self._lanes_at_work.end(END_SECONDS)
            self.on_iteration()

    def get_consumers(self, _: Any, channel: Any) -> list[Consumer]:
        """One for each source; what the broker does not answer in time counts as a lost connection."""
        limit_waits(channel)
        self._channel = channel
        return [
            Consumer(
                channel,
                queues=[queue_of(self.service.name, source)],
                callbacks=[self._taker(source)],
                accept=["json"],
                prefetch_count=PREFETCH,
                on_decode_error=self._refuse_undecodable,
            )
            for source in self.service.parts.listens_to
        ]

    def _taker(self, source: str) -> Callable[[Any, Any], None]:
        def take(body: Any, message: Any) -> None:
            try:
                event = open_event(body, source, self.service.public_keys)
            except ForgedError:
                log().error("listener.message_refused", source=source, reason="forged")
                message.ack()
                return
            self._lanes_at_work.put((source, event.heard.tenant), lambda: self._take(event, message))

        return take

    def _take(self, event: PublicEvent, message: Any) -> None:
        try:
            outcome = self.lanes.take(event)
            log().debug("listener.message_taken", source=event.heard.source, outcome=str(outcome))
        except Exception as error:  # noqa: BLE001 - the database is away: the message stays with the broker
            log().error("listener.message_postponed", source=event.heard.source, **facts_of(error))
            self._stop.wait(1.0)
            self._done.put((message, "requeue"))
        else:
            self._done.put((message, "ack"))

    def _refuse_undecodable(self, message: Any, error: Exception) -> None:
        log().error("listener.message_refused", reason="undecodable", **facts_of(error))
        message.ack()

    def on_connection_error(self, error: Exception, interval: float) -> None:
        """Logs what kombu would log with the error's text; it connects again after `interval` seconds."""
        log().warning("listener.connection_lost", **facts_of(error))
