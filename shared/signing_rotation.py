"""Rotation of a service's signing key: prepared, then signed with, and the one before retired.

    <keys>/signing/<service>.pem             signs; read by each process when it starts
    <keys>/signing/<service>.next.pem        prepared: known to everybody, signs nothing yet
    <keys>/public/<key id>.pem               believed in what is said now
    <keys>/public/<key id>.succession        the key before vouches for this one (shared/ledger/succession.py)
    <keys>/public/former/<key id>.pem        believed only for what it signed of the ledger before

Each step may be broken off and done again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from shared.ledger.public_key import PublicKey
from shared.ledger.succession import Succession
from shared.sealing.files import replace, shred, sync_folder, write_once
from shared.signing import FORMER, SigningKey


def signing_file(keys: Path, service: str) -> Path:
    """Where the key lies that a service signs with."""
    return keys / "signing" / f"{service}.pem"


def prepare_key(keys: Path, service: str) -> SigningKey:
    """Makes the key that the service will sign with, and makes it known; the one prepared before, if there is one."""
    path = next_file(keys, service)
    if path.exists() and SigningKey.load(path, service).id == SigningKey.load(signing_file(keys, service), service).id:
        shred(path)  # broken off once it signed
    if not path.exists():
        write_once(path, SigningKey.generate(service).pem())
    key = SigningKey.load(path, service)
    key.publish(keys / "public")
    return key


def vouch(keys: Path, service: str) -> tuple[SigningKey, SigningKey, str]:
    """Has the key that signs vouch for the prepared one; gives both and the note."""
    before, following = SigningKey.load(signing_file(keys, service), service), prepare_key(keys, service)
    note = Succession(service=service, before=_public(before), next=_public(following)).signed(before)
    replace(keys / "public" / f"{following.id}.succession", note.encode())
    return before, following, note


def switch(keys: Path, service: str) -> None:
    """Puts the prepared key in the place of the one that signs, which is destroyed.

    Processes sign with the one before until they are started again.
    """
    path = signing_file(keys, service)
    old = path.with_name(f".{service}.before.pem")
    shred(old)
    os.link(path, old)
    replace(path, next_file(keys, service).read_bytes())
    shred(old)
    shred(next_file(keys, service))


def retire_keys(keys: Path, service: str) -> list[str]:
    """Takes every key of a service but the one that signs, and the one prepared, out of what is believed now."""
    kept = {SigningKey.load(signing_file(keys, service), service).id}
    if next_file(keys, service).exists():
        kept.add(prepare_key(keys, service).id)
    retired = []
    (keys / "public" / FORMER).mkdir(exist_ok=True, mode=0o700)
    for path in sorted((keys / "public").glob(f"{service}-*.pem")):
        if path.stem not in kept:
            path.replace(keys / "public" / FORMER / path.name)
            retired.append(path.stem)
    sync_folder(keys / "public")
    return retired


def successions(public: Path, key_id: str) -> Sequence[str]:
    """The notes that lead to a key from the first that there was, oldest first."""
    notes: list[str] = []
    while (path := public / f"{key_id}.succession").exists():
        note = path.read_text(encoding="utf-8")
        if note in notes:
            break
        notes.append(note)
        key_id = Succession.of(note).before.name
    return notes[::-1]


def _public(key: SigningKey) -> PublicKey:
    return PublicKey(name=key.id, raw=key.public_key.public_bytes_raw())


def next_file(keys: Path, service: str) -> Path:
    """Where the key lies that is prepared."""
    return signing_file(keys, service).with_suffix(".next.pem")
