"""What a house offers to witnesses: the newest checkpoint of a log, with the proof that it continues another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select

from shared.ledger.checkpoint import last_checkpoint
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.note import NoteError, origin_of, signer_of
from shared.ledger.proofs import Tree
from shared.ledger.public_key import PublicKey
from shared.ledger.restored_entry import RESTORED, RestoreEvidence
from shared.ledger.succession import Succession
from shared.ledger.tables import events
from shared.ledger.tiles import StoredTiles
from shared.ledger.witness import Offer, WitnessState


def offer_of(
    database: Database,
    tenant: UUID,
    log: str,
    key: PublicKey,
    last_size: Callable[[str], int],
    successions: Sequence[str] = (),
) -> Offer | None:
    """The offer of one log; `last_size` says what the witness saw last. None for a log without a checkpoint.

    `key` signs now, `successions` lead to it: where the log did not grow since, the key before signed its checkpoint.

    Where the log is shorter than that, or its hashes are gone, the proof is empty and the witness will see why.
    """
    kept = last_checkpoint(database, tenant, log)
    if kept is None:
        return None
    origin = origin_of(log, tenant)
    before = last_size(origin)
    tree = Tree(StoredTiles(database, tenant, log), kept.size)
    proof: list[bytes] = []
    if 0 < before < kept.size:
        try:
            proof = tree.consistency(before)
        except LedgerDamagedError:
            proof = []
    restored = _restored(database, tenant, log, tree)
    return Offer(
        origin=origin,
        key=_signer(kept.note, key, successions),
        note=kept.note,
        before=before,
        proof=proof,
        restored=restored,
        successions=successions,
    )


def _signer(note: str, key: PublicKey, successions: Sequence[str]) -> PublicKey:
    with suppress(NoteError):
        name = signer_of(note)
        return next((said.before for said in map(Succession.of, successions) if said.before.name == name), key)
    return key


def size_in_common(database: Database, tenant: UUID, log: str, witness: WitnessState) -> int:
    """The largest size that a witness saw and that is the log's beginning still: 0 where there is none."""
    kept, origin = last_checkpoint(database, tenant, log), origin_of(log, tenant)
    tiles = StoredTiles(database, tenant, log)
    for one in reversed(witness.logs[origin].seen if kept and origin in witness.logs else []):
        said = witness.said(origin, one.note)
        if kept and said.size <= kept.size and _root(tiles, said.size) == said.root:
            return said.size
    return 0


def _root(tiles: StoredTiles, size: int) -> bytes:
    try:
        return Tree(tiles, size).root()
    except LedgerDamagedError:
        return b""


def _restored(database: Database, tenant: UUID, log: str, tree: Tree) -> RestoreEvidence | None:
    chosen = (
        select(events)
        .where(events.c.tenant == tenant, events.c.log == log, events.c.topic == RESTORED)
        .where(events.c.position <= tree.size)
        .order_by(events.c.position.desc())
        .limit(1)
    )
    with database.tenant(tenant) as connection:
        row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    try:
        proof = tree.inclusion(row.position - 1)
    except LedgerDamagedError:
        return None
    return RestoreEvidence(
        position=row.position,
        stream=row.stream,
        version=row.version,
        actor=row.actor,
        recorded_at=row.recorded_at,
        payload=bytes(row.payload),
        key_commitment=bytes(row.key_commitment),
        proof=proof,
    )
