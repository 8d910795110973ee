"""The suite as people run it, for journeys: embedded, or distributed.

Embedded, it is one process; distributed, it is a process for each service, with PostgreSQL and RabbitMQ.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy.engine import make_url

from cli.services import ALL_SERVICES
from shared.ledger.install import remove_postgres
from shared.testing.waiting import wait_until

QORGAN = Path(sys.executable).with_name("qorgan")
ADMIN_LOGIN = "administrator"
START_SECONDS = 300.0
END_SECONDS = 60.0


@dataclass(frozen=True)
class RunningSuite:
    """A suite that answers at `address`; `command` runs `qorgan` against it."""

    address: str
    home: Path
    keys: Path
    clock_file: Path
    environment: dict[str, str]
    department: dict[str, Any]
    password: str
    partner_url: str | None = None
    pids: tuple[int, ...] = ()

    def qorgan(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a `qorgan` command against this suite's home or settings."""
        return _qorgan(arguments, self.environment, check=check)


@contextmanager
def embedded_suite(home: Path, output: Path | None = None, **settings: str) -> Iterator[RunningSuite]:
    """One process, SQLite, in-process broker; `output` takes what it prints, `settings` are its environment's."""
    password = secrets.token_urlsafe(16)
    environment = _environment(QORGAN_PASSWORD=password, **settings)
    department = _founded(environment, "--home", str(home))
    with _processes([["up", "--home", str(home), "--rehearse"]], environment, output) as pids:
        address = _address(lambda: (home / "address").read_text() if (home / "address").exists() else None)
        yield RunningSuite(
            address=address,
            home=home,
            keys=home / "keys",
            clock_file=home / "clock",
            environment=environment,
            department=department,
            password=password,
            pids=pids,
        )


@contextmanager
def distributed_suite(
    folder: Path, postgres: str, amqp: str, output: Path | None = None, **settings: str
) -> Iterator[RunningSuite]:
    """A process for each service, two for `cases`, and the gateway; databases and roles are removed after.

    `output` and `settings` as of `embedded_suite`. One at a time on a machine, whoever tests there, but for those of
    one process: each takes half of the connections that PostgreSQL has by default.
    """
    with alone("distributed-suite"):
        with _distributed_suite(folder, postgres, amqp, output, **settings) as suite:
            yield suite


_held: set[str] = set()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Inside, nobody else on this machine holds `name`; a process that holds it already goes on."""
    if name in _held:
        yield
        return
    with (Path(tempfile.gettempdir()) / f"qorgan-tests-{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file, whatever becomes of us
        _held.add(name)
        try:
            yield
        finally:
            _held.remove(name)


@contextmanager
def _distributed_suite(
    folder: Path, postgres: str, amqp: str, output: Path | None = None, **settings: str
) -> Iterator[RunningSuite]:
    prefix, password = f"qt{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    admin = make_url(postgres).set(drivername="postgresql+psycopg")
    port = _free_port()
    environment = _environment(
        QORGAN_PASSWORD=password,
        QORGAN_ADMIN_URL=admin.render_as_string(hide_password=False),
        QORGAN_DATABASE_URL=f"postgresql+psycopg://{{role}}@{admin.host}:{admin.port or 5432}/{{database}}",
        QORGAN_DATABASE_PREFIX=prefix,
        QORGAN_AMQP_URL=amqp,
        QORGAN_PARTNER_AMQP_URL=amqp.rpartition("/")[0],
        QORGAN_KEYS=str(folder / "keys"),
        QORGAN_CLOCK_FILE=str(folder / "clock"),
        QORGAN_API=f"http://127.0.0.1:{port}",
        **settings,
    )
    try:
        _qorgan(["install"], environment)
        department = _founded(environment)
        with _processes(
            [["run", service] for service in ("accounts", "reports", "cases", "cases", "referrals", "monitoring")]
            + [["run", "gateway", "--port", str(port)]],
            environment,
            output,
        ) as pids:
            address = _address(lambda: f"http://127.0.0.1:{port}")
            yield RunningSuite(
                address=address,
                home=folder,
                keys=folder / "keys",
                clock_file=folder / "clock",
                environment=environment,
                department=department,
                password=password,
                partner_url=amqp.rpartition("/")[0],
                pids=pids,
            )
    finally:
        for parts in ALL_SERVICES:
            remove_postgres(admin, f"{prefix}_{parts.name}")


def _environment(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
    return inherited | settings


def _founded(environment: dict[str, str], *options: str) -> dict[str, Any]:
    answer = _qorgan(["found", "Жаңақала қаласының білім басқармасы", "--login", ADMIN_LOGIN, *options], environment)
    founded: dict[str, Any] = json.loads(answer.stdout)
    return founded


def _qorgan(
    arguments: Sequence[str], environment: dict[str, str], *, check: bool = True
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [QORGAN, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(
            f"qorgan {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done


@contextmanager
def _processes(
    commands: Sequence[Sequence[str]], environment: dict[str, str], output: Path | None = None
) -> Iterator[tuple[int, ...]]:
    """`qorgan` processes, all told to end with SIGTERM; one that does not end in time is killed, which is an error.

    What they print and log is appended to `output`, else standard output is dropped; gives their numbers.
    """
    with ExitStack() as files:
        out = files.enter_context(output.open("ab")) if output else subprocess.DEVNULL
        err = out if output else None
        running = [
            subprocess.Popen([QORGAN, *command], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            for command in commands
        ]
    try:
        yield tuple(process.pid for process in running)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        stubborn = [process.args for process in running if not _ends(process)]
    assert not stubborn, f"did not end in {END_SECONDS:.0f} s: {stubborn}"


def _ends(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def _address(probe: Any) -> str:
    """The address once the API answers there with every service behind it."""

    def answers() -> str | None:
        address = probe()
        if address is None:
            return None
        try:
            ready = requests.get(f"{address}/api/v1/health", timeout=5)
        except requests.ConnectionError:
            return None
        return address if ready.ok else None

    return wait_until(answers, deadline_seconds=START_SECONDS, what="the API to answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
