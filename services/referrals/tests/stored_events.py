"""Stored events as fixtures: `read` applies every one, `write` adds those that are missing and touches no other."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, UUIDAsHex

from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.case_team import CaseTeam
from services.referrals.domain.entry import DirectoryEntry
from services.referrals.domain.link import Link
from services.referrals.domain.referral import Referral
from shared.domain import known_event, known_topics

FOLDER = Path(__file__).parent / "fixtures" / "stored_events"
ENVELOPE = ("originator_id", "originator_version", "actor")
LATER = 100
AGGREGATES = (Agency, InboxEntry, CaseTeam, DirectoryEntry, Link, Referral)


def topics_of_this_service() -> set[str]:
    """Every topic that this service stores."""
    return {topic for topic, event in known_topics().items() if event.__module__.startswith("services.referrals.")}


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


def write() -> None:
    """Writes the first event of each topic that has no fixture yet.

    A referral ends in one way only; the other ends are filed behind its events, since applying asks no rules.
    """
    streams: dict[str, UUID] = {}
    for event in _one_of_each():
        stream = streams.setdefault(type(event).__qualname__.partition(".")[0], event.originator_id)
        later = 0 if stream == event.originator_id else LATER
        file = FOLDER / f"{type(event).TOPIC}.json"
        if not file.exists():
            item = _stored(event, stream, event.originator_version + later)
            file.write_text(json.dumps(item, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")


def _stored(event: Any, stream: UUID, version: int) -> dict[str, Any]:
    state = {name: value for name, value in vars(event).items() if name not in ENVELOPE}
    item = {"topic": type(event).TOPIC, "stream": str(stream), "version": version, "actor": event.actor}
    return {**item, "state": json.loads(transcoder().encode(state))}


def _event(item: dict[str, Any]) -> Any:
    event_class = known_event(item["topic"])
    state = transcoder().decode(json.dumps(item["state"]).encode())
    state |= {"originator_id": UUID(item["stream"]), "originator_version": item["version"], "actor": item["actor"]}
    event = object.__new__(event_class)
    event.__dict__.update(state)
    return event


def _one_of_each() -> list[Any]:
    from services.referrals.tests import lives

    return [event for aggregate in lives.all_of_them() for event in aggregate.pending_events]


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    sys.stdout.write(json.dumps(read()))
