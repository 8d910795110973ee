"""Keys of tenants and streams: stream keys wrapped by their tenant's key, tenant keys by the master key.

Tenant keys and the master key stay outside the databases. A folder of 0600 files is one store of them; a key management
service can be another behind the same three methods.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections import OrderedDict
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.seal import KEY_SIZE, NONCE_SIZE, UnsealError

HELD_SECONDS = 60.0
HELD_KEYS = 10_000
FIRST_GENERATION = 1


class TenantKeys(Protocol):
    """Wraps stream keys and gives keys for blind indexes; a tenant's key never leaves it."""

    def wrap(self, tenant: UUID, stream: UUID, key: bytes) -> bytes:
        """A stream key, wrapped for storage in the database."""
        ...

    def unwrap(self, tenant: UUID, stream: UUID, wrapped: bytes) -> bytes:
        """The stream key that `wrap` wrapped. Raises UnsealError."""
        ...

    def blind_key(self, tenant: UUID, field: str) -> bytes:
        """The key of a tenant's blind index over `field`."""
        ...


class KeyCache:
    """Unwrapped keys, each held for a minute at most: every use lets go of those that are past it."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[UUID, UUID], tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tenant: UUID, stream: UUID) -> bytes | None:
        """The key, if it was put less than a minute ago."""
        with self._lock:
            self._let_go()
            held = self._held.get((tenant, stream))
        return None if held is None else held[1]

    def put(self, tenant: UUID, stream: UUID, key: bytes) -> None:
        """Holds a key; the oldest goes where there are too many."""
        with self._lock:
            self._held[(tenant, stream)] = (monotonic(), key)
            self._held.move_to_end((tenant, stream))
            self._let_go()

    def _let_go(self) -> None:
        now = monotonic()
        while self._held:
            since, _ = next(iter(self._held.values()))
            if len(self._held) <= HELD_KEYS and now - since <= HELD_SECONDS:
                return
            self._held.popitem(last=False)


class FolderTenantKeys:
    """Tenant keys as files `<folder>/<tenant>.<generation>.key`, wrapped by the master key, made when first needed.

    A wrapped stream key is generation[4] || nonce[12] || AES-256-GCM(tenant key, nonce, stream key,
    tenant[16] || stream[16]).
    """

    def __init__(self, folder: Path, master_key: bytes) -> None:
        self.folder = folder
        self._master = AESGCM(master_key)
        self._cache = KeyCache()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def wrap(self, tenant: UUID, stream: UUID, key: bytes) -> bytes:
        """A stream key, wrapped for storage in the database."""
        nonce = os.urandom(NONCE_SIZE)
        sealed = AESGCM(self._tenant_key(tenant, create=True)).encrypt(nonce, key, tenant.bytes + stream.bytes)
        return FIRST_GENERATION.to_bytes(4, "big") + nonce + sealed

    def unwrap(self, tenant: UUID, stream: UUID, wrapped: bytes) -> bytes:
        """The stream key that `wrap` wrapped. Raises UnsealError."""
        nonce, sealed = wrapped[4 : 4 + NONCE_SIZE], wrapped[4 + NONCE_SIZE :]
        try:
            return AESGCM(self._tenant_key(tenant)).decrypt(nonce, sealed, tenant.bytes + stream.bytes)
        except (InvalidTag, ValueError, FileNotFoundError):
            raise UnsealError from None

    def blind_key(self, tenant: UUID, field: str) -> bytes:
        """The key of a tenant's blind index over `field`."""
        return hmac.new(
            self._tenant_key(tenant, create=True), b"qorgan blind index 1" + field.encode(), sha256
        ).digest()

    def _tenant_key(self, tenant: UUID, *, create: bool = False) -> bytes:
        held = self._cache.get(tenant, tenant)
        if held is not None:
            return held
        path = self.folder / f"{tenant}.{FIRST_GENERATION}.key"
        if create and not path.exists():
            self._make(path, tenant)
        sealed = path.read_bytes()
        key = self._master.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], tenant.bytes)
        self._cache.put(tenant, tenant, key)
        return key

    def _make(self, path: Path, tenant: UUID) -> None:
        nonce = os.urandom(NONCE_SIZE)
        write_once(path, nonce + self._master.encrypt(nonce, os.urandom(KEY_SIZE), tenant.bytes))


def master_key(path: Path) -> bytes:
    """The installation's master key from its file, which is made (mode 0600) when there is none."""
    if not path.exists():
        write_once(path, os.urandom(KEY_SIZE))
    return path.read_bytes()


def write_once(path: Path, content: bytes) -> None:
    """Writes a file of mode 0600 whole or not at all; where another process was first, that one's content stays.

    Returns once both content and name would outlive a power cut: what is sealed under a key must not outlive the key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Makes the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
