"""From alpha's log to beta's: whatever is lost, refused or unreadable on the way, beta ends with what alpha said."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from amqp import Channel
from kombu import Connection

from shared.ids import new_id
from shared.messaging.envelope import PublicEvent
from shared.messaging.filler import Filler
from shared.messaging.lanes import Outcome
from shared.messaging.listener import Listener
from shared.messaging.pages import PAGE
from shared.messaging.pull import pull_page
from shared.messaging.relay import Relay
from shared.messaging.transport import connection, queue_of
from shared.runners.door import OpenDoor
from shared.testing.private_servers import PrivateRabbitmq
from shared.testing.toy_services import SOMEBODY, Ring, ToyHouse
from shared.testing.waiting import wait_until
from shared.tokens import mint_service_token

Run = Callable[[Callable[[threading.Event], None]], threading.Thread]
QUEUE = "qorgan.beta.from.alpha"


def start_relay(toys: ToyHouse, url: str, run: Run) -> None:
    alpha = toys.toys["alpha"]
    run(Relay(alpha.service, connection(url), alpha.relay_woken, alpha.relay_grown).run)


def start_listener(toys: ToyHouse, url: str, run: Run) -> None:
    beta = toys.toys["beta"].service
    run(lambda stop: Listener(beta, toys.lanes(), connection(url), stop).run())


def start_filler(toys: ToyHouse, run: Run) -> Filler:
    filler = toys.filler()
    run(filler.run)
    return filler


def wait_until_heard(toys: ToyHouse, tenant: UUID, numbers: list[int], seconds: float = 10) -> None:
    wait_until(lambda: toys.heard(tenant) == numbers, seconds, f"beta to hear {len(numbers)} bells")


def left_in_the_queue(url: str) -> int:
    """How many messages wait in beta's queue, taken or not."""
    with connection(url) as broker:
        return int(broker.channel().queue_declare(QUEUE, passive=True).message_count)


