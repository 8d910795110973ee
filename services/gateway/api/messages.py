"""What agencies' machines answer by HTTP: a signed, encrypted message, which needs neither session nor tenant."""

from __future__ import annotations

from flask import Response, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]

from services.gateway import envelope
from services.gateway.api.describing import JSON, body_of, refusals
from services.gateway.api.serving import Gateway, json_response
from services.gateway.clients import RefusedError
from services.gateway.envelope import Faults
from services.gateway.schemas.referrals import MessageTaken, TakeMessage

TAKE_MESSAGE = "referrals.take_message"


def messages_blueprint(gateway: Gateway) -> Blueprint:
    """POST /partner/messages."""
    blueprint = Blueprint("messages", __name__, description="Answers of agencies' machines")

    def take_message() -> Response:
        faults = Faults()
        envelope.query_of(request, None, faults)
        body = envelope.body_of(request)
        faults.settle()
        try:
            answer = gateway.services.ask(TAKE_MESSAGE, {"data": body})
        except RefusedError as refused:
            raise envelope.renamed(refused) from None
        return json_response(answer.body)

    described = blueprint.doc(
        summary="Take an agency's signed message",
        operationId="referrals_take_message",
        security=[],
        requestBody=body_of(TakeMessage),
        responses={
            "200": {"description": "Taken", "content": {JSON: {"schema": MessageTaken}}},
            **refusals({400, 409, 413, 415, 422, 500, 503, 504}),
        },
    )
    blueprint.route("/partner/messages", methods=["POST"])(described(take_message))
    return blueprint
