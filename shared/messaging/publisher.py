"""Publishing with confirms in flight together: a page of messages goes out, then all their confirms are waited for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from amqp import Message
from amqp.exceptions import AMQPError
from kombu import Connection, Exchange

from shared.messaging.transport import limit_waits

CONFIRM_SECONDS = 10.0
BEATS_PER_HEARTBEAT = 4
DRAIN_SECONDS = 0.001


class NotConfirmedError(Exception):
    """The broker did not take responsibility for a message; nobody may count it as sent."""


class Publisher:
    """Persistent JSON messages to one exchange; `publish` returns only when the broker confirmed every one."""

    def __init__(self, connection: Connection, exchange: Exchange) -> None:
        self.connection = connection
        self.exchange = exchange
        self._sent = 0
        self._beat_at = 0.0
        self._unconfirmed: set[int] = set()
        self._was_refused = False

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.connection.release()
            raise
        return self

    def _open(self) -> None:
        self.connection.connect()
        self.channel = self.connection.channel()
        limit_waits(self.channel)
        self.exchange(self.channel).declare()
        self._confirms = hasattr(self.channel, "confirm_select")
        if self._confirms:
            self.channel.confirm_select()
            self.channel.events["basic_ack"].add(self._on_ack)
            self.channel.events["basic_nack"].add(self._on_nack)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.release()

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publishes (routing key, JSON bytes) in order. Raises NotConfirmedError and the transport's errors."""
        if not self._confirms:
            producer = self.connection.Producer(self.channel)
            for routing_key, body in messages:
                producer.publish(
                    body,
                    exchange=self.exchange,
                    routing_key=routing_key,
                    content_type="application/json",
                    content_encoding="utf-8",
                    serializer=None,
                )
            return
        for routing_key, body in messages:
            self._sent += 1
            self._unconfirmed.add(self._sent)
            properties: dict[str, Any] = {
                "content_type": "application/json",
                "content_encoding": "utf-8",
                "delivery_mode": 2,
            }
            self.channel.basic_publish(
                Message(body, **properties), exchange=self.exchange.name, routing_key=routing_key
            )
        self._wait_for_confirms()

    def keep_alive(self) -> None:
        """Answers the broker's heartbeats, without which it ends an idle connection. Raises the transport's errors."""
        if self._confirms and self.connection.heartbeat and time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + self.connection.heartbeat / BEATS_PER_HEARTBEAT
            with suppress(TimeoutError):
                self.connection.drain_events(timeout=DRAIN_SECONDS)
            self.connection.heartbeat_check(rate=BEATS_PER_HEARTBEAT)

    def _wait_for_confirms(self) -> None:
        while self._unconfirmed:
            try:
                self.connection.drain_events(timeout=CONFIRM_SECONDS)
            except (TimeoutError, AMQPError, OSError):
                raise NotConfirmedError from None
            if self._was_refused:
                raise NotConfirmedError

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > delivery_tag}
        else:
            self._unconfirmed.discard(delivery_tag)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:
        """Only noted: further refusals may arrive while the connection is being closed."""
        self._was_refused = True
