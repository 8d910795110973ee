"""What OpenAPI says of a route."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema

from services.gateway import envelope
from services.gateway.api.routes import Route
from services.gateway.envelope import COMMAND_ID, POSITION, PURPOSE, TENANT, VERSION
from services.gateway.languages import LANGUAGES
from services.gateway.schemas.common import Problem

JSON, PROBLEM_JSON = "application/json", "application/problem+json"
UUID_SCHEMA = {"type": "string", "format": "uuid"}
SEALED_POSITION = {"type": "string", "pattern": f"^{envelope.SEALED_POSITION.pattern}$"}
PATTERN_OF_VERSION = r'^(\*|(W/)?"[0-9]{1,19}")$'
SECURITY_SCHEME = {"type": "http", "scheme": "bearer", "description": "The session of `POST /sessions`"}

_HEADERS_AND_QUERIES: dict[str, dict[str, Any]] = {
    TENANT: {
        "in": "header",
        "schema": UUID_SCHEMA,
        "required": True,
        "description": "The tenant that is acted in",
    },
    PURPOSE: {"in": "header", "schema": {"type": "string"}, "description": "What for: `audit:<engagement>`"},
    "Accept-Language": {
        "in": "header",
        "schema": {"type": "string", "default": LANGUAGES[0], "examples": ["ru-KZ, ru;q=0.9"]},
        "description": f"Languages of refusals, as of RFC 9110: {', '.join(LANGUAGES)}",
    },
    COMMAND_ID: {
        "in": "header",
        "schema": UUID_SCHEMA,
        "description": "Id of the command: the same id again gets the first answer. Made, and told, where left out.",
    },
    VERSION: {
        "in": "header",
        "schema": {"type": "string", "pattern": PATTERN_OF_VERSION, "examples": ['"7"']},
        "description": "The version that the caller saw; 409 if it is another by now",
    },
    "at_least": {
        "in": "query",
        "schema": SEALED_POSITION,
        "description": f"A {POSITION} that the answer must have seen; waited for up to 2 s",
    },
}
_OF_ALL = [TENANT, PURPOSE, "Accept-Language"]
_REASONS = {
    400: "No JSON",
    401: "Not signed in",
    403: "Not permitted; `facts.rule` names what forbids it",
    404: "Unknown, or not to be known of: the same answer always",
    409: "Something stands in the way, or another was first",
    413: "More than 1 MiB",
    415: "Not JSON",
    422: "Invalid: every fault by field",
    500: "A fault of ours",
    503: "A service is away",
    504: "A service did not answer in time; the command may still be done: ask again with its id",
}
_OF_CHANGES_ONLY, _OF_BODIES_ONLY = {409}, {400, 413, 415}


def operation_of(route: Route) -> dict[str, Any]:
    """The operation object of a route."""
    described: dict[str, Any] = {
        "summary": route.summary,
        "operationId": route.operation,
        "parameters": parameters_of(route),
        "responses": responses_of(route),
        "security": _security_of(route),
    }
    if route.body is not None:
        described["requestBody"] = body_of(route.body)
    return described


def _security_of(route: Route) -> list[dict[str, list[str]]]:
    if route.nameless:
        return []
    return [{"session": []}, {}] if route.anonymous else [{"session": []}]


def body_of(schema: type[Schema]) -> dict[str, Any]:
    """A request body."""
    return {"required": True, "content": {JSON: {"schema": schema}}}


def parameters_of(route: Route) -> list[Any]:
    """Headers and query parameters of a route, by name; the ids of its path are there already."""
    if route.is_command:
        return [*_OF_ALL, COMMAND_ID, VERSION]
    asked: list[Any] = [{"in": "query", "schema": route.query}] if route.query else []
    return [*_OF_ALL, "at_least", *asked]


def responses_of(route: Route) -> dict[str, Any]:
    """The route's success and every refusal it knows."""
    headers = {POSITION: {"schema": SEALED_POSITION, "description": "For `at_least`; tells nothing but to us"}}
    success: dict[str, Any] = {"description": "Done", "content": {JSON: {"schema": route.answer}}}
    if route.is_command:
        success["headers"] = headers | {COMMAND_ID: {"schema": UUID_SCHEMA}}
    return {str(route.status): success, **refusals(_refusals_of(route))}


def _refusals_of(route: Route) -> set[int]:
    if route.is_command:
        return set(_REASONS)
    return set(_REASONS) - (_OF_CHANGES_ONLY if route.asks_in_body else _OF_CHANGES_ONLY | _OF_BODIES_ONLY)


def refusals(statuses: Iterable[int]) -> dict[str, str]:
    """Refusals by status, as names of components."""
    return {str(status): f"Refused{status}" for status in sorted(statuses)}


def describe_common_parts(components: Any) -> None:
    """Enters in apispec's components what routes name: the way to sign in, headers, refusals."""
    components.security_scheme("session", SECURITY_SCHEME)
    for name, described in _HEADERS_AND_QUERIES.items():
        components.parameter(name, described["in"], {"name": name, **described})
    for status, reason in _REASONS.items():
        components.response(f"Refused{status}", {"description": reason, "content": {PROBLEM_JSON: {"schema": Problem}}})
