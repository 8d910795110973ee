"""Whether the gateway and every service behind it answer: for whoever starts, balances or watches the suite."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from flask import Response
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema, fields

from services.gateway.api.describing import JSON
from services.gateway.api.serving import json_response
from services.gateway.clients import RefusedError, Services

AWAY = 503
KEPT_SECONDS = 1.0


class Health(Schema):
    """`ok`, or `away`, of all and of each service."""

    status = fields.String(required=True)
    services = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Pulse:
    """Asks each service for what it must refuse: a service that refuses is there. Asks once a second at most."""

    def __init__(self, services: Services, names: tuple[str, ...], now: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._names = names
        self._now = now
        self._lock = Lock()
        self._taken: tuple[float, dict[str, str]] | None = None

    def take(self) -> dict[str, str]:
        """`ok` or `away` by service; while one caller asks, others get what was last found."""
        last = self._taken
        if last is not None and self._now() - last[0] < KEPT_SECONDS:
            return last[1]
        if not self._lock.acquire(blocking=last is None):
            return last[1] if last else {}
        try:
            states = {name: "ok" if self._is_there(name) else "away" for name in self._names}
            self._taken = (self._now(), states)
        finally:
            self._lock.release()
        return states

    def _is_there(self, name: str) -> bool:
        try:
            self._services.ask(f"{name}.heads", "", None)
        except RefusedError as refused:
            return refused.kind == "token"
        return True


def health_blueprint(services: Services, names: tuple[str, ...]) -> Blueprint:
    """GET /health."""
    blueprint = Blueprint("health", __name__, description="Whether all services answer")
    pulse = Pulse(services, names)

    def health() -> Response:
        states = pulse.take()
        all_there = set(states.values()) == {"ok"}
        return json_response({"status": "ok" if all_there else "away", "services": states}, 200 if all_there else AWAY)

    answer = {"content": {JSON: {"schema": Health}}}
    described = blueprint.doc(
        summary="Whether all services answer",
        operationId="health",
        security=[],
        responses={"200": {"description": "All do", **answer}, str(AWAY): {"description": "Not all do", **answer}},
    )
    blueprint.route("/health", methods=["GET"])(described(health))
    return blueprint
