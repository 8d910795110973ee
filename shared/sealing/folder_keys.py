"""Tenants' keys in a folder of files of mode 0600, each wrapped by the master key and made when first needed.

    <tenant>.<generation>.key   wraps stream keys
    <tenant>.<field>.blind      of a blind index; made from the tenant's key of that time, and outlives it
    <tenant>.destroyed          the tenant was destroyed: it never has a key again
    destroyed.jsonl             the stream keys that were destroyed for good, a line each

A wrapped stream key is generation[4] || nonce[12] || AES-256-GCM(tenant key, nonce, stream key,
tenant[16] || stream[16]). A file is master generation[4] || nonce[12] || AES-256-GCM(master key, nonce, key, tenant[16]
|| field); files of the first version, 60 bytes long, lack the generation, which is 1.
"""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.ids import derived_id
from shared.sealing.files import alone_in, replace, shred, sync_folder, write_once
from shared.sealing.keys import GENERATION_SIZE, Destroyed, KeyCache, TenantDestroyedError, generation_of
from shared.sealing.master_keys import MasterKeys
from shared.sealing.seal import KEY_SIZE, NONCE_SIZE, UnsealError

FIRST_GENERATION = 1
# Blind keys that installations derived from the first tenant key before they were files: kept when that key goes.
DERIVED_BEFORE = ("checkpoint salt", "login", "position")


