"""A succession: the note in which a service's signing key vouches for the one that signs from now on.

    qorgan/succession/<service>
    <key name> <base64 of the 32 bytes>          the key before
    <key name> <base64 of the 32 bytes>          the key that follows

    — <name of the key before> <base64 of key hash[4] || Ed25519 signature[64]>

A signed note as in shared/ledger/note.py. A witness that pinned the key before follows it to the next, and to no other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from shared.ledger.note import DASH, NoteError, Signer, signature_line, signed_text
from shared.ledger.public_key import PublicKey

TEXT = re.compile(r"qorgan/succession/(?P<service>[^\s/]+)\n(?P<before>\S+ \S+)\n(?P<next>\S+ \S+)\n")


@dataclass(frozen=True, kw_only=True)
class Succession:
    """`service` signs with `next` where it signed with `before`."""

    service: str
    before: PublicKey
    next: PublicKey

    def text(self) -> str:
        """The three lines that are signed."""
        return f"qorgan/succession/{self.service}\n{_line(self.before)}\n{_line(self.next)}\n"

    def signed(self, signer: Signer) -> str:
        """The note; `signer` is the key before."""
        text = self.text()
        return f"{text}\n{DASH}{self.before.name} {signature_line(text, self.before.name, signer)}\n"

    @classmethod
    def of(cls, note: str) -> Self:
        """What a note says, once the key before signed it. Raises NoteError."""
        found = TEXT.fullmatch(note.rpartition("\n\n")[0] + "\n")
        try:
            if found is None:
                raise ValueError
            before, following = (PublicKey.of(_fields(found[name])) for name in ("before", "next"))
        except ValueError:
            raise NoteError("succession_malformed") from None
        signed_text(note, before.name, before.key)
        return cls(service=found["service"], before=before, next=following)


def following(key: PublicKey, service: str, notes: Sequence[str]) -> list[tuple[str, PublicKey]]:
    """The keys that follow `key`, each with the note of the key before it, as far as the notes lead.

    Notes that lead nowhere are passed over: whoever is told of a key that no note leads to refuses that key.
    """
    found: list[tuple[str, PublicKey]] = []
    for note in notes:
        try:
            said = Succession.of(note)
        except NoteError:
            continue
        if said.service == service and said.before == key:
            found.append((note, said.next))
            key = said.next
    return found


def _line(key: PublicKey) -> str:
    return f"{key.name} {key.text}"


def _fields(line: str) -> dict[str, str]:
    name, _, key = line.partition(" ")
    return {"name": name, "public_key": key}
