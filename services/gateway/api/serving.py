"""One view for every route of the tables: reads the envelope, calls the service, answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from services.gateway import envelope
from services.gateway.access import Access
from services.gateway.api.routes import Route
from services.gateway.clients import Answer, RefusedError, Services
from services.gateway.envelope import POSITION, Faults

View = Callable[..., Response]
ADDRESS = "/api/v1"


@dataclass(frozen=True)
class Gateway:
    """What views need: the services and the callers' tokens."""

    services: Services
    access: Access


def view_of(route: Route, gateway: Gateway) -> View:
    """The view of a route; its arguments are the ids of the path."""

    def view(**ids: str) -> Response:
        token, session, payload = _read(route, gateway, ids)
        try:
            answer = gateway.services.ask(route.call, token, payload)
        except RefusedError as refused:
            if refused.kind == "token" and session is not None:
                gateway.access.forget(session)
            raise envelope.renamed(refused) from None
        return _answered(route, answer, told_of_the_log=session is not None)

    view.__name__ = route.operation
    return view


def _read(route: Route, gateway: Gateway, ids: dict[str, str]) -> tuple[str, str | None, dict[str, Any]]:
    """Token, session and payload of a request; whoever is not signed in hears of nothing else."""
    session = None if route.nameless else envelope.session_of(request)
    if session is None and not route.anonymous:
        raise RefusedError("token", "gateway.not_signed_in")
    faults = Faults()
    caller = envelope.caller_of(request, session, faults)
    payload = _command(route, ids, faults) if route.is_command else _question(route, ids, faults)
    faults.settle()
    if session is None:
        return gateway.access.reporter_token(caller.tenant), None, payload
    return gateway.access.token(caller, route.service), session, payload


def _command(route: Route, ids: dict[str, str], faults: Faults) -> dict[str, Any]:
    envelope.query_of(request, None, faults)
    g.command_id = envelope.command_id_of(request, faults)
    return {
        "command_id": g.command_id,
        "expected_version": envelope.expected_version_of(request, faults),
        "data": envelope.with_ids(envelope.body_of(request), ids, faults),
    }


def _question(route: Route, ids: dict[str, str], faults: Faults) -> dict[str, Any]:
    asked = envelope.query_of(request, route.query() if route.query else None, faults)
    if route.asks_in_body:
        asked = envelope.body_of(request)
    return {"data": envelope.with_ids(asked, ids, faults), "at_least": envelope.at_least_of(request, faults)}


def _answered(route: Route, answer: Answer, *, told_of_the_log: bool) -> Response:
    """The response; whoever reports without a session has nothing to wait for, and is told no position."""
    body = {route.items: answer.body} if route.items else answer.body
    response = json_response(body, route.status)
    if answer.position is not None and told_of_the_log:
        response.headers[POSITION] = answer.position
    known = answer.body if isinstance(answer.body, dict) else {}
    if isinstance(known.get("version"), int):
        response.headers["ETag"] = f'"{known["version"]}"'
    if route.creates and route.made in known:
        response.headers["Location"] = ADDRESS + route.creates.format_map(known)
    return response


def json_response(body: Any, status: int = 200) -> Response:
    """A JSON answer with letters as they are."""
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
