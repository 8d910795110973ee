"""Our keys for partners: the service's Ed25519 key signs, a P-256 key of its own opens what partners encrypt to us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import ECKey, OKPKey

from services.referrals.partners.names import KEY_AGREEMENT, SIGNATURE
from shared.sealing.files import write_once
from shared.signing import KeyRing, SigningKey, public_pem

ENCRYPTION_FILE, PUBLIC_FILE = "encryption.jwk", "public.jwks.json"


@dataclass(frozen=True)
class SuiteKeys:
    """What we sign with and what partners encrypt to, each with its key id."""

    signing: OKPKey
    signing_id: str
    encryption: ECKey
    also: Mapping[str, Ed25519PublicKey] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, signing_key: SigningKey, ring: KeyRing | None = None) -> Self:
        """The keys of `folder` (mode 0600), made when there are none; the public ones go beside them for partners.

        `ring` has the signing keys that are prepared, or were signed with before.
        """
        path = folder / ENCRYPTION_FILE
        if not path.exists():
            new = ECKey.generate_key("P-256").as_dict(private=True)
            write_once(path, json.dumps(new, sort_keys=True).encode())
        known = ring.keys_of(signing_key.service) if ring else {}
        also = {key_id: key for key_id, key in known.items() if key_id != signing_key.id}
        keys = cls(signing_key.jwk, signing_key.id, ECKey.import_key(json.loads(path.read_bytes())), also)
        (folder / PUBLIC_FILE).write_text(json.dumps(keys.public(), indent=1, sort_keys=True) + "\n")
        return keys

    @property
    def encryption_id(self) -> str:
        """The id of the key that partners encrypt to: its thumbprint (RFC 7638)."""
        return self.encryption.thumbprint()

    def public(self) -> dict[str, Any]:
        """Our public keys as partners get them, a JWK set (RFC 7517): of those for signatures the one in use last."""
        signing = {key_id: OKPKey.import_key(public_pem(key)) for key_id, key in self.also.items()}
        signing[self.signing_id] = self.signing
        described: list[dict[str, Any]] = [
            dict(key.as_dict(private=False)) | {"kid": key_id, "use": "sig", "alg": SIGNATURE}
            for key_id, key in signing.items()
        ]
        encryption = self.encryption.as_dict(private=False)
        return {"keys": [*described, encryption | {"kid": self.encryption_id, "use": "enc", "alg": KEY_AGREEMENT}]}


@dataclass(frozen=True)
class PartnerKeys:
    """An agency's public keys from the directory: we encrypt to one and verify with the other."""

    encryption: ECKey
    encryption_id: str
    signing: OKPKey

    @classmethod
    def of_entry(cls, encryption_key: dict[str, Any], signing_key: dict[str, Any]) -> Self:
        """From the JWKs of the directory's entry; only P-256 and Ed25519 are taken. Raises ValueError."""
        if (encryption_key.get("kty"), encryption_key.get("crv")) != ("EC", "P-256"):
            raise ValueError("encryption key is not P-256")
        if (signing_key.get("kty"), signing_key.get("crv")) != ("OKP", "Ed25519"):
            raise ValueError("signing key is not Ed25519")
        encryption = ECKey.import_key({name: encryption_key[name] for name in ("kty", "crv", "x", "y")})
        signing = OKPKey.import_key({name: signing_key[name] for name in ("kty", "crv", "x")})
        return cls(encryption, str(encryption_key.get("kid") or encryption.thumbprint()), signing)
