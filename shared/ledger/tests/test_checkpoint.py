"""Checkpoints: signed notes that continue each other, and are not made over a damaged log."""

from __future__ import annotations

from base64 import b64decode
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.checkpoint import KeptCheckpoint, LedgerDamagedError, last_checkpoint, make_checkpoint
from shared.ledger.database import Database
from shared.ledger.merkle import root_of
from shared.ledger.note import Checkpoint, NoteError, key_hash, sign_note, signer_of, verify_note
from shared.ledger.tables import events
from shared.signing import SigningKey
from shared.testing.ledger import Tamperer
from shared.testing.sample import request, sealed_event

KEY = SigningKey.generate("sample")


@pytest.fixture
def tenant(ledger_database: Database) -> UUID:
    """A tenant with five events."""
    tenant = new_id()
    _grow(ledger_database, tenant, 5)
    return tenant


class TestASignedNote:
    CHECKPOINT = Checkpoint("qorgan/sample/0", 3, b"\1" * 32)

    def test_has_the_lines_of_the_format(self) -> None:
        lines = sign_note(self.CHECKPOINT, KEY.id, KEY).split("\n")
        assert lines[:4] == ["qorgan/sample/0", "3", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", ""]
        assert lines[4].startswith(f"— {KEY.id} ")
        assert lines[5:] == [""]

    def test_is_read_back_under_its_key(self) -> None:
        note = sign_note(self.CHECKPOINT, KEY.id, KEY)
        assert verify_note(note, KEY.id, KEY.public_key) == self.CHECKPOINT
        assert signer_of(note) == KEY.id

    def test_is_read_among_signatures_of_others(self) -> None:
        note = sign_note(self.CHECKPOINT, KEY.id, KEY)
        other = sign_note(self.CHECKPOINT, "witness", SigningKey.generate("witness")).rpartition("\n\n")[2]
        text, _, ours = note.rpartition("\n\n")
        assert verify_note(f"{text}\n\n{other}{ours}", KEY.id, KEY.public_key) == self.CHECKPOINT

    def test_names_its_key_as_the_format_says(self) -> None:
        """The key of the Go checksum database, whose verifier key is published: sum.golang.org+033de0ae+…."""
        published = b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
        key = Ed25519PublicKey.from_public_bytes(published[1:])
        assert key_hash("sum.golang.org", key).hex() == "033de0ae"

    def test_of_another_key_or_name_is_refused(self) -> None:
        note = sign_note(self.CHECKPOINT, KEY.id, KEY)
        with pytest.raises(NoteError, match="note_not_signed_by_the_key"):
            verify_note(note, KEY.id, SigningKey.generate("sample").public_key)
        with pytest.raises(NoteError, match="note_not_signed_by_the_key"):
            verify_note(note, "another", KEY.public_key)

    def test_with_any_character_changed_is_refused(self) -> None:
        note = sign_note(self.CHECKPOINT, KEY.id, KEY)
        for at in range(len(note)):
            changed = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
            with pytest.raises(NoteError):
                verify_note(changed, KEY.id, KEY.public_key)


class TestMakingACheckpoint:
    def test_signs_the_root_over_all_leaves(self, ledger_database: Database, tenant: UUID) -> None:
        kept = _checkpoint(ledger_database, tenant)
        said = verify_note(kept.note, KEY.id, KEY.public_key)
        assert said == Checkpoint(f"qorgan/sample/{tenant}", 5, root_of(_leaves(ledger_database, tenant)))

    def test_continues_the_one_before(self, ledger_database: Database, tenant: UUID) -> None:
        for size in (5, 8, 11):
            kept = _checkpoint(ledger_database, tenant)
            assert kept.size == size
            assert last_checkpoint(ledger_database, tenant, "sample") == kept
            _grow(ledger_database, tenant, 3)

    def test_makes_none_where_nothing_was_appended(self, ledger_database: Database, tenant: UUID) -> None:
        assert _checkpoint(ledger_database, tenant) == _checkpoint(ledger_database, tenant)

    def test_makes_none_of_an_empty_log(self, ledger_database: Database) -> None:
        assert make_checkpoint(ledger_database, new_id(), "sample", KEY, KEY.id) is None

    def test_starts_anew_under_a_new_key(self, ledger_database: Database, tenant: UUID) -> None:
        _checkpoint(ledger_database, tenant)
        _grow(ledger_database, tenant, 2)
        fresh = SigningKey.generate("sample")
        kept = make_checkpoint(ledger_database, tenant, "sample", fresh, fresh.id)
        assert kept is not None
        assert verify_note(kept.note, fresh.id, fresh.public_key).size == 7


class TestADamagedLog:
    """Each damage is refused a checkpoint, with the position and what differs; none is kept."""

    @pytest.mark.parametrize(
        ("damage", "position", "code"),
        [
            ("UPDATE ledger.events SET actor = 'person:x' WHERE tenant = :tenant AND position = 7", 7, "leaf_differs"),
            ("UPDATE ledger.events SET payload = :bytes WHERE tenant = :tenant AND position = 8", 8, "leaf_differs"),
            ("UPDATE ledger.events SET leaf_hash = :bytes WHERE tenant = :tenant AND position = 6", 6, "leaf_differs"),
            ("UPDATE ledger.events SET leaf_version = 2 WHERE tenant = :tenant AND position = 8", 8, "leaf_differs"),
            ("DELETE FROM ledger.events WHERE tenant = :tenant AND position = 7", 7, "position_missing"),
            ("DELETE FROM ledger.events WHERE tenant = :tenant AND position > 6", 7, "position_missing"),
            ("UPDATE ledger.heads SET edge = :bytes WHERE tenant = :tenant", 6, "head_edge_differs"),
            ("UPDATE ledger.heads SET size = 4 WHERE tenant = :tenant", 5, "head_behind_checkpoint"),
            ("UPDATE ledger.checkpoints SET edge = :edge WHERE tenant = :tenant", 5, "checkpoint_edge_differs"),
            (
                "UPDATE ledger.checkpoints SET note = replace(note, 'qorgan/', 'q/') WHERE tenant = :tenant",
                5,
                "note_signature_wrong",
            ),
        ],
    )
    def test_is_not_signed(
        self,
        ledger_database: Database,
        tamperer: Tamperer,
        tenant: UUID,
        damage: str,
        position: int,
        code: str,
    ) -> None:
        before = _checkpoint(ledger_database, tenant)
        _grow(ledger_database, tenant, 3)
        values = {"tenant": tenant, "bytes": b"\7" * 64, "edge": b"\7" * 64}
        assert tamperer.run(damage, **{name: value for name, value in values.items() if f":{name}" in damage})
        with pytest.raises(LedgerDamagedError) as refused:
            _checkpoint(ledger_database, tenant)
        assert (refused.value.position, refused.value.log, refused.value.tenant) == (position, "sample", tenant)
        assert refused.value.code == code
        found = last_checkpoint(ledger_database, tenant, "sample")
        assert found is not None
        assert found.size == before.size


def _grow(database: Database, tenant: UUID, count: int) -> None:
    for _ in range(count):
        append(database, request(tenant, sealed_event(new_id())))


def _checkpoint(database: Database, tenant: UUID) -> KeptCheckpoint:
    kept = make_checkpoint(database, tenant, "sample", KEY, KEY.id)
    assert kept is not None
    return kept


def _leaves(database: Database, tenant: UUID) -> list[bytes]:
    chosen = select(events.c.leaf_hash).where(events.c.tenant == tenant).order_by(events.c.position)
    with database.tenant(tenant) as connection:
        return [bytes(leaf) for leaf in connection.scalars(chosen)]
