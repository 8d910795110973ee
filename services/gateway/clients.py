"""Services as the gateway sees them: a method name, an object out, an object or a refusal back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.messaging.rpc import ServiceFailedError, ServiceLateError

REFUSALS = frozenset({"unknown", "token", "not_permitted", "invalid", "conflict", "refused", "failed"})
"""Kinds of refusal that a service's door answers with."""


class Rpc(Protocol):
    """How services are called; `shared.messaging.rpc.RpcPool` is one."""

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """What the service answers before the deadline. Raises ServiceLateError, ServiceFailedError."""


@dataclass(frozen=True)
class Answer:
    """What a service answered: its body as JSON values and, to a command, the log's position after it, sealed."""

    body: Any
    position: str | None = None


@dataclass(eq=False)
class RefusedError(Exception):
    """A refusal to hand on: its kind decides the HTTP status, code and facts are the service's own."""

    kind: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.code)


def invalid(faults: Mapping[str, list[str]]) -> RefusedError:
    """The refusal of a request whose fields are at fault, by name."""
    return RefusedError("invalid", "common.invalid_input", {"faults": dict(faults)})


class Services:
    """Calls services and reads what their doors answer."""

    def __init__(self, rpc: Rpc, seconds: float) -> None:
        self._rpc = rpc
        self._seconds = seconds

    def ask(self, call: str, *args: Any) -> Answer:
        """The answer to `service.method`. Raises RefusedError: the service's own, or that it was late or is away."""
        service, _, method = call.partition(".")
        try:
            said = self._rpc.call(service, method, *args, timeout=self._seconds)
        except ServiceLateError:
            raise RefusedError("late", "gateway.service_late", {"service": service}) from None
        except ServiceFailedError as error:
            raise _failed(service, error) from None
        return _read(said)


def _failed(service: str, error: ServiceFailedError) -> RefusedError:
    if error.reason in ("unreachable", "not_running"):
        return RefusedError("unavailable", "gateway.service_unavailable", {"service": service})
    return RefusedError("failed", "common.failed")


def _read(said: Mapping[str, Any]) -> Answer:
    if said.get("ok") is True:
        return Answer(said.get("answer"), said.get("position"))
    kind, code, facts = said.get("kind"), said.get("code"), said.get("facts")
    if kind not in REFUSALS or not isinstance(code, str) or not isinstance(facts, Mapping):
        raise RefusedError("failed", "common.failed")
    raise RefusedError(str(kind), code, facts)
