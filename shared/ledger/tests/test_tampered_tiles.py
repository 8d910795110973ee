"""Whoever changes, moves or takes a kept tile is found by verification, and proves nothing with it."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.database import Database
from shared.ledger.merkle import root_from_inclusion
from shared.ledger.note import verify_note
from shared.ledger.proofs import Tree
from shared.ledger.tests.test_proofs import leaves_of
from shared.ledger.tiles import StoredTiles
from shared.ledger.verification import LogVerification
from shared.signing import SigningKey
from shared.testing.ledger import Tamperer
from shared.testing.sample import request, sealed_event

KEY = SigningKey.generate("sample")


@pytest.fixture
def tenant(ledger_database: Database) -> UUID:
    """A tenant with three full tiles."""
    tenant = new_id()
    append(ledger_database, request(tenant, *(sealed_event(new_id()) for _ in range(800))))
    make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
    return tenant


def found(database: Database, tenant: UUID) -> list[tuple[int, int | None, str]]:
    checked = LogVerification(
        database=database, tenant=tenant, log="sample", public_key=lambda _: KEY.public_key, has_public_events=False
    )
    assert list(checked.run())
    return [(one.position, one.through, one.code) for one in checked.findings]


class TestAKeptTile:
    def test_of_a_sound_log_is_what_the_rows_lead_to(self, ledger_database: Database, tenant: UUID) -> None:
        assert found(ledger_database, tenant) == []

    @pytest.mark.parametrize(
        ("damage", "faults"),
        [
            ("UPDATE ledger.tiles SET hashes = :bytes WHERE {1}", [(257, 512, "tile_differs")]),
            ("UPDATE ledger.tiles SET root = :bytes WHERE {1}", [(257, 512, "tile_differs")]),
            ("DELETE FROM ledger.tiles WHERE {1}", [(257, 512, "tile_missing")]),
            (
                "UPDATE ledger.tiles SET index = 3 WHERE {2}",
                [(513, 768, "tile_missing"), (801, 1024, "tile_beyond_head")],
            ),
            (
                "UPDATE ledger.tiles SET level = 1 WHERE {0}",
                [(1, 256, "tile_missing"), (801, 65_536, "tile_beyond_head")],
            ),
        ],
    )
    def test_that_was_changed_moved_or_taken_is_named(
        self,
        ledger_database: Database,
        tamperer: Tamperer,
        tenant: UUID,
        damage: str,
        faults: list[tuple[int, int, str]],
    ) -> None:
        for number in range(3):
            damage = damage.replace(f"{{{number}}}", f'tenant = :tenant AND "index" = {number}')
        damage = damage.replace("SET index", 'SET "index"')
        values = {"tenant": tenant} | ({"bytes": b"\7" * 32} if ":bytes" in damage else {})
        assert tamperer.run(damage, **values) == 1
        assert found(ledger_database, tenant) == faults

    def test_that_was_changed_leads_no_leaf_to_the_signed_root(
        self, ledger_database: Database, tamperer: Tamperer, tenant: UUID
    ) -> None:
        kept = make_checkpoint(ledger_database, tenant, "sample", KEY, KEY.id)
        assert kept is not None
        signed = verify_note(kept.note, KEY.id, KEY.public_key).root
        tamperer.run(
            'UPDATE ledger.tiles SET root = :bytes WHERE tenant = :tenant AND "index" = 0',
            tenant=tenant,
            bytes=b"\7" * 32,
        )
        leaves = leaves_of(ledger_database, tenant)
        path = Tree(StoredTiles(ledger_database, tenant, "sample"), 800).inclusion(500)
        assert root_from_inclusion(leaves[500], 500, 800, path) != signed
