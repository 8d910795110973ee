"""A public key with the name that its signatures carry, as offers, witnesses and succession notes hold it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """An Ed25519 key, its 32 bytes, by the name that signatures carry."""

    name: str
    raw: bytes

    @property
    def key(self) -> Ed25519PublicKey:
        """The key."""
        return Ed25519PublicKey.from_public_bytes(self.raw)

    @property
    def text(self) -> str:
        """Its bytes in base64."""
        return base64.b64encode(self.raw).decode()

    def as_json(self) -> dict[str, str]:
        """JSON values."""
        return {"name": self.name, "public_key": self.text}

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        """From JSON values. ValueError where it is no key."""
        found = cls(name=data["name"], raw=base64.b64decode(data["public_key"], validate=True))
        Ed25519PublicKey.from_public_bytes(found.raw)
        return found
