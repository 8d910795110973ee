"""What witnesses know of a checkpoint log beyond what a backup has kept of it."""

from __future__ import annotations

from cli.house import House
from shared.ledger.checkpoint_log import CheckpointLog
from shared.ledger.note import NoteError, origin_of, signer_of, verify_note
from shared.ledger.witness import WitnessState
from shared.ledger.witness_offer import size_in_common
from shared.runners.parts import ServiceApp


def lost_beyond(
    house: House, source: ServiceApp, log: CheckpointLog, state: WitnessState
) -> list[tuple[int, int, str]]:
    """The entries from and to which a witness saw and that are gone, and by whom that is known."""
    origin = origin_of(log.log, log.platform)
    seen = state.logs[origin].seen if origin in state.logs else []
    common = size_in_common(source.database, log.platform, log.log, state)
    beyond = [size for one in seen if (size := _size(house, one.note)) > common]
    return [(common + 1, max(beyond), f"witness:{state.witness.name}")] if beyond else []


def _size(house: House, note: str) -> int:
    """What a note of our own key says; 0 for one that is not: anybody can give us a file."""
    try:
        name = signer_of(note)
        key = house.public_keys.key_ever(name)
        return verify_note(note, name, key).size if key else 0
    except NoteError:
        return 0
