"""The row of pages: reports sent by HTTP, with the distributed suite behind."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

from cli.benching.comparing import Row, compared
from cli.benching.ground import Ground
from cli.services import ALL_SERVICES
from shared.ledger.install import remove_postgres

START_SECONDS = 60.0


def pages(ground: Ground) -> Iterator[Row]:
    """Reports sent by HTTP and stored, against the same page with a service behind that stores nothing."""
    prefix = f"qorgan_bench_{secrets.token_hex(4)}"
    folder = tempfile.mkdtemp(prefix="qorgan-bench-")
    server = ground.admin.set(username="ROLE", database="DATABASE").render_as_string(hide_password=False)
    environment = {
        "QORGAN_DATABASE_URL": server.replace("ROLE", "{role}").replace("DATABASE", "{database}"),
        "QORGAN_DATABASE_PREFIX": prefix,
        "QORGAN_AMQP_URL": ground.virtual_host(),
        "QORGAN_KEYS": folder,
    }
    os.environ.update(environment)
    for parts in ALL_SERVICES:
        ground.stack.callback(remove_postgres, ground.admin, f"{prefix}_{parts.name}")
    _install(ground)
    school = ground.workers("accounts")[0].round()
    (service,) = ground.workers("reports")
    address = _gateway(ground)
    (people,) = ground.workers("pages", address=address, school=school["school"], people=8)

    def side(*, stores: bool) -> float:
        service.round(stores=stores)
        return float(people.round(seconds=ground.scale.seconds)["rate"])

    side(stores=True)
    yield compared(
        "report sent by HTTP and stored, against the same page with an RPC that stores nothing",
        "requests/s",
        lambda: side(stores=True),
        lambda: side(stores=False),
        0.6,
        ground.scale.rounds,
    )


def _install(ground: Ground) -> None:
    from cli.house import House
    from cli.settings import Settings

    admin = ground.admin.render_as_string(hide_password=False)
    House.build(Settings.from_environment(), []).install(admin)


def _gateway(ground: Ground) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "run", "gateway", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ground.stack.callback(process.wait, 30)
    ground.stack.callback(process.terminate)
    address = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with suppress(OSError), urllib.request.urlopen(f"{address}/api/v1/openapi.json", timeout=5):
            return address
        time.sleep(0.1)  # a poll with a deadline
    raise RuntimeError("the gateway did not start")
