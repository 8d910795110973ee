"""Calls an agency's webhook as Standard Webhooks has it, and nobody else's machine.

Only https, only addresses of the public internet unless a setting allows others, the address that was looked at is the
one that is called, no redirect is followed, of the answer nothing but its status is read, and all of it has a deadline.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult

from standardwebhooks import Webhook

from services.referrals.domain import rules
from services.referrals.domain.errors import WebhookAddressRefusedError
from services.referrals.partners.names import CONTENT_TYPE

SECONDS = 10.0
TAKEN = range(200, 300)
GONE = 410


@dataclass(frozen=True)
class Called:
    """How a call ended: `taken`, or why not (a code such as `http_503`, `timed_out`); `gone` asks us never to call."""

    status: str

    @property
    def taken(self) -> bool:
        """Whether the agency has it."""
        return self.status == "taken"

    @property
    def gone(self) -> bool:
        """The receiver says that nobody is there any more (410)."""
        return self.status == f"http_{GONE}"


@dataclass(frozen=True)
class WebhookCaller:
    """Calls webhooks. `allow_private` lets a test, a sandbox or an agency in the city's own network be called, by http
    too.
    """

    allow_private: bool = False
    seconds: float = SECONDS
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def check(self, address: str) -> SplitResult:
        """The parts of an address that may be called. Raises WebhookAddressRefusedError."""
        return rules.webhook_address_may_be_called(address, plain=self.allow_private)

    def call(self, address: str, *, id: str, secret: str, body: bytes, at: datetime) -> Called:
        """Sends one message; whatever goes wrong is a code."""
        headers = {
            "Content-Type": CONTENT_TYPE,
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, at, body.decode()),
            "User-Agent": "Qorgan",
        }
        try:
            parts = self.check(address)
            ip = self._looked_up(parts)
        except WebhookAddressRefusedError as refused:
            return Called(str(refused.facts["reason"]))
        except OSError:
            return Called("no_such_host")
        return self._sent(parts, ip, body, headers)

    def _looked_up(self, parts: SplitResult) -> str:
        """The address of the host; every one that its name has must be public, so that none is found by trying."""
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for one in found:
            ip = ipaddress.ip_address(one.partition("%")[0])
            mapped = getattr(ip, "ipv4_mapped", None) or ip
            if not self.allow_private and (not mapped.is_global or mapped.is_multicast):
                raise WebhookAddressRefusedError(reason="private_address")
        return found[0]

    def _sent(self, parts: SplitResult, ip: str, body: bytes, headers: dict[str, str]) -> Called:
        connection = self._connection(parts, ip)
        alarm = threading.Timer(self.seconds, _cut, [connection])
        alarm.daemon = True
        alarm.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, headers)
            status = connection.getresponse().status
        except ssl.SSLError:
            return Called("no_trust")
        except TimeoutError:
            return Called("timed_out")
        except (OSError, HTTPException):
            return Called("not_reached" if alarm.is_alive() else "timed_out")
        finally:
            alarm.cancel()
            connection.close()
        return Called("taken" if status in TAKEN else f"http_{status}")

    def _connection(self, parts: SplitResult, ip: str) -> HTTPConnection:
        host = str(parts.hostname)
        if parts.scheme == "http":
            return _Plain(host, parts.port, ip=ip, timeout=self.seconds)
        return _Secure(host, parts.port, ip=ip, timeout=self.seconds, context=self.context)


class _Plain(HTTPConnection):
    """To the address that was looked at, whatever the name leads to by now."""

    def __init__(self, host: str, port: int | None, *, ip: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._ip = ip

    def connect(self) -> None:
        """See HTTPConnection."""
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)


class _Secure(HTTPSConnection):
    """The same, and the certificate must be the name's."""

    def __init__(self, host: str, port: int | None, *, ip: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._ip, self._trust = ip, context

    def connect(self) -> None:
        """See HTTPSConnection."""
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def _cut(connection: HTTPConnection) -> None:
    """Ends a call whose time is over, whatever it waits for."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
