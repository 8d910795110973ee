"""Cosignatures of witnesses, C2SP tlog-cosignature (cosignature/v1): one more signature line of a checkpoint's note.

    — <witness name> <base64 of key hash[4] || time[8] || Ed25519 signature[64]>

Time is seconds since 1970 UTC, big-endian; the key hash is the first four bytes of SHA-256(name || 0A || 04 || public
key[32]). What is signed:

    cosignature/v1
    time <seconds, decimal>
    <the note's text>
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.ledger.note import DASH, NoteError, Signer, key_hash

KIND = b"\x04"
SIZE = 4 + 8 + 64


def cosign(note: str, name: str, signer: Signer, at: int) -> str:
    """The note with a witness's cosignature of the time `at` (seconds since 1970 UTC) behind its signatures."""
    stamp = at.to_bytes(8, "big")
    signed = key_hash(name, signer.public_key, KIND) + stamp + signer.sign(_message(note, at))
    return f"{note}{DASH}{name} {base64.b64encode(signed).decode()}\n"


def cosigned_at(note: str, name: str, public_key: Ed25519PublicKey) -> int:
    """When a witness cosigned a note, in seconds since 1970 UTC. Raises NoteError where it did not, or not so."""
    expected = key_hash(name, public_key, KIND)
    for line in note.rpartition("\n\n")[2].splitlines():
        blob = _blob(line, name)
        if blob[:4] == expected and len(blob) == SIZE:
            at = int.from_bytes(blob[4:12], "big")
            try:
                public_key.verify(blob[12:], _message(note, at))
            except InvalidSignature:
                raise NoteError("note_signature_wrong") from None
            return at
    raise NoteError("note_not_signed_by_the_key")


def _message(note: str, at: int) -> bytes:
    text = note.rpartition("\n\n")[0] + "\n"
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _blob(line: str, name: str) -> bytes:
    if not line.startswith(f"{DASH}{name} "):
        return b""
    try:
        return base64.b64decode(line.removeprefix(f"{DASH}{name} "), validate=True)
    except (binascii.Error, ValueError):
        return b""
