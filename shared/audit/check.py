"""Checks an audit bundle: one file, no server, no database, no network. The file is described in docs/audit-bundle.md.

To be read in court: this module and the five that it uses (`shared.audit.reading`, `shared.ledger.leaf`,
`shared.ledger.merkle`, `shared.ledger.note`, `shared.sealing.seal`) need the standard library and `cryptography`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.audit.reading import BundleError, read
from shared.ledger.leaf import LEAF_VERSION, Leaf
from shared.ledger.merkle import MerkleEdge, root_from_inclusion
from shared.ledger.note import Checkpoint, NoteError, origin_of, verify_note
from shared.ledger.tombstone import STREAM_ERASED
from shared.sealing.seal import Place, UnsealError, key_commitment, unseal

EXPORTED = "access.exported"
ACCESS = ".access"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong and where: log, and position where one can be named (0: the whole log, or the whole file)."""

    log: str
    position: int
    code: str
    through: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckedEvent:
    """One event: what its leaf says in the clear, and the facts that its payload opened to (None: it didn't)."""

    log: str
    tenant: UUID
    position: int
    stream: UUID
    version: int
    topic: str
    actor: str
    recorded_at: int
    cause: UUID | None
    facts: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class UsedKey:
    """A public key that a log was checked with; `pinned` by who checks, or it only came with the file."""

    name: str
    public_key: bytes
    pinned: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key's 32 bytes, in hexadecimal."""
        return sha256(self.public_key).hexdigest()


@dataclass(kw_only=True)
class Checked:
    """The outcome: sound if there are no faults."""

    case: UUID | None = None
    events: list[CheckedEvent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keys: list[UsedKey] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)


def check(content: bytes, trusted: Mapping[str, bytes] | None = None) -> Checked:
    """Checks a bundle; `trusted` pins public keys (32 bytes) by name: then no other key is believed."""
    checked = Checked()
    try:
        bundle = read(content)
    except BundleError as error:
        checked.faults.append(Fault(log=error.where, position=0, code=error.code))
        return checked
    checked.case = bundle["case"]
    for log in bundle["logs"]:
        _LogCheck(log, checked, trusted).run()
    checked.faults.extend(_faults_of_the_whole(bundle, checked.events))
    return checked


class _LogCheck:
    """One log of the bundle."""

    def __init__(self, log: dict[str, Any], checked: Checked, trusted: Mapping[str, bytes] | None) -> None:
        self.log = log
        self.name: str = log["log"]
        self.tenant: UUID = log["tenant"]
        self.checked = checked
        self.trusted = trusted
        self.signed: Checkpoint | None = None
        self.erased = {event["stream"] for event in log["events"] if event["topic"] == STREAM_ERASED}

    def run(self) -> None:
        for fault in self.log["faults"]:
            self._find(fault["position"], f"found_at_export:{fault['code']}", through=fault["through"])
        self.signed = self._checkpoint()
        self._order()
        for event in self.log["events"]:
            self._event(event)

    def _checkpoint(self) -> Checkpoint | None:
        """The checkpoint, once signature, name and edge hold."""
        public_key = self._public_key()
        if self.log["checkpoint"] is None:
            self._find(0, "no_checkpoint")
            return None
        try:
            signed = verify_note(self.log["checkpoint"], self.log["key"]["name"], public_key)
        except NoteError as error:
            self._find(0, error.code)
            return None
        if signed.origin != origin_of(self.name, self.tenant):
            self._find(0, "checkpoint_of_another_log")
            return None
        self.checked.checkpoints.append(signed)
        if _edge_root(signed.size, self.log["edge"]) != signed.root:
            self._find(0, "edge_differs")
        return signed

    def _public_key(self) -> Ed25519PublicKey:
        name, public_key = self.log["key"]["name"], self.log["key"]["public_key"]
        if self.trusted is not None and self.trusted.get(name) != public_key:
            self._find(0, "key_not_trusted")
        key = UsedKey(name=name, public_key=public_key, pinned=self.trusted is not None)
        if key not in self.checked.keys:
            self.checked.keys.append(key)
        return Ed25519PublicKey.from_public_bytes(public_key)

    def _order(self) -> None:
        """Positions rise, recorded_at never falls, each stream's versions are 1, 2, 3, … in that order."""
        position = recorded_at = 0
        versions: dict[UUID, int] = {}
        for event in self.log["events"]:
            if event["position"] <= position:
                self._find(event["position"], "position_out_of_order")
            if event["recorded_at"] < recorded_at:
                self._find(event["position"], "recorded_at_fell")
            if event["version"] != versions.get(event["stream"], 0) + 1:
                self._find(event["position"], "version_gap")
            position, recorded_at = event["position"], event["recorded_at"]
            versions[event["stream"]] = event["version"]

    def _event(self, event: dict[str, Any]) -> None:
        position = event["position"]
        if event["leaf_version"] != LEAF_VERSION or self._leaf(event).hash() != event["leaf_hash"]:
            self._find(position, "leaf_differs")
        self._inclusion(event)
        self.checked.events.append(
            CheckedEvent(
                log=self.name,
                tenant=self.tenant,
                position=position,
                stream=event["stream"],
                version=event["version"],
                topic=event["topic"],
                actor=event["actor"],
                recorded_at=event["recorded_at"],
                cause=event["cause"],
                facts=self._facts(event),
            )
        )

    def _inclusion(self, event: dict[str, Any]) -> None:
        """The event's leaf leads to the signed root; its index in the tree is its position less one."""
        if self.signed is None:
            return
        if event["position"] > self.signed.size or event["proof"] is None:
            self._find(event["position"], "not_in_the_checkpoint")
            return
        try:
            root = root_from_inclusion(event["leaf_hash"], event["position"] - 1, self.signed.size, event["proof"])
        except ValueError:
            root = b""
        if root != self.signed.root:
            self._find(event["position"], "inclusion_proof_wrong")

    def _facts(self, event: dict[str, Any]) -> Mapping[str, Any] | None:
        """What the payload opens to under the event's key, which must be the one that the leaf commits to."""
        key = event["event_key"]
        if key is None:
            if event["stream"] not in self.erased or event["topic"] == STREAM_ERASED:
                self._find(event["position"], "event_key_missing")
            return None
        if key_commitment(key) != event["key_commitment"]:
            self._find(event["position"], "key_commitment_differs")
        place = Place(
            log=self.name,
            tenant=self.tenant,
            stream=event["stream"],
            version=event["version"],
            topic=event["topic"],
            actor=event["actor"],
        )
        try:
            facts = json.loads(unseal(key, place, event["payload"]))
        except (UnsealError, ValueError):
            self._find(event["position"], "payload_does_not_open")
            return None
        return {name: plain(value) for name, value in facts.items()}

    def _leaf(self, event: dict[str, Any]) -> Leaf:
        return Leaf(
            log=self.name,
            tenant=self.tenant,
            position=event["position"],
            stream=event["stream"],
            version=event["version"],
            topic=event["topic"],
            actor=event["actor"],
            recorded_at=event["recorded_at"],
            cause=event["cause"],
            correlation=event["correlation"],
            payload_hash=sha256(event["payload"]).digest(),
            key_commitment=event["key_commitment"],
        )

    def _find(self, position: int, code: str, *, through: int | None = None) -> None:
        through = through if through != position else None
        self.checked.faults.append(Fault(log=self.name, position=position, code=code, through=through))


