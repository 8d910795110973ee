"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, UUIDAsHex

from services.reports.domain.breach import Breach
from services.reports.domain.case_team import CaseTeam
from services.reports.domain.receipt import Receipt
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity
from services.reports.domain.same_events import SameEvents
from services.reports.domain.sign_note import SignNote
from services.reports.domain.way_in import WayIn
from shared.domain import known_event, known_topics

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
ENVELOPE = ("originator_id", "originator_version", "actor")
AGGREGATES = (Report, ReporterIdentity, Receipt, SameEvents, SignNote, CaseTeam, Breach, WayIn)


def topics_of_this_service() -> set[str]:
    """Every topic that this service stores."""
    return {topic for topic, event in known_topics().items() if event.__module__.startswith("services.reports.")}


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


def write() -> None:
    """Writes the first event of each topic that has no fixture yet."""
    from services.reports.tests.lives import all_lives

    for event in (event for aggregate in all_lives() for event in aggregate.pending_events):
        file = FOLDER / f"{type(event).TOPIC}.json"  # type: ignore[attr-defined]
        if not file.exists():
            state = dict(vars(event))
            stream, version, actor = (state.pop(name) for name in ENVELOPE)
            item = {"topic": file.stem, "stream": str(stream), "version": version, "actor": actor}
            item["state"] = json.loads(_transcoder().encode(state))
            file.write_text(json.dumps(item, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")


def _transcoder() -> JSONTranscoder:
    made = JSONTranscoder()
    made.register(UUIDAsHex())
    made.register(DatetimeAsISO())
    return made


def _event(item: dict[str, Any]) -> Any:
    state = _transcoder().decode(json.dumps(item["state"]).encode())
    state |= {"originator_id": UUID(item["stream"]), "originator_version": item["version"], "actor": item["actor"]}
    event = object.__new__(known_event(item["topic"]))
    event.__dict__.update(state)
    return event


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    else:
        sys.stdout.write(json.dumps(read()))
