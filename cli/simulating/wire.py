"""The way to the simulated broker: as much of AMQP as kombu's consumers and our publisher ask, confirms included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Any, Self

from kombu.message import Message

from cli.simulating.schedule import Process, Waitable

if TYPE_CHECKING:
    from cli.simulating.broker import Broker, Queued

RETRY_SECONDS = 1.0
SHORTEST_WAIT_SECONDS = 0.0005


@dataclass(eq=False)
class Sent:
    """A message on the wire."""

    channel: Channel
    exchange: str
    body: bytes
    tag: int


@dataclass(eq=False)
class Connection:
    """A connection of one process, as far as ours and kombu's code asks."""

    broker: Broker
    process: Process
    is_broken: bool = True
    channels: list[Channel] = field(default_factory=list)
    inbound: list[Callable[[], None]] = field(default_factory=list)
    changed: Waitable = field(default_factory=Waitable)
    heartbeat = 0
    connection_errors = (ConnectionError,)
    channel_errors = ()

    def clone(self) -> Connection:
        """Another one like it."""
        return Connection(self.broker, self.process)

    def connect(self) -> Self:
        """Connects. Raises ConnectionError."""
        self.broker.schedule.step("connect")
        if not self.broker.is_up:
            raise ConnectionError
        self.is_broken = False
        self.broker.connections.append(self)
        self.process.when_killed.append(self.break_off)
        return self

    def ensure_connection(self, errback: Callable[[Exception, float], None], _: int | None) -> None:
        """Connects, and tries again until it works."""
        while True:
            try:
                self.connect()
            except ConnectionError as error:
                errback(error, RETRY_SECONDS)
                self.broker.schedule.sleep(RETRY_SECONDS)
            else:
                return

    def channel(self) -> Channel:
        """A new channel."""
        channel = Channel(self)
        self.channels.append(channel)
        return channel

    @property
    def default_channel(self) -> Channel:
        """The first channel."""
        return self.channels[0] if self.channels else self.channel()

    def drain_events(self, timeout: float) -> None:
        """Handles the next thing that the broker says. Raises ConnectionError, TimeoutError."""
        schedule = self.broker.schedule
        ends = schedule.now + timeout
        while True:
            self.check()
            if self.inbound:
                self.inbound.pop(0)()
                return
            if any(channel.deliver_one() for channel in self.channels):
                schedule.step("delivered")  # the next message may be another consumer's
                return
            left = min(ends, *(channel.next_at() for channel in self.channels)) - schedule.now
            if schedule.now >= ends:
                raise TimeoutError
            schedule.wait(self.changed, max(left, SHORTEST_WAIT_SECONDS))

    def check(self) -> None:
        """Raises ConnectionError where it is broken."""
        if self.is_broken:
            raise ConnectionError

    def break_off(self) -> None:
        """Is no more; what was not acknowledged goes back into its queue."""
        self.is_broken = True
        if self in self.broker.connections:
            self.broker.connections.remove(self)
        for channel in self.channels:
            channel.give_back()
        self.broker.schedule.notify(self.changed)

    release = break_off

    def heartbeat_check(self, rate: int = 2) -> None:
        """Nothing beats here."""

    def as_uri(self) -> str:
        """Its name in kombu's log."""
        return "simulated"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Channel:
    """A channel, as far as ours and kombu's code asks."""

    no_ack_consumers = None

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.client = connection
        self.events: dict[str, set[Callable[[int, bool], None]]] = {"basic_ack": set(), "basic_nack": set()}
        self.unacknowledged: dict[int, tuple[str, Queued]] = {}
        self.consumers: dict[str, tuple[str, Callable[[Message], None]]] = {}
        self._broker = connection.broker
        self._prefetch = 0
        self._tags = count(1)
        self._published = count(1)

    # -- declaring ----------------------------------------------------------------------------------------------------

    def exchange_declare(self, exchange: str, **_: Any) -> None:
        """Makes an exchange."""
        self.connection.check()
        self._broker.exchanges.setdefault(exchange, [])

    def prepare_queue_arguments(self, arguments: Any, **_: Any) -> Any:
        """As they are."""
        return arguments

    def queue_declare(self, queue: str, **_: Any) -> SimpleNamespace:
        """Makes a queue."""
        self.connection.check()
        self._broker.queues.setdefault(queue, [])
        return SimpleNamespace(queue=queue)

    def queue_bind(self, queue: str, exchange: str, **_: Any) -> None:
        """Binds a queue to all that an exchange gets."""
        bound = self._broker.exchanges[exchange]
        if queue not in bound:
            bound.append(queue)

    def confirm_select(self) -> None:
        """Every message is confirmed here."""

    # -- publishing ---------------------------------------------------------------------------------------------------

    def basic_publish(self, message: Any, *, exchange: str, routing_key: str) -> None:
        """Sends a message; what becomes of it is told later."""
        self.connection.check()
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        self._broker.send(Sent(self, exchange, body, next(self._published)))
        self._broker.troubles.befall(self.connection.process, "after publish")
        self._broker.schedule.step("publish")

    def tell(self, what: str, tag: int) -> None:
        """Lets the publisher know."""

        def told() -> None:
            for callback in self.events[what]:
                callback(tag, False)
            self._broker.troubles.befall(self.connection.process, "after confirm")

        self.connection.inbound.append(told)
        self._broker.schedule.notify(self.connection.changed)

    # -- consuming ----------------------------------------------------------------------------------------------------

    def basic_qos(self, _: int, prefetch_count: int, __: bool) -> None:
        """How many messages may be in hand."""
        self._prefetch = prefetch_count

    def basic_consume(self, queue: str, consumer_tag: str, callback: Callable[[Message], None], **_: Any) -> None:
        """Has a queue's messages delivered."""
        self.connection.check()
        if queue not in self._broker.queues:
            raise ConnectionError
        self.consumers[consumer_tag] = (queue, callback)

    def basic_cancel(self, consumer_tag: str) -> None:
        """No more of them."""
        self.connection.check()
        self.consumers.pop(consumer_tag, None)

    def next_at(self) -> float:
        """When the first message that is late can be delivered."""
        waiting = [one.not_before for queue, _ in self.consumers.values() for one in self._broker.queues.get(queue, ())]
        return min((at for at in waiting if at > self._broker.schedule.now), default=float("inf"))

    def deliver_one(self) -> bool:
        """Delivers a message, if there is one."""
        if self._prefetch and len(self.unacknowledged) >= self._prefetch:
            return False
        for name, callback in self.consumers.values():
            for queued in self._broker.queues.get(name, ()):
                if queued.not_before <= self._broker.schedule.now:
                    self._broker.queues[name].remove(queued)
                    tag = next(self._tags)
                    self.unacknowledged[tag] = (name, queued)
                    callback(
                        Message(
                            body=queued.body,
                            delivery_tag=tag,
                            content_type="application/json",
                            content_encoding="utf-8",
                            channel=self,
                        )
                    )
                    return True
        return False

    def basic_ack(self, delivery_tag: int, *, multiple: bool = False) -> None:
        """A message was taken."""
        self._broker.troubles.befall(self.connection.process, "before acknowledgement")
        self.connection.check()
        self.unacknowledged.pop(delivery_tag, None)
        self._broker.schedule.step("acknowledged")

    def basic_reject(self, delivery_tag: int, *, requeue: bool) -> None:
        """A message was not taken."""
        self.connection.check()
        name, queued = self.unacknowledged.pop(delivery_tag)
        if requeue and name in self._broker.queues:
            self._broker.put(name, queued.body, at=0)
        self._broker.schedule.step("rejected")

    def message_to_python(self, message: Message) -> Message:
        """As it is."""
        return message

    def give_back(self) -> None:
        """What is unacknowledged goes back into its queue."""
        for name, queued in reversed(self.unacknowledged.values()):
            if name in self._broker.queues:
                self._broker.put(name, queued.body, at=0)
        self.unacknowledged.clear()
        self.consumers.clear()
