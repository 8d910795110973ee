"""How psycopg waits for PostgreSQL in a cooperative process: eventlet's hub watches the socket while others work on.

psycopg's own `wait_selector` can do that too, but it makes a selector for each wait, which takes the processor half as
long again.
"""

from __future__ import annotations

import os
from typing import Any

from eventlet.green import select
from eventlet.hubs import trampoline
from psycopg import OperationalError, waiting


class _NothingCameError(Exception):
    """The socket is as it was: raised in whoever waits, by the hub."""


def wait(gen: Any, fileno: int, interval: float = 0.0, timeout: float | None = None) -> Any:
    """As `psycopg.waiting.wait`: drives `gen` while the socket lets it, looks every `interval` seconds whether there is
    a socket still, and gives what `gen` gives. With a timeout, which only a cancellation has, psycopg waits itself.
    """
    if timeout is not None:
        return waiting.wait_selector(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        while True:
            ready = _ready(fileno, wanted, interval)
            if not ready:
                _refuse_if_closed(fileno)
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value


def _ready(fileno: int, wanted: int, seconds: float) -> int:
    """What the socket is ready for of what is wanted; nothing, where that takes longer."""
    if wanted == waiting.WAIT_RW:
        readable, writable, _ = select.select([fileno], [fileno], [], seconds)
        return bool(readable) * waiting.READY_R | bool(writable) * waiting.READY_W
    reads = wanted == waiting.WAIT_R
    try:
        trampoline(fileno, read=reads, write=not reads, timeout=seconds, timeout_exc=_NothingCameError)
    except _NothingCameError:
        return waiting.READY_NONE
    except OSError as error:  # somebody closed it meanwhile
        raise OperationalError("the connection's socket is closed") from error
    return waiting.READY_R if reads else waiting.READY_W


def _refuse_if_closed(fileno: int) -> None:
    try:
        os.fstat(fileno)
    except OSError as error:
        raise OperationalError("the connection's socket is closed") from error


def wait_by_the_hub() -> None:
    """Has psycopg wait so in this process, which must be cooperative."""
    waiting.wait = wait
