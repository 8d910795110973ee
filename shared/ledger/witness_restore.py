"""A witness accepts a restored log, by an explicit act of its operator: what it had seen beyond stays in its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.ledger.cosignature import cosign
from shared.ledger.note import Checkpoint, Signer
from shared.ledger.restored_entry import AcceptedRestore, RestoredEntry, RestoreEvidence
from shared.ledger.witness import Offer, Seen, WitnessRefusedError, WitnessState, check_continues


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """What was accepted: seen history holds through `base` (a size, 0: none); `abandoned` are sizes seen beyond."""

    origin: str
    entry: RestoredEntry
    base: int
    abandoned: Sequence[int]
    offered: Checkpoint


def accept_restore(state: WitnessState, offer: Offer, signer: Signer, at: int, reason: str) -> Acceptance:
    """Takes a restored log's checkpoint as the continuation of what is left of it, cosigns and keeps it.

    Raises WitnessRefusedError, and changes nothing, where the log does not say itself that it was restored since
    (`no_restore_recorded`), where it continues what was seen anyway (`nothing_to_accept`), or where a proof fails.
    """
    log = state.logs.get(offer.origin)
    if log is None:
        raise WitnessRefusedError("nothing_to_accept", offer.origin, offered=offer.note)
    last = log.seen[-1].note
    log = replace(log)
    offered = log.offered(offer)
    seen = [(state.said(offer.origin, one.note), one) for one in log.seen]
    kept = [pair for pair in seen if pair[0].size <= offer.before]
    if kept == seen:
        raise WitnessRefusedError(_why_not(offer, seen[-1][0], offered, last), offer.origin, last, offer.note)
    if kept or offer.before:
        if not kept or kept[-1][0].size != offer.before:
            raise WitnessRefusedError("proof_from_another_size", offer.origin, last, offer.note)
        check_continues(offer, kept[-1][0], offered, kept[-1][1].note)
    entry = _entry(offer, offered, last)
    abandoned = seen[len(kept) :]
    accepted = AcceptedRestore(
        at=at,
        reason=reason,
        note=offer.note,
        evidence=_evidence(offer, last),
        abandoned=[one.note for _, one in abandoned],
    )
    note = cosign(offer.note, state.witness.name, signer, at)
    fresh = [] if kept and kept[-1][0] == offered else [Seen(note=note, proof=offer.proof if kept else ())]
    state.logs[offer.origin] = replace(
        log, seen=[*(one for _, one in kept), *fresh], restored=[*log.restored, accepted]
    )
    sizes = [said.size for said, _ in abandoned]
    return Acceptance(origin=offer.origin, entry=entry, base=offer.before, abandoned=sizes, offered=offered)


def check_accepted(state: WitnessState) -> None:
    """Verifies what a state keeps of restorations that were accepted. Raises WitnessRefusedError."""
    for origin, log in state.logs.items():
        for one in log.restored:
            for note in one.abandoned:
                state.said(origin, note)
            try:
                one.evidence.entry_in(log.signed(origin, one.note))
            except ValueError:
                raise WitnessRefusedError("no_restore_recorded", origin, offered=one.note) from None


def _why_not(offer: Offer, seen: Checkpoint, offered: Checkpoint, last: str) -> str:
    """An offer from the last size seen either continues it, or knows of no restoration to go back behind."""
    try:
        check_continues(offer, seen, offered, last)
    except WitnessRefusedError:
        return "no_restore_recorded"
    return "nothing_to_accept"


def _evidence(offer: Offer, last: str) -> RestoreEvidence:
    if offer.restored is None or offer.restored.position <= offer.before:
        raise WitnessRefusedError("no_restore_recorded", offer.origin, last, offer.note)
    return offer.restored


def _entry(offer: Offer, offered: Checkpoint, last: str) -> RestoredEntry:
    try:
        return _evidence(offer, last).entry_in(offered)
    except ValueError:
        raise WitnessRefusedError("no_restore_recorded", offer.origin, last, offer.note) from None
