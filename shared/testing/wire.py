"""Speaks just enough PostgreSQL and AMQP 0-9-1 to know that a server answers and lets us in.

Standard library only: provisioning runs before anything is installed. A listening port proves nothing (a proxy, a
server still starting, another program); here a statement is answered and a virtual host is opened.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import struct
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 5.0


class ServerUnusableError(Exception):
    """A server does not answer, or answers that it will not have us; the text says which and why."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """The parts of a server's URL; `path` is the database or the virtual host, without its slash."""

    host: str
    port: int
    user: str
    password: str
    path: str

    @property
    def is_this_machine(self) -> bool:
        """Whether the host is a loopback name, where we may start a server."""
        return self.host in ("127.0.0.1", "localhost", "::1")


def parse_url(url: str, *, port: int, user: str, password: str = "") -> Address:
    """The address in `url`, with what it leaves out taken from the other arguments."""
    parts = urlsplit(url)
    return Address(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or port,
        user=unquote(parts.username or user),
        password=unquote(parts.password or password),
        path=unquote(parts.path[1:]),
    )


def postgres_address(url: str) -> Address:
    """The address of a PostgreSQL URL, whatever driver it names."""
    return parse_url(url, port=5432, user="postgres")


def amqp_address(url: str) -> Address:
    """The address of an AMQP URL."""
    return parse_url(url, port=5672, user="guest", password="guest")  # noqa: S106 - RabbitMQ's well-known local default


# -- PostgreSQL: https://www.postgresql.org/docs/current/protocol-message-formats.html


def speak_postgres(url: str) -> str:
    """Signs in as a superuser and returns the server's version. Raises ServerUnusableError."""
    address = postgres_address(url)
    try:
        with socket.create_connection((address.host, address.port), timeout=TIMEOUT_SECONDS) as connection:
            session = _PostgresSession(connection)
            session.sign_in(address)
            version, superuser = session.ask(
                "SELECT current_setting('server_version'), rolsuper FROM pg_roles WHERE rolname = current_user"
            )
    except (OSError, EOFError, struct.error) as error:
        raise ServerUnusableError(f"PostgreSQL at {address.host}:{address.port} does not answer ({error!r})") from error
    if superuser != "t":
        raise ServerUnusableError(
            f"PostgreSQL at {address.host}:{address.port} lets {address.user!r} in, but not as a superuser"
        )
    return version


_SIGNED_IN, _CLEAR_PASSWORD, _MD5_PASSWORD, _SASL, _SASL_CONTINUE, _SASL_FINAL = 0, 3, 5, 10, 11, 12


