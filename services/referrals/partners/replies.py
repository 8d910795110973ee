"""What agencies' machines answer, over the broker or by HTTP: verified, opened, and done as their command (REF-04)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from joserfc.jwk import OKPKey

from services.referrals.application import ReferralsApplication
from services.referrals.domain.agency import Agency
from services.referrals.domain.errors import MessageRefusedError
from services.referrals.partners import codec, documents
from services.referrals.partners.codec import RefusedMessageError
from services.referrals.partners.keys import PartnerKeys, SuiteKeys
from services.referrals.partners.names import US, urn_of
from shared.domain import DomainError, VersionConflictError
from shared.ledger.application import CommandIdTakenError
from shared.signing import KeyRing, SigningKey

REPLAYED = "replayed_with_other_content"


def keys_of(signing_key: SigningKey | None, public_keys: KeyRing | None) -> SuiteKeys:
    """A service's keys for partners, beside the public ones, in `partners`. Raises TypeError where it has none."""
    if public_keys is None or signing_key is None:
        raise TypeError("partners need a service that has its keys")
    return SuiteKeys.load(public_keys.folder.parent / "partners", signing_key, public_keys)


def take(application: ReferralsApplication, keys: SuiteKeys, agency: UUID, verifying: OKPKey, body: bytes) -> str:
    """Does what an agency's message says; gives the message's type. Raises RefusedMessageError."""
    received = codec.from_wire(body, opening=keys.encryption, verifying=verifying, source=urn_of(agency), audience=US)
    command = documents.command_of(received, agency)
    try:
        answer = application.execute(command)
    except VersionConflictError:
        raise
    except CommandIdTakenError:
        raise RefusedMessageError(REPLAYED, received.message.id) from None
    except DomainError as refusal:
        raise RefusedMessageError(refusal.code, received.message.id) from None
    if answer.repeated and answer.body.get("digest") != received.digest:
        raise RefusedMessageError(REPLAYED, received.message.id)
    return received.message.type


def take_message(application: ReferralsApplication, *, agency: UUID, message: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that came by HTTP: {"taken": type}. Raises MessageRefusedError, also for an agency there is not."""
    found = application.for_tenant(agency).find(Agency, agency)
    try:
        if found is None or not (found.encryption_key and found.signing_key):
            raise RefusedMessageError("wrongly_signed")
        keys = PartnerKeys.of_entry(found.encryption_key, found.signing_key)
        ours = keys_of(application.parts.signing_key, application.parts.public_keys)
        body = json.dumps(message, ensure_ascii=False).encode()
        return {"taken": take(application, ours, agency, keys.signing, body)}
    except RefusedMessageError as refused:
        raise MessageRefusedError(reason=refused.code) from None
