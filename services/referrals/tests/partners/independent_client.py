"""A partner's own program, written from `docs/partners/asyncapi.yaml` alone: pika, PyYAML and bare cryptography.

It imports nothing of the suite. What it needs to know (queues, content types, algorithms, message types, who we are) it
reads from the document; beside that it has its own private keys, our public keys, its id and its virtual host's URL.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import yaml
from cryptography.hazmat.primitives import keywrap
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data: bytes) -> str:
    """BASE64URL without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of BASE64URL."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Contract:
    """What the document says, by name."""

    def __init__(self, file: Path) -> None:
        self.document: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
        self.protection = self.document["components"]["x-protection"]
        self.us = self.protection["us"]
        self.queue = self.document["channels"]["referrals"]["bindings"]["amqp"]["queue"]["name"]
        self.refused = self.document["channels"]["refused"]["bindings"]["amqp"]["queue"]["name"]
        self.exchange = self.document["channels"]["answers"]["bindings"]["amqp"]["exchange"]["name"]
        self.routing_key = self.document["channels"]["answers"]["address"]
        self.delivery_mode = self.document["operations"]["answer"]["bindings"]["amqp"]["deliveryMode"]
        self.content_type = self.document["defaultContentType"]
        self.data_content_type = self._event_property("datacontenttype")
        self.specversion = self._event_property("specversion")

    def type(self, message: str) -> str:
        """The CloudEvent type of a message."""
        name: str = self.document["components"]["messages"][message]["name"]
        return name

    def agency(self, id: str) -> str:
        """How an agency is called."""
        name: str = self.protection["agency"].format(agency=id)
        return name

    def _event_property(self, name: str) -> str:
        constant: str = self.document["components"]["schemas"]["CloudEvent"]["properties"][name]["const"]
        return constant


class KeyPairs:
    """The agency's two key pairs, and their public halves as JWK."""

    def __init__(self) -> None:
        self.decrypting = ec.generate_private_key(ec.SECP256R1())
        self.signing = Ed25519PrivateKey.generate()

    def public_encryption_jwk(self) -> dict[str, str]:
        """For the suite to encrypt to."""
        return _ec_jwk(self.decrypting.public_key()) | {"kid": "enc-1"}

    def public_signing_jwk(self) -> dict[str, str]:
        """For the suite to verify with."""
        raw = self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw), "kid": "sig-1"}


