"""Takes a service's messages off its queues to its lanes; acknowledges each once it is done or written down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from kombu import Connection, Consumer
from kombu.mixins import ConsumerMixin

from shared.logging import facts_of, log
from shared.messaging.envelope import ForgedError, open_event
from shared.messaging.lanes import Lanes
from shared.messaging.transport import limit_waits, queue_of
from shared.runners.parts import ServiceApp

PREFETCH = 50


class Listener(ConsumerMixin):
    """One consumer per source, on one connection; several listeners of a service share its queues."""

    def __init__(self, service: ServiceApp, lanes: Lanes, connection: Connection, stop: threading.Event) -> None:
        self.service = service
        self.lanes = lanes
        self.connection = connection
        self._stop = stop

    @property
    def should_stop(self) -> bool:  # type: ignore[override] # kombu never writes it
        """Whether it was told to stop; asked before each message and every second."""
        return self._stop.is_set()

    def run(self, _tokens: int = 1, **options: Any) -> None:
        """Listens until told to stop; connects again where the connection is lost."""
        ConsumerMixin.run(self, _tokens, **options)

    def get_consumers(self, _: Any, channel: Any) -> list[Consumer]:
        """One for each source; what the broker does not answer in time counts as a lost connection."""
        limit_waits(channel)
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
                outcome = self.lanes.take(open_event(body, source, self.service.public_keys))
                log().debug("listener.message_taken", source=source, outcome=str(outcome))
            except ForgedError:
                log().error("listener.message_refused", source=source, reason="forged")
            except Exception as error:  # noqa: BLE001 - the database is away: the message stays with the broker
                log().error("listener.message_postponed", source=source, **facts_of(error))
                message.requeue()
                self._stop.wait(1.0)
                return
            message.ack()

        return take

    def _refuse_undecodable(self, message: Any, error: Exception) -> None:
        log().error("listener.message_refused", reason="undecodable", **facts_of(error))
        message.ack()

    def on_connection_error(self, error: Exception, interval: float) -> None:
        """Logs what kombu would log with the error's text; it connects again after `interval` seconds."""
        log().warning("listener.connection_lost", **facts_of(error))