class FolderTenantKeys:
    """The keys of one service's tenants. Reading a key is cached for a minute at most."""

    def __init__(self, folder: Path, master: MasterKeys) -> None:
        self.folder = folder
        self._master = master
        self._cache = KeyCache()
        self._newest: dict[UUID, int] = {}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def wrap(self, tenant: UUID, stream: UUID, key: bytes) -> bytes:
        """A stream key, wrapped for storage in the database."""
        generation, wrapping = self._wrapping(tenant)
        nonce = os.urandom(NONCE_SIZE)
        sealed = AESGCM(wrapping).encrypt(nonce, key, tenant.bytes + stream.bytes)
        return generation.to_bytes(GENERATION_SIZE, "big") + nonce + sealed

    def unwrap(self, tenant: UUID, stream: UUID, wrapped: bytes) -> bytes:
        """The stream key that `wrap` wrapped. Raises UnsealError."""
        nonce, sealed = wrapped[GENERATION_SIZE:][:NONCE_SIZE], wrapped[GENERATION_SIZE + NONCE_SIZE :]
        try:
            key = self._tenant_key(tenant, generation_of(wrapped))
            return AESGCM(key).decrypt(nonce, sealed, tenant.bytes + stream.bytes)
        except (InvalidTag, ValueError, FileNotFoundError, TenantDestroyedError):
            raise UnsealError from None

    def blind_key(self, tenant: UUID, field: str) -> bytes:
        """The key of a tenant's blind index over `field`: the same through all generations."""
        held = derived_id(tenant, "blind key", field)
        key = self._cache.get(tenant, held)
        if key is None:
            path = self._blind_path(tenant, field)
            if not path.exists():
                self._make_blind(tenant, field)
            key = self._read(path, tenant, field)
            self._cache.put(tenant, held, key)
        return key

    def begin_generation(self, tenant: UUID) -> int:
        """Makes a new key of the tenant, which wraps from now on; gives its number."""
        generation = self.newest(tenant)
        if generation == FIRST_GENERATION:
            for field in DERIVED_BEFORE:
                self.blind_key(tenant, field)
        self._make(tenant, generation + 1)
        return self.newest(tenant)

    def destroy_generations_before(self, tenant: UUID, generation: int) -> None:
        """Destroys the tenant's older keys: what they wrapped, in whichever copy, opens no more."""
        for older in self.generations(tenant):
            if older < generation:
                with alone_in(self.folder):
                    shred(self._path(tenant, older))
                self._cache.forget(tenant, _held(tenant, older))

    def destroy_tenant(self, tenant: UUID) -> None:
        """Destroys every key of a tenant, blind indexes too; none is ever made for it again. Done anew, does nothing.

        The marker comes first: broken off, it is done again by whoever finds it.
        """
        write_once(self._marker(tenant), b"")
        with alone_in(self.folder):
            for path in [*self.folder.glob(f"{tenant}.*.key"), *self.folder.glob(f"{tenant}.*.blind")]:
                shred(path)
        self._cache.forget_all_of(tenant)
        self._newest.pop(tenant, None)

    def is_destroyed(self, tenant: UUID) -> bool:
        """Whether a tenant was destroyed."""
        return self._marker(tenant).exists()

    def destroyed_tenants(self) -> Sequence[UUID]:
        """The tenants that were destroyed."""
        return sorted(UUID(path.stem) for path in self.folder.glob("*.destroyed"))

    def note_destroyed(self, destroyed: Sequence[Destroyed]) -> None:
        """Remembers, outside the databases and their backups, which stream keys must never be there again."""
        lines = "".join(
            json.dumps(
                {
                    "tenant": str(one.tenant),
                    "stream": str(one.stream),
                    "erasure": str(one.erasure),
                    "destroyed_at": one.destroyed_at,
                }
            )
            + "\n"
            for one in destroyed
        )
        with os.fdopen(os.open(self._journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.folder)

    def destroyed(self) -> Sequence[Destroyed]:
        """All that `note_destroyed` was told, in that order, each once."""
        if not self._journal.exists():
            return []
        found: dict[tuple[UUID, UUID], Destroyed] = {}
        for line in self._journal.read_text().splitlines():
            one = json.loads(line)
            ids = {name: UUID(one[name]) for name in ("tenant", "stream", "erasure")}
            found.setdefault((ids["tenant"], ids["stream"]), Destroyed(**ids, destroyed_at=one["destroyed_at"]))
        return list(found.values())

    def rewrap_all(self) -> Iterator[tuple[int, int]]:
        """Wraps every file's key anew under the newest master key; yields (done, all) after each."""
        with alone_in(self.folder):
            files = self.files()
        for done, path in enumerate(files, start=1):
            tenant, field = UUID(path.name.partition(".")[0]), self._field_of(path)
            with alone_in(self.folder):
                if path.exists():
                    replace(path, self._sealed(self._read(path, tenant, field), tenant, field))
            yield done, len(files)

    def files(self) -> list[Path]:
        """The files of all tenants that hold a key."""
        return sorted([*self.folder.glob("*.key"), *self.folder.glob("*.blind")])

    def master_generations(self) -> set[int]:
        """The generations of the master key that wrap anything here."""
        return {generation_of(self._content(path)) for path in self.files()}

    @property
    def _journal(self) -> Path:
        return self.folder / "destroyed.jsonl"

    def newest(self, tenant: UUID) -> int:
        """The generation of a tenant's key that wraps, also where another process began it; the first is made."""
        generation = self._newest.get(tenant) or self._first_found(tenant)
        if not generation:
            self._make(tenant, FIRST_GENERATION)
            generation = FIRST_GENERATION
        while self._path(tenant, generation + 1).exists():
            generation += 1
        self._newest[tenant] = generation
        return generation

    def _first_found(self, tenant: UUID) -> int:
        """Some generation that is there, 0 where none is; the folder of all tenants is seldom listed for it."""
        is_first = self._path(tenant, FIRST_GENERATION).exists()
        return FIRST_GENERATION if is_first else max(self.generations(tenant), default=0)

    def _wrapping(self, tenant: UUID) -> tuple[int, bytes]:
        """The newest generation with its key; looks again where another process has just destroyed it."""
        generation = self.newest(tenant)
        try:
            return generation, self._tenant_key(tenant, generation)
        except FileNotFoundError:
            del self._newest[tenant]
            generation = self.newest(tenant)
            return generation, self._tenant_key(tenant, generation)

    def generations(self, tenant: UUID) -> list[int]:
        """The generations of a tenant's key that there are, in order."""
        with os.scandir(self.folder) as there:  # one by one: the folder holds the keys of all tenants
            parts = [entry.name.split(".") for entry in there if entry.name.startswith(f"{tenant}.")]
        return sorted(int(part[1]) for part in parts if len(part) == 3 and part[2] == "key")  # noqa: PLR2004 - as _path

    def _tenant_key(self, tenant: UUID, generation: int) -> bytes:
        held = self._cache.get(tenant, _held(tenant, generation))
        if held is not None:
            return held
        if self.is_destroyed(tenant):  # also where a backup brought its key back
            raise TenantDestroyedError
        key = self._read(self._path(tenant, generation), tenant, "")
        self._cache.put(tenant, _held(tenant, generation), key)
        return key

    def _make(self, tenant: UUID, generation: int) -> None:
        self._write(tenant, self._path(tenant, generation), os.urandom(KEY_SIZE), "")

    def _make_blind(self, tenant: UUID, field: str) -> None:
        _, root = self._wrapping(tenant)
        key = hmac.new(root, b"qorgan blind index 1" + field.encode(), sha256).digest()
        self._write(tenant, self._blind_path(tenant, field), key, field)

    def _write(self, tenant: UUID, path: Path, key: bytes, field: str) -> None:
        with alone_in(self.folder):
            if self.is_destroyed(tenant):
                raise TenantDestroyedError
            write_once(path, self._sealed(key, tenant, field))

    def _sealed(self, key: bytes, tenant: UUID, field: str) -> bytes:
        generation, nonce = self._master.newest(), os.urandom(NONCE_SIZE)
        sealed = AESGCM(self._master.key(generation)).encrypt(nonce, key, tenant.bytes + field.encode())
        return generation.to_bytes(GENERATION_SIZE, "big") + nonce + sealed

    def _read(self, path: Path, tenant: UUID, field: str) -> bytes:
        content = self._content(path)
        try:
            master = self._master.key(generation_of(content))
        except FileNotFoundError:
            before, content = content, self._content(path)
            if content == before:
                raise
            master = self._master.key(generation_of(content))  # the master key was replaced meanwhile
        nonce, sealed = content[GENERATION_SIZE:][:NONCE_SIZE], content[GENERATION_SIZE + NONCE_SIZE :]
        return AESGCM(master).decrypt(nonce, sealed, tenant.bytes + field.encode())

    def _content(self, path: Path) -> bytes:
        content = path.read_bytes()
        has_generation = len(content) >= GENERATION_SIZE + NONCE_SIZE + KEY_SIZE + 16
        return content if has_generation else FIRST_GENERATION.to_bytes(GENERATION_SIZE, "big") + content

    def _marker(self, tenant: UUID) -> Path:
        return self.folder / f"{tenant}.destroyed"

    def _path(self, tenant: UUID, generation: int) -> Path:
        return self.folder / f"{tenant}.{generation}.key"

    def _blind_path(self, tenant: UUID, field: str) -> Path:
        if not re.fullmatch(r"[a-z]+( [a-z]+)*", field):
            raise ValueError(f"a blind index is named by small letters, not {field!r}")
        return self.folder / f"{tenant}.{field.replace(' ', '-')}.blind"

    def _field_of(self, path: Path) -> str:
        return path.suffixes[-2][1:].replace("-", " ") if path.suffix == ".blind" else ""


def _held(tenant: UUID, generation: int) -> UUID:
    """Under which id a tenant's key is in the cache."""
    return derived_id(tenant, "tenant key", str(generation))