class IndependentClient:
    """Takes referrals, and answers them."""

    def __init__(self, contract: Contract, url: str, agency: str, keys: KeyPairs, ours: dict[str, Any]) -> None:
        self.contract = contract
        self.me = contract.agency(agency)
        self.keys = keys
        by_use = {key["use"]: key for key in ours["keys"]}
        self.their_encryption_key = _ec_public_key(by_use["enc"])
        self.their_key_id = by_use["enc"]["kid"]
        self.their_signing_key = Ed25519PublicKey.from_public_bytes(unb64(by_use["sig"]["x"]))
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()

    def take(self, timeout: float = 10) -> dict[str, Any]:
        """The document of the next message, opened and checked; acknowledged."""
        body, properties = self._get(self.contract.queue, timeout)
        assert properties.content_type == self.contract.content_type
        event = json.loads(body)
        assert event["specversion"] == self.contract.specversion
        assert event["datacontenttype"] == self.contract.data_content_type
        document = self._verified(self._decrypted(event["data"]))
        for name in ("id", "source", "type", "subject", "time"):
            assert document[name] == event[name]
        assert document["source"] == self.contract.us
        assert document["audience"] == self.me
        return document

    def place(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the proof in a request shows, worked out as the document's section on it says."""
        proof, entry = data["proof"], data["proof"]["entry"]
        origin, size, root = self._checkpoint(entry["checkpoint"])
        leaf, payload = base64.b64decode(entry["leaf"]), base64.b64decode(entry["payload"])
        assert leaf[-64:-32] == hashlib.sha256(payload).digest()
        top = hashlib.sha256(b"\0" + leaf).digest()
        assert path_root(top, entry["position"] - 1, size, [base64.b64decode(one) for one in entry["path"]]) == root
        assert payload[:1] == b"\1"
        school, length = uuid.UUID(bytes=payload[33:49]), int.from_bytes(payload[49:53], "big")
        log, rest = payload[53 : 53 + length].decode(), payload[53 + length :]
        below = (f"qorgan/{log}/{school}", int.from_bytes(rest[:8], "big"), rest[8:])
        assert self._checkpoint(proof["checkpoint"]) == below
        leaf_hash = base64.b64decode(proof["leaf_hash"])
        path = [base64.b64decode(one) for one in proof["path"]]
        assert path_root(leaf_hash, proof["position"] - 1, below[1], path) == below[2]
        return {"school": str(school), "position": proof["position"], "leaf_hash": leaf_hash, "origin": origin}

    def _checkpoint(self, note: str) -> tuple[str, int, bytes]:
        text, _, line = note.partition("\n\n")
        signature = base64.b64decode(line.split("\n")[0].split(" ")[2])
        self.their_signing_key.verify(signature[4:], f"{text}\n".encode())
        origin, size, root = text.split("\n")
        return origin, int(size), base64.b64decode(root)

    def refusal(self, timeout: float = 10) -> dict[str, Any]:
        """The next refusal."""
        body, _ = self._get(self.contract.refused, timeout)
        letter: dict[str, Any] = json.loads(body)
        return letter

    def answer(self, message: str, referral: str, data: dict[str, Any], **changed: Any) -> bytes:
        """The bytes of an answer; `changed` puts other values into the document, to see them refused."""
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        document = {
            "id": str(uuid.uuid4()),
            "source": self.me,
            "type": self.contract.type(message),
            "subject": referral,
            "time": now,
            "audience": self.contract.us,
            "data": data,
        } | changed
        return self.seal(document, self._signed(document))

    def seal(self, document: dict[str, Any], signed: bytes) -> bytes:
        """The CloudEvent around a signed document."""
        event = {name: document[name] for name in ("id", "source", "type", "subject", "time")}
        event |= {"specversion": self.contract.specversion, "datacontenttype": self.contract.data_content_type}
        return json.dumps({**event, "data": self._encrypted(signed)}).encode()

    def publish(self, body: bytes) -> None:
        """Sends bytes to the suite, persistently and confirmed."""
        properties = pika.BasicProperties(
            content_type=self.contract.content_type, delivery_mode=self.contract.delivery_mode
        )
        self.channel.basic_publish(self.contract.exchange, self.contract.routing_key, body, properties, mandatory=True)

    def _get(self, queue: str, timeout: float) -> tuple[bytes, Any]:
        ends = time.monotonic() + timeout
        while time.monotonic() < ends:
            method, properties, body = self.channel.basic_get(queue)
            if method is not None:
                self.channel.basic_ack(method.delivery_tag)
                return body, properties
            time.sleep(0.05)
        raise TimeoutError(f"nothing in {queue}")

    # -- JWS

    def _signed(self, document: dict[str, Any]) -> bytes:
        header = b64(json.dumps({"alg": self.contract.protection["jws"]["alg"], "kid": "sig-1"}).encode())
        signing_input = f"{header}.{b64(json.dumps(document, ensure_ascii=False).encode())}".encode()
        return signing_input + b"." + b64(self.keys.signing.sign(signing_input)).encode()

    def _verified(self, signed: bytes) -> dict[str, Any]:
        signing_input, _, signature = signed.rpartition(b".")
        self.their_signing_key.verify(unb64(signature.decode()), signing_input)
        header, _, payload = signing_input.decode().partition(".")
        assert json.loads(unb64(header))["alg"] == self.contract.protection["jws"]["alg"]
        document: dict[str, Any] = json.loads(unb64(payload))
        return document

    # -- JWE

    def _encrypted(self, plaintext: bytes) -> str:
        ephemeral, content_key, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(32), os.urandom(12)
        jwe = self.contract.protection["jwe"]
        header = b64(
            json.dumps(
                {
                    "alg": jwe["alg"],
                    "enc": jwe["enc"],
                    "kid": self.their_key_id,
                    "cty": jwe["cty"],
                    "epk": _ec_jwk(ephemeral.public_key()),
                }
            ).encode()
        )
        key_key = self._key_encryption_key(ephemeral.exchange(ec.ECDH(), self.their_encryption_key))
        sealed = AESGCM(content_key).encrypt(iv, plaintext, header.encode())
        wrapped = keywrap.aes_key_wrap(key_key, content_key)
        return ".".join([header, b64(wrapped), b64(iv), b64(sealed[:-16]), b64(sealed[-16:])])

    def _decrypted(self, compact: str) -> bytes:
        header, wrapped, iv, ciphertext, tag = compact.split(".")
        protected = json.loads(unb64(header))
        jwe = self.contract.protection["jwe"]
        assert (protected["alg"], protected["enc"]) == (jwe["alg"], jwe["enc"])
        shared = self.keys.decrypting.exchange(ec.ECDH(), _ec_public_key(protected["epk"]))
        content_key = keywrap.aes_key_unwrap(self._key_encryption_key(shared), unb64(wrapped))
        return AESGCM(content_key).decrypt(unb64(iv), unb64(ciphertext) + unb64(tag), header.encode())

    def _key_encryption_key(self, shared: bytes) -> bytes:
        """The Concat KDF as the document spells it out."""
        algorithm = self.contract.protection["jwe"]["alg"].encode()
        other = len(algorithm).to_bytes(4, "big") + algorithm + bytes(8) + (256).to_bytes(4, "big")
        return hashlib.sha256((1).to_bytes(4, "big") + shared + other).digest()


def _ec_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = key.public_numbers()
    x, y = (b64(number.to_bytes(32, "big")) for number in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _ec_public_key(jwk: dict[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def path_root(node: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 6962 section 2.1.1, from above: which half of the tree the leaf lies in says on which side its sibling is."""
    assert 0 <= index < size
    if size == 1:
        assert not path
        return node
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return hashlib.sha256(b"\1" + path_root(node, index, half, path[:-1]) + path[-1]).digest()
    return hashlib.sha256(b"\1" + path[-1] + path_root(node, index - half, size - half, path[:-1])).digest()
