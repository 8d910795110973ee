"""Proof of filing: checked with nothing but the file; it names nobody, and notices what was altered or rolled back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.receipt import read
from services.reports.domain.values import Channel, Source
from services.reports.tests.builders import DEPUTY, PSYCHOLOGIST, PSYCHOLOGIST_ID, a_reporter
from services.reports.tests.world import DESCRIPTION, SCHOOL, World
from shared.audit.filing import CheckedProof, check_proof, compare
from shared.domain import Actor, UnknownError
from shared.testing.put_back import OlderCopy

pytestmark = pytest.mark.requirement("REP-03")


def reported(school: World, by: Actor | None = None) -> tuple[UUID, str]:
    """A report with a fact added later, and its receipt."""
    said: dict[str, Any] = {"source": Source.CHILD_VICTIM, "channel": Channel.WEB, "description": DESCRIPTION}
    body = school.do(commands.ReceiveReport, by or a_reporter(), **said).body
    receipt = read(body["receipt"]) or ""
    school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Кеше де болды, Әсет көрді")
    return UUID(body["report"]), receipt


def proof(school: World, receipt: str, **more: Any) -> bytes:
    """The file, as the API gives it."""
    told = queries.proof_of_filing(school.application, SCHOOL, a_reporter(), receipt=receipt, **more)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def sound(content: bytes) -> CheckedProof:
    """What it says."""
    checked = check_proof(content)
    assert checked.faults == []
    return checked


class TestAProofOfFiling:
    def test_shows_where_everything_stands_that_whoever_reported_said(self, school: World) -> None:
        report, receipt = reported(school)
        school.do(commands.WriteToReporter, DEPUTY, report=report, text="Рақмет")
        checked = sound(proof(school, receipt))
        told = [(one.leaf.topic, one.leaf.stream, one.facts) for one in checked.events]
        assert told == [("reports.report_received", report, None), ("reports.facts_added", report, None)]
        assert checked.checkpoint is not None
        assert checked.checkpoint.size >= checked.events[-1].leaf.position

    def test_tells_neither_who_reported_nor_what(self, school: World) -> None:
        """Also of staff, who are known to the service: the leaf has the report's pseudonym."""
        report, receipt = reported(school, PSYCHOLOGIST)
        content = proof(school, receipt)
        shown = content + b"".join(base64.b64decode(one["leaf"]) for one in json.loads(content)["events"])
        for told in (str(PSYCHOLOGIST_ID).encode(), PSYCHOLOGIST_ID.bytes, DESCRIPTION.encode(), receipt.encode()):
            assert told not in shown
        assert school.report(report).reporter.encode() in shown

    def test_opens_to_ones_own_words_where_that_is_asked_for_and_to_nothing_else(self, school: World) -> None:
        report, receipt = reported(school)
        content = proof(school, receipt, with_content=True)
        facts = [one.facts or {} for one in sound(content).events]
        assert (facts[0]["description"], facts[1]["text"]) == (DESCRIPTION, "Кеше де болды, Әсет көрді")
        stream_key = school.application.keys(SCHOOL).get(report)
        assert base64.b64encode(stream_key) not in content

    def test_has_each_altered_byte_named(self, school: World) -> None:
        """Every eleventh, all over the file; no part is without one that is looked at."""
        _, receipt = reported(school)
        content, parts = proof(school, receipt, with_content=True), set()
        for at in range(0, len(content), 11):
            altered = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            faults = check_proof(altered).faults
            assert faults, content[at - 20 : at + 20]
            parts |= {fault.where.split(".")[0] for fault in faults}
        assert parts >= {"file", "statement", "events", "checkpoint", "entry", "key"}

    @pytest.mark.parametrize(
        ("alter", "where", "code"),
        [
            (lambda one: one["events"].pop(), "events", "statement_says_otherwise"),
            (lambda one: one["events"].reverse(), "events.0.leaf", "statement_says_otherwise"),
            (lambda one: one["events"][0].update(path=[]), "events.0.path", "not_in_the_log"),
            (
                lambda one: one["events"][0].update(leaf=one["events"][1]["leaf"]),
                "events.0.leaf",
                "statement_says_otherwise",
            ),
            (
                lambda one: one["events"][0].update(payload=one["events"][1]["payload"]),
                "events.0.payload",
                "content_altered",
            ),
            (
                lambda one: one["events"][0].update(event_key=one["events"][1]["event_key"]),
                "events.0.event_key",
                "another_key",
            ),
            (lambda one: one.update(checkpoint=one["entry"]["checkpoint"]), "checkpoint", "another_log"),
            (lambda one: one["entry"].update(checkpoint=one["checkpoint"]), "entry.checkpoint", "another_log"),
            (lambda one: one["entry"].update(path=["A" * 43 + "="]), "entry.path", "not_in_the_log"),
            (
                lambda one: one["entry"].update(position=one["entry"]["position"] + 1),
                "entry.position",
                "another_position",
            ),
        ],
    )
    def test_that_was_put_together_otherwise_is_named(
        self, school: World, alter: Callable[[Any], Any], where: str, code: str
    ) -> None:
        _, receipt = reported(school)
        told = json.loads(proof(school, receipt, with_content=True))
        alter(told)
        assert (where, code) in {(one.where, one.code) for one in check_proof(json.dumps(told).encode()).faults}

    def test_is_believed_by_the_pinned_key_alone(self, school: World) -> None:
        _, receipt = reported(school)
        content = proof(school, receipt)
        said = json.loads(content)["key"]
        key = base64.b64decode(said["public_key"])
        assert check_proof(content, {said["name"]: key}).is_pinned
        for trusted in ({said["name"]: bytes(32)}, {"another": key}, {}):
            assert [one.code for one in check_proof(content, trusted).faults] == ["key_not_trusted"]

    def test_is_for_whoever_holds_the_receipt_and_recorded_under_the_pseudonym(self, school: World) -> None:
        report, receipt = reported(school)
        proof(school, receipt)
        topic, actor, facts = school.accesses()[-1]
        assert (topic, actor, facts["what"]) == ("access.read", school.report(report).reporter, "proof_of_filing")
        with pytest.raises(UnknownError):
            proof(school, "0" * 24)


