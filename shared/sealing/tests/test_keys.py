"""Stream keys are wrapped under their tenant's, lie nowhere in the clear, and are forgotten after a minute."""

from __future__ import annotations

import hmac
import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.database import Database
from shared.sealing.files import write_once
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.keys import HELD_KEYS, Destroyed, KeyCache, TenantDestroyedError, generation_of
from shared.sealing.master_keys import FixedMasterKey, FolderMasterKeys
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.testing.sample import request, sealed_event

TENANT, STREAM, KEY = new_id(), new_id(), bytes(range(32))


@pytest.fixture
def tenant_keys(tmp_path: Path) -> FolderTenantKeys:
    """A folder of tenant keys."""
    return FolderTenantKeys(tmp_path / "tenants", FolderMasterKeys(tmp_path / "master.key"))


class Seconds:
    """A clock for the key cache that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("shared.sealing.keys.monotonic", lambda: self.now)


class TestTheKeyCache:
    def test_forgets_a_key_after_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seconds, cache = Seconds(monkeypatch), KeyCache()
        cache.put(TENANT, STREAM, KEY)
        seconds.now += 60
        assert cache.get(TENANT, STREAM) == KEY
        seconds.now += 0.01
        assert cache.get(TENANT, STREAM) is None

    def test_holds_no_key_longer_because_it_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seconds, cache = Seconds(monkeypatch), KeyCache()
        cache.put(TENANT, STREAM, KEY)
        for _ in range(7):
            seconds.now += 10
            cache.get(TENANT, STREAM)
        assert cache.get(TENANT, STREAM) is None

    def test_lets_old_keys_go_when_others_come(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seconds, cache = Seconds(monkeypatch), KeyCache()
        cache.put(TENANT, STREAM, KEY)
        seconds.now += 61
        cache.put(TENANT, new_id(), KEY)
        assert len(cache._held) == 1

    def test_lets_old_keys_go_when_others_are_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A key that nobody asks for again is not held for that reason."""
        seconds, cache = Seconds(monkeypatch), KeyCache()
        cache.put(TENANT, STREAM, KEY)
        seconds.now += 61
        cache.get(TENANT, new_id())
        assert not cache._held

    def test_holds_only_so_many(self) -> None:
        cache = KeyCache()
        for _ in range(HELD_KEYS + 5):
            cache.put(TENANT, new_id(), KEY)
        assert len(cache._held) == HELD_KEYS


