"""What a house offers to witnesses: the newest checkpoint of a log, with the proof that it continues another."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shared.ledger.checkpoint import last_checkpoint
from shared.ledger.damage import LedgerDamagedError
from shared.ledger.database import Database
from shared.ledger.note import origin_of
from shared.ledger.proofs import Tree
from shared.ledger.tiles import StoredTiles
from shared.ledger.witness import Offer, PublicKey


def offer_of(
    database: Database, tenant: UUID, log: str, key: PublicKey, last_size: Callable[[str], int]
) -> Offer | None:
    """The offer of one log; `last_size` says what the witness saw last. None for a log without a checkpoint.

    Where the log is shorter than that, or its hashes are gone, the proof is empty and the witness will see why.
    """
    kept = last_checkpoint(database, tenant, log)
    if kept is None:
        return None
    origin = origin_of(log, tenant)
    before = last_size(origin)
    proof: list[bytes] = []
    if 0 < before < kept.size:
        try:
            proof = Tree(StoredTiles(database, tenant, log), kept.size).consistency(before)
        except LedgerDamagedError:
            proof = []
    return Offer(origin=origin, key=key, note=kept.note, before=before, proof=proof)