@pytest.fixture(params=["in_process", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> str:
    """The embedded broker and RabbitMQ in turn."""
    url: str = request.getfixturevalue({"in_process": "in_process_broker", "rabbitmq": "toy_broker"}[request.param])
    return url


class TestAListener:
    def test_hears_what_is_said_while_it_listens(
        self, sqlite_toys: ToyHouse, broker: str, running_threads: Run
    ) -> None:
        """Append, relay, broker, listener, lane: without help of the filler."""
        tenants = [new_id() for _ in range(3)]
        start_listener(sqlite_toys, broker, running_threads)
        wait_until(lambda: left_in_the_queue(broker) == 0, 60, "the queue to be there")
        start_relay(sqlite_toys, broker, running_threads)
        numbers = {tenant: sqlite_toys.ring_all(tenant, 10) for tenant in tenants}
        for tenant in tenants:
            wait_until_heard(sqlite_toys, tenant, numbers[tenant])

    def test_lets_no_slow_lane_hold_up_the_others(
        self, postgres_toys: ToyHouse, toy_broker: str, running_threads: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While one school's handler hangs, the others are heard; its own events keep their order."""
        slow, others, go_on = new_id(), [new_id() for _ in range(3)], threading.Event()
        lanes = postgres_toys.lanes()
        take = lanes.take

        def slowly(event: PublicEvent) -> Outcome:
            if event.heard.tenant == slow:
                go_on.wait(20)
            return take(event)

        monkeypatch.setattr(lanes, "take", slowly)
        beta = postgres_toys.toys["beta"].service
        running_threads(lambda stop: Listener(beta, lanes, connection(toy_broker), stop).run())
        wait_until(lambda: left_in_the_queue(toy_broker) == 0, 60, "the queue to be there")
        numbers = {tenant: postgres_toys.ring_all(tenant, 5) for tenant in (slow, *others)}
        start_relay(postgres_toys, toy_broker, running_threads)
        for tenant in others:
            wait_until_heard(postgres_toys, tenant, numbers[tenant])
        assert postgres_toys.heard(slow) == []
        go_on.set()
        wait_until_heard(postgres_toys, slow, numbers[slow])

    def test_shares_its_queue_with_its_replicas(
        self, postgres_toys: ToyHouse, toy_broker: str, running_threads: Run
    ) -> None:
        """Two listeners on one queue: every bell once, in order, with the filler for what they took out of order."""
        tenant = new_id()
        start_listener(postgres_toys, toy_broker, running_threads)
        start_listener(postgres_toys, toy_broker, running_threads)
        start_filler(postgres_toys, running_threads)
        wait_until(lambda: left_in_the_queue(toy_broker) == 0, 60, "the queue to be there")
        start_relay(postgres_toys, toy_broker, running_threads)
        wait_until_heard(postgres_toys, tenant, postgres_toys.ring_all(tenant, 40), 15)

    def test_acknowledges_what_cannot_be_read_and_goes_on(
        self, sqlite_toys: ToyHouse, toy_broker: str, running_threads: Run
    ) -> None:
        """Garbage, foreign formats and forgeries neither block the queue nor come back."""
        tenant = new_id()
        numbers = sqlite_toys.ring_all(tenant, 1)
        with connection(toy_broker) as opened:
            channel = opened.channel()
            queue_of("beta", "alpha")(channel).declare()
            producer = opened.Producer(channel)
            for body, kind in (
                (b"\xff\xfe not json", "application/json"),
                (b"{", "application/json"),
                (b"cos\nsystem\n(S'true'\ntR.", "application/x-python-serialize"),
                (b"null", "application/json"),
                (b'{"event": "{}", "key_id": "alpha-0", "signature": ""}', "application/json"),
                (b"", None),
            ):
                options = {"content_type": kind, "content_encoding": "utf-8"} if kind else {}
                producer.publish(body, exchange="qorgan.alpha", routing_key="x", serializer=None, **options)
        stop = threading.Event()
        listener = Listener(sqlite_toys.toys["beta"].service, sqlite_toys.lanes(), connection(toy_broker), stop)
        thread = threading.Thread(target=listener.run, daemon=True)
        thread.start()
        start_relay(sqlite_toys, toy_broker, running_threads)
        wait_until_heard(sqlite_toys, tenant, numbers)
        stop.set()
        thread.join(5)
        assert left_in_the_queue(toy_broker) == 0  # what was not acknowledged would be back in it

    def test_gives_up_on_a_broker_that_does_not_answer(
        self, sqlite_toys: ToyHouse, toy_broker: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A queue whose node was killed takes a consumer and never says so: the listener comes back and asks again."""
        monkeypatch.setattr("shared.messaging.transport.ANSWER_SECONDS", 0.2)
        stop, asked = threading.Event(), []

        def never_answered(channel: Channel, *_: Any, **__: Any) -> None:
            asked.append(channel)
            channel.wait((60, 31))  # an answer to what was not asked

        monkeypatch.setattr(Channel, "basic_consume", never_answered)
        listener = Listener(sqlite_toys.toys["beta"].service, sqlite_toys.lanes(), connection(toy_broker), stop)
        thread = threading.Thread(target=listener.run, daemon=True)
        thread.start()
        wait_until(lambda: len(asked) > 1, 60, "a second attempt")
        stop.set()
        thread.join(5)
        assert not thread.is_alive()

    def test_leaves_a_message_with_the_broker_while_its_database_is_away(
        self, sqlite_toys: ToyHouse, toy_broker: str, running_threads: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where not even the waiting lane can be written down, the message is not acknowledged."""
        tenant = new_id()
        numbers = sqlite_toys.ring_all(tenant, 1)
        database = sqlite_toys.beta.parts.database
        failed = threading.Event()

        def away(*_: Any) -> Any:
            failed.set()
            raise OSError("the database of Ұлдана is away")

        with monkeypatch.context() as broken:
            broken.setattr(database, "tenant", away)
            start_listener(sqlite_toys, toy_broker, running_threads)
            wait_until(lambda: left_in_the_queue(toy_broker) == 0, 60, "the queue to be there")
            start_relay(sqlite_toys, toy_broker, running_threads)
            assert failed.wait(10)
        wait_until_heard(sqlite_toys, tenant, numbers)


class TestTheFiller:
    def test_heals_a_queue_that_was_emptied(self, sqlite_toys: ToyHouse, broker: str, running_threads: Run) -> None:
        """What was purged is pulled once a later event shows the gap."""
        tenant = new_id()
        with connection(broker) as opened:
            queue = queue_of("beta", "alpha")(opened.channel())
            queue.declare()
            start_relay(sqlite_toys, broker, running_threads)
            lost = sqlite_toys.ring_all(tenant, 4)
            wait_until(lambda: left_in_the_queue(broker) == 4, 60, "the messages to lie in the queue")
            queue.purge()
        filler = start_filler(sqlite_toys, running_threads)
        filler._ask_again = float("inf")  # heads are another test's
        start_listener(sqlite_toys, broker, running_threads)
        sqlite_toys.ring(tenant, number=7)
        wait_until_heard(sqlite_toys, tenant, [*lost, 7])

    def test_heals_the_lost_last_message(self, toys: ToyHouse, running_threads: Run) -> None:
        """Nothing comes after it that would show a gap: the source's heads do."""
        tenant = new_id()
        numbers = toys.ring_all(tenant, 3)
        lanes = toys.lanes()
        for event in toys.events(tenant)[:2]:
            lanes.take(event)
        start_filler(toys, running_threads)
        wait_until_heard(toys, tenant, numbers)

    def test_heals_a_queue_that_was_deleted(self, sqlite_toys: ToyHouse, toy_broker: str, running_threads: Run) -> None:
        """The listener makes its queue again; what was said in between comes from the source."""
        tenant = new_id()
        start_listener(sqlite_toys, toy_broker, running_threads)
        start_relay(sqlite_toys, toy_broker, running_threads)
        first = sqlite_toys.ring_all(tenant, 2)
        start_filler(sqlite_toys, running_threads)
        wait_until_heard(sqlite_toys, tenant, first)
        with connection(toy_broker) as opened:
            opened.channel().queue_delete(QUEUE)
        second = sqlite_toys.ring_all(tenant, 2)
        wait_until(lambda: left_in_the_queue(toy_broker) == 0, 60, "the queue to be there again")
        sqlite_toys.ring(tenant, number=7)
        wait_until_heard(sqlite_toys, tenant, [*first, *second, 7])

    def test_pulls_page_after_page(self, sqlite_toys: ToyHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        """A listener that was away for long catches up with pages that follow on each other."""
        monkeypatch.setattr("shared.messaging.pull.PAGE", 5)
        monkeypatch.setattr("shared.messaging.filler.PAGE", 5)
        tenant = new_id()
        numbers = sqlite_toys.ring_all(tenant, 12)
        filler = sqlite_toys.filler()
        filler.note_silent_gaps()
        while filler.fill_once():
            pass
        assert sqlite_toys.heard(tenant) == numbers
        assert sqlite_toys.rpc.called.count(("alpha", "pull")) == 3

    def test_gives_each_lane_a_page_in_turn(self, toys: ToyHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        """A school that is far behind does not keep the others waiting until it has caught up."""
        monkeypatch.setattr("shared.messaging.pull.PAGE", 5)
        monkeypatch.setattr("shared.messaging.filler.PAGE", 5)
        far, near = new_id(), [new_id() for _ in range(3)]
        behind = toys.ring_all(far, 12)
        for tenant in near:
            toys.ring(tenant, number=7)
        filler = toys.filler()
        filler.note_silent_gaps()
        assert filler.fill_once()
        assert toys.heard(far) == behind[:5]
        assert [toys.heard(tenant) for tenant in near] == [[7]] * 3

    def test_tries_at_once_when_a_source_speaks_again(self, toys: ToyHouse) -> None:
        """However long it was silent: lanes had come to wait minutes."""
        tenant = new_id()
        toys.ring(tenant, number=7)
        lanes = toys.lanes()
        for _ in range(12):
            lanes.wait(tenant, "alpha", "source_silent")
        filler = toys.filler(lanes)
        filler.fill_once()
        assert toys.heard(tenant) == []
        filler.note_silent_gaps()
        filler.fill_once()
        assert toys.heard(tenant) == [7]

    def test_forgets_nothing_that_a_lane_came_to_wait_for_in_the_meantime(
        self, toys: ToyHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A listener's handler fails while the filler, behind an older page, is about to call the lane healed."""
        tenant, lanes = new_id(), toys.lanes()
        toys.ring(tenant, number=7)
        lanes.wait(tenant, "alpha", "gap")
        filler = toys.filler(lanes)
        pull = filler._pull

        def meanwhile(*args: Any) -> Any:
            page = pull(*args)
            lanes.wait(tenant, "alpha", "HandlerError")
            return page[:0]

        monkeypatch.setattr(filler, "_pull", meanwhile)
        filler.fill_once()
        assert toys.waiting(tenant).reason == "HandlerError"

    def test_asks_for_heads_page_after_page(self, toys: ToyHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        """All tenants are seen, however many."""
        monkeypatch.setattr("shared.messaging.pull.PAGE", 2)
        monkeypatch.setattr("shared.messaging.filler.PAGE", 2)
        tenants = [new_id() for _ in range(5)]
        for tenant in tenants:
            toys.ring(tenant, number=7)
        filler = toys.filler()
        filler.note_silent_gaps()
        filler.fill_once()
        assert [toys.heard(tenant) for tenant in tenants] == [[7]] * 5

    def test_waits_for_a_silent_source_and_asks_it_once_a_round(self, toys: ToyHouse, running_threads: Run) -> None:
        """Its deadline is not waited for again for each lane; when it answers, all heal."""
        tenants = [new_id() for _ in range(3)]
        for tenant in tenants:
            toys.ring_all(tenant, 2)
            toys.lanes().take(toys.events(tenant)[1])
        toys.rpc.away.add("alpha")
        filler = toys.filler()
        toys.rpc.called.clear()
        filler.fill_once()
        assert toys.rpc.called == [("alpha", "pull")]
        assert {toys.waiting(tenant).reason for tenant in tenants} == {"source_silent"}
        running_threads(filler.run)
        toys.rpc.away.clear()
        for tenant in tenants:
            wait_until_heard(toys, tenant, [101, 102])

    def test_takes_nothing_that_the_source_did_not_sign(
        self, sqlite_toys: ToyHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A pulled event is checked like one from the broker."""
        tenant = new_id()
        sqlite_toys.ring_all(tenant, 1)
        beta_key = sqlite_toys.signing_keys["beta"]

        def forged(service: Any, *args: Any) -> Any:
            return pull_page(replace(service, signing_key=beta_key), *args)

        monkeypatch.setattr("shared.runners.door.pull_page", forged)
        filler = sqlite_toys.filler()
        filler.note_silent_gaps()
        filler.fill_once()
        assert (sqlite_toys.heard(tenant), sqlite_toys.waiting(tenant).reason) == ([], "ForgedError")

    def test_takes_a_lane_that_is_refused_for_no_silence_of_the_source(
        self, sqlite_toys: ToyHouse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One school's rows that cannot be signed (changed where they lie) leave the others to be filled."""
        tenants = [new_id() for _ in range(3)]
        for tenant in tenants:
            sqlite_toys.ring(tenant, number=7)

        def unreadable(service: Any, tenant: UUID, *args: Any) -> Any:
            if tenant == tenants[1]:
                raise ValueError("Ұлдана")
            return pull_page(service, tenant, *args)

        monkeypatch.setattr("shared.runners.door.pull_page", unreadable)
        filler = sqlite_toys.filler()
        filler.note_silent_gaps()
        filler.fill_once()
        assert sorted(map(len, (sqlite_toys.heard(tenant) for tenant in tenants))) == [0, 1, 1]
        assert sqlite_toys.waiting(tenants[1]).reason == "SourceRefusedError"

    def test_is_not_stopped_by_one_lane(self, toys: ToyHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        """Something unforeseen in one tenant's lane leaves the others to be filled."""
        tenants = [new_id() for _ in range(3)]
        for tenant in tenants:
            toys.ring(tenant, number=7)
        filler = toys.filler()
        filler.note_silent_gaps()
        pull = filler._pull
        monkeypatch.setattr(filler, "_pull", lambda *args: None if args[1] == tenants[1] else pull(*args))
        filler.fill_once()
        assert [toys.heard(tenant) for tenant in tenants] == [[7], [], [7]]
        assert toys.waiting(tenants[1]).reason == "TypeError"


class TestASourceThatIsRestored:
    """Another history than the one that was handled is noticed even where no message of it arrives."""

    @pytest.mark.parametrize("rung_since", [0, 1, 2])
    def test_is_noticed_wherever_it_stands(self, sqlite_toys: ToyHouse, tmp_path: Path, rung_since: int) -> None:
        """By its head alone, be it behind the lane, level with it or past it: the lane is stopped, no more is done."""
        tenant, copy = new_id(), tmp_path / "copy.db"
        sqlite_toys.ring_all(tenant, 2)
        _copy_database(sqlite_toys.folder / "alpha.db", copy)
        sqlite_toys.ring(tenant, number=103)
        _fill(sqlite_toys)
        _copy_database(copy, sqlite_toys.folder / "alpha.db")
        for number in range(rung_since):
            sqlite_toys.ring(tenant, number=201 + number)
        _fill(sqlite_toys)
        assert sqlite_toys.waiting(tenant).reason == ("alarm:other_hash" if rung_since else "alarm:source_went_back")
        assert sqlite_toys.heard(tenant) == [101, 102, 103]

    def test_is_noticed_by_its_next_message_alone(self, sqlite_toys: ToyHouse, tmp_path: Path) -> None:
        """The broker lost what it told under a known number: the one after it names another as the one before."""
        tenant, copy = new_id(), tmp_path / "copy.db"
        sqlite_toys.ring_all(tenant, 2)
        _copy_database(sqlite_toys.folder / "alpha.db", copy)
        sqlite_toys.ring(tenant, number=103)
        _fill(sqlite_toys)
        _copy_database(copy, sqlite_toys.folder / "alpha.db")
        for number in (201, 202):
            sqlite_toys.ring(tenant, number=number)
        assert sqlite_toys.lanes().take(sqlite_toys.events(tenant)[-1]) == Outcome.STOPPED
        assert sqlite_toys.waiting(tenant).reason == "alarm:other_hash"
        assert sqlite_toys.heard(tenant) == [101, 102, 103]

    def test_is_noticed_where_it_knows_nothing_of_the_tenant(self, sqlite_toys: ToyHouse, tmp_path: Path) -> None:
        """Restored from before the tenant's first event: it names no head of it at all."""
        tenant, copy = new_id(), tmp_path / "copy.db"
        sqlite_toys.ring_all(new_id(), 1)
        _copy_database(sqlite_toys.folder / "alpha.db", copy)
        sqlite_toys.ring_all(tenant, 2)
        _fill(sqlite_toys)
        _copy_database(copy, sqlite_toys.folder / "alpha.db")
        _fill(sqlite_toys)
        assert sqlite_toys.waiting(tenant).reason == "alarm:source_went_back"
        assert sqlite_toys.heard(tenant) == [101, 102]


def _fill(toys: ToyHouse) -> None:
    filler = toys.filler()
    filler.note_silent_gaps()
    while filler.fill_once():
        pass


def _copy_database(of: Path, to: Path) -> None:
    with closing(sqlite3.connect(of)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


class TestABrokerThatStops:
    def test_and_starts_again_has_lost_nothing_that_matters(
        self, sqlite_toys: ToyHouse, own_rabbitmq: PrivateRabbitmq, running_threads: Run
    ) -> None:
        """Events appended while it is away arrive; relay and listener come back by themselves."""
        tenant = new_id()
        start_listener(sqlite_toys, own_rabbitmq.url, running_threads)
        start_relay(sqlite_toys, own_rabbitmq.url, running_threads)
        start_filler(sqlite_toys, running_threads)
        before = sqlite_toys.ring_all(tenant, 3)
        wait_until_heard(sqlite_toys, tenant, before)
        sqlite_toys.rpc.away.add("alpha")  # calls go by the broker too
        own_rabbitmq.stop()
        meanwhile = sqlite_toys.ring_all(tenant, 3)
        own_rabbitmq.start()
        wait_until_heard(sqlite_toys, tenant, [*before, *meanwhile], 30)
        sqlite_toys.rpc.away.clear()
        sqlite_toys.ring(tenant, number=7)
        wait_until_heard(sqlite_toys, tenant, [*before, *meanwhile, 7])


class TestPulling:
    """`pull` and `heads` answer the services that listen, and nobody else."""

    def token(self, toys: ToyHouse, *, caller: str = "beta", method: str = "pull", audience: str = "alpha") -> str:
        """A service token by the key of `caller`."""
        key = toys.signing_keys[caller]
        now = toys.clock.now()
        return mint_service_token(key, service=caller, audience=audience, method=method, cause=None, now=now)

    def test_answers_a_service_that_listens(self, sqlite_toys: ToyHouse) -> None:
        """Signed as on the broker, in order, after a number."""
        tenant = new_id()
        sqlite_toys.ring_all(tenant, 3)
        answer = OpenDoor(sqlite_toys.toys["alpha"].service).pull(self.token(sqlite_toys), str(tenant), 1, PAGE)
        assert answer["answer"] == pull_page(sqlite_toys.toys["alpha"].service, tenant, 1, PAGE)
        assert len(answer["answer"]) == 2

    def test_refuses_a_service_that_does_not_listen(self, sqlite_toys: ToyHouse) -> None:
        """Accounts is a service of the house, with a good token; but it does not listen to alpha."""
        door = OpenDoor(sqlite_toys.toys["alpha"].service)
        pulled = door.pull(self.token(sqlite_toys, caller="accounts"), str(new_id()), 0, PAGE)
        heads = door.heads(self.token(sqlite_toys, caller="accounts", method="heads"), None)
        for answer in (pulled, heads):
            assert (answer["ok"], answer["kind"]) == (False, "not_permitted")
            assert answer["facts"] == {"rule": "common.only_listeners_pull"}

    def test_refuses_a_token_for_another_method_or_service_or_of_a_person(self, sqlite_toys: ToyHouse) -> None:
        """A token for `heads` does not open `pull`."""
        door = OpenDoor(sqlite_toys.toys["alpha"].service)
        for token in (
            self.token(sqlite_toys, method="heads"),
            self.token(sqlite_toys, audience="beta"),
            sqlite_toys.token(new_id()),
            "",
        ):
            answer = door.pull(token, str(new_id()), 0, PAGE)
            assert (answer["ok"], answer["kind"], answer["code"]) == (False, "token", "common.token_refused")

    def test_gives_one_tenants_events_and_a_page_at_most(self, toys: ToyHouse) -> None:
        """Neither a larger nor a negative limit gives more."""
        tenant, other = new_id(), new_id()
        toys.ring_all(tenant, 3)
        toys.ring_all(other, 1)
        alpha = toys.toys["alpha"].service
        assert len(pull_page(alpha, other, 0, 10**9)) == 1
        assert pull_page(alpha, tenant, 0, -1) == []
        assert pull_page(alpha, new_id(), 0, PAGE) == []

    def test_needs_no_key_of_any_tenant(self, sqlite_toys: ToyHouse) -> None:
        """Public rows are in the clear: pulling works for a process that can open no event."""
        tenant = new_id()
        sqlite_toys.alpha.execute(Ring(tenant=tenant, command_id=new_id(), by=SOMEBODY, number=7))
        for key in (sqlite_toys.folder / "tenants").rglob("*"):
            if key.is_file():
                key.unlink()
        assert len(pull_page(sqlite_toys.reopen("alpha").service, tenant, 0, PAGE)) == 1


def test_the_embedded_broker_copies_what_nameko_looks_for(in_process_broker: str) -> None:
    """Content type and encoding stand among a message's properties, where nameko's RPC reads them."""
    with Connection(in_process_broker) as opened:
        queue = opened.SimpleQueue("қоңырау")
        queue.put({"сөз": "сәлем"}, serializer="json")
        message = queue.get(timeout=30)
        assert (message.properties["content_type"], message.payload) == ("application/json", {"сөз": "сәлем"})
        message.ack()
        queue.close()