class TestAWrappedKey:
    def test_is_unwrapped_for_its_tenant_and_stream(self, tenant_keys: FolderTenantKeys) -> None:
        wrapped = tenant_keys.wrap(TENANT, STREAM, KEY)
        assert KEY not in wrapped
        assert tenant_keys.unwrap(TENANT, STREAM, wrapped) == KEY

    def test_is_unwrapped_for_no_other(self, tenant_keys: FolderTenantKeys) -> None:
        wrapped, other = tenant_keys.wrap(TENANT, STREAM, KEY), new_id()
        tenant_keys.wrap(other, STREAM, KEY)
        for tenant, stream in ((TENANT, new_id()), (other, STREAM), (new_id(), STREAM)):
            with pytest.raises(UnsealError):
                tenant_keys.unwrap(tenant, stream, wrapped)

    def test_is_still_unwrapped_after_a_restart(self, tmp_path: Path) -> None:
        first = FolderTenantKeys(tmp_path / "tenants", FolderMasterKeys(tmp_path / "master.key"))
        wrapped = first.wrap(TENANT, STREAM, KEY)
        second = FolderTenantKeys(tmp_path / "tenants", FolderMasterKeys(tmp_path / "master.key"))
        assert second.unwrap(TENANT, STREAM, wrapped) == KEY

    def test_is_of_no_use_with_another_master_key(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        tenant_keys.wrap(TENANT, STREAM, KEY)
        with pytest.raises(Exception, match=r".*"):
            FolderTenantKeys(tmp_path / "tenants", FixedMasterKey(os.urandom(32))).unwrap(TENANT, STREAM, bytes(64))

    def test_goes_with_a_blind_index_key_of_its_tenant_and_field(self, tenant_keys: FolderTenantKeys) -> None:
        keys = {tenant_keys.blind_key(tenant, field) for tenant in (TENANT, new_id()) for field in ("iin", "name")}
        assert len(keys) == 4
        assert tenant_keys.blind_key(TENANT, "iin") in keys

    def test_of_a_blind_index_outlives_the_tenants_key(self, tenant_keys: FolderTenantKeys) -> None:
        before = tenant_keys.blind_key(TENANT, "iin")
        tenant_keys.destroy_generations_before(TENANT, tenant_keys.begin_generation(TENANT))
        assert fresh(tenant_keys).blind_key(TENANT, "iin") == before

    def test_of_a_blind_index_is_that_which_was_derived_before_it_was_a_file(
        self, tenant_keys: FolderTenantKeys
    ) -> None:
        """Installations of the first version have indexes under keys that were worked out from the tenant's."""
        tenant_keys.wrap(TENANT, STREAM, KEY)
        derived = hmac.new(tenant_keys._tenant_key(TENANT, 1), b"qorgan blind index 1login", sha256).digest()
        tenant_keys.destroy_generations_before(TENANT, tenant_keys.begin_generation(TENANT))
        assert fresh(tenant_keys).blind_key(TENANT, "login") == derived


def fresh(keys: FolderTenantKeys) -> FolderTenantKeys:
    """The same folder as another process opens it."""
    return FolderTenantKeys(keys.folder, FolderMasterKeys(keys.folder.parent / "master.key"))


class TestGenerationsOfATenantsKey:
    def test_wrap_by_the_newest_and_unwrap_by_each(self, tenant_keys: FolderTenantKeys) -> None:
        old = tenant_keys.wrap(TENANT, STREAM, KEY)
        assert tenant_keys.begin_generation(TENANT) == 2
        new = tenant_keys.wrap(TENANT, STREAM, KEY)
        assert [generation_of(one) for one in (old, new)] == [1, 2]
        assert tenant_keys.unwrap(TENANT, STREAM, old) == tenant_keys.unwrap(TENANT, STREAM, new) == KEY

    def test_open_nothing_more_once_they_are_destroyed(self, tenant_keys: FolderTenantKeys) -> None:
        old = tenant_keys.wrap(TENANT, STREAM, KEY)
        file = tenant_keys.folder / f"{TENANT}.1.key"
        lasting = file.with_name("link")
        os.link(file, lasting)
        before = lasting.read_bytes()
        tenant_keys.destroy_generations_before(TENANT, tenant_keys.begin_generation(TENANT))
        assert not file.exists()
        assert lasting.read_bytes() != before
        for keys in (tenant_keys, fresh(tenant_keys)):
            with pytest.raises(UnsealError):
                keys.unwrap(TENANT, STREAM, old)

    def test_are_seen_by_a_process_that_had_an_older_one(self, tenant_keys: FolderTenantKeys) -> None:
        other = fresh(tenant_keys)
        other.wrap(TENANT, STREAM, KEY)
        tenant_keys.destroy_generations_before(TENANT, tenant_keys.begin_generation(TENANT))
        assert generation_of(other.wrap(TENANT, STREAM, KEY)) == 2
        assert generation_of(fresh(tenant_keys).wrap(TENANT, STREAM, KEY)) == 2

    def test_leave_other_tenants_alone(self, tenant_keys: FolderTenantKeys) -> None:
        other = new_id()
        wrapped = tenant_keys.wrap(other, STREAM, KEY)
        tenant_keys.wrap(TENANT, STREAM, KEY)
        tenant_keys.destroy_generations_before(TENANT, tenant_keys.begin_generation(TENANT))
        assert fresh(tenant_keys).unwrap(other, STREAM, wrapped) == KEY


class TestGenerationsOfTheMasterKey:
    def test_change_under_running_processes(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        wrapped, blind = tenant_keys.wrap(TENANT, STREAM, KEY), tenant_keys.blind_key(TENANT, "iin")
        master = FolderMasterKeys(tmp_path / "master.key")
        newest = master.begin_generation()
        assert list(tenant_keys.rewrap_all())[-1] == (2, 2)
        master.destroy_generations_before(newest)
        assert not (tmp_path / "master.key").exists()
        for keys in (tenant_keys, fresh(tenant_keys)):
            assert keys.unwrap(TENANT, STREAM, wrapped) == KEY
            assert keys.blind_key(TENANT, "iin") == blind
            assert keys.wrap(new_id(), STREAM, KEY)

    def test_read_files_of_the_first_version(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        wrapped = tenant_keys.wrap(TENANT, STREAM, KEY)
        file = tenant_keys.folder / f"{TENANT}.1.key"
        file.write_bytes(file.read_bytes()[4:])
        assert fresh(tenant_keys).unwrap(TENANT, STREAM, wrapped) == KEY


class TestTheJournalOfDestroyedKeys:
    def test_remembers_each_once_and_in_order(self, tenant_keys: FolderTenantKeys) -> None:
        all_of_them = [
            Destroyed(tenant=TENANT, stream=new_id(), erasure=new_id(), destroyed_at=at) for at in range(1, 4)
        ]
        assert tenant_keys.destroyed() == []
        tenant_keys.note_destroyed(all_of_them[:2])
        tenant_keys.note_destroyed(all_of_them[1:])
        assert fresh(tenant_keys).destroyed() == all_of_them


class TestWrappingAllAnew:
    def test_brings_no_key_back_that_was_destroyed_meanwhile(self, tenant_keys: FolderTenantKeys) -> None:
        """An erasure shreds a file that a rotation of the master key has listed and not come to yet."""
        first, last = sorted((new_id(), new_id()))
        for tenant in (first, last):
            tenant_keys.newest(tenant)
        rewrapping = tenant_keys.rewrap_all()
        next(rewrapping)
        tenant_keys.destroy_generations_before(last, tenant_keys.begin_generation(last))
        assert [done for done, _ in rewrapping] == [2]
        assert tenant_keys.generations(last) == [2]

    def test_makes_no_key_of_a_destroyed_tenant(self, tenant_keys: FolderTenantKeys) -> None:
        tenant_keys.newest(TENANT)
        tenant_keys.destroy_tenant(TENANT)
        assert tenant_keys.is_destroyed(TENANT)
        assert not tenant_keys.files()
        with pytest.raises(TenantDestroyedError):
            tenant_keys.wrap(TENANT, STREAM, KEY)


class TestKeyFiles:
    def test_are_readable_by_their_owner_only(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        tenant_keys.wrap(TENANT, STREAM, KEY)
        files = [tmp_path / "master.key", *(tmp_path / "tenants").iterdir()]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3  # with the lock
        assert stat.S_IMODE((tmp_path / "tenants").stat().st_mode) == 0o700

    def test_keep_what_the_first_one_wrote(self, tmp_path: Path) -> None:
        write_once(tmp_path / "key", b"first")
        write_once(tmp_path / "key", b"second")
        assert (tmp_path / "key").read_bytes() == b"first"
        assert list(tmp_path.iterdir()) == [tmp_path / "key"]

    def test_outlive_a_power_cut_with_their_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is stored under a key must not outlive it: the folder is synced once the name is in it."""
        synced: list[list[str]] = []

        def sync(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").resolve()
            synced.append(sorted(file.name for file in path.iterdir()) if path.is_dir() else ["a file"])

        monkeypatch.setattr("os.fsync", sync)
        write_once(tmp_path / "key", b"first")
        assert synced == [["a file"], ["key"]]
        write_once(tmp_path / "key", b"second")
        assert synced[2:] == [["a file"], ["key"]]


class TestTheKeysOfStreams:
    def test_are_read_wrapped_from_the_database(self, ledger_database: Database, tenant_keys: FolderTenantKeys) -> None:
        tenant, stream = new_id(), new_id()
        keys = StreamKeys(ledger_database, tenant, tenant_keys, KeyCache())
        key, wrapped = keys.new(stream)
        append(ledger_database, request(tenant, sealed_event(stream), new_keys=[(stream, wrapped)]))
        assert keys.get(stream) == key
        with pytest.raises(KeyDestroyedError):
            StreamKeys(ledger_database, new_id(), tenant_keys, KeyCache()).get(stream)

    def test_of_a_standing_purpose_are_made_once(
        self, ledger_database: Database, tenant_keys: FolderTenantKeys
    ) -> None:
        tenant = new_id()
        keys = [StreamKeys(ledger_database, tenant, tenant_keys, KeyCache()) for _ in range(2)]
        assert keys[0].standing("access") == keys[1].standing("access")
        assert keys[0].standing("access") != keys[1].standing("answers")
