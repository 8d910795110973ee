"""Calls over a real broker to a real nameko service, in threads and in a process patched by eventlet."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from kombu import Connection, Exchange, Queue

from shared.messaging.rpc import RpcPool, ServiceFailedError, ServiceLateError
from shared.testing.waiting import wait_until

SERVICE = """
import eventlet; eventlet.monkey_patch()
import sys, time
from nameko.rpc import rpc
from nameko.runners import ServiceRunner
from shared.messaging.transport import keep_answers_off_the_disk

keep_answers_off_the_disk()

class Echo:
    name = "echo"

    @rpc
    def say(self, word):
        return {"said": word}

    @rpc
    def say_later(self, word, seconds):
        time.sleep(seconds)
        return {"said": word}

    @rpc
    def fall(self):
        raise ValueError("Айгүл, 8 701 000 00 00")

runner = ServiceRunner({"AMQP_URI": sys.argv[1], "max_workers": 40})
runner.add_service(Echo)
runner.start()
runner.wait()
"""

IN_GREEN_THREADS = """
import eventlet; eventlet.monkey_patch()
import sys, time
from shared.messaging.rpc import RpcPool

pool = RpcPool({"AMQP_URI": sys.argv[1]}, size=8)
started = time.monotonic()
said = list(eventlet.GreenPool().imap(lambda word: pool.call("echo", "say_later", word, 0.5)["said"], range(8)))
assert said == list(range(8)), said
assert time.monotonic() - started < 3, "they waited for each other"
pool.close()
"""


@pytest.fixture
def echo(amqp_vhost: str) -> Iterator[str]:
    """The broker's URL, with a service `echo` behind it."""
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVICE, amqp_vhost])
    pool = RpcPool({"AMQP_URI": amqp_vhost}, size=1)
    try:
        wait_until(lambda: pool.call("echo", "say", "ready", timeout=2), 60, "the service to answer")
        yield amqp_vhost
    finally:
        pool.close()
        process.kill()
        process.wait()


class TestCallingAService:
    def test_gives_every_thread_the_answer_to_its_own_call(self, echo: str) -> None:
        """Forty threads share five connections and none gets another's answer."""
        pool = RpcPool({"AMQP_URI": echo}, size=5)
        with ThreadPoolExecutor(40) as threads:
            answers = list(threads.map(lambda n: pool.call("echo", "say", f"сөз {n}")["said"], range(400)))
        assert answers == [f"сөз {n}" for n in range(400)]
        pool.close()

    def test_leaves_neither_call_nor_answer_on_the_brokers_disk(self, echo: str) -> None:
        """Both hold what is confidential: they are transient, seen by a queue that gets a copy of each."""
        with Connection(echo) as broker, closing(RpcPool({"AMQP_URI": echo}, size=1)) as pool:
            shadow = Queue("shadow", Exchange("nameko-rpc", "topic", durable=True), "#", auto_delete=True)
            bound = shadow.bind(broker.channel())
            bound.declare()
            pool.call("echo", "say", "Әсел Құрманғалиқызы")
            seen = [wait_until(bound.get, 60, "a copy") for _ in range(2)]
        assert ["args" in message.payload for message in seen] == [True, False]
        assert [message.properties["delivery_mode"] for message in seen] == [1, 1]

    def test_works_in_green_threads_without_blocking_the_others(self, echo: str) -> None:
        """In a process patched by eventlet, calls wait side by side."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", IN_GREEN_THREADS, echo], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def test_ends_at_its_deadline_and_the_late_answer_reaches_nobody(self, echo: str) -> None:
        """What answers too late is not taken for the answer to the next call."""
        pool = RpcPool({"AMQP_URI": echo}, size=1)
        started = time.monotonic()
        with pytest.raises(ServiceLateError):
            pool.call("echo", "say_later", "late", 1.0, timeout=0.3)
        assert time.monotonic() - started < 0.9
        time.sleep(0.9)
        assert pool.call("echo", "say", "next") == {"said": "next"}
        pool.close()

    def test_waits_for_a_free_connection_no_longer_than_its_deadline(self, echo: str) -> None:
        """With all slots in use a call is late, and is not queued for ever."""
        pool = RpcPool({"AMQP_URI": echo}, size=1)
        with ThreadPoolExecutor(1) as threads:
            busy = threads.submit(pool.call, "echo", "say_later", "busy", 1.0)
            time.sleep(0.3)
            with pytest.raises(ServiceLateError):
                pool.call("echo", "say", "me", timeout=0.2)
            assert busy.result() == {"said": "busy"}
        pool.close()

    def test_says_that_a_service_is_not_running(self, echo: str) -> None:
        """A service without a queue is known at once, not at the deadline."""
        pool = RpcPool({"AMQP_URI": echo})
        with pytest.raises(ServiceFailedError) as refused:
            pool.call("nobody", "say", "hello")
        assert refused.value.reason == "not_running"
        pool.close()

    def test_repeats_nothing_of_what_a_broken_service_says(self, echo: str) -> None:
        """A remote exception's text, which may hold a child's name, stays behind."""
        pool = RpcPool({"AMQP_URI": echo})
        with pytest.raises(ServiceFailedError) as refused:
            pool.call("echo", "fall")
        assert refused.value.reason == "broken"
        assert str(refused.value) == "echo.fall"
        assert pool.call("echo", "say", "again") == {"said": "again"}
        pool.close()

    def test_says_that_the_broker_is_away(self) -> None:
        """No broker at the address: an answer at once."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            address = f"amqp://guest:guest@127.0.0.1:{taken.getsockname()[1]}/"
            with pytest.raises(ServiceFailedError) as refused:
                RpcPool({"AMQP_URI": address}).call("echo", "say", "hello", timeout=5)
        assert refused.value.reason == "unreachable"

    def test_replaces_a_connection_that_died_while_idle(self, echo: str) -> None:
        """The next call after a lost connection is answered as if nothing had been."""
        pool = RpcPool({"AMQP_URI": echo}, size=1)
        pool.call("echo", "say", "before")
        slot = pool._slots.get()
        assert slot is not None
        slot._consumer.connection.connection.transport.sock.shutdown(socket.SHUT_RDWR)
        pool._slots.put(slot)
        assert pool.call("echo", "say", "after") == {"said": "after"}
        pool.close()
