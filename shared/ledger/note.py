"""Signed notes that carry a checkpoint of a log, in the C2SP formats signed-note and tlog-checkpoint.

    qorgan/<log>/<tenant>
    <size, decimal>
    <root, base64>

    — <key name> <base64 of key hash[4] || Ed25519 signature[64]>

Each line ends with a newline; what is signed are the first three lines with theirs. The key hash is the first four
bytes of SHA-256(key name || 0A || 01 || public key[32]). Standard library and `cryptography` only: an auditor's checker
uses this module too.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
DASH = "— "
HASH_SIZE = 32
SIGNATURES = re.compile(r"(— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n)+")
CHECKPOINT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]*)\n(?P<root>[^\n]+)\n")


class NoteError(Exception):
    """A note that is not one, or is not signed by the key it should be; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Signer(Protocol):
    """Whatever signs as Ed25519 does (`shared.signing.SigningKey`)."""

    public_key: Ed25519PublicKey

    def sign(self, message: bytes) -> bytes:
        """The signature's 64 bytes (RFC 8032)."""
        ...


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: the log named by `origin` had `size` leaves, and `root` was the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin_of(log: str, tenant: UUID) -> str:
    """The name that a tenant's log has in its checkpoints."""
    return f"qorgan/{log}/{tenant}"


def key_hash(name: str, public_key: Ed25519PublicKey, kind: bytes = ED25519) -> bytes:
    """The four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + kind + public_key.public_bytes_raw()).digest()[:4]


def sign_note(checkpoint: Checkpoint, name: str, signer: Signer) -> str:
    """The signed note of a checkpoint."""
    text = checkpoint.text()
    return f"{text}\n{DASH}{name} {signature_line(text, name, signer)}\n"


def signature_line(text: str, name: str, signer: Signer) -> str:
    """What stands behind the name on a signature line under this text."""
    signature = key_hash(name, signer.public_key) + signer.sign(text.encode())
    return base64.b64encode(signature).decode()


def verify_note(note: str, name: str, public_key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note that `name` signed with that key. Raises NoteError."""
    return _checkpoint(signed_text(note, name, public_key))


def signed_text(note: str, name: str, public_key: Ed25519PublicKey) -> str:
    """The text of a note that `name` signed with that key. Raises NoteError."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not SIGNATURES.fullmatch(signatures):
        raise NoteError("note_malformed")
    text += "\n"
    expected = key_hash(name, public_key)
    for signature in (_signature(line, name) for line in signatures.splitlines()):
        if signature and signature[:4] == expected:
            try:
                public_key.verify(signature[4:], text.encode())
            except InvalidSignature:
                raise NoteError("note_signature_wrong") from None
            return text
    raise NoteError("note_not_signed_by_the_key")


def signer_of(note: str) -> str:
    """The key name on a note's first signature line, unverified. Raises NoteError."""
    line = note.rpartition("\n\n")[2]
    if not line.startswith(DASH):
        raise NoteError("note_malformed")
    return line.removeprefix(DASH).split(" ", 1)[0]


def _signature(line: str, name: str) -> bytes | None:
    if not line.startswith(f"{DASH}{name} "):
        return None
    return _base64(line.removeprefix(f"{DASH}{name} "))


def _checkpoint(text: str) -> Checkpoint:
    found = CHECKPOINT.fullmatch(text)
    root = _base64(found["root"]) if found else None
    if found is None or root is None or len(root) != HASH_SIZE:
        raise NoteError("note_malformed")
    return Checkpoint(found["origin"], int(found["size"]), root)


def _base64(text: str) -> bytes | None:
    """The bytes of canonical base64, None for anything else."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None
