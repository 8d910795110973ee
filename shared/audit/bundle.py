"""Makes an audit bundle: the events of one case's matter with their keys and proofs (docs/audit-bundle.md)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.audit.reading import FORMAT
from shared.ledger.checkpoint import (
    KeptCheckpoint,
    LedgerDamagedError,
    UnreadableRow,
    last_checkpoint,
    make_checkpoint,
    rows_after,
)
from shared.ledger.database import Database
from shared.ledger.leaf import leaf_hash_of
from shared.ledger.merkle import HASH_SIZE, inclusion_proof, root_of
from shared.ledger.note import NoteError, Signer, sign_note, signer_of, verify_note
from shared.ledger.proofs import Tree
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tiles import StoredTiles
from shared.ledger.verification import Finding, LogVerification
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError

UNKNOWN_LEAF = bytes(HASH_SIZE)
LAST_POSITION = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class LogSource:
    """One log that a bundle takes events from; `event_key` gives the key of one event, never a stream's.

    `key_ever` gives the keys that signed before `signing_key` did, by name: their checkpoints are checked too.
    """

    database: Database
    tenant: UUID
    log: str
    signing_key: Signer
    key_name: str
    event_key: Callable[[RecordedEvent], bytes]
    key_ever: Callable[[str], Ed25519PublicKey | None] = lambda _: None


def bundle(case: UUID, logs: Sequence[Mapping[str, Any]]) -> bytes:
    """The file: JSON in UTF-8, names sorted, no spaces, one newline at the end."""
    content = {"format": FORMAT, "case": str(case), "logs": list(logs)}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def log_part(source: LogSource, positions: Sequence[int]) -> dict[str, Any]:
    """One log's part: events at `positions`, proven by a fresh checkpoint, or by the last where the log is damaged.

    A damaged log is exported as it is, with what verification found, so that a checker can name the positions.
    """
    findings = _verify(source)
    kept, faults = _checkpoint(source, findings)
    rows, prove = _damaged(source, kept, positions) if faults else _sound(source, kept, positions)
    return {
        "log": source.log,
        "tenant": str(source.tenant),
        "key": {"name": source.key_name, "public_key": _text(source.signing_key.public_key.public_bytes_raw())},
        "checkpoint": kept.note if kept else None,
        "edge": _text(kept.edge if kept else b""),
        "faults": faults,
        "events": [_event(source, row, prove(row.position)) for row in rows],
    }


Prove = Callable[[int], list[bytes] | None]


def _sound(source: LogSource, kept: KeptCheckpoint | None, positions: Sequence[int]) -> tuple[list[Any], Prove]:
    """The rows at `positions`, and their proofs from tiles: of the log's other rows none is read."""
    size = kept.size if kept else 0
    tree = Tree(StoredTiles(source.database, source.tenant, source.log), size)
    rows = [
        row
        for one in sorted(set(positions))
        for row in rows_after(source.database, source.tenant, source.log, one - 1, one)
    ]
    return rows, lambda position: tree.inclusion(position - 1) if position <= size else None


def _damaged(source: LogSource, kept: KeptCheckpoint | None, positions: Sequence[int]) -> tuple[list[Any], Prove]:
    """The rows at `positions` that can be exported, with proofs over whatever leaves are left."""
    rows, stored, anew = _read(source, frozenset(positions))
    leaves = _leaves(source, kept, stored, anew)
    return rows, lambda position: inclusion_proof(leaves, position - 1) if position <= len(leaves) else None


def _verify(source: LogSource) -> list[Finding]:
    own = source.signing_key.public_key
    verification = LogVerification(
        database=source.database,
        tenant=source.tenant,
        log=source.log,
        public_key=lambda name: own if name == source.key_name else source.key_ever(name),
        has_public_events=False,
    )
    for _ in verification.run():
        pass
    return [one for one in verification.findings if one.code != "checkpoint_key_unknown"]


