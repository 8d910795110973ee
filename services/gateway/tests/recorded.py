"""Services as a recorded table: what each call is answered with, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.gateway.bootstrap import build
from services.gateway.settings import Settings

TENANT, REPORT, CASE, PERSON = (str(uuid4()) for _ in range(4))
POSITION = "Tk9uY2VfX19fX19f-c2VhbGVkX3Bvc2l0aW9uX19fX1_abcd"
"""Of the form that services tell: 48 letters."""


def done(position: str | None = None, /, **body: Any) -> dict[str, Any]:
    """A command's or a question's answer."""
    return {"ok": True, "answer": body, "position": position}


def listed(*rows: Any) -> dict[str, Any]:
    """The answer of a list."""
    return {"ok": True, "answer": list(rows), "position": None}


def refused(kind: str, code: str, **facts: Any) -> dict[str, Any]:
    """A refusal."""
    return {"ok": False, "kind": kind, "code": code, "facts": facts}


@dataclass
class RecordedRpc:
    """Answers by the table; what the table doesn't have is a mistake of the test."""

    table: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    deadlines: list[float | None] = field(default_factory=list)

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See Rpc."""
        name = f"{service}.{method}"
        self.asked.append((name, args))
        self.deadlines.append(timeout)
        answer = self.table[name]
        if isinstance(answer, Exception):
            raise answer
        found: dict[str, Any] = answer() if callable(answer) else answer
        return found

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of one method."""
        return [args for asked, args in self.asked if asked == name]

    def payload(self, name: str) -> Mapping[str, Any]:
        """What the last call of a method carried."""
        found: Mapping[str, Any] = self.calls(name)[-1][-1]
        return found


@dataclass
class Browser:
    """Somebody signed in, in one tenant, reading one language."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **headers: str) -> TestResponse:
        """GET under /api/v1; `None` as a header's value leaves it out."""
        return self.client.get(f"/api/v1{path}", headers=self._with(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """POST of a JSON body."""
        return self.client.post(f"/api/v1{path}", json={} if body is None else body, headers=self._with(headers))

    def speaking(self, language: str) -> Browser:
        """The same, in another language."""
        return Browser(self.client, self.headers | {"Accept-Language": language})

    def without(self, *names: str) -> Browser:
        """The same, with headers left out."""
        return Browser(self.client, {name: value for name, value in self.headers.items() if name not in names})

    def _with(self, headers: Mapping[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in headers.items()}


def accounts_alone() -> RecordedRpc:
    """Services of which accounts alone answers."""
    return RecordedRpc(
        {
            "accounts.issue_token": done(token="a person's token"),
            "accounts.issue_reporter_token": done(token="a reporter's token"),
        }
    )


class Gateway:
    """One for all tests, which takes a third of a second to build; it keeps no token from one call to the next."""

    rpc: RecordedRpc

    def __init__(self) -> None:
        self.app = build(Settings(token_seconds=0), self)

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See Rpc."""
        return self.rpc.call(service, method, *args, timeout=timeout)


the_gateway = cache(Gateway)


def signed_in(rpc: RecordedRpc) -> Browser:
    """Somebody at a school, reading English; from now on the gateway's services answer by this table."""
    gateway = the_gateway()
    gateway.rpc, client = rpc, gateway.app.test_client()
    headers = {"Authorization": "Bearer a session", "X-Qorgan-Tenant": TENANT, "Accept-Language": "en"}
    return Browser(client, headers)
