"""One agency's virtual host: two queues of messages, one of refusals; over AMQP, or in this process (embedded).

kombu's in-process transport knows no virtual hosts, so there the names begin with the virtual host's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from kombu import Connection, Exchange, Producer, Queue
from kombu.exceptions import OperationalError

from services.referrals.partners.names import CONTENT_TYPE, FROM_PARTNER, REFUSED, TO_PARTNER

CONNECT_SECONDS = 5
CONFIRM_SECONDS = 10


class UndeliveredError(Exception):
    """The broker took a message and had no queue for it."""


class PartnerBroker:
    """A connection to one agency's virtual host, made when first used; for one thread (or green thread) at a time."""

    def __init__(self, broker: str, virtual_host: str) -> None:
        self.virtual_host = virtual_host
        self.is_embedded = "memory" in urlsplit(broker).scheme
        self._url = broker if self.is_embedded else in_virtual_host(broker, virtual_host)
        self._connection: Connection | None = None
        self._channel: Any = None
        self._producer: Producer | None = None
        self._returned: list[str] = []

    def declare(self) -> None:
        """Makes exchanges and queues, where they are not there yet."""
        for name in (TO_PARTNER, FROM_PARTNER, REFUSED):
            self._queue(name).bind(self.channel).declare()

    def send(self, body: bytes, *, message_id: str, expires: timedelta | None, to: str = TO_PARTNER) -> None:
        """Publishes a persistent message and waits for the broker's word. Raises OperationalError, UndeliveredError."""
        self._returned.clear()
        self._publisher().publish(
            body,
            exchange=self._exchange(to),
            routing_key=to,
            content_type=CONTENT_TYPE if to != REFUSED else "application/json",
            content_encoding="utf-8",
            message_id=message_id,
            delivery_mode="persistent",
            mandatory=True,
            expiration=expires.total_seconds() if expires else None,
            confirm_timeout=CONFIRM_SECONDS,
        )
        if self._returned:
            raise UndeliveredError(self.virtual_host)

    def waiting(self, queue: str = FROM_PARTNER) -> Iterator[Any]:
        """The messages that wait in a queue now, one by one; whoever takes one acknowledges or requeues it."""
        bound = self._queue(queue).bind(self.channel)
        while (message := bound.get()) is not None:
            yield message

    @property
    def channel(self) -> Any:
        """The open channel, with publisher confirms."""
        if self._channel is None:
            self._channel = self._connected().channel()
        return self._channel

    def close(self) -> None:
        """Lets go of the connection; it is opened again when needed."""
        connection, self._connection, self._channel, self._producer = self._connection, None, None, None
        if connection is not None:
            try:
                connection.release()
            except (OSError, OperationalError):
                return  # it was lost already

    def _connected(self) -> Connection:
        if self._connection is None:
            options: dict[str, Any] = {} if self.is_embedded else {"confirm_publish": True}
            connection = Connection(self._url, connect_timeout=CONNECT_SECONDS, transport_options=options)
            connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=CONNECT_SECONDS)
            self._connection = connection
        return self._connection

    def _publisher(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(self.channel, on_return=lambda *_: self._returned.append("returned"))
        return self._producer

    def _name(self, name: str) -> str:
        return f"{self.virtual_host}.{name}" if self.is_embedded else name

    def _exchange(self, name: str) -> Exchange:
        return Exchange(self._name(name), type="direct", durable=True)

    def _queue(self, name: str) -> Queue:
        arguments = {"x-queue-type": "quorum"}
        if name == FROM_PARTNER:
            # Where RabbitMQ gives up after many deliveries (4.x), the message goes there instead of being dropped.
            arguments |= {"x-dead-letter-exchange": REFUSED, "x-dead-letter-routing-key": REFUSED}
        return Queue(self._name(name), self._exchange(name), name, durable=True, queue_arguments=arguments)


def in_virtual_host(broker: str, virtual_host: str) -> str:
    """A broker's URL with the virtual host in place of any it names."""
    parts = urlsplit(broker)
    return urlunsplit((parts.scheme, parts.netloc, "/" + quote(virtual_host, safe=""), "", ""))
