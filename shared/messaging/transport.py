"""The broker: names of exchanges and queues, connections, and the transport of a suite that runs in one process."""

from __future__ import annotations

from typing import Any

from kombu import Connection, Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES, memory
from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.rpc import Responder

EMBEDDED_URL = "qorgan-memory://localhost/"
POLLING_SECONDS = 0.001
ANSWER_SECONDS = 10.0


class Channel(memory.Channel):
    """kombu's memory channel, with content type and encoding among the properties, where nameko's RPC looks."""

    def prepare_message(
        self,
        body: Any,
        priority: Any = None,
        content_type: Any = None,
        content_encoding: Any = None,
        headers: Any = None,
        properties: Any = None,
    ) -> Any:
        """The message as the queue holds it: what kombu makes of it, with the two properties."""
        properties = dict(properties or {}, content_type=content_type, content_encoding=content_encoding)
        return memory.Channel.prepare_message(self, body, priority, content_type, content_encoding, headers, properties)


class Transport(memory.Transport):
    """kombu's in-process transport with our channel.

    What is unacknowledged when the process ends is lost, and pulled again.
    """

    Channel = Channel
    polling_interval = POLLING_SECONDS


TRANSPORT_ALIASES["qorgan-memory"] = "shared.messaging.transport:Transport"


def connection(url: str) -> Connection:
    """A broker connection; the in-process transport polls every millisecond."""
    options = {"polling_interval": POLLING_SECONDS} if is_embedded(url) else {}
    return Connection(url, transport_options=options, heartbeat=0 if is_embedded(url) else 30)


def is_embedded(url: str) -> bool:
    """Whether the broker lives in this process."""
    return url.startswith("qorgan-memory")


class _OffTheDisk(Publisher):  # type: ignore[misc]
    """nameko's own publisher, but that a broker need not write what it sends to its disk."""

    delivery_mode = NON_PERSISTENT


def keep_answers_off_the_disk() -> None:
    """Has nameko send answers as transient messages, in every door of this process: they hold what is confidential.

    nameko has no setting for it; calls are sent so by RpcPool.
    """
    Responder.publisher_cls = _OffTheDisk


def limit_waits(channel: Any) -> None:
    """Gives up on a broker that takes a request and never answers, as a damaged queue does, as on a lost connection."""
    socket = getattr(getattr(channel.connection, "transport", None), "sock", None)
    if socket is not None:
        socket.settimeout(ANSWER_SECONDS)


def exchange_of(source: str) -> Exchange:
    """The topic exchange to which a service, and no other, publishes its events; routing key is the event's type."""
    return Exchange(f"qorgan.{source}", type="topic", durable=True, delivery_mode="persistent")


def queue_of(listener: str, source: str) -> Queue:
    """The quorum queue that holds what `listener` is told by `source`."""
    arguments = {"x-queue-type": "quorum"}
    name = f"qorgan.{listener}.from.{source}"
    return Queue(name, exchange_of(source), routing_key="#", durable=True, queue_arguments=arguments)


def nameko_config(url: str) -> dict[str, Any]:
    """What nameko is told of the broker; JSON only."""
    config: dict[str, Any] = {"AMQP_URI": url, "serializer": "json", "ACCEPT": ["json"], "max_workers": 20}
    if is_embedded(url):
        config["TRANSPORT_OPTIONS"] = {"polling_interval": POLLING_SECONDS}
        config["HEARTBEAT"] = 0
    return config
