"""The checkpoint log: every tenant checkpoint is an entry, once; what was entered can't be undone unseen."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.checkpoint_log import CheckpointLog, Entry, Made
from shared.ledger.database import Database
from shared.ledger.leaf import leaf_hash_of
from shared.ledger.merkle import root_from_inclusion
from shared.ledger.note import verify_note
from shared.ledger.proofs import Tree
from shared.ledger.tables import events
from shared.ledger.tiles import StoredTiles
from shared.ledger.verification import LogVerification
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.master_keys import FixedMasterKey
from shared.signing import SigningKey
from shared.testing.ledger import Tamperer
from shared.testing.sample import request, sealed_event

KEY = SigningKey.generate("sample")


@pytest.fixture
def log(ledger_database: Database, tmp_path: Path) -> CheckpointLog:
    """The sample service's checkpoint log, on a platform of the test's own."""
    return CheckpointLog(
        ledger_database, "sample", new_id(), FolderTenantKeys(tmp_path / "keys", FixedMasterKey(bytes(32)))
    )


def grown(database: Database, tenant: UUID) -> Made:
    """The tenant's log with one more event, and a checkpoint of it."""
    append(database, request(tenant, sealed_event(new_id())))
    kept = make_checkpoint(database, tenant, "sample", KEY, KEY.id)
    assert kept is not None
    return Made(tenant, "sample", kept)


def entries(log: CheckpointLog) -> list[Entry]:
    chosen = select(events.c.payload).where(events.c.tenant == log.platform, events.c.log == log.log)
    with log.database.tenant(log.platform) as connection:
        return [Entry.decode(bytes(one)) for one in connection.scalars(chosen.order_by(events.c.position))]


class TestTheCheckpointLog:
    def test_has_each_checkpoint_of_each_tenant_once(self, log: CheckpointLog) -> None:
        ours, theirs = new_id(), new_id()
        first = [grown(log.database, ours), grown(log.database, theirs)]
        assert log.enter(first) == []
        assert log.enter(first) == []
        again = grown(log.database, ours)
        assert log.enter([again, first[1]]) == []
        assert [(one.tenant, one.size, one.root) for one in entries(log)] == [
            (ours, 1, first[0].root()),
            (theirs, 1, first[1].root()),
            (ours, 2, again.root()),
        ]

    def test_hides_each_entry_behind_a_salt_of_its_own(self, log: CheckpointLog) -> None:
        """Who knows a school and everything else of an entry can't tell that it is that school's."""
        tenant = new_id()
        for _ in range(2):
            log.enter([grown(log.database, tenant)])
        salts = {one.salt for one in entries(log)}
        assert len(salts) == 2
        assert all(len(salt) == 32 for salt in salts)

    def test_proves_an_entry_to_whoever_is_given_it(self, log: CheckpointLog) -> None:
        """Leaf, path and signed root: the leaf commits to tenant, log, size and root by their salted hash."""
        tenants = [new_id() for _ in range(5)]
        log.enter([grown(log.database, tenant) for tenant in tenants])
        kept = make_checkpoint(log.database, log.platform, log.log, KEY, KEY.id)
        assert kept is not None
        with log.database.tenant(log.platform) as connection:
            rows = connection.execute(
                select(events).where(events.c.tenant == log.platform, events.c.position == 3)
            ).all()
        path = Tree(StoredTiles(log.database, log.platform, log.log), 5).inclusion(2)
        root = verify_note(kept.note, KEY.id, KEY.public_key).root
        assert root_from_inclusion(leaf_hash_of(rows[0]), 2, 5, path) == root
        assert sha256(entries(log)[2].encode()).digest() == sha256(rows[0].payload).digest()

    def test_verifies(self, log: CheckpointLog) -> None:
        log.enter([grown(log.database, new_id()) for _ in range(3)])
        make_checkpoint(log.database, log.platform, log.log, KEY, KEY.id)
        assert found(log) == []

    def test_refuses_a_log_that_was_put_back(self, log: CheckpointLog, tamperer: Tamperer) -> None:
        """One school's rows, head and checkpoints are those of yesterday; the platform's are of today."""
        tenant = new_id()
        yesterday = grown(log.database, tenant)
        log.enter([yesterday, grown(log.database, tenant)])
        for table, column in (("events", "position"), ("checkpoints", "size")):
            tamperer.run(f"DELETE FROM ledger.{table} WHERE tenant = :tenant AND {column} > 1", tenant=tenant)
        tamperer.run(
            "UPDATE ledger.heads SET size = 1, edge = :edge WHERE tenant = :tenant",
            tenant=tenant,
            edge=yesterday.kept.edge,
        )
        (damaged,) = log.enter([yesterday])
        assert (damaged.tenant, damaged.position, damaged.code) == (tenant, 2, "head_behind_checkpoint")
        assert found(log) == [(2, "entered_checkpoint_missing")]

    def test_refuses_a_log_that_was_written_anew(self, log: CheckpointLog, tamperer: Tamperer) -> None:
        """Even by who has the service's key and signs the new history."""
        tenant = new_id()
        log.enter([grown(log.database, tenant)])
        for table in ("events", "checkpoints", "heads"):
            tamperer.run(f"DELETE FROM ledger.{table} WHERE tenant = :tenant", tenant=tenant)
        (damaged,) = log.enter([grown(log.database, tenant)])
        assert (damaged.tenant, damaged.position, damaged.code) == (tenant, 1, "entry_differs")
        assert found(log) == [(1, "entry_differs")]

    def test_names_an_entry_that_was_changed(self, log: CheckpointLog, tamperer: Tamperer) -> None:
        log.enter([grown(log.database, new_id()) for _ in range(3)])
        tamperer.run(
            "UPDATE ledger.events SET payload = :bytes WHERE tenant = :tenant AND position = 2",
            tenant=log.platform,
            bytes=b"\7" * 90,
        )
        assert found(log) == [(2, "leaf_differs"), (2, "payload_does_not_open")]


class TestAnEntry:
    @pytest.mark.parametrize("cut", [0, 40, 60, 90, -1])
    def test_of_another_form_is_refused(self, cut: int) -> None:
        entry = Entry(tenant=new_id(), log="sample", size=3, root=bytes(32), salt=bytes(32))
        assert Entry.decode(entry.encode()) == entry
        with pytest.raises(ValueError, match="not an entry"):
            Entry.decode(entry.encode()[:cut])


def found(log: CheckpointLog) -> list[tuple[int, str]]:
    checked = LogVerification(
        database=log.database,
        tenant=log.platform,
        log=log.log,
        public_key=lambda _: KEY.public_key,
        check_event=log.check_event,
        has_public_events=False,
    )
    assert list(checked.run())
    return [(one.position, one.code) for one in checked.findings]
