"""Verification names each damage by log and position, and goes on to the end."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.database import Database
from shared.ledger.leaf import Leaf
from shared.ledger.verification import LogVerification, logs_of
from shared.ledger.verifying_events import OpenedEventCheck
from shared.signing import SigningKey
from shared.testing.ledger import Tamperer
from shared.testing.sample import SOMEBODY, SampleApplication, open_box, sample_application

KEY = SigningKey.generate("sample")


@pytest.fixture
def application(ledger_database: Database, tmp_path: Path) -> SampleApplication:
    """The sample service."""
    return sample_application(ledger_database, tmp_path)


@pytest.fixture
def tenant(application: SampleApplication) -> UUID:
    """A tenant with a log of nine events (a box each with two things) and checkpoints at three and six."""
    tenant = new_id()
    for label in ("first", "second", "third"):
        open_box(application, tenant, label, "a thing", "another")
        if label != "third":
            make_checkpoint(application.parts.database, tenant, "sample", KEY, KEY.id)
    return tenant


class TestVerification:
    def test_finds_nothing_in_a_sound_log(self, application: SampleApplication, tenant: UUID) -> None:
        checked = _verify(application, tenant)
        assert checked.findings == []
        totals = checked.totals
        assert (totals.events, totals.opened, totals.checkpoints, totals.public_events) == (9, 9, 2, 3)

    def test_tells_how_far_it_is(self, application: SampleApplication, tenant: UUID) -> None:
        assert list(_verification(application, tenant).run())[-1] == (9, 9)

    def test_reads_the_access_log_as_well(self, application: SampleApplication, tenant: UUID) -> None:
        application.record_read(tenant, SOMEBODY, "a box", [new_id()], "sample.rule")
        application.record_read(tenant, SOMEBODY, "a box", [new_id()], "sample.rule", allowed=False)
        checked = _verify(application, tenant, log="sample.access")
        assert (checked.findings, checked.totals.opened) == ([], 2)

    def test_knows_every_log(self, application: SampleApplication, tenant: UUID) -> None:
        application.record_read(tenant, SOMEBODY, "a box", [new_id()], "sample.rule")
        found = [log for owner, log in logs_of(application.parts.database, "sample") if owner == tenant]
        assert found == ["sample", "sample.access"]

    @pytest.mark.parametrize(
        ("damage", "codes"),
        [
            (
                "UPDATE ledger.events SET payload = :bytes WHERE {5}",
                {(5, "leaf_differs"), (5, "payload_does_not_open")},
            ),
            ("UPDATE ledger.events SET actor = 'x' WHERE {1}", {(1, "leaf_differs"), (1, "payload_does_not_open")}),
            (
                "UPDATE ledger.events SET recorded_at = recorded_at + 1 WHERE {9}",
                {(9, "leaf_differs"), (9, "recorded_at_beyond_head")},
            ),
            (
                "UPDATE ledger.events SET recorded_at = recorded_at - 60000000 WHERE {5}",
                {(5, "leaf_differs"), (5, "recorded_at_fell")},
            ),
            ("UPDATE ledger.events SET cause = :stream WHERE {5}", {(5, "leaf_differs")}),
            ("UPDATE ledger.events SET correlation = NULL WHERE {5}", {(5, "leaf_differs")}),
            ("UPDATE ledger.events SET leaf_version = 2 WHERE {5}", {(5, "leaf_differs")}),
            (
                "UPDATE ledger.events SET leaf_hash = :bytes WHERE {5}",
                {(5, "leaf_differs"), (4, "checkpoint_root_differs")},
            ),
            (
                "UPDATE ledger.events SET key_commitment = :bytes WHERE {5}",
                {(5, "leaf_differs"), (5, "key_commitment_differs")},
            ),
            (
                "UPDATE ledger.events SET topic = 'sample.box_removed' WHERE {5}",
                {(5, "leaf_differs"), (5, "topic_unknown"), (5, "payload_does_not_open")},
            ),
            (
                "UPDATE ledger.events SET stream = :stream WHERE {6}",
                {(6, "leaf_differs"), (6, "key_missing"), (6, "version_gap")},
            ),
            (
                "UPDATE ledger.events SET version = 7 WHERE {6}",
                {(6, "leaf_differs"), (6, "payload_does_not_open"), (6, "key_commitment_differs"), (6, "version_gap")},
            ),
            ("DELETE FROM ledger.events WHERE {5}", {(5, "position_missing"), (6, "version_gap")}),
            ("DELETE FROM ledger.events WHERE tenant = :tenant AND position > 7", {(8, "position_missing")}),
            (
                "UPDATE ledger.events SET position = 12 WHERE {9}",
                {(9, "position_missing"), (12, "position_beyond_head")},
            ),
            ("UPDATE ledger.heads SET edge = :bytes WHERE tenant = :tenant", {(7, "head_edge_differs")}),
            (
                "DELETE FROM ledger.heads WHERE tenant = :tenant",
                {(0, "head_missing"), (3, "checkpoint_beyond_head"), (6, "checkpoint_beyond_head")}
                | {(position, "position_beyond_head") for position in range(1, 10)}
                | {(position, "public_number_beyond_head") for position in (1, 4, 7)},
            ),
            (
                (
                    "UPDATE ledger.checkpoints SET note = replace(note, 'qorgan/', 'qorgon/') "
                    "WHERE tenant = :tenant AND size = 6"
                ),
                {(6, "note_signature_wrong")},
            ),
            (
                "UPDATE ledger.checkpoints SET edge = :bytes WHERE tenant = :tenant AND size = 3",
                {(3, "checkpoint_edge_differs")},
            ),
            (
                "UPDATE ledger.checkpoints SET size = 5 WHERE tenant = :tenant AND size = 6",
                {(5, "checkpoint_of_another_log")},
            ),
            (
                "DELETE FROM ledger.stream_keys WHERE tenant = :tenant AND stream = :box",
                {(p, "key_missing") for p in (1, 2, 3)},
            ),
            (
                "UPDATE ledger.public_events SET body = '{{}}' WHERE tenant = :tenant AND number = 2",
                {(4, "public_form_differs")},
            ),
            (
                "UPDATE ledger.public_events SET hash = :bytes WHERE tenant = :tenant AND number = 2",
                {(4, "public_hash_differs")},
            ),
            (
                "UPDATE ledger.public_events SET cause = :stream WHERE tenant = :tenant AND number = 2",
                {(4, "public_columns_differ")},
            ),
            (
                "DELETE FROM ledger.public_events WHERE tenant = :tenant AND number = 2",
                {(4, "public_event_missing"), (7, "public_number_missing")},
            ),
            (
                "DELETE FROM ledger.public_events WHERE tenant = :tenant AND number = 3",
                {(7, "public_event_missing"), (9, "public_number_missing")},
            ),
            (
                "UPDATE ledger.public_events SET position = 5 WHERE tenant = :tenant AND number = 2",
                {(4, "public_event_missing"), (5, "public_hash_differs"), (5, "public_columns_differ")}
                | {(5, "public_form_differs")},
            ),
        ],
    )
    def test_names_a_damage(
        self, application: SampleApplication, tamperer: Tamperer, tenant: UUID, damage: str, codes: set[tuple[int, str]]
    ) -> None:
        statement = _at_position(damage)
        values = {"tenant": tenant, "bytes": b"\7" * 32, "stream": new_id(), "box": _first_box(application, tenant)}
        assert tamperer.run(statement, **{name: value for name, value in values.items() if f":{name}" in statement})
        findings = _verify(application, tenant).findings
        assert {(one.position, one.code) for one in findings} == codes
        assert {(one.log, one.tenant) for one in findings} == {("sample", tenant)}

    def test_goes_on_after_a_fault(self, application: SampleApplication, tamperer: Tamperer, tenant: UUID) -> None:
        for position in (2, 5, 8):
            tamperer.run(_at_position(f"UPDATE ledger.events SET actor = 'x' WHERE {{{position}}}"), tenant=tenant)
        found = [one.position for one in _verify(application, tenant).findings if one.code == "leaf_differs"]
        assert found == [2, 5, 8]

    def test_narrows_a_leaf_made_to_fit_to_the_rows_between_two_checkpoints(
        self, application: SampleApplication, tamperer: Tamperer, tenant: UUID
    ) -> None:
        """Who changes a row and its leaf hash together can't change what was signed."""
        recorded = application.for_tenant(tenant).recorder.select_notifications(5, 1)[0]
        forged = Leaf(
            log="sample",
            tenant=tenant,
            position=5,
            stream=recorded.stream,
            version=recorded.originator_version,
            topic=recorded.topic,
            actor=recorded.actor,
            recorded_at=recorded.recorded_at,
            cause=tenant,
            correlation=recorded.correlation,
            payload_hash=sha256(recorded.state).digest(),
            key_commitment=recorded.key_commitment,
        ).hash()
        tamperer.run(
            _at_position("UPDATE ledger.events SET cause = :tenant, leaf_hash = :leaf WHERE {5}"),
            tenant=tenant,
            leaf=forged,
        )
        (found,) = _verify(application, tenant).findings
        assert (found.code, found.position, found.through) == ("checkpoint_root_differs", 4, 6)

    def test_knows_no_key_that_it_was_not_given(self, application: SampleApplication, tenant: UUID) -> None:
        checked = _verification(application, tenant)
        checked.public_key = lambda _: None
        assert list(checked.run())
        assert [(one.position, one.code) for one in checked.findings] == [
            (3, "checkpoint_key_unknown"),
            (6, "checkpoint_key_unknown"),
        ]

    def test_of_an_unopened_log_still_checks_its_leaves(
        self, application: SampleApplication, tamperer: Tamperer, tenant: UUID
    ) -> None:
        tamperer.run(_at_position("UPDATE ledger.events SET payload = :bytes WHERE {5}"), tenant=tenant, bytes=b"\7")
        checked = _verification(application, tenant)
        checked.check_event = None
        assert list(checked.run())
        assert [(one.position, one.code) for one in checked.findings] == [(5, "leaf_differs")]
        assert checked.totals.opened == 0