def _faults_of_the_whole(bundle: dict[str, Any], events: list[CheckedEvent]) -> Iterator[Fault]:
    """Whether the file holds what was exported: each service's record of the export counts the events by stream."""
    if not any(event.stream == bundle["case"] for event in events):
        yield Fault(log="bundle.case", position=0, code="no_event_of_the_case")
    names = [(log["log"], log["tenant"]) for log in bundle["logs"]]
    if len(set(names)) != len(names):
        yield Fault(log="bundle.logs", position=0, code="log_twice")
    for name, tenant in names:
        if name.endswith(ACCESS):
            if (name.removesuffix(ACCESS), tenant) not in names:
                yield Fault(log=name, position=0, code="log_missing")
            continue
        records = [one for one in events if (one.log, one.tenant) == (name + ACCESS, tenant)]
        if len(records) != 1 or records[0].topic != EXPORTED or records[0].facts is None:
            yield Fault(log=name + ACCESS, position=0, code="export_record_missing")
            continue
        yield from _differences(name, tenant, bundle["case"], records[0].facts, events)


def _differences(
    name: str, tenant: UUID, case: UUID, record: Mapping[str, Any], events: list[CheckedEvent]
) -> Iterator[Fault]:
    found: dict[str, int] = {}
    for event in events:
        if (event.log, event.tenant) == (name, tenant):
            found[str(event.stream)] = found.get(str(event.stream), 0) + 1
    if record.get("contents") != found:
        yield Fault(log=name, position=0, code="not_what_the_export_record_says")
    if str(case) not in record.get("ids", ()):
        yield Fault(log=name + ACCESS, position=0, code="export_of_another_case")


def _edge_root(size: int, packed: bytes) -> bytes:
    try:
        return MerkleEdge.unpack(size, packed).root()
    except ValueError:
        return b""


def plain(value: Any) -> Any:
    """A payload's value with ids and times, which stand as `{"_type_": …, "_data_": …}`, as text."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"_type_", "_data_"}:
        data = plain(value["_data_"])
        return str(UUID(data)) if value["_type_"] == "uuid_hex" else data
    return {name: plain(one) for name, one in value.items()}


def public_key_of(text: str) -> tuple[str, bytes]:
    """Name and bytes of a key pinned as `NAME=BASE64`. Raises ValueError."""
    name, separator, encoded = text.partition("=")
    key = base64.b64decode(encoded, validate=True)
    if not separator or not name or len(key) != 32:  # noqa: PLR2004 - an Ed25519 public key
        raise ValueError("a key is NAME=BASE64 of 32 bytes")
    return name, key
