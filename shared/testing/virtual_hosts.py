"""Makes and removes virtual hosts of a broker, by its management API or by rabbitmqctl; never over AMQP, which cannot.

Standard library only, for the same reason as in `wire`.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shlex
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from shared.testing.wire import Address, ServerUnusableError, amqp_address, speak_amqp

MANAGEMENT_URL = "QORGAN_TEST_AMQP_MANAGEMENT_URL"
RABBITMQCTL = "QORGAN_TEST_RABBITMQCTL"


class VirtualHosts(Protocol):
    """A way to make virtual hosts in which one user may do everything."""

    def create(self, name: str, user: str) -> None:
        """Makes the virtual host and gives `user` all rights in it. Raises ServerUnusableError."""

    def remove(self, name: str) -> None:
        """Removes the virtual host with all that is in it. Raises ServerUnusableError."""


class ByManagementApi:
    """Through the HTTP API of RabbitMQ's management plugin."""

    def __init__(self, url: str, address: Address) -> None:
        self._url = url.rstrip("/")
        credentials = f"{address.user}:{address.password}".encode()
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(credentials).decode(),
            "Content-Type": "application/json",
        }

    def create(self, name: str, user: str) -> None:
        """See VirtualHosts."""
        self._call("PUT", f"vhosts/{quote(name, safe='')}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._call("PUT", f"permissions/{quote(name, safe='')}/{quote(user, safe='')}", everything)

    def remove(self, name: str) -> None:
        """See VirtualHosts."""
        self._call("DELETE", f"vhosts/{quote(name, safe='')}", None)

    def answers(self) -> bool:
        """Whether the API is there and lets us in."""
        try:
            self._call("GET", "whoami", None)
        except ServerUnusableError:
            return False
        return True

    def _call(self, method: str, path: str, body: Mapping[str, str] | None) -> None:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/api/{path}", data, dict(self._headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                response.read()
        except (urllib.error.URLError, OSError) as error:
            raise ServerUnusableError(f"{method} /api/{path} at {self._url}: {error}") from error

    def __str__(self) -> str:
        return f"the management API at {self._url}"


class ByRabbitmqctl:
    """Through the broker's own command, on the broker's machine."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = [*command, "--quiet"]
        self._environment = None if environment is None else dict(environment)

    def create(self, name: str, user: str) -> None:
        """See VirtualHosts."""
        self._run("add_vhost", name)
        self._run("set_permissions", "--vhost", name, user, ".*", ".*", ".*")

    def remove(self, name: str) -> None:
        """See VirtualHosts."""
        self._run("delete_vhost", name)

    def _run(self, *arguments: str) -> None:
        command = [*self._command, *arguments]
        try:
            subprocess.run(
                command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True
            )
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout).decode(errors="replace").strip()
            # It prints its whole manual after some errors.
            raise ServerUnusableError(f"{shlex.join(command)}: {said[:200].splitlines()[0] if said else ''}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ServerUnusableError(f"{shlex.join(command)}: {error}") from error

    def __str__(self) -> str:
        return shlex.join(self._command[:-1])


def virtual_hosts_of(amqp_url: str) -> ByManagementApi | ByRabbitmqctl:
    """The way to provision the broker at `amqp_url`: what the environment names, else what answers there."""
    address = amqp_address(amqp_url)
    if named := os.environ.get(MANAGEMENT_URL):
        return ByManagementApi(named, address)
    if named := os.environ.get(RABBITMQCTL):
        return ByRabbitmqctl(shlex.split(named))
    usual = ByManagementApi(f"http://{address.host}:15672", address)
    if usual.answers() and _serves(usual, amqp_url):
        return usual
    return ByRabbitmqctl(["rabbitmqctl"] if os.geteuid() == 0 else ["sudo", "-n", "rabbitmqctl"])


def prove(hosts: VirtualHosts, amqp_url: str) -> None:
    """Makes a virtual host, opens it and removes it again; raises ServerUnusableError if any of it fails.

    A way to provision that works, but on another broker than the one at the URL, is found out by opening.
    """
    name = f"qorgan-probe-{secrets.token_hex(4)}"
    hosts.create(name, amqp_address(amqp_url).user)
    try:
        speak_amqp(in_virtual_host(amqp_url, name))
    finally:
        hosts.remove(name)


def in_virtual_host(amqp_url: str, name: str) -> str:
    """The same broker and user, in another virtual host."""
    return urlunsplit(urlsplit(amqp_url)._replace(path="/" + quote(name, safe="")))


def _serves(hosts: VirtualHosts, amqp_url: str) -> bool:
    try:
        prove(hosts, amqp_url)
    except ServerUnusableError:
        return False
    return True
