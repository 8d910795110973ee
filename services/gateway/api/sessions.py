"""Signing in: the one call that needs neither session nor tenant."""

from __future__ import annotations

from flask import Response, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]

from services.gateway import envelope
from services.gateway.api.describing import JSON, body_of, refusals
from services.gateway.api.serving import Gateway, json_response
from services.gateway.clients import RefusedError
from services.gateway.envelope import Faults
from services.gateway.schemas.accounts import Session, SignIn

SIGN_IN, SIGN_IN_REFUSED = "accounts.sign_in", "accounts.sign_in_refused"
CREATED = 201


def sessions_blueprint(gateway: Gateway) -> Blueprint:
    """POST /sessions."""
    blueprint = Blueprint("sessions", __name__, description="Signing in")

    def sign_in() -> Response:
        faults = Faults()
        envelope.query_of(request, None, faults)
        body = envelope.body_of(request)
        faults.settle()
        try:
            answer = gateway.services.ask(SIGN_IN, {"data": body})
        except RefusedError as refused:
            if refused.code == SIGN_IN_REFUSED:
                raise RefusedError("token", refused.code) from None
            raise envelope.renamed(refused) from None
        return json_response(answer.body, CREATED)

    described = blueprint.doc(
        summary="Sign in",
        operationId="accounts_sign_in",
        security=[],
        requestBody=body_of(SignIn),
        responses={
            str(CREATED): {"description": "Signed in", "content": {JSON: {"schema": Session}}},
            **refusals({400, 401, 413, 415, 422, 500, 503, 504}),
        },
    )
    blueprint.route("/sessions", methods=["POST"])(described(sign_in))
    return blueprint
