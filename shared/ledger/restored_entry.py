"""A restoration as the checkpoint log itself tells it, and the evidence of it that a witness is shown.

The payload of the entry, topic `checkpoints.restored`, is 02 and canonical JSON: `restoration` (an id), `kept` and
`root` (hex) of the checkpoint log as it was found, `lost` as [from, to, known_by]. It holds ids and numbers only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from shared.ledger.leaf import hash_of_columns
from shared.ledger.merkle import root_from_inclusion
from shared.ledger.note import Checkpoint

RESTORED = "checkpoints.restored"
VERSION = b"\x02"


@dataclass(frozen=True, kw_only=True)
class RestoredEntry:
    """The checkpoint log was found with `kept` entries under `root`; `lost` is what witnesses knew beyond."""

    restoration: UUID
    kept: int
    root: bytes
    lost: Sequence[tuple[int, int, str]]

    def encode(self) -> bytes:
        """The payload."""
        facts = {
            "restoration": str(self.restoration),
            "kept": self.kept,
            "root": self.root.hex(),
            "lost": [list(one) for one in self.lost],
        }
        return VERSION + json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """The entry of a payload. ValueError where it is none."""
        try:
            facts = json.loads(payload[1:])
            lost = [(int(first), int(last), str(by)) for first, last, by in facts["lost"]]
            entry = cls(
                restoration=UUID(facts["restoration"]),
                kept=int(facts["kept"]),
                root=bytes.fromhex(facts["root"]),
                lost=lost,
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ValueError("not an entry of a restoration") from None
        if entry.encode() != payload:
            raise ValueError("not an entry of a restoration")
        return entry


@dataclass(frozen=True, kw_only=True)
class RestoreEvidence:
    """The entry's leaf, column by column, with its inclusion proof in the checkpoint that is offered with it."""

    position: int
    stream: UUID
    version: int
    actor: str
    recorded_at: int
    payload: bytes
    key_commitment: bytes
    proof: Sequence[bytes]

    def entry_in(self, checkpoint: Checkpoint) -> RestoredEntry:
        """What it says, once it is in the checkpoint's tree. ValueError where it is not."""
        _, log, tenant = checkpoint.origin.split("/")
        leaf = hash_of_columns(
            log,
            UUID(tenant),
            self.position,
            self.stream,
            self.version,
            RESTORED,
            self.actor,
            self.recorded_at,
            None,
            None,
            self.payload,
            self.key_commitment,
        )
        if not 0 < self.position <= checkpoint.size:
            raise ValueError("the evidence lies outside the tree")
        if root_from_inclusion(leaf, self.position - 1, checkpoint.size, self.proof) != checkpoint.root:
            raise ValueError("the evidence is not in the tree")
        return RestoredEntry.decode(self.payload)

    def as_json(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "position": self.position,
            "stream": str(self.stream),
            "version": self.version,
            "actor": self.actor,
            "recorded_at": self.recorded_at,
            "payload": _text(self.payload),
            "key_commitment": _text(self.key_commitment),
            "proof": [_text(node) for node in self.proof],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From JSON values. ValueError, KeyError or TypeError where they are none."""
        return cls(
            position=int(data["position"]),
            stream=UUID(data["stream"]),
            version=int(data["version"]),
            actor=str(data["actor"]),
            recorded_at=int(data["recorded_at"]),
            payload=base64.b64decode(data["payload"], validate=True),
            key_commitment=base64.b64decode(data["key_commitment"], validate=True),
            proof=tuple(base64.b64decode(node, validate=True) for node in data["proof"]),
        )


@dataclass(frozen=True, kw_only=True)
class AcceptedRestore:
    """What a witness accepted: when (seconds since 1970 UTC), why, the note, its evidence, what it had seen beyond."""

    at: int
    reason: str
    note: str
    evidence: RestoreEvidence
    abandoned: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """JSON values."""
        facts = {"at": self.at, "reason": self.reason, "note": self.note, "abandoned": list(self.abandoned)}
        return {**facts, "evidence": self.evidence.as_json()}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From JSON values. ValueError, KeyError or TypeError where they are none."""
        return cls(
            at=int(data["at"]),
            reason=str(data["reason"]),
            note=str(data["note"]),
            evidence=RestoreEvidence.of(data["evidence"]),
            abandoned=[str(one) for one in data["abandoned"]],
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
