"""The words of the wire: message types, algorithms, queues. `docs/partners/asyncapi.yaml` says the same to partners."""

from __future__ import annotations

from uuid import UUID

from services.referrals.domain.values import OutMessage, Step

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json"
DATA_CONTENT_TYPE = "application/jose"
SIGNATURE = "EdDSA"
KEY_AGREEMENT, ENCRYPTION = "ECDH-ES+A256KW", "A256GCM"

US = "urn:qorgan:referrals"
TYPE_PREFIX = "kz.qorgan.referral."
TYPE_OF_MESSAGE = {message: f"{TYPE_PREFIX}{message}.v1" for message in OutMessage}
TYPE_OF_STEP = {
    Step.ACCEPT: f"{TYPE_PREFIX}accepted.v1",
    Step.DECLINE: f"{TYPE_PREFIX}declined.v1",
    Step.BEGIN: f"{TYPE_PREFIX}begun.v1",
    Step.COMPLETE: f"{TYPE_PREFIX}completed.v1",
}

TO_PARTNER, FROM_PARTNER, REFUSED = "referrals", "answers", "refused"
LARGEST_MESSAGE = 2 * 1024 * 1024


def urn_of(agency: UUID) -> str:
    """How an agency stands as source or audience."""
    return f"urn:uuid:{agency}"
