"""A witness: keeps what it saw of checkpoint logs, cosigns what continues it, and refuses a fork or a rollback.

Offers and states are JSON files, so that a witness needs neither database nor network. What it keeps of each log is
every checkpoint it cosigned, with the proof that it continues the one before.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from shared.ledger.cosignature import cosign, cosigned_at
from shared.ledger.merkle import is_consistent
from shared.ledger.note import Checkpoint, NoteError, Signer, signer_of, verify_note
from shared.ledger.public_key import PublicKey
from shared.ledger.restored_entry import AcceptedRestore, RestoreEvidence
from shared.ledger.succession import following

OFFER = "qorgan witness offer 1"
STATE = "qorgan witness state 1"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The newest checkpoint of a log, with the proof that it continues the one of size `before` (0: none).

    `restored` is what the log says of its last restoration, where it was ever restored. `successions` are the notes in
    which the service's signing keys vouch for each other, oldest first; `key` signed the checkpoint.
    """

    origin: str
    key: PublicKey
    note: str
    before: int
    proof: Sequence[bytes]
    restored: RestoreEvidence | None = None
    successions: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A checkpoint that a witness cosigned, with the proof that it continues the one seen before it."""

    note: str
    proof: Sequence[bytes] = ()


@dataclass(kw_only=True)
class SeenLog:
    """What a witness has of one log: the key it was first signed with, the checkpoints, smallest first, the
    restorations that its operator accepted, and the notes that lead from that key to those that followed it.
    """

    key: PublicKey
    seen: list[Seen] = field(default_factory=list)
    restored: list[AcceptedRestore] = field(default_factory=list)
    successions: list[str] = field(default_factory=list)

    def keys(self, origin: str, more: Sequence[str] = ()) -> list[PublicKey]:
        """The keys that signed the log, one after the other; `more` are notes that may lead further."""
        notes = [*self.successions, *more]
        return [self.key, *(key for _, key in following(self.key, service_of_origin(origin), notes))]

    def signed(self, origin: str, note: str) -> Checkpoint:
        """What a note says that one of the log's keys signed. Raises WitnessRefusedError."""
        keys = self.keys(origin)
        return said_by(note, keys[_place_of_signer(keys, origin, note)], origin)

    def offered(self, offer: Offer) -> Checkpoint:
        """What an offer says, under the newest key known or one that a known key vouches for, which is then known.

        Raises WitnessRefusedError: `another_key`, or `superseded_key` where a key signed after another followed it.
        """
        last = self.seen[-1].note if self.seen else ""
        keys = self.keys(offer.origin, offer.successions)
        if offer.key not in keys:
            raise WitnessRefusedError("another_key", offer.origin, last, offer.note)
        place = keys.index(offer.key)
        if last and place < _place_of_signer(keys, offer.origin, last):
            raise WitnessRefusedError("superseded_key", offer.origin, last, offer.note)
        said = said_by(offer.note, offer.key, offer.origin)
        led = following(self.key, service_of_origin(offer.origin), [*self.successions, *offer.successions])
        self.successions = [note for note, _ in led[: max(place, len(self.successions))]]
        return said


class WitnessRefusedError(Exception):
    """What was offered does not continue what was seen: `seen` and `offered` are the two notes, for whoever is told."""

    def __init__(self, code: str, origin: str, seen: str = "", offered: str = "") -> None:
        super().__init__(f"{code}: {origin}")
        self.code = code
        self.origin = origin
        self.seen = seen
        self.offered = offered


