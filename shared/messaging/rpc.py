"""Calls to services over the broker, each with a deadline, from threads and from green threads alike.

nameko's standalone proxy is for one thread and knows no deadline but that of a single read, so a pool hands out one
proxy per call and throws away whichever met an error: nothing of a call that failed can be taken for the next answer.

    RpcError
    +-- ServiceLateError      no answer before the deadline; it may still be at work
    +-- ServiceFailedError    no answer at all: not running, broker away, or it broke; `reason` is a code
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from queue import Empty, LifoQueue
from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from nameko.exceptions import RpcTimeout, UnknownService
from nameko.rpc import MethodProxy
from nameko.standalone.rpc import ClusterRpcProxy

from shared.logging import facts_of, log

CALL_SECONDS = 10.0
SLOTS = 16
CLOSE_SECONDS = 0.5
TRANSIENT = 1

UNREACHABLE, NOT_RUNNING, BROKEN = "unreachable", "not_running", "broken"


class RpcError(Exception):
    """A call that was not answered; nothing of what was sent or raised is repeated."""

    def __init__(self, service: str, method: str) -> None:
        super().__init__(f"{service}.{method}")
        self.service = service
        self.method = method


class ServiceLateError(RpcError):
    """The service has not answered before the deadline."""


class ServiceFailedError(RpcError):
    """The service cannot answer: `reason` is `unreachable` (the broker), `not_running` or `broken`."""

    def __init__(self, service: str, method: str, reason: str) -> None:
        super().__init__(service, method)
        self.reason = reason


class RpcPool:
    """Calls services; safe for any number of threads, `size` of which are served at a time.

    `config` is nameko's (AMQP_URI, serializer and so on). Connections are made when first needed, so a pool may be
    built before a process forks.
    """

    def __init__(self, config: Mapping[str, Any], *, size: int = SLOTS, timeout: float = CALL_SECONDS) -> None:
        self._config = dict(config)
        self._timeout = timeout
        self._slots: LifoQueue[_Slot | None] = LifoQueue()
        for _ in range(size):
            self._slots.put(None)

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """What `service.method(*args)` answers within `timeout` seconds. Raises ServiceLateError, ServiceFailedError.

        A connection that turns out to be dead is replaced once, and the call sent again: what services are asked to
        do carries an id that makes asking again harmless.
        """
        ends = time.monotonic() + (self._timeout if timeout is None else timeout)
        try:
            return self._attempt(service, method, args, ends)
        except ServiceFailedError as error:
            if error.reason != UNREACHABLE:
                raise
        return self._attempt(service, method, args, ends)

    def close(self) -> None:
        """Closes the connections that are not in use."""
        for _ in range(self._slots.qsize()):
            with suppress(Empty):
                slot = self._slots.get_nowait()
                self._slots.put(None)
                if slot is not None:
                    slot.close()

    def _attempt(self, service: str, method: str, args: tuple[Any, ...], ends: float) -> dict[str, Any]:
        try:
            slot = self._slots.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            raise ServiceLateError(service, method) from None
        sound = False
        try:
            slot = slot or _Slot(self._config)
            answer = slot.call(service, method, args, ends)
            sound = True
        except RpcTimeout:
            raise ServiceLateError(service, method) from None
        except UnknownService:
            raise ServiceFailedError(service, method, NOT_RUNNING) from None
        except (OSError, AMQPError, OperationalError) as error:
            log().warning("rpc.connection_lost", method=f"{service}.{method}", **facts_of(error))
            raise ServiceFailedError(service, method, UNREACHABLE) from None
        except Exception as error:  # noqa: BLE001 - whatever it was, its text goes no further
            log().error("rpc.call_failed", method=f"{service}.{method}", **facts_of(error))
            raise ServiceFailedError(service, method, BROKEN) from None
        finally:
            if not sound and slot is not None:
                slot.discard()
            self._slots.put(slot if sound else None)
        return answer


class _Slot:
    """One proxy with its reply queue, for one call at a time."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._proxy = ClusterRpcProxy(config)
        self._proxy.start()

    def call(self, service: str, method: str, args: tuple[Any, ...], ends: float) -> dict[str, Any]:
        """As RpcPool.call; raises whatever nameko and kombu raise."""
        left = _left(ends)
        ask = MethodProxy(
            self._proxy._worker_ctx,  # its public proxies cannot be told of a deadline
            service,
            method,
            self._proxy._reply_listener,
            delivery_mode=TRANSIENT,
            expiration=left,  # what nobody waits for any more is not begun
            timeout=left,
            confirm_timeout=left,
            retry_policy={"max_retries": 1, "interval_start": 0},
        )
        reply = ask.call_async(*args)
        self._consumer.timeout = _left(ends)
        answer = reply.result()
        if not isinstance(answer, dict):
            raise TypeError("services answer with objects")
        return answer

    def close(self) -> None:
        """Removes the reply queue and closes the connection in good order."""
        with suppress(Exception):
            self._consumer.queue.delete()
            self._proxy.stop()

    def discard(self) -> None:
        """Drops the connection without asking the broker, which may not answer."""
        with suppress(Exception):
            self._consumer.connection.collect(CLOSE_SECONDS)

    @property
    def _consumer(self) -> Any:
        return self._proxy._reply_listener.queue_consumer


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise RpcTimeout
    return left
