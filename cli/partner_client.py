"""A reference client for partner agencies: takes referrals from the agency's own virtual host, and answers them.

It needs kombu, joserfc and cryptography and nothing of this suite, so that an agency can take this file as it is.
What goes over the wire is described to the byte in docs/partners/asyncapi.yaml.

    client = PartnerClient(url, agency, keys, ours)
    for referral in client.take(timeout=5):
        client.answer(referral, "accepted", {})
"""

from __future__ import annotations

import json
import time
import uuid
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, KeySet, OKPKey
from joserfc.jws import JWSRegistry
from kombu import Connection, Exchange, Queue

US = "urn:qorgan:referrals"
TYPE = "kz.qorgan.referral.{}.v1"
ATTRIBUTES = ("id", "source", "type", "subject", "time")
CONTENT_TYPE, DATA_CONTENT_TYPE = "application/cloudevents+json", "application/jose"
SIGNATURE, KEY_AGREEMENT, ENCRYPTION = "EdDSA", "ECDH-ES+A256KW", "A256GCM"
LARGEST = 2 * 1024 * 1024
POLL_SECONDS = 0.05


class NotOursError(Exception):
    """A message that does not open, is wrongly signed, or is not for this agency; the text is a code."""


@dataclass(frozen=True)
class AgencyKeys:
    """An agency's two key pairs: P-256 to open with, Ed25519 to sign with."""

    encryption: ECKey
    signing: OKPKey

    @classmethod
    def generate(cls) -> Self:
        """New keys."""
        return cls(ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519"))

    @classmethod
    def from_private(cls, keys: Mapping[str, Any]) -> Self:
        """From what `private` gave."""
        return cls(ECKey.import_key(keys["encryption"]), OKPKey.import_key(keys["signing"]))

    def private(self) -> dict[str, Any]:
        """Both private keys as JWK, to be kept in a file that nobody else reads."""
        return {
            "encryption": self.encryption.as_dict(private=True),
            "signing": self.signing.as_dict(private=True),
        }

    def public(self) -> dict[str, Any]:
        """`encryption_key` and `signing_key` as JWK, thumbprints as ids: what the agency is registered with."""
        named: dict[str, ECKey | OKPKey] = {"encryption_key": self.encryption, "signing_key": self.signing}
        return {name: key.as_dict(private=False) | {"kid": key.thumbprint()} for name, key in named.items()}


@dataclass(frozen=True)
class Incoming:
    """A message to this agency, opened and verified: `kind` is `requested` or `cancelled`, `data` what it says."""

    id: str
    kind: str
    referral: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a request stands in its school's ledger; keep `checkpoint`: it shows later whether history was changed."""

    school: str
    position: int
    size: int
    checkpoint: str


class _Jws(JWSRegistry):
    max_payload_length = LARGEST

    def get_alg(self, name: str) -> Any:
        if name != SIGNATURE:
            raise JoseError("another algorithm")
        return self.algorithms[name]


class _Jwe(JWERegistry):
    max_ciphertext_length = LARGEST


class PartnerClient:
    """For one thread; `url` names the agency's virtual host, `ours` is the suite's public JWK set."""

    def __init__(
        self,
        url: str,
        agency: uuid.UUID | str,
        keys: AgencyKeys,
        ours: Mapping[str, Any],
        *,
        virtual_host: str | None = None,
    ) -> None:
        """`virtual_host` is given only for the in-process transport, whose URLs name none."""
        self.me = f"urn:uuid:{agency}"
        self.keys = keys
        encryption = next(key for key in ours["keys"] if key["use"] == "enc")
        self._encryption, self._encryption_id = ECKey.import_key(encryption), encryption["kid"]
        self._keys = {key["kid"]: OKPKey.import_key(key) for key in ours["keys"] if key["use"] == "sig"}
        self._verifying = KeySet(list(self._keys.values()))
        self._jws, self._jwe = _Jws(algorithms=[SIGNATURE]), _Jwe(algorithms=[KEY_AGREEMENT, ENCRYPTION])
        self._embedded = "memory" in urlsplit(url).scheme
        self._prefix = f"{virtual_host or unquote(urlsplit(url).path[1:])}." if self._embedded else ""
        options: dict[str, Any] = {} if self._embedded else {"confirm_publish": True}
        self._connection = Connection(url, connect_timeout=5, transport_options=options)
        self._open_channel: Any = None
        self._seen: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        with suppress(OSError):
            self._connection.release()

    # -- taking

    def take(self, timeout: float = 5) -> Iterator[Incoming]:
        """Each message that comes within `timeout` seconds, once; acknowledged when the next is asked for.

        Raises NotOursError for a message that is not to be believed; it is acknowledged, so that it does not return.
        """
        ends = time.monotonic() + timeout
        queue = self._queue("referrals").bind(self._channel)
        while True:
            message = queue.get()
            if message is not None:
                try:
                    incoming = self.open(message.body)
                except NotOursError:
                    message.ack()
                    raise
                if incoming.id not in self._seen:
                    yield incoming
                self._seen.add(incoming.id)
                message.ack()
            elif time.monotonic() >= ends:
                return
            else:
                time.sleep(POLL_SECONDS)  # a poll with a deadline

    def open(self, body: bytes | str) -> Incoming:
        """The message in an AMQP body. Raises NotOursError."""
        try:
            event = json.loads(body)
            signed = jwe.decrypt_compact(event["data"], self.keys.encryption, registry=self._jwe).plaintext or b""
            document = json.loads(jws.deserialize_compact(signed, self._verifying, registry=self._jws).payload)
            if any(document[name] != event[name] for name in ATTRIBUTES):
                raise NotOursError("attributes_differ")
            if document["source"] != US or document["audience"] != self.me:
                raise NotOursError("not_for_us")
            kind = document["type"].split(".")[-2]
            return Incoming(document["id"], kind, document["subject"], document["data"])
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotOursError("does_not_open") from error

    def place(self, incoming: Incoming) -> Place | None:
        """What the proof in a request shows, checked against our signature; None where there is none.

        Raises NotOursError.
        """
        proof = incoming.data.get("proof")
        if proof is None:
            return None
        try:
            entry, payload = proof["entry"], b64decode(proof["entry"]["payload"], validate=True)
            above, leaf = self._checkpoint(entry["checkpoint"]), b64decode(entry["leaf"], validate=True)
            school, log_end = str(uuid.UUID(bytes=payload[33:49])), 53 + int.from_bytes(payload[49:53], "big")
            size, root = int.from_bytes(payload[log_end : log_end + 8], "big"), payload[log_end + 8 :]
            holds = (
                leaf[-64:-32] == sha256(payload).digest()
                and _root(sha256(b"\0" + leaf).digest(), entry["position"], above[1], entry["path"]) == above[2]
                and self._checkpoint(proof["checkpoint"]) == (f"qorgan/referrals/{school}", size, root)
                and _root(b64decode(proof["leaf_hash"]), proof["position"], size, proof["path"]) == root
            )
        except (InvalidSignature, ValueError, KeyError, TypeError, IndexError) as error:
            raise NotOursError("proof_malformed") from error
        if not holds:
            raise NotOursError("proof_wrong")
        return Place(school, proof["position"], size, entry["checkpoint"])

    def _checkpoint(self, note: str) -> tuple[str, int, bytes]:
        """Origin, size and root of a signed note (C2SP signed-note, tlog-checkpoint) under one of our keys."""
        text, _, signature = note.rpartition("\n\n")
        origin, size, root = text.split("\n")
        key = self._keys[signature.split(" ")[1]].public_key
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError("another kind of key")
        key.verify(b64decode(signature.split(" ")[2])[4:], text.encode() + b"\n")
        return origin, int(size), b64decode(root, validate=True)

    def refusals(self) -> Iterator[Mapping[str, Any]]:
        """The answers that were not taken, with the code of why; each once."""
        queue = self._queue("refused").bind(self._channel)
        while (message := queue.get()) is not None:
            message.ack()
            yield json.loads(message.body)

    # -- answering

    def answer(self, referral: Incoming | str, kind: str, data: Mapping[str, Any]) -> str:
        """Says `accepted`, `declined` (reason, text), `begun`, `completed` (outcome, text); gives the message's id."""
        subject = referral.referral if isinstance(referral, Incoming) else referral
        message_id = str(uuid.uuid4())
        document = {
            "id": message_id,
            "source": self.me,
            "type": TYPE.format(kind),
            "subject": subject,
            "time": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "audience": US,
            "data": dict(data),
        }
        self._publish(self.seal(document), message_id)
        return message_id

    def seal(self, document: Mapping[str, Any]) -> bytes:
        """The AMQP body of a document: signed by the agency, encrypted to the suite."""
        payload = json.dumps(document, ensure_ascii=False).encode()
        header = {"alg": SIGNATURE, "kid": self.keys.signing.thumbprint()}
        signed = jws.serialize_compact(header, payload, self.keys.signing, registry=self._jws)
        outer = {"alg": KEY_AGREEMENT, "enc": ENCRYPTION, "kid": self._encryption_id, "cty": "jose"}
        sealed = jwe.encrypt_compact(outer, signed, self._encryption, registry=self._jwe)
        event = {name: document[name] for name in ATTRIBUTES}
        return json.dumps(
            {"specversion": "1.0", **event, "datacontenttype": DATA_CONTENT_TYPE, "data": sealed}
        ).encode()

    def _publish(self, body: bytes, message_id: str) -> None:
        exchange = Exchange(self._prefix + "answers", type="direct", durable=True, no_declare=True)
        if self._embedded:  # nothing else makes them there, should the client be first
            self._queue("answers").bind(self._channel).declare()
        self._connection.Producer(self._channel).publish(
            body,
            exchange=exchange,
            routing_key="answers",
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode="persistent",
            message_id=message_id,
        )

    def _queue(self, name: str) -> Queue:
        exchange = Exchange(self._prefix + name, type="direct", durable=True)
        queue = Queue(self._prefix + name, exchange, name, durable=True)
        if self._embedded:
            queue.bind(self._channel).declare()
        return queue

    @property
    def _channel(self) -> Any:
        if self._open_channel is None:
            self._open_channel = self._connection.channel()
        return self._open_channel


def _root(leaf_hash: bytes, position: int, size: int, path: Sequence[str]) -> bytes:
    """The root that a path leads to from the leaf at a position counted from 1 (RFC 9162 section 2.1.3.2)."""
    at, last, node = position - 1, size - 1, leaf_hash
    if not 0 <= at <= last:
        raise ValueError("not covered")
    for text in path:
        if last == 0:
            raise ValueError("too long")
        if at % 2 or at == last:
            node = sha256(b"\1" + b64decode(text) + node).digest()
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + b64decode(text)).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("too short")
    return node