@dataclass(kw_only=True)
class WitnessState:
    """All that a witness has seen; holds no secret, so that it may be given to whoever compares."""

    witness: PublicKey
    logs: dict[str, SeenLog] = field(default_factory=dict)

    def last_size(self, origin: str) -> int:
        """The size of the last checkpoint seen of a log, 0 where none was."""
        log = self.logs.get(origin)
        return self.said(origin, log.seen[-1].note).size if log else 0

    def take(self, offer: Offer, signer: Signer, at: int) -> bool:
        """Verifies that an offer continues what was seen, cosigns and keeps it; whether it was news.

        The first key of a log is trusted as it comes, any other only by the word of the one before. Raises
        WitnessRefusedError, and keeps nothing.
        """
        log = self.logs.get(offer.origin) or SeenLog(key=offer.key)
        last = log.seen[-1].note if log.seen else ""
        offered = replace(log).offered(offer)
        if last:
            seen = self.said(offer.origin, last)
            check_continues(offer, seen, offered, last)
            if seen == offered:
                return False
        log.offered(offer)
        log.seen.append(Seen(note=cosign(offer.note, self.witness.name, signer, at), proof=offer.proof if last else ()))
        self.logs[offer.origin] = log
        return True

    def update(self, offers: Sequence[Offer], signer: Signer, at: int) -> tuple[int, list[WitnessRefusedError]]:
        """Takes what can be taken: how many were news, and what was refused, also a log that is offered no more."""
        withheld = sorted(set(self.logs) - {offer.origin for offer in offers})
        refused = [WitnessRefusedError("withheld", one, self.logs[one].seen[-1].note) for one in withheld]
        news = 0
        for offer in offers:
            try:
                news += self.take(offer, signer, at)
            except WitnessRefusedError as error:
                refused.append(error)
        return news, refused

    def check(self) -> None:
        """Verifies every signature, cosignature and proof in this state. Raises WitnessRefusedError."""
        for origin, log in self.logs.items():
            before: tuple[Checkpoint, str] | None = None
            keys = log.keys(origin)
            if len(keys) != len(log.successions) + 1:
                raise WitnessRefusedError("succession_broken", origin, log.seen[-1].note)
            for one in log.seen:
                said = self.said(origin, one.note)
                if before and _place_of_signer(keys, origin, one.note) < _place_of_signer(keys, origin, before[1]):
                    raise WitnessRefusedError("superseded_key", origin, before[1], one.note)
                if before is not None:
                    offer = Offer(origin=origin, key=log.key, note=one.note, before=before[0].size, proof=one.proof)
                    check_continues(offer, before[0], said, before[1])
                before = (said, one.note)

    def compare(self, other: WitnessState) -> int:
        """How many checkpoints both saw alike. Raises WitnessRefusedError where they were shown different histories."""
        alike = 0
        for origin, log in self.logs.items():
            theirs = {other.said(origin, one.note).size: one.note for one in other._seen(origin)}
            for one in log.seen:
                said = self.said(origin, one.note)
                note = theirs.get(said.size)
                if note is not None and other.said(origin, note) != said:
                    raise WitnessRefusedError("fork", origin, one.note, note)
                alike += note is not None
        return alike

    def _seen(self, origin: str) -> Sequence[Seen]:
        return self.logs[origin].seen if origin in self.logs else ()

    def said(self, origin: str, note: str) -> Checkpoint:
        """What a kept note says, once the log's and the witness's own signature hold."""
        said = self.logs[origin].signed(origin, note)
        try:
            cosigned_at(note, self.witness.name, self.witness.key)
        except NoteError as error:
            raise WitnessRefusedError(error.code, origin, note) from None
        return said

    def as_json(self) -> dict[str, Any]:
        """JSON values."""
        logs = {
            origin: {
                "key": log.key.as_json(),
                "seen": [{"note": one.note, "proof": [_text(node) for node in one.proof]} for one in log.seen],
                **({"restored": [one.as_json() for one in log.restored]} if log.restored else {}),
                **({"successions": list(log.successions)} if log.successions else {}),
            }
            for origin, log in self.logs.items()
        }
        return {"format": STATE, "witness": self.witness.as_json(), "logs": logs}

    @classmethod
    def of(cls, data: Any) -> Self:
        """From JSON values. ValueError where they are no state."""
        try:
            if data["format"] != STATE:
                raise ValueError(data["format"])
            logs = {
                str(origin): SeenLog(
                    key=PublicKey.of(log["key"]),
                    seen=[Seen(note=str(one["note"]), proof=_nodes(one["proof"])) for one in log["seen"]],
                    restored=[AcceptedRestore.of(one) for one in log.get("restored", ())],
                    successions=[str(note) for note in log.get("successions", ())],
                )
                for origin, log in data["logs"].items()
            }
            return cls(
                witness=PublicKey.of(data["witness"]), logs={name: log for name, log in logs.items() if log.seen}
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("not a witness's state") from error


def offers_as_json(offers: Sequence[Offer]) -> dict[str, Any]:
    """JSON values of what a house offers to a witness."""
    logs = [
        {
            "origin": one.origin,
            "key": one.key.as_json(),
            "note": one.note,
            "before": one.before,
            "proof": [_text(node) for node in one.proof],
            **({"restored": one.restored.as_json()} if one.restored else {}),
            **({"successions": list(one.successions)} if one.successions else {}),
        }
        for one in offers
    ]
    return {"format": OFFER, "logs": logs}


def offers_of(content: str | bytes) -> list[Offer]:
    """The offers in a file. ValueError where it is none."""
    try:
        data = json.loads(content)
        if data["format"] != OFFER:
            raise ValueError(data["format"])
        return [
            Offer(
                origin=str(one["origin"]),
                key=PublicKey.of(one["key"]),
                note=str(one["note"]),
                before=int(one["before"]),
                proof=_nodes(one["proof"]),
                restored=RestoreEvidence.of(one["restored"]) if "restored" in one else None,
                successions=tuple(str(note) for note in one.get("successions", ())),
            )
            for one in data["logs"]
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("not an offer to a witness") from error


def check_continues(offer: Offer, seen: Checkpoint, offered: Checkpoint, note: str) -> None:
    """That what is offered continues what was seen, whose note is `note`. Raises WitnessRefusedError."""
    if offered.size < seen.size:
        raise WitnessRefusedError("rollback", offer.origin, note, offer.note)
    if offered.size == seen.size and offered.root != seen.root:
        raise WitnessRefusedError("fork", offer.origin, note, offer.note)
    if offered.size > seen.size:
        if offer.before != seen.size:
            raise WitnessRefusedError("proof_from_another_size", offer.origin, note, offer.note)
        if not is_consistent(seen.size, seen.root, offered.size, offered.root, offer.proof):
            raise WitnessRefusedError("fork", offer.origin, note, offer.note)


def said_by(note: str, key: PublicKey, origin: str) -> Checkpoint:
    """What a log's note says, once its key's signature holds. Raises WitnessRefusedError."""
    try:
        said = verify_note(note, key.name, key.key)
    except NoteError as error:
        raise WitnessRefusedError(error.code, origin, offered=note) from None
    if said.origin != origin:
        raise WitnessRefusedError("checkpoint_of_another_log", origin, offered=note)
    return said


def _nodes(texts: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(one, validate=True) for one in texts)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def service_of_origin(origin: str) -> str:
    """The service whose checkpoint log an origin names."""
    return origin.removeprefix("qorgan/").partition("/")[0].removesuffix(".checkpoints")


def _place_of_signer(keys: Sequence[PublicKey], origin: str, note: str) -> int:
    """The place, among the keys that signed a log, of that which a note names. Raises WitnessRefusedError."""
    try:
        name = signer_of(note)
    except NoteError as error:
        raise WitnessRefusedError(error.code, origin, offered=note) from None
    found = [place for place, key in enumerate(keys) if key.name == name]
    if not found:
        raise WitnessRefusedError("note_not_signed_by_the_key", origin, offered=note)
    return found[0]
