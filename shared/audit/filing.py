"""A proof of filing: that events stand in a log, signed for and checked with no server, no database and no network.

The file is described in docs/proof.md. Standard library and `cryptography` only, as the checker of audit bundles.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.ledger.leaf import Leaf
from shared.ledger.merkle import is_consistent, leaf_hash, root_from_inclusion
from shared.ledger.note import DASH, Checkpoint, NoteError, Signer, origin_of, signature_line, signed_text, verify_note
from shared.sealing.seal import Place, UnsealError, key_commitment, unseal

FORMAT = "qorgan proof of filing 1"
PARTS = frozenset({"format", "statement", "events", "checkpoint", "entry", "continues", "key"})
_ENTRY_VERSION = 1


class MalformedError(Exception):
    """The file is no proof of filing; `where` names the part that can't be read."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong: in which part of the file, and a code."""

    where: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Filed:
    """One event of a proof: its leaf, and the facts that its content opened to (None: the file has no content)."""

    leaf: Leaf
    facts: Mapping[str, Any] | None


@dataclass(kw_only=True)
class CheckedProof:
    """The outcome: sound if there are no faults."""

    issued_at: str = ""
    events: list[Filed] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    above: Checkpoint | None = None
    key_name: str = ""
    public_key: bytes = b""
    is_pinned: bool = False
    faults: list[Fault] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's 32 bytes, in hexadecimal."""
        return sha256(self.public_key).hexdigest()


@dataclass(frozen=True)
class Statement:
    """What is signed for: which events stood where in whose log, at which moment."""

    text: str

    def signed(self, name: str, signer: Signer) -> str:
        """As a signed note (C2SP)."""
        return f"{self.text}\n{DASH}{name} {signature_line(self.text, name, signer)}\n"


def statement_of(log: str, tenant: UUID, issued_at: str, places: Sequence[tuple[int, bytes]]) -> Statement:
    """The statement about events at these positions, each with its leaf's hash."""
    lines = [FORMAT, origin_of(log, tenant), issued_at, *(f"{at} {_base64(leaf)}" for at, leaf in places)]
    return Statement("".join(f"{line}\n" for line in lines))


def check_proof(content: bytes, trusted: Mapping[str, bytes] | None = None) -> CheckedProof:
    """Checks one proof by itself; `trusted` pins public keys (32 bytes) by name: then no other key is believed."""
    checked = CheckedProof()
    try:
        _Check(_read(content), checked, trusted).run()
    except MalformedError as error:
        checked.faults.append(Fault(where=error.where, code="malformed"))
    return checked


def compare(earlier: CheckedProof, later: CheckedProof, content: bytes) -> list[Fault]:
    """What an earlier proof and a later one, both sound, say against each other; `content` is the later one's.

    Where the later one was not asked to continue the earlier, what lay between is not proven: `continuity_not_shown`.
    """
    before, after = earlier.checkpoint, later.checkpoint
    if before is None or after is None or before.origin != after.origin:
        return [Fault(where="checkpoint", code="another_log")]
    faults = []
    if after.size < before.size:
        faults.append(Fault(where="checkpoint", code="rolled_back"))
    elif after.size == before.size and after.root != before.root:
        faults.append(Fault(where="checkpoint", code="forked"))
    elif after.size > before.size:
        faults += _continuity(before, after, _read(content)["continues"])
    if earlier.above and later.above and later.above.size < earlier.above.size:
        faults.append(Fault(where="entry.checkpoint", code="rolled_back"))
    return faults + list(_events_gone(earlier, later))


def _continuity(before: Checkpoint, after: Checkpoint, said: Any) -> list[Fault]:
    if said is None or said.get("size") != before.size:
        return [Fault(where="continues", code="continuity_not_shown")]
    path = [_bytes(one, "continues") for one in _list(said.get("path"), "continues")]
    if is_consistent(before.size, before.root, after.size, after.root, path):
        return []
    return [Fault(where="continues", code="history_rewritten")]


def _events_gone(earlier: CheckedProof, later: CheckedProof) -> Iterator[Fault]:
    there = {one.leaf.position: one.leaf for one in later.events}
    for number, one in enumerate(earlier.events):
        found = there.get(one.leaf.position)
        if found != one.leaf:
            yield Fault(where=f"events.{number}", code="event_gone" if found is None else "event_altered")


