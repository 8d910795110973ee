"""An agency's virtual host on the broker: made by the management API or by rabbitmqctl, never over AMQP, which cannot.

The agency's user may read `referrals` and `refused`, write to `answers`, and make nothing.
"""

from __future__ import annotations

import base64
import json
import secrets
import shlex
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from services.referrals.partners.broker import PartnerBroker
from services.referrals.partners.names import FROM_PARTNER, REFUSED, TO_PARTNER

SECONDS = 30
RABBITMQCTL = "rabbitmqctl"


class ProvisioningError(Exception):
    """Neither way made the virtual host; the text names what each of them said, without passwords."""


@dataclass(frozen=True)
class Access:
    """What an agency needs to connect."""

    virtual_host: str
    user: str
    password: str


@dataclass(frozen=True)
class _Rights:
    user: str
    configure: str
    write: str
    read: str


def provision_virtual_host(
    virtual_host: str,
    *,
    broker: str,
    user: str | None = None,
    management: str | None = None,
    rabbitmqctl: str = RABBITMQCTL,
) -> Access:
    """Makes virtual host, user and rights, then our queues in it; made already, the user gets a new password.

    `broker` is our own URL, whose user gets all rights there. Raises ProvisioningError.
    """
    access = Access(virtual_host, user or virtual_host, secrets.token_urlsafe(24))
    ours = unquote(urlsplit(broker).username or "guest")
    rights = [
        _Rights(ours, ".*", ".*", ".*"),
        _Rights(access.user, "^$", f"^{FROM_PARTNER}$", f"^({TO_PARTNER}|{REFUSED})$"),
    ]
    ways: list[Callable[[], None]] = []
    if management:
        ways.append(lambda: _by_management(management, broker, access, rights))
    ways.append(lambda: _by_rabbitmqctl(shlex.split(rabbitmqctl), access, rights))
    _first_that_works(ways)
    line = PartnerBroker(broker, virtual_host)
    try:
        line.declare()
    finally:
        line.close()
    return access


def remove_virtual_host(virtual_host: str, user: str, *, rabbitmqctl: str = RABBITMQCTL) -> None:
    """Removes an agency's virtual host with all in it, and its user. Raises ProvisioningError."""
    program = shlex.split(rabbitmqctl)
    _run(program, "delete_vhost", virtual_host)
    _run(program, "delete_user", user)


def _first_that_works(ways: Sequence[Callable[[], None]]) -> None:
    said = []
    for way in ways:
        try:
            way()
        except ProvisioningError as error:
            said.append(str(error))
        else:
            return
    raise ProvisioningError("; ".join(said))


def _by_rabbitmqctl(program: list[str], access: Access, rights: Sequence[_Rights]) -> None:
    if access.virtual_host not in _run(program, "list_vhosts", "name", "--quiet").split("\n"):
        _run(program, "add_vhost", access.virtual_host)
    users = [line.partition("\t")[0] for line in _run(program, "list_users", "--quiet").split("\n")]
    # The password goes by standard input: arguments are seen by everybody on the machine.
    _run(program, "change_password" if access.user in users else "add_user", access.user, given=access.password)
    for one in rights:
        _run(program, "set_permissions", "-p", access.virtual_host, one.user, one.configure, one.write, one.read)


def _run(program: list[str], *arguments: str, given: str = "") -> str:
    try:
        done = subprocess.run(
            [*program, *arguments], input=given + "\n", capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProvisioningError(f"{program[0]}: {type(error).__name__}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise ProvisioningError(f"{program[0]} {arguments[0]}: {said[-1] if said else done.returncode}")
    return done.stdout


def _by_management(url: str, broker: str, access: Access, rights: Sequence[_Rights]) -> None:
    host = quote(access.virtual_host, safe="")
    _put(url, broker, f"vhosts/{host}", {})
    _put(url, broker, f"users/{quote(access.user, safe='')}", {"password": access.password, "tags": ""})
    for one in rights:
        allowed = {"configure": one.configure, "write": one.write, "read": one.read}
        _put(url, broker, f"permissions/{host}/{quote(one.user, safe='')}", allowed)


def _put(url: str, broker: str, path: str, body: dict[str, str]) -> None:
    parts = urlsplit(broker)
    credentials = f"{unquote(parts.username or 'guest')}:{unquote(parts.password or 'guest')}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(credentials).decode()}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"{url.rstrip('/')}/api/{path}", data=json.dumps(body).encode(), headers=headers, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise ProvisioningError(f"management API {path.partition('/')[0]}: {reason}") from error
