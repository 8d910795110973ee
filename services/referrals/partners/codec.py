"""One message as bytes: a CloudEvent whose data is a JWE around a JWS around a document.

    CloudEvent 1.0, structured JSON   id, source, type, subject, time: in the clear, for routing
      data: compact JWE               ECDH-ES+A256KW, A256GCM, to the receiver's P-256 key
        compact JWS                   EdDSA (Ed25519) by the sender's key
          document                    the same attributes again, now signed, `audience` and `data`

The attributes in the clear are worth nothing until they are found again under the signature; `audience` keeps a
receiver from passing on to another what was signed for him.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from services.referrals.partners.names import (
    DATA_CONTENT_TYPE,
    ENCRYPTION,
    KEY_AGREEMENT,
    LARGEST_MESSAGE,
    SIGNATURE,
    SPEC_VERSION,
)

_ATTRIBUTES = ("id", "source", "type", "subject", "time")
_LONGEST_ATTRIBUTE = 200


class RefusedMessageError(Exception):
    """A message that is not taken; `code` says why, and `id` which it was, where that could be read. No content."""

    def __init__(self, code: str, id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.id = id


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as its sender means it."""

    id: str
    source: str
    type: str
    subject: UUID
    time: datetime
    audience: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Received:
    """A message that was opened and verified; `digest` is SHA-256 of the compact JWS, in hex."""

    message: Message
    digest: str


class _Jws(JWSRegistry):
    """Takes `EdDSA`, which every JOSE library knows; RFC 9864 renames it, and joserfc would warn at each message."""

    max_payload_length = LARGEST_MESSAGE

    def get_alg(self, name: str) -> Any:
        if name != SIGNATURE:
            raise JoseError("another algorithm")
        return self.algorithms[name]


class _Jwe(JWERegistry):
    max_ciphertext_length = LARGEST_MESSAGE


_JWS = _Jws(algorithms=[SIGNATURE])
_JWE = _Jwe(algorithms=[KEY_AGREEMENT, ENCRYPTION])


def to_wire(message: Message, *, signing: OKPKey, signing_id: str, encryption: ECKey, encryption_id: str) -> bytes:
    """The bytes of a message: signed by us, encrypted to its receiver."""
    attributes = _attributes(message)
    document = {**attributes, "audience": message.audience, "data": message.data}
    payload = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signed = jws.serialize_compact({"alg": SIGNATURE, "kid": signing_id}, payload, signing, registry=_JWS)
    header = {"alg": KEY_AGREEMENT, "enc": ENCRYPTION, "kid": encryption_id, "cty": "jose"}
    sealed = jwe.encrypt_compact(header, signed, encryption, registry=_JWE)
    event = CloudEvent(
        attributes={
            **attributes,
            "specversion": SPEC_VERSION,
            "time": message.time,
            "datacontenttype": DATA_CONTENT_TYPE,
        },
        data=sealed,
    )
    return JSONFormat().write(event)


def from_wire(body: bytes, *, opening: ECKey, verifying: OKPKey, source: str, audience: str) -> Received:
    """The message in `body`, from `source` to `audience`. Raises RefusedMessageError."""
    event = _envelope(body)
    message = event["id"]
    if event["source"] != source:
        raise RefusedMessageError("another_source", message)
    signed = _decrypted(event["data"], opening, message)
    document = _verified(signed, verifying, message)
    if any(document.get(name) != event[name] for name in _ATTRIBUTES):
        raise RefusedMessageError("attributes_differ", message)
    if document.get("audience") != audience:
        raise RefusedMessageError("another_audience", message)
    return Received(_message(document, message), sha256(signed).hexdigest())


def _attributes(message: Message) -> dict[str, str]:
    time = message.time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "id": message.id,
        "source": message.source,
        "type": message.type,
        "subject": str(message.subject),
        "time": time,
    }


def _envelope(body: bytes) -> dict[str, str]:
    """The attributes and the data as they stand in the clear, each a text of sane length."""
    if len(body) > LARGEST_MESSAGE:
        raise RefusedMessageError("too_large")
    try:
        event = json.loads(body)
    except ValueError:
        raise RefusedMessageError("not_json") from None
    if not isinstance(event, dict) or event.get("specversion") != SPEC_VERSION:
        raise RefusedMessageError("not_a_cloudevent")
    message = _id_of(event)
    attributes = [event.get(name) for name in _ATTRIBUTES]
    if not all(isinstance(one, str) and 0 < len(one) <= _LONGEST_ATTRIBUTE for one in attributes):
        raise RefusedMessageError("not_a_cloudevent", message)
    if event.get("datacontenttype") != DATA_CONTENT_TYPE or not isinstance(event.get("data"), str):
        raise RefusedMessageError("not_encrypted", message)
    return event


def _id_of(event: dict[str, Any]) -> str:
    """The id, where it is a UUID: nothing else of a stranger's text is repeated anywhere."""
    try:
        return str(UUID(event["id"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise RefusedMessageError("id_is_no_uuid") from None


def _decrypted(data: str, opening: ECKey, id: str) -> bytes:
    try:
        plaintext = jwe.decrypt_compact(data, opening, registry=_JWE).plaintext
    except (JoseError, ValueError, TypeError, KeyError):
        raise RefusedMessageError("does_not_open", id) from None
    if plaintext is None:
        raise RefusedMessageError("does_not_open", id)
    return plaintext


def _verified(signed: bytes, verifying: OKPKey, id: str) -> dict[str, Any]:
    try:
        payload = jws.deserialize_compact(signed, verifying, registry=_JWS).payload
    except (JoseError, ValueError, TypeError, KeyError):
        raise RefusedMessageError("wrongly_signed", id) from None
    try:
        document = json.loads(payload)
    except ValueError:
        raise RefusedMessageError("unreadable_document", id) from None
    if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
        raise RefusedMessageError("unreadable_document", id)
    return document


def _message(document: dict[str, Any], id: str) -> Message:
    try:
        subject, time = UUID(document["subject"]), datetime.fromisoformat(document["time"])
    except ValueError:
        raise RefusedMessageError("unreadable_document", id) from None
    return Message(
        id=document["id"],
        source=document["source"],
        type=document["type"],
        subject=subject,
        time=time,
        audience=document["audience"],
        data=document["data"],
    )
