"""Our checker and an independent one agree on a good bundle, and on each of many tampered ones."""

from __future__ import annotations

import base64
import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.audit.bundle import LogSource, bundle, log_part
from shared.audit.check import check, public_key_of
from shared.audit.protection import WrongPasswordError, is_protected, protect, unprotect
from shared.audit.tests.independent_checker import wrong_with
from shared.ids import new_id
from shared.ledger.database import Database
from shared.signing import SigningKey
from shared.testing.ledger import Tamperer
from shared.testing.sample import SOMEBODY, SampleApplication, open_box, sample_application

KEY = SigningKey.generate("sample")


class Exported:
    """A tenant's log with a box in it that is exported, among others that are not."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.application: SampleApplication = sample_application(database, folder)
        self.tenant = new_id()
        open_box(self.application, self.tenant, "another", "a thing")
        self.box = open_box(self.application, self.tenant, "exported", "first", "second", "third")
        open_box(self.application, self.tenant, "another", "a thing")

    def positions(self) -> list[int]:
        """Where the events of the box lie."""
        events = self.application.for_tenant(self.tenant).recorder.select_events(self.box)
        return [event.id for event in events]

    def bundle(self) -> bytes:
        """The bundle, once the export is recorded."""
        positions = self.positions()
        access = self.application.access_log
        record, _ = access.record_export(self.tenant, SOMEBODY, [self.box], "a rule", {str(self.box): len(positions)})
        mapper = self.application.for_tenant(self.tenant).mapper
        main = self._source("sample", mapper.event_key)
        return bundle(
            self.box, [log_part(main, positions), log_part(self._source(access.log, access.event_key), [record])]
        )

    def _source(self, log: str, event_key: Any) -> LogSource:
        return LogSource(
            database=self.application.parts.database,
            tenant=self.tenant,
            log=log,
            signing_key=KEY,
            key_name=KEY.id,
            event_key=event_key,
        )


@pytest.fixture
def exported(ledger_database: Database, tmp_path: Path) -> Exported:
    """What is exported, on both databases."""
    return Exported(ledger_database, tmp_path)


@pytest.fixture
def content(sqlite_ledger: Database, tmp_path: Path) -> bytes:
    """A good bundle."""
    return Exported(sqlite_ledger, tmp_path).bundle()


class TestAGoodBundle:
    def test_satisfies_both_checkers(self, exported: Exported) -> None:
        content = exported.bundle()
        checked = check(content)
        assert checked.faults == []
        assert wrong_with(content) == []
        assert [(event.log, event.topic) for event in checked.events] == [
            ("sample", "sample.box_opened"),
            *[("sample", "sample.box_filled")] * 3,
            ("sample.access", "access.exported"),
        ]

    def test_shows_the_facts_and_nothing_of_other_streams(self, exported: Exported) -> None:
        content = exported.bundle()
        facts = [event.facts or {} for event in check(content).events]
        assert facts[0]["label"] == "exported"
        assert [one["thing"] for one in facts[1:4]] == ["first", "second", "third"]
        assert {event.stream for event in check(content).events if event.log == "sample"} == {exported.box}

    @pytest.mark.requirement("CON-05")
    def test_carries_the_record_of_its_own_export(self, exported: Exported) -> None:
        record = check(exported.bundle()).events[-1]
        assert (record.topic, record.actor) == ("access.exported", SOMEBODY.id)
        assert record.facts is not None
        assert record.facts["contents"] == {str(exported.box): 4}

    def test_discloses_no_key_of_a_stream(self, exported: Exported) -> None:
        keys = exported.application.keys(exported.tenant)
        for key in (keys.get(exported.box), keys.standing("access")):
            assert base64.b64encode(key) not in exported.bundle()

    def test_tells_which_keys_it_came_with(self, content: bytes) -> None:
        (key,) = check(content).keys
        assert (key.name, key.public_key, key.pinned) == (KEY.id, KEY.public_key.public_bytes_raw(), False)

    def test_holds_under_the_key_that_is_given(self, content: bytes) -> None:
        assert check(content, {KEY.id: KEY.public_key.public_bytes_raw()}).faults == []

    @pytest.mark.parametrize("trusted", [{}, {KEY.id: bytes(32)}, {"other": KEY.public_key.public_bytes_raw()}])
    def test_is_not_believed_under_another_key(self, content: bytes, trusted: dict[str, bytes]) -> None:
        assert {fault.code for fault in check(content, trusted).faults} == {"key_not_trusted"}


class TestATamperedBundle:
    """One byte changed in any field: both checkers say so. So does each event taken out, doubled or moved."""

    def test_is_refused_whatever_field_was_changed(self, content: bytes) -> None:
        fields = list(_leaves(json.loads(content)))
        assert len(fields) > 80
        for path in fields:
            for tampered in _changed(json.loads(content), path):
                encoded = json.dumps(tampered).encode()
                assert check(encoded).faults, path
                assert wrong_with(encoded), path

    @pytest.mark.parametrize("name", ["position", "stream", "topic", "actor", "recorded_at", "payload", "cause"])
    def test_is_named_by_log_and_position(self, content: bytes, name: str) -> None:
        path = ["logs", 0, "events", 2, name]
        expected = json.loads(content)["logs"][0]["events"][2]["position"]
        for tampered in _changed(json.loads(content), path):
            found = tampered["logs"][0]["events"][2]["position"] if name == "position" else expected
            positions = {(fault.log, fault.position) for fault in check(json.dumps(tampered).encode()).faults}
            assert ("sample", found) in positions or name == "stream" or positions == {(_path(path), 0)}

    @pytest.mark.parametrize("log", [0, 1])
    def test_is_refused_where_an_event_is_gone_doubled_or_moved(self, content: bytes, log: int) -> None:
        events = json.loads(content)["logs"][log]["events"]
        for at in range(len(events)):
            for changed in (
                [*events[:at], *events[at + 1 :]],
                [*events[: at + 1], *events[at:]],
                [events[at], *events[:at], *events[at + 1 :]] if at else [],
            ):
                tampered = json.loads(content)
                tampered["logs"][log]["events"] = changed
                assert check(json.dumps(tampered).encode()).faults
                assert wrong_with(json.dumps(tampered).encode())

    def test_is_refused_where_two_payloads_are_swapped(self, content: bytes) -> None:
        tampered = json.loads(content)
        first, second = tampered["logs"][0]["events"][1:3]
        for name in ("payload", "event_key", "key_commitment"):
            first[name], second[name] = second[name], first[name]
        encoded = json.dumps(tampered).encode()
        assert {fault.code for fault in check(encoded).faults} == {"leaf_differs", "payload_does_not_open"}
        assert len(wrong_with(encoded)) == 2

    @pytest.mark.parametrize("log", [0, 1])
    def test_is_refused_without_one_of_its_logs(self, content: bytes, log: int) -> None:
        tampered = json.loads(content)
        del tampered["logs"][log]
        assert check(json.dumps(tampered).encode()).faults
        assert wrong_with(json.dumps(tampered).encode())

    @pytest.mark.parametrize("addition", [{"more": 1}, {"case": None}])
    def test_is_refused_with_other_fields(self, content: bytes, addition: dict[str, Any]) -> None:
        encoded = json.dumps(json.loads(content) | addition).encode()
        assert check(encoded).faults
        assert wrong_with(encoded)

    @pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"format": 1, "format": 2}', b"[" * 100_000])
    def test_is_refused_when_it_is_no_bundle(self, text: bytes) -> None:
        assert check(text).faults


class TestABundleOfADamagedLog:
    """What somebody changed in the database is named by whoever checks the file."""

    @pytest.mark.parametrize(
        ("damage", "position"),
        [
            ("UPDATE ledger.events SET payload = :bytes WHERE tenant = :tenant AND position = 4", 4),
            ("UPDATE ledger.events SET actor = 'person:x' WHERE tenant = :tenant AND position = 4", 4),
            ("UPDATE ledger.events SET recorded_at = recorded_at + 1 WHERE tenant = :tenant AND position = 6", 6),
            ("UPDATE ledger.events SET leaf_hash = :bytes WHERE tenant = :tenant AND position = 4", 4),
            ("UPDATE ledger.events SET key_commitment = :bytes WHERE tenant = :tenant AND position = 3", 3),
            ("UPDATE ledger.events SET stream = :stream WHERE tenant = :tenant AND position = 6", 6),
            ("UPDATE ledger.events SET topic = 'x' WHERE tenant = :tenant AND position = 3", 3),
            ("DELETE FROM ledger.events WHERE tenant = :tenant AND position = 5", 5),
            ("UPDATE ledger.events SET payload = :bytes WHERE tenant = :tenant AND position = 1", 1),
        ],
    )
    @pytest.mark.parametrize("with_checkpoint", [True, False])
    def test_names_the_position(
        self, exported: Exported, tamperer: Tamperer, damage: str, position: int, with_checkpoint: bool
    ) -> None:
        if with_checkpoint:
            exported.bundle()
        values = {"tenant": exported.tenant, "bytes": b"\7" * 32, "stream": new_id()}
        assert tamperer.run(damage, **{name: value for name, value in values.items() if f":{name}" in damage})
        content = exported.bundle()
        assert ("sample", position) in {(fault.log, fault.position) for fault in check(content).faults}
        assert wrong_with(content)

    def test_still_proves_its_other_events_where_a_leaf_hash_was_changed(
        self, exported: Exported, tamperer: Tamperer
    ) -> None:
        exported.bundle()
        tamperer.run(
            "UPDATE ledger.events SET leaf_hash = :bytes WHERE tenant = :tenant AND position = 4",
            tenant=exported.tenant,
            bytes=b"\7" * 32,
        )
        codes = {fault.position: fault.code for fault in check(exported.bundle()).faults if fault.log == "sample"}
        assert 4 in codes
        assert not {3, 5, 6} & codes.keys()


class TestProtection:
    @pytest.mark.requirement("CON-05")
    def test_opens_with_the_password_and_no_other(self) -> None:
        file = protect(b"a bundle", "құпия сөз")
        assert is_protected(file)
        assert b"a bundle" not in file
        assert unprotect(file, "құпия сөз") == b"a bundle"
        with pytest.raises(WrongPasswordError):
            unprotect(file, "құпия сөз ")

    def test_notices_any_changed_byte_of_header_and_content(self) -> None:
        file = protect(b"a bundle", "password")
        for at in (22, 23, 24, 39, 40, 51, 52, len(file) - 1):
            changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
            with pytest.raises(WrongPasswordError):
                unprotect(changed, "password")

    @pytest.mark.parametrize("file", [b"", b"qorgan sealed file 1\n", b"qorgan sealed file 1\n" + b"\xff" * 60])
    def test_refuses_what_is_no_such_file(self, file: bytes) -> None:
        with pytest.raises(WrongPasswordError):
            unprotect(file, "password")


class TestTheChecker:
    def test_needs_nothing_but_the_standard_library_and_cryptography(self) -> None:
        code = (
            "import sys; import shared.audit.check, shared.audit.protection\n"
            "import cryptography\n"
            "allowed = set(sys.stdlib_module_names) | {'shared', 'cryptography', '_cffi_backend'}\n"
            "files = {name for name, one in sys.modules.items() if getattr(one, '__file__', None)}\n"
            "loaded = {name.partition('.')[0] for name in files}\n"
            "print(sorted(name for name in loaded - allowed if not name.startswith('_')))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    def test_takes_pinned_keys_as_name_and_base64(self) -> None:
        raw = KEY.public_key.public_bytes_raw()
        assert public_key_of(f"{KEY.id}={base64.b64encode(raw).decode()}") == (KEY.id, raw)
        for text in ("", "name", "name=", "name=AAAA", "=AAAA", "name=no base64"):
            with pytest.raises(ValueError, match=r"."):
                public_key_of(text)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every field that holds a value."""
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, (*path, name))
    else:
        yield path


def _changed(content: Any, path: Any) -> Iterator[Any]:
    """Copies of the bundle in which one byte of one field is another."""
    parent = content
    for name in path[:-1]:
        parent = parent[name]
    for changed in _other_values(parent[path[-1]]):
        parent[path[-1]] = changed
        yield copy.deepcopy(content)


def _other_values(value: Any) -> list[Any]:
    if value is None:
        return [str(new_id())]
    if isinstance(value, int):
        return [value + 1, value ^ 128]
    text = str(value)
    middle = len(text) // 2
    return [text[:at] + _other(text[at]) + text[at + 1 :] for at in {0, middle, len(text) - 1}]


def _other(character: str) -> str:
    return {"a": "b", "A": "B", "0": "1"}.get(character, "a" if character.islower() else "0")


def _path(path: list[Any]) -> str:
    shown = "bundle"
    for one in path:
        shown += f"[{one}]" if isinstance(one, int) else f".{one}"
    return shown
