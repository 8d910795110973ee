"""What the log holds reaches the broker in order, signed, at least once; the cursor never runs ahead of a confirm."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from amqp.exceptions import ConnectionForced
from kombu import Connection
from sqlalchemy import select, text

from shared.ids import new_id
from shared.ledger.tables import relay_cursors
from shared.messaging import publisher as publisher_module
from shared.messaging.envelope import open_event
from shared.messaging.lanes import Outcome
from shared.messaging.publisher import NotConfirmedError, Publisher
from shared.messaging.relay import TENANTS_TOGETHER, Relay
from shared.messaging.transport import connection, exchange_of, queue_of
from shared.runners.leader import lead
from shared.testing.toy_services import Toy, ToyHouse
from shared.testing.waiting import wait_until

Run = Callable[[Callable[[threading.Event], None]], threading.Thread]


class Wire:
    """Beta's queue, looked into."""

    def __init__(self, url: str) -> None:
        self.connection = connection(url)
        self.queue = queue_of("beta", "alpha")(self.connection.channel())
        self.queue.declare()

    def take(self) -> Any:
        """The next message as JSON, None where there is none."""
        message = self.queue.get(no_ack=True, accept=["json"])
        return None if message is None else message.decode()

    def take_all(self, count: int) -> list[Any]:
        """That many messages, in the order of the wire."""
        return [wait_until(self.take, 60, "a message on the wire") for _ in range(count)]


@pytest.fixture
def wire(toy_broker: str) -> Iterator[Wire]:
    """The wire between alpha and beta on RabbitMQ."""
    wire = Wire(toy_broker)
    yield wire
    wire.connection.release()


def relay_of(toy: Toy, url: str) -> Relay:
    return Relay(toy.service, connection(url), toy.relay_woken, toy.relay_grown)


def cursor(toys: ToyHouse, tenant: UUID) -> int:
    """The number of the last event that alpha counts as published."""
    with toys.alpha.parts.database.relay() as database:
        return database.scalar(select(relay_cursors.c.number).where(relay_cursors.c.tenant == tenant)) or 0


class BreaksBeforeConfirm(Publisher):
    """A publisher whose broker takes the messages and dies; that it took them, the publisher does not learn."""

    def _wait_for_confirms(self) -> None:
        super()._wait_for_confirms()  # else they may be lost with the connection, and come only once
        raise ConnectionForced("the broker is gone")


