"""Sessions become tokens: issued by accounts per service, tenant and purpose, used again for less than their life."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from services.gateway.clients import RefusedError, Services

ISSUE_TOKEN = "accounts.issue_token"  # noqa: S105 (a method's name)
ISSUE_REPORTER_TOKEN = "accounts.issue_reporter_token"  # noqa: S105 (a method's name)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, in which tenant and for what: as the request says, not yet believed by anybody."""

    session: str | None
    tenant: str
    purpose: str = ""


class Access:
    """Buys tokens for callers, and holds them for `seconds` at most, in memory only, `most` of them."""

    def __init__(
        self, services: Services, *, seconds: float, most: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._services = services
        self._seconds = seconds
        self._most = most
        self._now = now
        self._held: OrderedDict[tuple[bytes, str, str, str], tuple[str, float]] = OrderedDict()
        self._lock = Lock()

    def token(self, caller: Caller, audience: str) -> str:
        """The caller's token for one service. Raises RefusedError: not signed in, or what accounts refuses."""
        if caller.session is None:
            raise RefusedError("token", "gateway.not_signed_in")
        key = (_digest(caller.session), audience, caller.tenant, caller.purpose)
        held = self._found(key)
        if held is not None:
            return held
        asked_at = self._now()
        token = self._issued(
            ISSUE_TOKEN, session=caller.session, audience=audience, tenant=caller.tenant, purpose=caller.purpose
        )
        self._hold(key, token, asked_at + self._seconds)
        return token

    def reporter_token(self, tenant: str) -> str:
        """A token for somebody who reports without an account: never held, each report has a pseudonym of its own."""
        return self._issued(ISSUE_REPORTER_TOKEN, tenant=tenant)

    def forget(self, session: str) -> None:
        """Drops every token of a session: it ended, or a service did not take one."""
        digest = _digest(session)
        with self._lock:
            for key in [key for key in self._held if key[0] == digest]:
                del self._held[key]

    def _issued(self, call: str, **data: str) -> str:
        body = self._services.ask(call, {"data": data}).body
        token = body.get("token") if isinstance(body, dict) else None
        if not isinstance(token, str):
            raise RefusedError("failed", "common.failed")
        return token

    def _found(self, key: tuple[bytes, str, str, str]) -> str | None:
        with self._lock:
            token, ends = self._held.get(key, ("", 0.0))
            if token and self._now() < ends:
                self._held.move_to_end(key)
                return token
            self._held.pop(key, None)
        return None

    def _hold(self, key: tuple[bytes, str, str, str], token: str, ends: float) -> None:
        with self._lock:
            self._held[key] = (token, ends)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


def _digest(session: str) -> bytes:
    return hashlib.sha256(session.encode()).digest()
