"""Compares what witnesses cosigned with the ledgers as they are, and counts the witnesses of each checkpoint log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from cli.auditing.houses import AuditHouse
from shared.audit.check import public_key_of
from shared.ledger.checkpoint_log import log_name
from shared.ledger.cosignature import cosigned_at
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.note import Checkpoint, NoteError, origin_of, signer_of, verify_note
from shared.ledger.proofs import Tree
from shared.ledger.tables import heads
from shared.ledger.tiles import StoredTiles
from shared.ledger.verification import Finding
from shared.ledger.witness import WitnessState
from shared.runners.parts import ServiceApp


@dataclass(frozen=True, kw_only=True)
class Witnesses:
    """The witnesses that are believed, what they saw, and how many of them must have cosigned each log."""

    keys: Mapping[str, Ed25519PublicKey]
    states: Sequence[WitnessState]
    required: int

    @classmethod
    def read(cls, keys: Path | None, states: Sequence[Path], required: int) -> Witnesses:
        """From a file of lines NAME=BASE64 and the witnesses' files. OSError or ValueError where one can't be read."""
        lines = keys.read_text(encoding="utf-8").split() if keys else []
        read = [WitnessState.of(json.loads(path.read_text(encoding="utf-8"))) for path in states]
        named = [public_key_of(line) for line in lines]
        public = {name: Ed25519PublicKey.from_public_bytes(raw) for name, raw in named}
        return cls(keys=public, states=read, required=required)


def check_witnessed(house: AuditHouse, witnesses: Witnesses) -> list[Finding]:
    """What is wrong: a log that was put back or rewritten since it was witnessed, or that too few have cosigned."""
    return [one for service in house.services.values() for one in _ServiceCheck(house, service, witnesses).run()]


class _ServiceCheck:
    def __init__(self, house: AuditHouse, service: ServiceApp, witnesses: Witnesses) -> None:
        self.house, self.service, self.witnesses = house, service, witnesses
        self.tenant, self.log = service.application.parts.platform, log_name(service.name)
        self.origin = origin_of(self.log, self.tenant)
        self.tiles = StoredTiles(service.database, self.tenant, self.log)
        self.findings: list[Finding] = []

    def run(self) -> list[Finding]:
        size = self._size()
        holding = {
            state.witness.name
            for state in self.witnesses.states
            if state.witness.name in self.witnesses.keys and self._holds(state, size)
        }
        if size and len(holding) < self.witnesses.required:
            self._find(size, "cosignatures_too_few", f"{len(holding)} of {self.witnesses.required}")
        return self.findings

    def _size(self) -> int:
        chosen = select(heads.c.size).where(heads.c.tenant == self.tenant, heads.c.log == self.log)
        with self.service.database.tenant(self.tenant) as connection:
            return connection.scalar(chosen) or 0

    def _holds(self, state: WitnessState, size: int) -> bool:
        """Whether all that a witness saw of this log, and it saw some, is the log's beginning still."""
        seen = state.logs[self.origin].seen if self.origin in state.logs else []
        beginnings = [self._is_beginning(state.witness.name, one.note, size) for one in seen]
        return bool(seen) and all(beginnings)

    def _is_beginning(self, witness: str, note: str, size: int) -> bool:
        try:
            said = self._said(witness, note)
        except NoteError:
            self._find(0, "witnessed_unreadable", witness)
            return False
        if said.size > size:
            self._find(said.size, "witnessed_beyond_head", witness)
            return False
        try:
            root = Tree(self.tiles, said.size).root()
        except LedgerDamagedError:
            root = b""
        if root != said.root:
            self._find(said.size, "witnessed_differs", witness)
        return root == said.root

    def _said(self, witness: str, note: str) -> Checkpoint:
        cosigned_at(note, witness, self.witnesses.keys[witness])
        signer = signer_of(note)
        key = self.house.public_keys.key_ever(signer)
        if key is None:
            raise NoteError("checkpoint_key_unknown")
        said = verify_note(note, signer, key)
        if said.origin != self.origin:
            raise NoteError("checkpoint_of_another_log")
        return said

    def _find(self, position: int, code: str, detail: str) -> None:
        self.findings.append(Finding(log=self.log, tenant=self.tenant, position=position, code=code, detail=detail))
