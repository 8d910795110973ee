"""The two ways that a sandbox and an agency's software talk: a broker's virtual host, or calls over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from cli.partner_sandbox import Sandbox, Verdict
from services.referrals.partners.broker import PartnerBroker
from services.referrals.partners.codec import Message
from services.referrals.partners.names import LARGEST_MESSAGE, REFUSED
from services.referrals.partners.webhooks import Called, WebhookCaller

ANSWERS = "/api/v1/partner/messages"
POLL_SECONDS = 0.05
Told = Callable[[Verdict], None]


class BrokerLine:
    """Over AMQP; `url` names a virtual host that the agency may use for tests, or `memory://` with a name."""

    def __init__(self, sandbox: Sandbox, url: str, virtual_host: str | None = None) -> None:
        self._sandbox = sandbox
        self._broker = PartnerBroker(url, virtual_host or unquote(urlsplit(url).path[1:]) or "/")
        self._broker.declare()

    def send(self, message: Message) -> None:
        """Into the queue `referrals`."""
        self._broker.send(self._sandbox.sealed(message), message_id=message.id, expires=timedelta(days=1))

    def take(self) -> Iterator[Verdict]:
        """Judges what waits in `answers`; what a city would not take is told in `refused`, as there."""
        for message in self._broker.waiting():
            body = message.body
            verdict = self._sandbox.judge(body if isinstance(body, bytes) else str(body).encode())
            if verdict.code is not None:
                told = {"id": verdict.id, "code": verdict.code, "at": datetime.now(UTC).isoformat()}
                self._broker.send(json.dumps(told).encode(), message_id=str(uuid4()), expires=None, to=REFUSED)
            message.ack()
            yield verdict

    def close(self) -> None:
        """Lets go of the broker."""
        self._broker.close()


def call(sandbox: Sandbox, address: str, secret: str, message: Message) -> Called:
    """To the agency's webhook, on whatever machine: it is the agency's own."""
    caller = WebhookCaller(allow_private=True)
    return caller.call(address, id=message.id, secret=secret, body=sandbox.sealed(message), at=datetime.now(UTC))


@contextmanager
def listening(sandbox: Sandbox, told: Told, port: int = 0) -> Iterator[str]:
    """Takes answers on this machine as a city does at POST /api/v1/partner/messages; gives the address."""
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), 2 * LARGEST_MESSAGE)
            with one_at_a_time:
                status, answer, verdict = _answered(sandbox, self.path, self.rfile.read(length))
            if verdict is not None:
                told(verdict)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Verdicts are told, requests are not."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{ANSWERS}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answered(sandbox: Sandbox, path: str, body: bytes) -> tuple[int, dict[str, Any], Verdict | None]:
    if path != ANSWERS:
        return 404, {"code": "gateway.no_such_address", "detail": f"Answers go to {ANSWERS}."}, None
    try:
        said = json.loads(body)
        agency, message = said["agency"], said["message"]
    except (ValueError, KeyError, TypeError):
        detail = 'The body is {"agency": your id, "message": the CloudEvent}.'
        return 422, {"code": "common.invalid_input", "detail": detail}, Verdict(None, code="not_json")
    if agency != str(sandbox.agency):
        verdict = Verdict(None, code="wrongly_signed")
    else:
        verdict = sandbox.judge(json.dumps(message, ensure_ascii=False).encode())
    if verdict.code is None:
        return 200, {"taken": verdict.type}, verdict
    refusal = {"code": "referrals.message_refused", "facts": {"reason": verdict.code}, "detail": verdict.words}
    return 409, refusal, verdict


def try_over_broker(sandbox: Sandbox, url: str, told: Told, seconds: float) -> None:
    """Sends a sample and judges answers until it has ended, or the time is over."""
    line = BrokerLine(sandbox, url)
    try:
        message = sandbox.request()
        line.send(message)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not sandbox.has_ended(message.subject):
            for verdict in line.take():
                told(verdict)
            time.sleep(POLL_SECONDS)  # a poll with a deadline
    finally:
        line.close()


def try_by_webhook(sandbox: Sandbox, address: str, told: Told, *, port: int, seconds: float) -> str:
    """The same by HTTP; gives how the call to the agency's webhook ended."""
    something = threading.Event()

    def heard(verdict: Verdict) -> None:
        told(verdict)
        something.set()

    with listening(sandbox, heard, port):
        message = sandbox.request()
        status = call(sandbox, address, sandbox.secret, message).status
        ends = time.monotonic() + seconds
        while status == "taken" and not sandbox.has_ended(message.subject) and time.monotonic() < ends:
            something.wait(max(0.0, ends - time.monotonic()))
            something.clear()
    return status
