"""A witness takes what continues what it saw, cosigns it as C2SP says, and refuses everything else by name."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.ledger.cosignature import cosign, cosigned_at
from shared.ledger.merkle import leaf_hash, root_of
from shared.ledger.note import Checkpoint, NoteError, key_hash, sign_note, verify_note
from shared.ledger.proofs import Tree
from shared.ledger.public_key import PublicKey
from shared.ledger.tests.test_proofs import MemoryTiles
from shared.ledger.witness import Offer, WitnessRefusedError, WitnessState, offers_as_json, offers_of
from shared.signing import SigningKey

SERVICE, WITNESS = SigningKey.generate("cases"), SigningKey.generate("department")
ORIGIN = "qorgan/cases.checkpoints/1"
AT = 1_700_000_000
LEAVES = [leaf_hash(str(number).encode()) for number in range(40)]
FORKED = [*LEAVES[:5], leaf_hash(b"another"), *LEAVES[6:]]


def public(key: SigningKey, name: str = "") -> PublicKey:
    return PublicKey(name=name or key.id, raw=key.public_key.public_bytes_raw())


def state(name: str = "department") -> WitnessState:
    return WitnessState(witness=public(WITNESS, name))


def offer(size: int, before: int = 0, leaves: list[bytes] = LEAVES, key: SigningKey = SERVICE) -> Offer:
    note = sign_note(Checkpoint(ORIGIN, size, root_of(leaves[:size])), key.id, key)
    proof = Tree(MemoryTiles(leaves), size).consistency(before) if 0 < before <= size else []
    return Offer(origin=ORIGIN, key=public(key), note=note, before=before, proof=tuple(proof))


class TestACosignature:
    NOTE = sign_note(Checkpoint(ORIGIN, 3, bytes(32)), SERVICE.id, SERVICE)

    def test_stands_beside_the_signature_and_tells_when(self) -> None:
        note = cosign(self.NOTE, "department", WITNESS, AT)
        assert cosigned_at(note, "department", WITNESS.public_key) == AT
        assert verify_note(note, SERVICE.id, SERVICE.public_key).size == 3

    def test_has_the_bytes_of_the_format(self) -> None:
        """Key hash with algorithm 04, time, signature over `cosignature/v1`, time and text (C2SP tlog-cosignature)."""
        line = cosign(self.NOTE, "department", WITNESS, AT).splitlines()[-1]
        blob = base64.b64decode(line.removeprefix("— department "))
        assert blob[:4] == key_hash("department", WITNESS.public_key, b"\4")
        assert int.from_bytes(blob[4:12], "big") == AT
        text = self.NOTE.rpartition("\n\n")[0] + "\n"
        WITNESS.public_key.verify(blob[12:], f"cosignature/v1\ntime {AT}\n{text}".encode())
        assert len(blob) == 76

    def test_of_another_note_time_or_key_is_refused(self) -> None:
        note = cosign(self.NOTE, "department", WITNESS, AT)
        with pytest.raises(NoteError, match="note_signature_wrong"):
            cosigned_at(note.replace("\n3\n", "\n4\n"), "department", WITNESS.public_key)
        with pytest.raises(NoteError, match="note_not_signed_by_the_key"):
            cosigned_at(note, "department", SERVICE.public_key)
        with pytest.raises(NoteError, match="note_not_signed_by_the_key"):
            cosigned_at(self.NOTE, "department", WITNESS.public_key)


class TestAWitness:
    def test_takes_what_continues_what_it_saw(self) -> None:
        witness = state()
        assert witness.take(offer(8), WITNESS, AT)
        assert witness.take(offer(21, 8), WITNESS, AT)
        assert not witness.take(offer(21, 21), WITNESS, AT)
        assert witness.last_size(ORIGIN) == 21
        witness.check()

    @pytest.mark.parametrize(
        ("offered", "code"),
        [
            (offer(6), "rollback"),
            (offer(8, 8, FORKED), "fork"),
            (offer(21, 8, FORKED), "fork"),
            (replace(offer(21, 8), proof=()), "fork"),
            (offer(21, 7), "proof_from_another_size"),
            (offer(21, 8, key=SigningKey.generate("cases")), "another_key"),
            (replace(offer(21, 8), note=offer(21).note.replace("\n21\n", "\n22\n")), "note_signature_wrong"),
            (replace(offer(21, 8), origin="qorgan/reports.checkpoints/1"), "checkpoint_of_another_log"),
        ],
    )
    def test_refuses_what_does_not_and_keeps_what_it_had(self, offered: Offer, code: str) -> None:
        witness = state()
        witness.take(offer(8), WITNESS, AT)
        before = witness.as_json()
        with pytest.raises(WitnessRefusedError) as refused:
            witness.take(offered, WITNESS, AT)
        assert refused.value.code == code
        assert refused.value.offered == offered.note
        if code in ("rollback", "fork"):
            assert refused.value.seen.startswith(offer(8).note)
        assert witness.as_json() == before

    def test_notices_a_log_that_is_not_offered_any_more(self) -> None:
        witness = state()
        witness.take(offer(8), WITNESS, AT)
        news, (refused,) = witness.update([], WITNESS, AT)
        assert (news, refused.code, refused.origin) == (0, "withheld", ORIGIN)

    def test_of_a_changed_file_is_refused(self) -> None:
        witness = state()
        for size, before in ((8, 0), (21, 8), (30, 21)):
            witness.take(offer(size, before), WITNESS, AT)
        whole = witness.as_json()
        dropped = json.loads(json.dumps(whole))
        del dropped["logs"][ORIGIN]["seen"][1]
        with pytest.raises(WitnessRefusedError, match="fork"):
            WitnessState.of(dropped).check()
        resigned = json.loads(json.dumps(whole))
        resigned["logs"][ORIGIN]["seen"][1]["note"] = offer(21, 8, FORKED).note
        with pytest.raises(WitnessRefusedError, match="note_not_signed_by_the_key"):
            WitnessState.of(resigned).check()


class TestTwoWitnesses:
    def test_that_saw_the_same_agree(self) -> None:
        one, other = state(), state("auditor")
        for witness in (one, other):
            witness.take(offer(8), WITNESS, AT)
            witness.take(offer(21, 8), WITNESS, AT + 1)
        assert one.compare(other) == 2

    def test_that_were_shown_different_histories_find_it(self) -> None:
        one, other = state(), state("auditor")
        one.take(offer(8), WITNESS, AT)
        other.take(offer(8, leaves=FORKED), WITNESS, AT)
        with pytest.raises(WitnessRefusedError, match="fork") as refused:
            one.compare(other)
        assert refused.value.seen.startswith(offer(8).note)
        assert refused.value.offered.startswith(offer(8, leaves=FORKED).note)


class TestFiles:
    def test_are_read_back(self) -> None:
        offers = [offer(8), offer(21, 8)]
        assert offers_of(json.dumps(offers_as_json(offers))) == offers
        witness = state()
        witness.take(offers[0], WITNESS, AT)
        assert WitnessState.of(json.loads(json.dumps(witness.as_json()))) == witness

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "qorgan witness offer 1"}', '{"format": 7}'])
    def test_of_another_form_are_refused(self, content: str) -> None:
        with pytest.raises(ValueError, match="not an offer"):
            offers_of(content)
        with pytest.raises(ValueError, match="not a witness's state"):
            WitnessState.of(json.loads(content or "{}"))

    def test_with_a_key_that_is_none_are_refused(self) -> None:
        broken = offers_as_json([offer(8)])
        broken["logs"][0]["key"]["public_key"] = "AAAA"
        with pytest.raises(ValueError, match="not an offer"):
            offers_of(json.dumps(broken))
        assert isinstance(public(SERVICE).key, Ed25519PublicKey)