class _PostgresSession:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def sign_in(self, address: Address) -> None:
        parameters = f"user\0{address.user}\0database\0{address.path or 'postgres'}\0\0".encode()
        self._connection.sendall(struct.pack("!ii", 8 + len(parameters), 196608) + parameters)
        scram: _Scram | None = None
        while True:
            kind, body = self._receive()
            if kind == b"Z":
                return
            if kind != b"R":
                continue
            (request,) = struct.unpack_from("!i", body)
            if request == _CLEAR_PASSWORD:
                self._send(b"p", address.password.encode() + b"\0")
            elif request == _MD5_PASSWORD:
                self._send(b"p", _md5_answer(address, body[4:8]))
            elif request == _SASL:
                scram = _Scram(address.password)
                first = scram.first_message()
                self._send(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
            elif request == _SASL_CONTINUE and scram is not None:
                self._send(b"p", scram.final_message(body[4:]))
            elif request not in (_SIGNED_IN, _SASL_FINAL):
                raise ServerUnusableError(f"PostgreSQL asks for a way to sign in that we do not speak ({request})")

    def ask(self, statement: str) -> list[str]:
        """The first row of a statement's answer, as text."""
        self._send(b"Q", statement.encode() + b"\0")
        row: list[str] = []
        while True:
            kind, body = self._receive()
            if kind == b"Z":
                return row
            if kind == b"D":
                row = _row_values(body)

    def _send(self, kind: bytes, body: bytes) -> None:
        self._connection.sendall(kind + struct.pack("!i", 4 + len(body)) + body)

    def _receive(self) -> tuple[bytes, bytes]:
        kind = _read(self._connection, 1)
        (length,) = struct.unpack("!i", _read(self._connection, 4))
        body = _read(self._connection, length - 4)
        if kind == b"E":
            fields = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
            raise ServerUnusableError(f"PostgreSQL refuses: {fields.get(b'M', 'no reason given')}")
        return kind, body


def _row_values(body: bytes) -> list[str]:
    (count,) = struct.unpack_from("!h", body)
    values, at = [], 2
    for _ in range(count):
        (length,) = struct.unpack_from("!i", body, at)
        at += 4
        values.append(body[at : at + max(length, 0)].decode())
        at += max(length, 0)
    return values


def _md5_answer(address: Address, salt: bytes) -> bytes:
    inner = hashlib.md5((address.password + address.user).encode(), usedforsecurity=False).hexdigest()
    return b"md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest().encode() + b"\0"


class _Scram:
    """RFC 5802 and 7677, client side, without channel binding."""

    def __init__(self, password: str) -> None:
        self._password = password.encode()
        self._bare = "n=,r=" + base64.b64encode(os.urandom(18)).decode()

    def first_message(self) -> bytes:
        return ("n,," + self._bare).encode()

    def final_message(self, challenge: bytes) -> bytes:
        server_first = challenge.decode()
        said = dict(part.split("=", 1) for part in server_first.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", self._password, base64.b64decode(said["s"]), int(said["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        without_proof = f"c=biws,r={said['r']}"
        message = f"{self._bare},{server_first},{without_proof}".encode()
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()


# -- AMQP 0-9-1: https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf

_FRAME_END = 0xCE
_CONNECTION = 10
_START, _START_OK, _TUNE, _TUNE_OK, _OPEN, _OPEN_OK, _CLOSE, _CLOSE_OK = 10, 11, 30, 31, 40, 41, 50, 51


def speak_amqp(url: str) -> str:
    """Signs in, opens the virtual host and closes again; returns the broker's version. Raises ServerUnusableError."""
    address = amqp_address(url)
    where = f"AMQP at {address.host}:{address.port}"
    try:
        with socket.create_connection((address.host, address.port), timeout=TIMEOUT_SECONDS) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            version = _broker_version(_expect(connection, _START))
            answer = f"\0{address.user}\0{address.password}".encode()
            start_ok = _long(_CLIENT_PROPERTIES) + _short(b"PLAIN") + _long(answer) + _short(b"en_US")
            _send_method(connection, _START_OK, start_ok)
            tune = _expect(connection, _TUNE)
            _send_method(connection, _TUNE_OK, tune[:6] + struct.pack("!h", 0))
            _send_method(connection, _OPEN, _short((address.path or "/").encode()) + b"\0\0")
            _expect(connection, _OPEN_OK)
            _send_method(connection, _CLOSE, struct.pack("!h", 200) + _short(b"") + struct.pack("!hh", 0, 0))
            _expect(connection, _CLOSE_OK)
    except (OSError, EOFError, struct.error) as error:
        raise ServerUnusableError(f"{where} does not let us in ({error!r})") from error
    except ServerUnusableError as error:
        raise ServerUnusableError(f"{where} refuses: {error}") from error
    return version


def _short(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def _long(text: bytes) -> bytes:
    return struct.pack("!i", len(text)) + text


# Asks the broker to say that a password is wrong, where it would otherwise just hang up.
_CLIENT_PROPERTIES = _short(b"capabilities") + b"F" + _long(_short(b"authentication_failure_close") + b"t\x01")


def _send_method(connection: socket.socket, method: int, arguments: bytes) -> None:
    payload = struct.pack("!hh", _CONNECTION, method) + arguments
    connection.sendall(struct.pack("!bhi", 1, 0, len(payload)) + payload + bytes([_FRAME_END]))


def _expect(connection: socket.socket, expected: int) -> bytes:
    while True:
        kind, _, size = struct.unpack("!bhi", _read(connection, 7))
        payload = _read(connection, size + 1)[:-1]
        if kind != 1:
            continue
        _, method = struct.unpack_from("!hh", payload)
        if method == _CLOSE:
            length = payload[6]
            raise ServerUnusableError(payload[7 : 7 + length].decode(errors="replace"))
        if method != expected:
            raise ServerUnusableError(f"method {method} came where {expected} was due")
        return payload[4:]


def _broker_version(start: bytes) -> str:
    """The `version` long string among the server's properties, read by its key: the other fields do not matter here."""
    marker = b"\x07versionS"
    at = start.find(marker)
    if at < 0:
        return "unknown"
    at += len(marker)
    (length,) = struct.unpack_from("!i", start, at)
    return start[at + 4 : at + 4 + length].decode(errors="replace")


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError("closed by the server")
        data += more
    return data
