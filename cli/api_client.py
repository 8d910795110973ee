"""A caller of the JSON API, as a partner's or a school's own program would be: HTTP, JSON, a session, nothing else."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID, uuid4

import requests

SECONDS = 30.0
PIECE_SIZE = 512 * 1024

Found = TypeVar("Found")


class RefusedError(Exception):
    """The API refused: its problem document (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {problem.get('faults') or ''}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The refusal's code, such as `cases.case_already_closed`."""
        return str(self.problem.get("code"))


class Api:
    """The API at an address, for one session in one tenant."""

    def __init__(
        self,
        address: str,
        *,
        session: str | None = None,
        tenant: UUID | str | None = None,
        language: str = "kk",
        purpose: str | None = None,
    ) -> None:
        self.address = address.rstrip("/")
        self.session = session
        self.tenant = tenant
        self.language = language
        self.purpose = purpose
        self.position: str | None = None
        self._http = requests.Session()
        self._http.trust_env = False

    def sign_in(self, login: str, password: str, *, tenant: UUID | str, language: str | None = None) -> Api:
        """A caller signed in, acting in `tenant`."""
        answer = self.post("/sessions", {"login": login, "password": password})
        return Api(self.address, session=answer["session"], tenant=tenant, language=language or self.language)

    def at(self, tenant: UUID | str, *, language: str | None = None, purpose: str | None = None) -> Api:
        """The same session in another tenant, another language, or for a purpose such as `audit:<engagement>`."""
        spoken = language or self.language
        return Api(self.address, session=self.session, tenant=tenant, language=spoken, purpose=purpose)

    def get(self, path: str, **query: Any) -> Any:
        """What a question is answered with. Raises RefusedError."""
        return self._call("GET", path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, key: UUID | None = None) -> Any:
        """What a command is answered with; `key` makes asking again harmless. Raises RefusedError."""
        return self._call("POST", path, json=dict(data or {}), headers={"Idempotency-Key": str(key or uuid4())})

    def attach(self, path: str, content: bytes, *, name: str = "", **by: str) -> Any:
        """Sends a file in pieces and adds it; `path` ends with `attachments`. Raises RefusedError."""
        sent, pieces = {"attachment": str(uuid4()), **by}, range(0, len(content), PIECE_SIZE)
        for number, at in enumerate(pieces):
            piece = base64.b64encode(content[at : at + PIECE_SIZE]).decode()
            self.post(f"{path}/pieces", {**sent, "number": number, "content": piece})
        whole = {"name": name, "pieces": len(pieces), "sha256": sha256(content).hexdigest()}
        return self.post(path, {**sent, **whole})

    def _call(self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> Any:
        sent = {"Accept-Language": self.language, **(headers or {})}
        if self.session:
            sent["Authorization"] = f"Bearer {self.session}"
        if self.purpose:
            sent["X-Qorgan-Purpose"] = self.purpose
        if self.tenant:
            sent["X-Qorgan-Tenant"] = str(self.tenant)
        answer = self._http.request(method, f"{self.address}/api/v1{path}", headers=sent, timeout=SECONDS, **options)
        if not answer.ok:
            raise RefusedError(answer.status_code, _problem(answer))
        if position := answer.headers.get("X-Qorgan-Position"):
            self.position = position
        return answer.json() if answer.content else None


def _problem(answer: requests.Response) -> Mapping[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {"code": "not_json"}
    return problem if isinstance(problem, Mapping) else {"code": "not_an_object"}


def until(probe: Callable[[], Found | None], what: str, seconds: float = 30.0) -> Found:
    """What `probe` gives once it gives something; TimeoutError names what was waited for and what was last refused."""
    ends, last = time.monotonic() + seconds, ""
    while time.monotonic() < ends:
        try:
            found = probe()
        except RefusedError as refused:
            found, last = None, f" (last answer: {refused})"
        if found:
            return found
        time.sleep(0.05)  # a poll with a deadline: other services are at work
    raise TimeoutError(f"waited {seconds:.0f} s for {what}{last}")
