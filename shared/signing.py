"""The keys that services sign with: one private key each, and the public keys of all in one folder.

Several keys of a service may lie side by side, so that a new one can overlap the old.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self
from uuid import uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

FORMER = "former"
"""The folder, beside the public keys, of those that were retired."""
SECONDS_BETWEEN_RELOADS = 1.0
SECONDS_BELIEVED = 60.0


def _key_id(service: str, public_key: Ed25519PublicKey) -> str:
    raw = public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"{service}-{hashlib.sha256(raw).hexdigest()[:8]}"


def service_of(key_id: str) -> str:
    """The service that a key id belongs to."""
    return key_id.rpartition("-")[0]


def public_pem(public_key: Ed25519PublicKey) -> bytes:
    """The key as PEM (SubjectPublicKeyInfo)."""
    return public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


class SigningKey:
    """A service's private Ed25519 key; `id` is `<service>-<first 8 hex digits of SHA-256 of the public key>`."""

    def __init__(self, service: str, private_key: Ed25519PrivateKey) -> None:
        self.service = service
        self.private_key = private_key
        self.public_key = private_key.public_key()
        self.id = _key_id(service, self.public_key)
        self.jwk = OKPKey.import_key(self.pem())

    @classmethod
    def generate(cls, service: str) -> Self:
        """A new key of `service`."""
        return cls(service, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path, service: str | None = None) -> Self:
        """The key saved at `path`; its service is the file's name before the last hyphen, unless told."""
        private_key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(private_key, Ed25519PrivateKey):
            raise TypeError("not an Ed25519 key")
        return cls(service or service_of(path.stem) or path.stem, private_key)

    def save(self, path: Path) -> None:
        """Writes the private key as PEM (PKCS #8), readable by its owner only; an existing file is never replaced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self.pem())

    def publish(self, folder: Path) -> Path:
        """Writes the public key into a key ring's folder, as `<key id>.pem`."""
        folder.mkdir(parents=True, exist_ok=True)
        path, swap = folder / f"{self.id}.pem", folder / f".{self.id}.{uuid4().hex}"
        swap.write_bytes(public_pem(self.public_key))
        swap.replace(path)
        return path

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature (RFC 8032)."""
        return self.private_key.sign(message)

    def pem(self) -> bytes:
        """The private key as PEM (PKCS #8)."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class KeyRing:
    """The public keys of all services: each `<key id>.pem` of a folder.

    Read again when an unknown id is asked for, and every minute: a key that was taken out of the folder is then
    believed no more.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._former: dict[str, Ed25519PublicKey] = {}
        self._read_at = float("-inf")

    @classmethod
    def of(cls, *keys: SigningKey) -> Self:
        """A ring of these keys alone, with no folder behind it."""
        ring = cls(Path())
        ring._keys = {key.id: key.public_key for key in keys}
        ring._read_at = float("inf")
        return ring

    def public_key(self, key_id: str) -> Ed25519PublicKey | None:
        """The key of that id, or None."""
        age = time.monotonic() - self._read_at
        if age >= (SECONDS_BELIEVED if key_id in self._keys else SECONDS_BETWEEN_RELOADS):
            self._keys = dict(_read(self.folder))
            self._read_at = time.monotonic()
        return self._keys.get(key_id)

    def key_ever(self, key_id: str) -> Ed25519PublicKey | None:
        """The key of that id, also where it was retired: for what was signed once and stays, as checkpoints do."""
        found = self.public_key(key_id) or self._former.get(key_id)
        if found is None and self.folder != Path():
            self._former = dict(_read(self.folder / FORMER))
            found = self._former.get(key_id)
        return found

    def keys_of(self, service: str) -> dict[str, Ed25519PublicKey]:
        """The keys by which a service is believed now, by id."""
        return {key_id: key for key_id, key in _read(self.folder) if service_of(key_id) == service}

    def verify(self, key_id: str, message: bytes, signature: bytes, service: str) -> bool:
        """Whether `signature` is one of `service` over `message`, under the key of that id."""
        public_key = self.public_key(key_id) if service_of(key_id) == service else None
        if public_key is None:
            return False
        try:
            public_key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def _read(folder: Path) -> Iterable[tuple[str, Ed25519PublicKey]]:
    for path in sorted(folder.glob("*.pem")):
        try:
            public_key = serialization.load_pem_public_key(path.read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(public_key, Ed25519PublicKey) and _key_id(service_of(path.stem), public_key) == path.stem:
            yield path.stem, public_key
