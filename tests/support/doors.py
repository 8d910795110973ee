"""The doors of all services as data: each method, what kind of call it is, and the schema that reads it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from shared.runners.door import LedgerDoor
from tests.support.tree import WITHOUT_DOMAIN, service_folders


@dataclass(frozen=True)
class Call:
    """One method of a door: `service.method`, command, query or without_token, its schema, and what it leads to."""

    name: str
    kind: str
    schema: Schema
    leads_to: Any


class _Recorder:
    """Stands where a service's open door stands, and notes what it is asked with."""

    def __init__(self) -> None:
        self.kind = ""
        self.schema: Any = None
        self.leads_to: Any = None

    def command(self, token: str, payload: Any, schema: Schema, command: Any, *, by_grant: bool = False) -> None:
        self.kind, self.schema, self.leads_to = "command", schema, command

    def query(self, token: str, payload: Any, schema: Schema, query: Any, *, by_grant: bool = False) -> None:
        self.kind, self.schema, self.leads_to = "query", schema, query

    def without_token(self, payload: Any, schema: Schema, function: Any) -> None:
        self.kind, self.schema, self.leads_to = "without_token", schema, function


def calls_of(service: str) -> Iterator[Call]:
    """Every method that a service's door answers to callers (not to other services)."""
    module = importlib.import_module(f"services.{service}.service")
    doors = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, LedgerDoor)]
    door = next(kind for kind in doors if kind is not LedgerDoor)
    for name in vars(door):
        method = getattr(door, name)
        if getattr(method, "nameko_entrypoints", None):
            yield _asked(service, name, door())


def all_calls() -> dict[str, Call]:
    """Every method of every service's door, by `service.method`."""
    return {call.name: call for service in sorted(service_folders() - WITHOUT_DOMAIN) for call in calls_of(service)}


def _asked(service: str, name: str, door: Any) -> Call:
    recorder = _Recorder()
    door.door = recorder
    method = getattr(door, name)
    takes_a_token = method.__code__.co_argcount > 2  # self, token, payload
    method("token", {}) if takes_a_token else method({})
    return Call(f"{service}.{name}", recorder.kind, recorder.schema, recorder.leads_to)
