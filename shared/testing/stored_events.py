"""Stored events of a service as fixtures: each topic's first event as it was stored, read again for ever."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, UUIDAsHex

from shared.domain import known_event, known_topics

ENVELOPE = ("originator_id", "originator_version", "actor")


@dataclass(frozen=True)
class StoredEvents:
    """Those of one service, whose package this is (`services.cases`), in a folder with a file for each topic."""

    package: str
    folder: Path

    def topics(self) -> set[str]:
        """Every topic that the service stores, of the aggregates imported so far."""
        return {topic for topic, event in known_topics().items() if event.__module__.startswith(f"{self.package}.")}

    def read(self) -> list[str]:
        """Applies all fixtures, each stream's in its order, and gives their topics."""
        stored = [json.loads(file.read_text("utf-8")) for file in self.folder.glob("*.json")]
        aggregates: dict[str, Any] = {}
        for item in sorted(stored, key=lambda item: (item["stream"], item["version"])):
            event = _event(item)
            if item["version"] == 1:
                aggregates[item["stream"]] = event.mutate(None)
            else:
                event.apply(aggregates[item["stream"]])
        return [item["topic"] for item in stored]

    def write(self, aggregates: Iterable[Any]) -> None:
        """Writes the first event of each topic that has no fixture yet; touches no other."""
        for event in (event for aggregate in aggregates for event in aggregate.pending_events):
            file = self.folder / f"{type(event).TOPIC}.json"
            if not file.exists():
                state = dict(vars(event))
                stream, version, actor = (state.pop(name) for name in ENVELOPE)
                item = {"topic": file.stem, "stream": str(stream), "version": version, "actor": actor}
                item["state"] = json.loads(_transcoder().encode(state))
                file.write_text(json.dumps(item, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")

    def main(self, lives: Callable[[], Iterable[Any]]) -> None:
        """What `python -m …` does: `write` of what these lives tell, else `read`."""
        if sys.argv[1:] == ["write"]:
            self.write(lives())
        else:
            sys.stdout.write(json.dumps(self.read()))


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
