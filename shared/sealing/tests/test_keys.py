"""Stream keys are wrapped under their tenant's, lie nowhere in the clear, and are forgotten after a minute."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.database import Database
from shared.sealing.keys import HELD_KEYS, FolderTenantKeys, KeyCache, master_key, write_once
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.testing.sample import request, sealed_event

TENANT, STREAM, KEY = new_id(), new_id(), bytes(range(32))


@pytest.fixture
def tenant_keys(tmp_path: Path) -> FolderTenantKeys:
    """A folder of tenant keys."""
    return FolderTenantKeys(tmp_path / "tenants", master_key(tmp_path / "master.key"))


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
        first = FolderTenantKeys(tmp_path / "tenants", master_key(tmp_path / "master.key"))
        wrapped = first.wrap(TENANT, STREAM, KEY)
        second = FolderTenantKeys(tmp_path / "tenants", master_key(tmp_path / "master.key"))
        assert second.unwrap(TENANT, STREAM, wrapped) == KEY

    def test_is_of_no_use_with_another_master_key(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        tenant_keys.wrap(TENANT, STREAM, KEY)
        with pytest.raises(Exception, match=r".*"):
            FolderTenantKeys(tmp_path / "tenants", os.urandom(32)).unwrap(TENANT, STREAM, bytes(64))

    def test_goes_with_a_blind_index_key_of_its_tenant_and_field(self, tenant_keys: FolderTenantKeys) -> None:
        keys = {tenant_keys.blind_key(tenant, field) for tenant in (TENANT, new_id()) for field in ("iin", "name")}
        assert len(keys) == 4
        assert tenant_keys.blind_key(TENANT, "iin") in keys


class TestKeyFiles:
    def test_are_readable_by_their_owner_only(self, tmp_path: Path, tenant_keys: FolderTenantKeys) -> None:
        tenant_keys.wrap(TENANT, STREAM, KEY)
        files = [tmp_path / "master.key", *(tmp_path / "tenants").iterdir()]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 2
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