class TestAnEarlierProof:
    def test_is_continued_by_a_later_one(self, school: World) -> None:
        _, receipt = reported(school)
        earlier = sound(proof(school, receipt))
        reported(school)
        assert earlier.checkpoint is not None
        newer = proof(school, receipt, since=earlier.checkpoint.size)
        assert compare(earlier, sound(newer), newer) == []

    def test_of_the_same_moment_says_the_same(self, school: World) -> None:
        _, receipt = reported(school)
        content = proof(school, receipt)
        assert compare(sound(content), sound(content), content) == []

    def test_is_not_shown_to_be_continued_where_nobody_asked(self, school: World) -> None:
        _, receipt = reported(school)
        earlier = sound(proof(school, receipt))
        reported(school)
        newer = proof(school, receipt)
        assert [one.code for one in compare(earlier, sound(newer), newer)] == ["continuity_not_shown"]

    def test_shows_a_ledger_that_was_put_back(self, school: World) -> None:
        """The whole database, to a copy of before the second fact; the school goes on, and signs."""
        _, receipt = reported(school)
        platform = school.application.parts.platform
        proof(school, receipt)
        copies = [OlderCopy(school.service.database, tenant, None) for tenant in (SCHOOL, platform)]
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Мұғалім де көрді")
        earlier = sound(proof(school, receipt))
        assert earlier.checkpoint is not None
        for copy in copies:
            copy.put_back()
        newer = proof(school, receipt)
        found = {(one.where, one.code) for one in compare(earlier, sound(newer), newer)}
        assert found >= {("checkpoint", "rolled_back"), ("events.2", "event_gone")}
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Басқа сөз")
        newer = proof(school, receipt, since=earlier.checkpoint.size)
        found = {(one.where, one.code) for one in compare(earlier, sound(newer), newer)}
        assert found == {("checkpoint", "forked"), ("events.2", "event_altered")}
        school.do(commands.AddFacts, a_reporter(), receipt=receipt, text="Тағы бір сөз")
        newer = proof(school, receipt, since=earlier.checkpoint.size)
        found = {(one.where, one.code) for one in compare(earlier, sound(newer), newer)}
        assert found == {("continues", "history_rewritten"), ("events.2", "event_altered")}

    def test_of_another_log_is_none(self, school: World) -> None:
        _, receipt = reported(school)
        content = proof(school, receipt)
        other = check_proof(content)
        assert other.checkpoint is not None
        other.checkpoint = type(other.checkpoint)("qorgan/reports/another", other.checkpoint.size, b"")
        assert [one.code for one in compare(sound(content), other, content)] == ["another_log"]
