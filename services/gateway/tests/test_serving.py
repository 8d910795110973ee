"""The gateway as a running server: gunicorn's threads, and eventlet inside the embedded suite."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from shared.testing.waiting import wait_until

CANARY = "Айгүл-7f3a"
SERVICES = """
import sys, time
from shared.logging import configure_logging
configure_logging("gateway")
from services.gateway.bootstrap import build
from services.gateway.service import serve, serve_embedded
from services.gateway.settings import Settings

class Rpc:
    def call(self, service, method, *args, timeout=None):
        if method == "my_cases":
            time.sleep(0.5)
            return {"ok": True, "answer": [], "position": None}
        if method == "register_of_cases":
            raise RuntimeError("Айгүл-7f3a")
        return {"ok": True, "answer": {"token": "t", "report": "r"}, "position": "A" * 48}

app, port = build(Settings(), Rpc()), int(sys.argv[1])
"""
GUNICORN = SERVICES + 'serve(app, "127.0.0.1", port, 8)'
EMBEDDED = (
    f"import eventlet; eventlet.monkey_patch()\n{SERVICES}serve_embedded(app, eventlet.listen(('127.0.0.1', port)))"
)


@contextmanager
def served(code: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that serves: its address, and itself with what it logs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", code, str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: requests.get(f"{address}/api/v1/health", timeout=1).ok, 60, "the server to answer")
        yield address, process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("code", [GUNICORN, EMBEDDED], ids=["gunicorn", "embedded"])
class TestTheServer:
    def test_answers_many_at_once(self, code: str) -> None:
        """Eight questions of half a second each take less than twice as long as one."""
        with served(code) as (address, _):
            asking = f"""
import concurrent.futures, requests, time
def ask(_):
    headers = {{"Authorization": "Bearer s", "X-Qorgan-Tenant": "{"0" * 32}"}}
    return requests.get("{address}/api/v1/cases", headers=headers, timeout=10).json()
started = time.monotonic()
with concurrent.futures.ThreadPoolExecutor(8) as threads:
    assert list(threads.map(ask, range(8))) == [{{"cases": []}}] * 8
assert time.monotonic() - started < 2, time.monotonic() - started
"""
            done = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr

    def test_logs_nothing_of_what_was_sent_nor_who_sent_it(self, code: str) -> None:
        """Content, query, headers, login, password, address of the caller, texts of exceptions: none is in the logs."""
        headers = {"Authorization": f"Bearer {CANARY.encode().hex()}", "X-Qorgan-Tenant": "0" * 32}
        with served(code) as (address, process):
            requests.post(f"{address}/api/v1/reports", json={"description": CANARY}, headers=headers, timeout=5)
            requests.post(f"{address}/api/v1/sessions", json={"login": CANARY, "password": CANARY}, timeout=5)
            requests.get(f"{address}/api/v1/register", params={"q": CANARY}, headers=headers, timeout=5)
            failed = requests.get(f"{address}/api/v1/register", headers=headers, timeout=5)
            requests.get(f"{address}/{CANARY}", headers={"User-Agent": "canary-7f3a"}, timeout=5)
            with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as broken:
                broken.sendall(b"GET /canary-7f3a HTTP/9.x\r\nX: canary-7f3a\r\n\r\n")
                broken.recv(1000)
            process.send_signal(signal.SIGTERM)
            said, logged = process.communicate(timeout=30)
        assert failed.status_code == 500
        for canary in (CANARY, "7f3a", CANARY.encode().hex(), "127.0.0.1", "Traceback"):
            assert canary not in said + logged
        events = [json.loads(line) for line in logged.splitlines()]
        answered = [event["url_path"] for event in events if event["event"] == "gateway.request_answered"]
        assert {"/api/v1/reports", "/api/v1/sessions", "/api/v1/register", ""} <= set(answered)
        assert "gateway.request_failed" in {event["event"] for event in events}

    def test_refuses_a_body_without_end(self, code: str) -> None:
        """A chunked body is read to the limit and no further."""
        with served(code) as (address, _):

            def endless() -> Iterator[bytes]:
                for _ in range(64):
                    yield b"a" * 65536

            headers = {"Content-Type": "application/json", "Authorization": "Bearer s", "X-Qorgan-Tenant": "0" * 32}
            try:
                status = requests.post(
                    f"{address}/api/v1/reports", data=endless(), headers=headers, timeout=10
                ).status_code
            except requests.ConnectionError:
                return  # it may hang up while we are still sending
            assert status in (400, 413)
