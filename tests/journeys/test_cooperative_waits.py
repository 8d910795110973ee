"""In a cooperative process a statement that waits holds up nobody, and ends when it must (cli/waiting.py)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from sqlalchemy.engine import make_url

SCRIPT = """
from cli.patching import make_cooperative

make_cooperative()
import json, os, sys, threading, time
import eventlet, psycopg

url, result = sys.argv[1], {}
one, other = (psycopg.connect(url, autocommit=True) for _ in range(2))
lock = int.from_bytes(os.urandom(6), "big")


def waiting(connection, then):
    one.execute("SELECT pg_advisory_lock(%s)", [lock])
    thread = threading.Thread(target=then)
    thread.start()
    chosen = "SELECT true FROM pg_locks WHERE pid = %s AND NOT granted"
    while not one.execute(chosen, [connection.info.backend_pid]).fetchone():
        time.sleep(0)
    return thread


def asked():
    other.execute("SELECT pg_advisory_lock(%s)", [lock])
    result["came"] = True
    other.execute("SELECT pg_advisory_unlock(%s)", [lock])


thread = waiting(other, asked)
result["before"] = "came" in result
one.execute("SELECT pg_advisory_unlock(%s)", [lock])
thread.join(20)

large = os.urandom(30_000_000)
result["large"] = other.execute("SELECT %b::bytea", [large], binary=True).fetchone()[0] == large
result["refused"] = None
try:
    other.execute("SELECT 1 / 0")
except psycopg.errors.DivisionByZero:
    result["refused"] = True


def ended():
    try:
        with eventlet.Timeout(0.3, RuntimeError):
            other.execute("SELECT pg_advisory_lock(%s)", [lock])
    except RuntimeError:
        result["ended"] = other.info.transaction_status.name


waiting(other, ended).join(20)
one.execute("SELECT pg_advisory_unlock(%s)", [lock])
other.close()
other = psycopg.connect(url, autocommit=True)


def lost():
    try:
        other.execute("SELECT pg_advisory_lock(%s)", [lock])
    except psycopg.OperationalError:
        result["lost"] = other.closed


thread = waiting(other, lost)
one.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
thread.join(20)


def closed():
    try:
        third.execute("SELECT pg_advisory_lock(%s)", [lock])
    except psycopg.OperationalError:
        result["closed"] = True


one.execute("SELECT pg_advisory_unlock(%s)", [lock])
third = psycopg.connect(url, autocommit=True)
thread = waiting(third, closed)
third.close()
thread.join(20)
print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def seen(postgres_admin_url: str) -> dict[str, object]:
    """What happened in a cooperative process."""
    url = make_url(postgres_admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", SCRIPT, url], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


class TestAStatementThatWaits:
    """Ways to wait for PostgreSQL."""

    def test_holds_up_nobody(self, seen: dict[str, object]) -> None:
        """Another green thread gives it the lock that it waits for."""
        assert (seen["before"], seen["came"]) == (False, True)

    def test_sends_and_takes_what_is_larger_than_a_socket_holds(self, seen: dict[str, object]) -> None:
        """Thirty megabytes come back as they went."""
        assert seen["large"]

    def test_raises_what_the_server_says(self, seen: dict[str, object]) -> None:
        """A division by zero is one here, too."""
        assert seen["refused"]

    def test_ends_with_its_green_thread(self, seen: dict[str, object]) -> None:
        """A deadline is raised in the middle of it; whose answer comes is then nobody's, and the pool lets it go."""
        assert seen["ended"] == "ACTIVE"

    def test_ends_when_the_server_ends_it(self, seen: dict[str, object]) -> None:
        """A connection that is lost is an error, and closed."""
        assert seen["lost"]

    def test_ends_when_somebody_closes_its_connection(self, seen: dict[str, object]) -> None:
        """Nobody waits for a socket that is not there."""
        assert seen["closed"]
