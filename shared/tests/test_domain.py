"""What aggregates, commands and refusals have in common."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.utils import get_topic

from shared.domain import (
    Actor,
    Aggregate,
    DomainError,
    Event,
    FirstEvent,
    NotPermittedError,
    VersionConflictError,
    _applier_name,
    known_event,
    known_topics,
    registered,
)

AT = datetime(2026, 9, 1, 4, tzinfo=UTC)
SOMEBODY = Actor(id=f"person:{uuid4()}")


LOAD_A_ROW = """
import sys
from uuid import uuid4
from shared.ledger.recorder import RecordedEvent, SealingMapper, UnknownTopicError

row = RecordedEvent(
    originator_id=uuid4(), originator_version=1, topic="antigravity:fly", state=b"", id=1, log="a", tenant=uuid4(),
    actor="", recorded_at=0, cause=None, correlation=None, key_commitment=b"", leaf_hash=b"",
)
try:
    object.__new__(SealingMapper).decode(row, b"{}")
except UnknownTopicError:
    sys.exit("antigravity" in sys.modules)
sys.exit("it loaded")
"""


class GateIsLockedError(DomainError):
    code = "tests.gate_is_locked"


@registered
class Gate(Aggregate):
    """A gate with a rule that can be made stricter after the fact."""

    TOPIC = "tests.gate"
    strict = False

    class Built(FirstEvent):
        TOPIC = "tests.gate_built"

    class WasOpenedWide(Event):
        TOPIC = "tests.gate_was_opened_wide"
        width: int

    def open_wide(self, width: int) -> None:
        """Checks, then records."""
        if self.strict:
            raise GateIsLockedError(width=width)
        self._record(self.WasOpenedWide, by=SOMEBODY, at=AT, width=width)

    def _built(self, _: Built) -> None:
        self.widths: list[int] = []

    def _was_opened_wide(self, event: WasOpenedWide) -> None:
        self.widths.append(event.width)


def built() -> Gate:
    """A new gate."""
    return Gate._begin(Gate.Built, id=uuid4(), by=SOMEBODY, at=AT)


def replayed(events: list[Any]) -> Gate:
    """The aggregate that the events lead to."""
    gate = None
    for event in events:
        gate = event.mutate(gate)
    assert isinstance(gate, Gate)
    return gate


class TestAnAggregate:
    def test_runs_no_rule_again_on_replay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A rule that became stricter since refuses what is new, and loads what is old."""
        gate = built()
        gate.open_wide(3)
        events = list(gate.collect_events())
        monkeypatch.setattr(Gate, "strict", True)
        again = replayed(events)
        assert (again.widths, again.version) == ([3], 2)
        with pytest.raises(GateIsLockedError) as refused:
            again.open_wide(4)
        assert (refused.value.code, refused.value.facts) == ("tests.gate_is_locked", {"width": 4})
        assert list(again.collect_events()) == []

    def test_records_who_and_when(self) -> None:
        """The clock's time and the actor's id stand in each event."""
        gate = built()
        gate.open_wide(3)
        events: list[Any] = list(gate.collect_events())
        assert [(event.actor, event.timestamp) for event in events] == [(SOMEBODY.id, AT)] * 2

    def test_expects_the_version_its_caller_saw(self) -> None:
        """The same version or none passes; any other is a conflict that names both."""
        gate = built()
        gate.expects(None)
        gate.expects(1)
        for other in (0, 2):
            with pytest.raises(VersionConflictError) as refused:
                gate.expects(other)
            assert refused.value.facts == {"expected": other, "found": 1}

    @pytest.mark.parametrize(
        ("event", "applier"),
        [("Opened", "_opened"), ("RiskAssessed", "_risk_assessed"), ("DutyToInformMet", "_duty_to_inform_met")],
    )
    def test_applies_an_event_by_the_method_of_its_name(self, event: str, applier: str) -> None:
        """Camel case becomes a private name with underscores."""
        assert _applier_name(event) == applier

    def test_fails_where_an_event_has_no_applier(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A forgotten method is an error and no silence."""
        gate = built()
        monkeypatch.delattr(Gate, "_was_opened_wide")
        with pytest.raises(AttributeError, match="_was_opened_wide"):
            gate.open_wide(3)


class TestTopics:
    def test_resolve_from_the_registry_only(self) -> None:
        """A known one gives its class; one that names a module and a function gives nothing."""
        assert known_event("tests.gate_built") is Gate.Built
        assert known_topics()["tests.gate_was_opened_wide"] is Gate.WasOpenedWide
        for topic in ("os:system", "shared.domain:Event", "tests.gate", ""):
            with pytest.raises(KeyError):
                known_event(topic)

    def test_of_an_aggregate_are_not_imported_either(self) -> None:
        """A first event that names a class to be imported builds nothing."""
        [event] = list(built().collect_events())
        crafted = object.__new__(Gate.Built)
        crafted.__dict__.update(vars(event), originator_topic="antigravity:fly")
        with pytest.raises(KeyError):
            crafted.mutate(None)
        assert "antigravity" not in sys.modules

    def test_are_what_is_stored(self) -> None:
        """Names in storage are data: they outlive a move of the class."""
        assert (get_topic(Gate), get_topic(Gate.Built)) == ("tests.gate", "tests.gate_built")

    def test_in_a_stored_row_are_never_imported(self) -> None:
        """A row whose topic names a module that nobody imported does not load; in a process of its own."""
        command = [sys.executable, "-W", "ignore", "-c", LOAD_A_ROW]
        assert subprocess.run(command, check=False).returncode == 0


class TestAnActor:
    def test_is_a_person_or_not(self) -> None:
        """Only `person:` ids give a person."""
        person = uuid4()
        assert Actor(id=f"person:{person}").person == person
        assert Actor(id=f"reporter:{person}").person is None

    @pytest.mark.parametrize(
        ("id", "system"),
        [
            ("policy:when", True),
            ("clock:cases", True),
            ("system:install", True),
            ("person:1", False),
            ("partner:1", False),
        ],
    )
    def test_is_the_system_or_somebody(self, id: str, system: bool) -> None:
        """Policies, clocks and installation are ours; people and partners are somebody."""
        assert Actor(id=id).is_the_system is system


class TestARefusal:
    def test_is_a_code_with_facts_and_no_prose(self) -> None:
        """What a caller may be told."""
        refusal = NotPermittedError(rule="cases.only_the_team", case="1")
        assert (str(refusal), refusal.rule) == ("common.not_permitted", "cases.only_the_team")
        assert refusal.facts == {"rule": "cases.only_the_team", "case": "1"}