class TestTheRelay:
    def test_publishes_every_tenants_events_in_their_order(self, toys: ToyHouse, toy_broker: str, wire: Wire) -> None:
        """On the wire each tenant's numbers are 1, 2, 3, … and each message opens under alpha's key."""
        tenants = [new_id() for _ in range(3)]
        for _ in range(10):
            for tenant in tenants:
                toys.ring(tenant, number=7)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            assert relay_of(toys.toys["alpha"], toy_broker).relay_once(publisher) == 30
        heard = [open_event(message, "alpha", toys.public_keys).heard for message in wire.take_all(30)]
        for tenant in tenants:
            assert [one.number for one in heard if one.tenant == tenant] == list(range(1, 11))
            assert cursor(toys, tenant) == 10

    def test_publishes_those_that_are_named(self, toys: ToyHouse, toy_broker: str, wire: Wire) -> None:
        """Many at once, and no other's; what is left goes out when all are looked at."""
        tenants = [new_id() for _ in range(TENANTS_TOGETHER + 2)]
        for tenant in tenants:
            toys.ring_all(tenant, 2)
        relay, other = relay_of(toys.toys["alpha"], toy_broker), new_id()
        toys.ring_all(other, 1)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            assert relay.relay_once(publisher, {*tenants, new_id()}) == 2 * len(tenants)
            assert [cursor(toys, tenant) for tenant in (*tenants, other)] == [2] * len(tenants) + [0]
            assert relay.relay_once(publisher, tenants) == 0
            assert relay.relay_once(publisher) == 1
        heard = [open_event(message, "alpha", toys.public_keys).heard for message in wire.take_all(2 * len(tenants))]
        assert [one.number for tenant in tenants for one in heard if one.tenant == tenant] == [1, 2] * len(tenants)

    def test_goes_on_behind_a_page_that_is_full(
        self, toys: ToyHouse, toy_broker: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.messaging.relay.PAGE", 2)
        tenant = new_id()
        toys.ring_all(tenant, 5)
        relay = relay_of(toys.toys["alpha"], toy_broker)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            assert [relay.relay_once(publisher, {tenant}) for _ in range(4)] == [2, 2, 1, 0]
        assert [open_event(one, "alpha", toys.public_keys).heard.number for one in wire.take_all(5)] == [1, 2, 3, 4, 5]

    def test_sends_ids_and_codes_and_nothing_else(self, sqlite_toys: ToyHouse, toy_broker: str, wire: Wire) -> None:
        """The name of who rang stays in the ledger, sealed."""
        tenant = new_id()
        sqlite_toys.ring(tenant, number=7, ringer="Гүлнұр Әбдіқадырқызы")
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            relay_of(sqlite_toys.toys["alpha"], toy_broker).relay_once(publisher)
        [message] = wire.take_all(1)
        assert set(message) == {"event", "key_id", "signature"}
        event = json.loads(message["event"])
        assert event.pop("body") == {"number": 7, "also": None, "times": 1}
        assert set(event) == {
            *("source", "tenant", "number", "incarnation", "hash", "previous", "type", "happened_at", "recorded_at"),
            *("cause", "correlation"),
        }
        assert "Гүлнұр" not in json.dumps(message, ensure_ascii=False)

    def test_moves_its_cursor_only_behind_confirms(self, toys: ToyHouse, toy_broker: str, wire: Wire) -> None:
        """A broker that dies before it confirms: the events go out again, and beta handles each once."""
        tenant = new_id()
        numbers = toys.ring_all(tenant, 3)
        relay = relay_of(toys.toys["alpha"], toy_broker)
        with BreaksBeforeConfirm(connection(toy_broker), exchange_of("alpha")) as broken:
            with pytest.raises(ConnectionForced):
                relay.relay_once(broken)
        assert cursor(toys, tenant) == 0
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            relay.relay_once(publisher)
        assert cursor(toys, tenant) == 3
        lanes = toys.lanes()
        messages = wire.take_all(6)
        outcomes = [lanes.take(open_event(message, "alpha", toys.public_keys)) for message in messages]
        assert outcomes == [Outcome.DONE] * 3 + [Outcome.DUPLICATE] * 3
        assert toys.heard(tenant) == numbers

    def test_goes_on_with_others_where_one_tenants_rows_cannot_be_sent(
        self, sqlite_toys: ToyHouse, toy_broker: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A row changed where it lies: whichever tenant has it, no other waits for it."""
        tenants = [new_id() for _ in range(3)]
        for tenant in tenants:
            sqlite_toys.ring_all(tenant, 2)
        relay = relay_of(sqlite_toys.toys["alpha"], toy_broker)
        sign = relay._message

        def signed(row: Any, previous: bytes | None) -> bytes:
            if row.tenant == min(tenants):
                raise ValueError("Ұлдана")
            return sign(row, previous)

        monkeypatch.setattr(relay, "_message", signed)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            assert relay.relay_once(publisher) == 4
        assert sorted(cursor(sqlite_toys, tenant) for tenant in tenants) == [0, 2, 2]

    def test_that_was_killed_is_followed_by_one_that_goes_on(self, toys: ToyHouse, toy_broker: str, wire: Wire) -> None:
        """A new process publishes what is behind the cursor, and nothing twice."""
        tenant = new_id()
        toys.ring_all(tenant, 2)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            relay_of(toys.toys["alpha"], toy_broker).relay_once(publisher)
            toys.ring_all(tenant, 2)
            assert relay_of(toys.reopen("alpha"), toy_broker).relay_once(publisher) == 2
        sent = [open_event(message, "alpha", toys.public_keys).heard.number for message in wire.take_all(4)]
        assert (sent, wire.take()) == ([1, 2, 3, 4], None)

    def test_publishes_what_is_appended_while_it_runs(
        self, sqlite_toys: ToyHouse, toy_broker: str, wire: Wire, running_threads: Run
    ) -> None:
        """It is woken by the append."""
        tenant = new_id()
        running_threads(relay_of(sqlite_toys.toys["alpha"], toy_broker).run)
        for number in range(1, 6):
            sqlite_toys.ring(tenant, number=number)
            [message] = wire.take_all(1)
            assert open_event(message, "alpha", sqlite_toys.public_keys).heard.number == number

    def test_stays_connected_while_there_is_nothing_to_say(
        self,
        sqlite_toys: ToyHouse,
        toy_broker: str,
        wire: Wire,
        running_threads: Run,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It answers the broker's heartbeats: the first event after a quiet time goes out at once."""
        toy, opened = sqlite_toys.toys["alpha"], []
        enter = Publisher.__enter__

        def counted(publisher: Publisher) -> Publisher:
            opened.append(publisher)
            return enter(publisher)

        monkeypatch.setattr(Publisher, "__enter__", counted)
        running_threads(Relay(toy.service, Connection(toy_broker, heartbeat=1), toy.relay_woken, toy.relay_grown).run)
        wait_until(lambda: opened, 60, "the relay to connect")
        quiet = threading.Event()
        assert not quiet.wait(4.0)  # the broker gives up after three heartbeats missed: this is the time itself
        sqlite_toys.ring(new_id(), number=7)
        wire.take_all(1)
        assert len(opened) == 1

    def test_leads_alone_until_its_session_ends(
        self, postgres_toys: ToyHouse, toy_broker: str, wire: Wire, running_threads: Run
    ) -> None:
        """Two relays of two processes: one publishes; when its database session is gone, the other does."""
        led: list[str] = []
        toys = {"first": postgres_toys.toys["alpha"], "second": postgres_toys.reopen("alpha")}

        def start(name: str) -> None:
            relay = relay_of(toys[name], toy_broker)

            def run(stop: threading.Event) -> None:
                led.append(name)
                relay.run(stop)
                led.append(f"{name} ended")

            running_threads(lambda stop: lead(toys[name].service.database, "relay", stop, run))

        start("first")
        wait_until(lambda: led == ["first"], 60, "the first to lead")
        start("second")
        tenant = new_id()
        postgres_toys.ring_all(tenant, 3)
        wire.take_all(3)
        assert led == ["first"]
        with toys["first"].service.database.tenant(tenant) as database:
            database.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            )
        wait_until(lambda: "second" in led, 60, "the second to take over")
        postgres_toys.ring_all(tenant, 2)
        sent = [open_event(one, "alpha", postgres_toys.public_keys).heard.number for one in wire.take_all(2)]
        assert sent == [4, 5]
        assert led[:2] in (["first", "first ended"], ["first", "second"])


class TestAPublisher:
    def test_that_hears_a_refusal_says_so(self, toy_broker: str) -> None:
        """A queue at its limit makes the broker refuse: nothing counts as sent."""
        with connection(toy_broker) as broker:
            channel = broker.channel()
            exchange_of("alpha")(channel).declare()
            channel.queue_declare(
                "full", auto_delete=False, exclusive=True, arguments={"x-max-length": 1, "x-overflow": "reject-publish"}
            )
            channel.queue_bind("full", "qorgan.alpha", "#")
            with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
                publisher.publish([("a.b.v1", b"{}")])
                with pytest.raises(NotConfirmedError):
                    publisher.publish([("a.b.v1", b"{}")] * 5)

    def test_that_hears_nothing_gives_up(self, toy_broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A silent broker is not waited for for ever."""
        monkeypatch.setattr(publisher_module, "CONFIRM_SECONDS", 0.1)
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            publisher._unconfirmed.add(77)
            with pytest.raises(NotConfirmedError):
                publisher.publish([])

    def test_sends_what_survives_a_restart_of_the_broker(self, toy_broker: str, wire: Wire) -> None:
        """Messages are persistent and JSON."""
        with Publisher(connection(toy_broker), exchange_of("alpha")) as publisher:
            publisher.publish([("alpha.bell_rung.v1", b"{}")])
        message = wait_until(lambda: wire.queue.get(no_ack=True), 60, "the message")
        assert message.properties["delivery_mode"] == 2
        assert message.content_type == "application/json"

    def test_lets_go_of_a_connection_that_it_cannot_use(self, toy_broker: str) -> None:
        """An exchange that is there with another type: the attempt leaves no open connection behind."""
        with connection(toy_broker) as broker:
            broker.channel().exchange_declare("qorgan.alpha", "fanout", durable=True)
            refused = connection(toy_broker)
            with pytest.raises(Exception, match="PRECONDITION_FAILED"):
                Publisher(refused, exchange_of("alpha")).__enter__()
            assert not refused.connected
