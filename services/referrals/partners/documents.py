"""What messages say: what a referral tells its agency, and which command an agency's answer is (REF-03, REF-04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError

from services.referrals import schemas
from services.referrals.commands import AcceptReferral, BeginWork, CompleteReferral, DeclineReferral, PartnerCommand
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import PARTNER_OFFICER, Clock, OutMessage, Step
from services.referrals.partners.codec import Message, Received, RefusedMessageError
from services.referrals.partners.names import TYPE_OF_MESSAGE, TYPE_OF_STEP, US, urn_of
from shared.domain import Actor
from shared.ids import derived_id


@dataclass(frozen=True)
class _Answer:
    command: type[PartnerCommand]
    schema: type[Schema]


_ANSWERS: Mapping[str, _Answer] = {
    TYPE_OF_STEP[Step.ACCEPT]: _Answer(AcceptReferral, schemas.OneReferral),
    TYPE_OF_STEP[Step.DECLINE]: _Answer(DeclineReferral, schemas.WithReasonAndText),
    TYPE_OF_STEP[Step.BEGIN]: _Answer(BeginWork, schemas.OneReferral),
    TYPE_OF_STEP[Step.COMPLETE]: _Answer(CompleteReferral, schemas.CompleteReferral),
}


def message_id(referral: UUID, message: OutMessage) -> UUID:
    """The id of our message about a referral: sent again, it is the same."""
    return derived_id(referral, "message", message.value)


def request_of(
    referral: Referral,
    *,
    outcomes: Sequence[str],
    decline_reasons: Sequence[str],
    proof: Mapping[str, Any] | None = None,
) -> Message:
    """What the agency is told: the approved fields, codes, clocks and how to answer; nothing else of the case.

    `proof` shows that the request stands in the school's ledger (shared/ledger/place_proof.py).
    """
    data: dict[str, Any] = {
        "purpose": referral.purpose.value,
        "urgency": referral.urgency.value,
        "template": referral.template,
        "facts": {name: referral.facts[name] for name in sorted(referral.facts)},
        "reply": {
            **{f"{clock}_by": _time(referral.deadlines[clock].due_at) for clock in Clock},
            "outcomes": list(outcomes),
            "decline_reasons": list(decline_reasons),
        },
    }
    if proof is not None:
        data["proof"] = dict(proof)
    return _message(referral, OutMessage.REQUESTED, referral.requested_at or referral.changed_at, data)


def cancellation_of(referral: Referral) -> Message:
    """That the school took it back."""
    return _message(referral, OutMessage.CANCELLED, referral.changed_at, {})


def command_of(received: Received, agency: UUID) -> PartnerCommand:
    """The command that an agency's answer is, in the agency's tenant. Raises RefusedMessageError."""
    message = received.message
    answer = _ANSWERS.get(message.type)
    if answer is None:
        raise RefusedMessageError("unknown_type", message.id)
    try:
        facts = answer.schema().load({**message.data, "referral": str(message.subject)})
    except ValidationError:
        raise RefusedMessageError("unreadable_data", message.id) from None
    return answer.command(
        tenant=agency,
        command_id=derived_id(agency, "answer", message.id),
        by=Actor(id=f"partner:{agency}", roles=frozenset({PARTNER_OFFICER}), home=agency),
        digest=received.digest,
        **facts,
    )


def _message(referral: Referral, message: OutMessage, time: datetime, data: dict[str, Any]) -> Message:
    return Message(
        id=str(message_id(referral.id, message)),
        source=US,
        type=TYPE_OF_MESSAGE[message],
        subject=referral.id,
        time=time,
        audience=urn_of(referral.agency),
        data=data,
    )


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