def _checkpoint(source: LogSource, findings: Sequence[Finding]) -> tuple[KeptCheckpoint | None, list[dict[str, Any]]]:
    faults = [{"position": one.position, "through": one.through or one.position, "code": one.code} for one in findings]
    try:
        kept = make_checkpoint(source.database, source.tenant, source.log, source.signing_key, source.key_name)
    except LedgerDamagedError as error:
        fault = {"position": error.position, "through": error.position, "code": error.code}
        return last_checkpoint(source.database, source.tenant, source.log), faults or [fault]
    return (kept if faults or kept is None else _by_our_key(source, kept)), faults


def _by_our_key(source: LogSource, kept: KeptCheckpoint) -> KeptCheckpoint:
    """A checkpoint that verification has just met, signed by the key of today where one before it signed it."""
    name = signer_of(kept.note)
    key = source.key_ever(name)
    if name == source.key_name or key is None:
        return kept
    return replace(kept, note=sign_note(verify_note(kept.note, name, key), source.key_name, source.signing_key))


def _read(source: LogSource, positions: frozenset[int]) -> tuple[list[Any], Mapping[int, bytes], Mapping[int, bytes]]:
    """The rows at `positions` that can be exported, each position's stored leaf, and the leaves anew that differ."""
    rows: list[Any] = []
    stored: dict[int, bytes] = {}
    anew: dict[int, bytes] = {}
    for row in rows_after(source.database, source.tenant, source.log, 0, LAST_POSITION):
        stored[row.position] = bytes(row.leaf_hash)
        if not _can_be_exported(row):
            continue
        if row.position in positions:
            rows.append(row)
        leaf = leaf_hash_of(row)
        if leaf and leaf != stored[row.position]:
            anew[row.position] = leaf
    return rows, stored, anew


def _can_be_exported(row: Any) -> bool:
    """Whether the columns have their types: on SQLite somebody may have put anything there."""
    if isinstance(row, UnreadableRow):
        return False
    numbers = (row.version, row.recorded_at, row.leaf_version)
    return (
        all(isinstance(one, int) and one >= 0 for one in numbers)
        and isinstance(row.topic, str)
        and isinstance(row.actor, str)
        and isinstance(row.payload, bytes)
        and all(isinstance(one, bytes) and len(one) == HASH_SIZE for one in (row.key_commitment, row.leaf_hash))
    )


def _leaves(
    source: LogSource, kept: KeptCheckpoint | None, stored: Mapping[int, bytes], anew: Mapping[int, bytes]
) -> list[bytes]:
    """The leaf hashes below the checkpoint: those stored, or, where those worked out anew lead to its root, these."""
    positions = range(1, (kept.size if kept else 0) + 1)
    as_stored = [stored.get(one, UNKNOWN_LEAF) for one in positions]
    if kept is None or not anew or root_of(as_stored) == _signed_root(source, kept):
        return as_stored
    mended = [anew.get(one, leaf) for one, leaf in zip(positions, as_stored, strict=True)]
    return mended if root_of(mended) == _signed_root(source, kept) else as_stored


def _signed_root(source: LogSource, kept: KeptCheckpoint) -> bytes:
    try:
        return verify_note(kept.note, source.key_name, source.signing_key.public_key).root
    except NoteError:
        return b""


def _event(source: LogSource, row: Any, proof: list[bytes] | None) -> dict[str, Any]:
    return {
        "position": row.position,
        "stream": str(row.stream),
        "version": row.version,
        "topic": row.topic,
        "actor": row.actor,
        "recorded_at": row.recorded_at,
        "cause": str(row.cause) if row.cause else None,
        "correlation": str(row.correlation) if row.correlation else None,
        "payload": _text(row.payload),
        "key_commitment": _text(row.key_commitment),
        "leaf_version": row.leaf_version,
        "leaf_hash": _text(row.leaf_hash),
        "event_key": _key(source, row),
        "proof": None if proof is None else [_text(node) for node in proof],
    }


def _key(source: LogSource, row: Any) -> str | None:
    try:
        return _text(source.event_key(RecordedEvent.of(row)))
    except (KeyDestroyedError, UnsealError):
        return None


def _text(data: bytes) -> str:
    return base64.b64encode(bytes(data)).decode()
