"""The embedded suite with its API on a free local port, and the single parts of the distributed one."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.house import House
from cli.suite import Suite, running

LOCAL = "127.0.0.1"
LOOK_EVERY_SECONDS = 0.1


@contextmanager
def served(house: House, port: int = 0) -> Iterator[str]:
    """The whole suite in this process, its API at the address that is given; the address also stands in the home."""
    from services.gateway.bootstrap import build as build_gateway  # a third of a second, for those who serve only
    from services.gateway.service import serve_embedded
    from services.gateway.settings import Settings as GatewaySettings

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((LOCAL, port))
    listening.listen(64)
    address = f"http://{LOCAL}:{listening.getsockname()[1]}"
    with running(house) as suite:
        app = build_gateway(GatewaySettings(), suite.rpc)
        threading.Thread(target=serve_embedded, args=(app, listening), name="gateway", daemon=True).start()
        file = _announce(house, address)
        try:
            yield address
        finally:
            if file is not None:
                file.unlink(missing_ok=True)
            listening.close()


def _announce(house: House, address: str) -> Path | None:
    if house.settings.home is None:
        return None
    file = house.settings.home / "address"
    file.write_text(address)
    return file


def run_roles(house: House, service: str, roles: Sequence[str]) -> None:
    """Runs roles of one service until the process is told to end (SIGTERM, Ctrl-C)."""
    suite = Suite(house)
    for role in roles:
        suite.start(house.services[service], role)
    wait_for_the_end()
    suite.end()


def wait_for_the_end() -> None:
    """Waits for SIGTERM or Ctrl-C; a second one then ends the process at once, as if nobody had waited.

    The handler takes no lock: one that the interrupted code holds would never be let go of.
    """
    told: list[int] = []
    before = {number: signal.signal(number, lambda n, _: told.append(n)) for number in (signal.SIGTERM, signal.SIGINT)}
    while not told:
        time.sleep(LOOK_EVERY_SECONDS)
    for number, handler in before.items():
        signal.signal(number, handler)