class _Check:
    def __init__(self, proof: dict[str, Any], checked: CheckedProof, trusted: Mapping[str, bytes] | None) -> None:
        self.proof, self.checked, self.trusted = proof, checked, trusted

    def run(self) -> None:
        key = self._key()
        leaves = [self._leaf(number, event) for number, event in enumerate(_list(self.proof["events"], "events"))]
        if not leaves:
            raise MalformedError("events")
        log, tenant = leaves[0].log, leaves[0].tenant
        self._statement(key, log, tenant, leaves)
        signed = self.checked.checkpoint = self._note(self.proof["checkpoint"], "checkpoint", key)
        if signed is not None and signed.origin != origin_of(log, tenant):
            self._find("checkpoint", "another_log")
        for number, leaf in enumerate(leaves):
            self._inclusion(number, leaf, signed)
        self._entry(key, log, tenant, signed)

    def _key(self) -> Ed25519PublicKey:
        said = self.proof["key"]
        if not isinstance(said, dict) or set(said) != {"name", "public_key"} or not isinstance(said["name"], str):
            raise MalformedError("key")
        name, raw = said["name"], _bytes(said["public_key"], "key")
        pinned = (self.trusted or {}).get(name)
        if self.trusted is not None and pinned != raw:
            self._find("key", "key_not_trusted")
        self.checked.key_name, self.checked.public_key, self.checked.is_pinned = name, raw, pinned == raw
        try:
            return Ed25519PublicKey.from_public_bytes(raw)
        except ValueError:
            raise MalformedError("key") from None

    def _leaf(self, number: int, event: Any) -> Leaf:
        where = f"events.{number}"
        if not isinstance(event, dict) or set(event) not in (
            {"leaf", "path"},
            {"leaf", "path", "payload", "event_key"},
        ):
            raise MalformedError(where)
        leaf = read_leaf(_bytes(event["leaf"], f"{where}.leaf"), f"{where}.leaf")
        facts = self._opened(where, leaf, event) if "payload" in event else None
        self.checked.events.append(Filed(leaf=leaf, facts=facts))
        return leaf

    def _opened(self, where: str, leaf: Leaf, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        payload = _bytes(event["payload"], f"{where}.payload")
        key = _bytes(event["event_key"], f"{where}.event_key")
        if sha256(payload).digest() != leaf.payload_hash:
            self._find(f"{where}.payload", "content_altered")
            return None
        if key_commitment(key) != leaf.key_commitment:
            self._find(f"{where}.event_key", "another_key")
            return None
        place = Place(
            log=leaf.log,
            tenant=leaf.tenant,
            stream=leaf.stream,
            version=leaf.version,
            topic=leaf.topic,
            actor=leaf.actor,
        )
        try:
            facts: Mapping[str, Any] = json.loads(unseal(key, place, payload))
        except (UnsealError, ValueError):
            self._find(f"{where}.payload", "content_does_not_open")
            return None
        return facts

    def _statement(self, key: Ed25519PublicKey, log: str, tenant: UUID, leaves: Sequence[Leaf]) -> None:
        try:
            text = signed_text(_str(self.proof["statement"], "statement"), self.checked.key_name, key)
        except NoteError as error:
            self._find("statement", error.code)
            return
        lines = text.split("\n")
        self.checked.issued_at = lines[2] if len(lines) > 2 else ""  # noqa: PLR2004 - the third line
        places = [(leaf.position, leaf.hash()) for leaf in leaves]
        said = statement_of(log, tenant, self.checked.issued_at, places).text.split("\n")
        for number, (one, other) in enumerate(zip(lines, said, strict=False)):
            if one != other:
                where = "statement" if number < 3 else f"events.{number - 3}.leaf"  # noqa: PLR2004 - lines before events
                self._find(where, "statement_says_otherwise")
        if len(lines) != len(said):
            self._find("events", "statement_says_otherwise")

    def _note(self, note: Any, where: str, key: Ed25519PublicKey) -> Checkpoint | None:
        try:
            return verify_note(_str(note, where), self.checked.key_name, key)
        except NoteError as error:
            self._find(where, error.code)
            return None

    def _inclusion(self, number: int, leaf: Leaf, signed: Checkpoint | None) -> None:
        path = self.proof["events"][number]["path"]
        self._led(f"events.{number}.path", leaf.hash(), leaf.position, path, signed)

    def _led(self, where: str, leaf: bytes, position: int, path: Any, signed: Checkpoint | None) -> None:
        """A leaf's path leads to the root of a checkpoint."""
        nodes = [_bytes(one, where) for one in _list(path, where)]
        if signed is None:
            return  # which is named
        try:
            root = root_from_inclusion(leaf, position - 1, signed.size, nodes)
        except ValueError:
            root = b""
        if root != signed.root:
            self._find(where, "not_in_the_log")

    def _entry(self, key: Ed25519PublicKey, log: str, tenant: UUID, signed: Checkpoint | None) -> None:
        entry = self.proof["entry"]
        if not isinstance(entry, dict) or set(entry) != {"payload", "leaf", "position", "path", "checkpoint"}:
            raise MalformedError("entry")
        payload, encoded = _bytes(entry["payload"], "entry.payload"), _bytes(entry["leaf"], "entry.leaf")
        leaf = read_leaf(encoded, "entry.leaf")
        if sha256(payload).digest() != leaf.payload_hash:
            self._find("entry.payload", "entry_altered")
        elif signed is not None and read_entry(payload) != (tenant, log, signed.size, signed.root):
            self._find("checkpoint", "entry_of_another_checkpoint")
        if entry["position"] != leaf.position:
            self._find("entry.position", "another_position")
        above = self.checked.above = self._note(entry["checkpoint"], "entry.checkpoint", key)
        if above is not None and above.origin != origin_of(leaf.log, leaf.tenant):
            self._find("entry.checkpoint", "another_log")
        self._led("entry.path", leaf_hash(encoded), leaf.position, entry["path"], above)

    def _find(self, where: str, code: str) -> None:
        self.checked.faults.append(Fault(where=where, code=code))


class _Bytes:
    """Reads what shared/ledger/leaf.py writes."""

    def __init__(self, data: bytes, where: str) -> None:
        self.data, self.at, self.where = data, 0, where

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise MalformedError(self.where)
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        return int.from_bytes(self.take(8), "big", signed=True)

    def uuid(self) -> UUID:
        return UUID(bytes=self.take(16))

    def text(self) -> str:
        try:
            return self.take(int.from_bytes(self.take(4), "big")).decode()
        except UnicodeDecodeError:
            raise MalformedError(self.where) from None


def read_leaf(encoded: bytes, where: str) -> Leaf:
    """The leaf of its canonical bytes. Raises MalformedError."""
    reading = _Bytes(encoded, where)
    reading.take(1)
    leaf = Leaf(
        log=reading.text(),
        tenant=reading.uuid(),
        position=reading.number(),
        stream=reading.uuid(),
        version=reading.number(),
        topic=reading.text(),
        actor=reading.text(),
        recorded_at=reading.number(),
        cause=reading.uuid(),
        correlation=reading.uuid(),
        payload_hash=reading.take(32),
        key_commitment=reading.take(32),
    )
    if leaf.encode() != encoded:
        raise MalformedError(where)
    return leaf


def read_entry(payload: bytes) -> tuple[UUID, str, int, bytes]:
    """Tenant, log, size and root of an entry of a checkpoint log. Raises MalformedError."""
    reading = _Bytes(payload, "entry.payload")
    if reading.take(1) != bytes((_ENTRY_VERSION,)):
        raise MalformedError("entry.payload")
    reading.take(32)  # the salt
    found = reading.uuid(), reading.text(), reading.number(), reading.take(32)
    if reading.at != len(payload):
        raise MalformedError("entry.payload")
    return found


def _read(content: bytes) -> dict[str, Any]:
    try:
        proof = json.loads(content)
    except ValueError:
        raise MalformedError("file") from None
    if not isinstance(proof, dict) or set(proof) != PARTS or proof["format"] != FORMAT:
        raise MalformedError("file")
    return proof


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError(where)
    return value


def _str(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise MalformedError(where)
    return value


def _bytes(value: Any, where: str) -> bytes:
    """Canonical base64."""
    try:
        decoded = base64.b64decode(_str(value, where), validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError(where) from None
    if _base64(decoded) != value:
        raise MalformedError(where)
    return decoded


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
