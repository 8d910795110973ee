"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, UUIDAsHex

from services.cases.domain.arrived_matter import ArrivedMatter
from services.cases.domain.case import Case
from services.cases.domain.meeting_minutes import MeetingMinutes
from services.cases.domain.notice import Notice
from services.cases.domain.paper_register import PaperRegister
from services.cases.domain.register import Register
from services.cases.domain.safety_service import SafetyService
from services.cases.domain.session_note import SessionNote
from shared.domain import known_event, known_topics

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
ENVELOPE = ("originator_id", "originator_version", "actor")
AGGREGATES = (Register, Case, SessionNote, PaperRegister, SafetyService, MeetingMinutes, Notice, ArrivedMatter)


def topics_of_this_service() -> set[str]:
    """Every topic that this service stores."""
    return {topic for topic, event in known_topics().items() if event.__module__.startswith("services.cases.")}


def transcoder() -> JSONTranscoder:
    """As the ledger's."""
    made = JSONTranscoder()
    made.register(UUIDAsHex())
    made.register(DatetimeAsISO())
    return made


def read() -> list[str]:
    """Applies all fixtures, each stream's in its order, and gives their topics."""
    stored = [json.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.json")]
    aggregates: dict[str, Any] = {}
    for item in sorted(stored, key=lambda item: (item["stream"], item["version"])):
        event = _event(item)
        if item["version"] == 1:
            aggregates[item["stream"]] = event.mutate(None)
        else:
            event.apply(aggregates[item["stream"]])
    return [item["topic"] for item in stored]


def stored(topic: str) -> Any:
    """The event of a fixture."""
    return _event(json.loads((FOLDER / f"{topic}.json").read_text("utf-8")))


def write() -> None:
    """Writes the first event of each topic that has no fixture yet."""
    for event in _one_of_each():
        topic = type(event).TOPIC
        file = FOLDER / f"{topic}.json"
        if file.exists():
            continue
        state = dict(vars(event))
        stream, version, actor = (state.pop(name) for name in ENVELOPE)
        item = {"topic": topic, "stream": str(stream), "version": version, "actor": actor}
        item["state"] = json.loads(transcoder().encode(state))
        file.write_text(json.dumps(item, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")


def _event(item: dict[str, Any]) -> Any:
    event_class = known_event(item["topic"])
    state = transcoder().decode(json.dumps(item["state"]).encode())
    state |= {"originator_id": UUID(item["stream"]), "originator_version": item["version"], "actor": item["actor"]}
    event = object.__new__(event_class)
    event.__dict__.update(state)
    return event


def _one_of_each() -> list[Any]:
    from services.cases.tests.builders import MONDAY, POLICY, PSYCHOLOGIST, an_id
    from services.cases.tests.lives import a_full_life, a_kept_safe, a_notice, a_service, arrived_matters, minutes

    case = [*a_full_life()][-1]
    register = Register.begin(tenant=an_id("Мектеп"), year=2025, by=POLICY, at=MONDAY)
    register.enter(case.id, by=POLICY, at=MONDAY)
    note = SessionNote.write(id=an_id("жазба"), case=case.id, text="Әжесін сағынады", by=PSYCHOLOGIST, at=MONDAY)
    aggregates = (case, register, note, a_kept_safe(), [*a_service()][-1], minutes(), a_notice(), *arrived_matters())
    return [event for aggregate in aggregates for event in aggregate.pending_events]


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    sys.stdout.write(json.dumps(read()))
