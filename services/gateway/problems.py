"""Refusals as problem details (RFC 9457) in the caller's language; nothing of an exception's text ever gets out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from services.gateway.clients import RefusedError
from services.gateway.languages import Texts, chosen, is_code
from shared.logging import facts_of, log

STATUS = {
    "malformed": 400,
    "token": 401,
    "not_permitted": 403,
    "unknown": 404,
    "no_such_address": 404,
    "method_not_allowed": 405,
    "not_json": 415,
    "too_large": 413,
    "conflict": 409,
    "refused": 409,
    "invalid": 422,
    "failed": 500,
    "unavailable": 503,
    "late": 504,
}
UNKNOWN = RefusedError("unknown", "common.unknown")
_BY_HTTP = {
    400: RefusedError("malformed", "gateway.malformed_request"),
    404: RefusedError("no_such_address", "gateway.no_such_address"),
    405: RefusedError("method_not_allowed", "gateway.method_not_allowed"),
    413: RefusedError("too_large", "gateway.too_large"),
    415: RefusedError("not_json", "gateway.not_json"),
}


class Problems:
    """Turns whatever went wrong in a request into its answer."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._texts = texts

    def register(self, app: Flask) -> None:
        """Answers for refusals, for what Flask refuses itself, and for our own mistakes."""
        app.register_error_handler(RefusedError, self.of_refusal)
        app.register_error_handler(HTTPException, self.of_http)
        app.register_error_handler(Exception, self.of_mistake)

    def of_refusal(self, refused: RefusedError) -> Response:
        """A service's refusal, or the gateway's own."""
        if refused.kind == "unknown":
            refused = UNKNOWN  # always the same, whatever the service knows of the reason (CON-08)
        texts = self._texts[chosen(request.accept_languages)]
        status = STATUS.get(refused.kind, 500)
        body = {
            "type": f"urn:qorgan:problem:{refused.code}",
            "title": texts.title(refused.kind),
            "status": status,
            "code": refused.code,
            "detail": texts.detail(refused.code, refused.facts),
            "faults": list(_faults(refused.facts.get("faults"), texts)),
            "facts": {name: value for name, value in refused.facts.items() if name != "faults"},
        }
        g.code = refused.code
        response = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
        response.headers["Content-Language"] = texts.language
        response.headers["Vary"] = "Accept-Language, Authorization"
        if status == STATUS["token"]:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def of_http(self, error: HTTPException) -> Response:
        """What Flask and Werkzeug refuse before a route is reached."""
        response = self.of_refusal(http_refusal(error))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    def of_mistake(self, error: Exception) -> Response:
        """A mistake of ours: its type and place go to the log, its text nowhere."""
        log().error("gateway.request_failed", **facts_of(error))
        return self.of_refusal(RefusedError("failed", "common.failed"))


def http_refusal(error: HTTPException) -> RefusedError:
    """What Flask and Werkzeug refuse, as a refusal of ours."""
    return _BY_HTTP.get(error.code or 500, _mistake_of(error.code))


def _mistake_of(status: int | None) -> RefusedError:
    client_side = status is not None and status < STATUS["failed"]
    return _BY_HTTP[400] if client_side else RefusedError("failed", "common.failed")


def _faults(faults: Any, texts: Texts) -> Iterable[dict[str, str]]:
    """Each fault of each field; what is no code, but some library's sentence, counts as `invalid`."""
    for field, codes in faults.items() if isinstance(faults, Mapping) else ():
        for code in codes if isinstance(codes, Sequence) and not isinstance(codes, str) else [codes]:
            known = str(code) if is_code(code) else "invalid"
            yield {"field": str(field), "code": known, "message": texts.fault(known)}