class TestARowThatCannotBeRead:
    """On SQLite a column holds whatever was put there, also what is no id and no text."""

    @pytest.mark.parametrize("value", ["'not an id'", "x'ff'", "17"])
    def test_is_named_and_the_rest_is_checked(self, sqlite_ledger: Database, tmp_path: Path, value: str) -> None:
        application, tenant = sample_application(sqlite_ledger, tmp_path), new_id()
        open_box(application, tenant, "a box", *("a thing",) * 4)
        Tamperer(sqlite_ledger, None).run(f"UPDATE events SET cause = {value} WHERE position = 3")
        checked = _verify(application, tenant)
        assert (3, "row_unreadable") in {(one.position, one.code) for one in checked.findings}
        assert checked.totals.events == 5

    def test_with_text_that_is_none_is_named(self, sqlite_ledger: Database, tmp_path: Path) -> None:
        application, tenant = sample_application(sqlite_ledger, tmp_path), new_id()
        open_box(application, tenant, "a box", *("a thing",) * 4)
        Tamperer(sqlite_ledger, None).run("UPDATE events SET topic = CAST(x'ff' AS TEXT) WHERE position = 3")
        assert 3 in {one.position for one in _verify(application, tenant).findings}


def _verification(application: SampleApplication, tenant: UUID, log: str = "sample") -> LogVerification:
    return LogVerification(
        database=application.parts.database,
        tenant=tenant,
        log=log,
        public_key=lambda name: KEY.public_key if name == KEY.id else None,
        check_event=OpenedEventCheck(application, tenant, log),
        has_public_events=log == "sample",
    )


def _verify(application: SampleApplication, tenant: UUID, log: str = "sample") -> LogVerification:
    verification = _verification(application, tenant, log)
    assert list(verification.run())
    return verification


def _first_box(application: SampleApplication, tenant: UUID) -> UUID:
    application.parts.key_cache._held.clear()
    return application.for_tenant(tenant).recorder.select_notifications(1, 1)[0].stream


def _at_position(damage: str) -> str:
    """`{5}` stands for the row at position 5 of the tenant."""
    damage = re.sub(r"\{(\d+)\}", r"tenant = :tenant AND position = \1", damage)
    return damage.replace("{{", "{").replace("}}", "}")
