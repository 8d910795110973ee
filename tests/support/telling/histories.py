"""The histories that an auditor is shown, held against the replay as of each of their events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from shared.ledger.recorder import RecordedEvent
from tests.support.telling.replaying import Replay, told_apart
from tests.support.telling.telling import AUDITOR, Told
from tests.support.telling.watching import Note, Question

OK = 200


@dataclass
class Histories:
    """Each timeline of the matter as it stands at the end, and how far the replay has come in it, by address."""

    told: Told
    standing: Mapping[str, Sequence[Any]]
    reached: dict[str, int] = field(default_factory=dict)
    _moved: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, told: Told) -> Self:
        """What the auditor saw at the end."""
        shown = [seen for seen in told.notes[-1].seen if seen.reader == AUDITOR and seen.status == OK]
        standing = {
            seen.question.path.removesuffix("/timeline"): json.loads(seen.content)["events"]
            for seen in shown
            if seen.question.path.endswith("/timeline")
        }
        return cls(told, standing)

    def hold_as_of(self, event: RecordedEvent, replay: Replay) -> None:
        """As of this event, what it is of stands at its version."""
        of_it = f"/{event.log}/{event.stream}"
        if of_it in self.standing and event.tenant == self.told.school:
            assert self._asked(replay, of_it)["version"] == event.originator_version
            self.reached[of_it] = event.originator_version
            self._moved.add(of_it)

    def hold_so_far(self, replay: Replay) -> None:
        """The history of each that has moved since this was last asked is the standing one up to where it has come."""
        while self._moved:
            of_it = self._moved.pop()
            timeline = self._asked(replay, f"{of_it}/timeline")["events"]
            assert timeline == self.standing[of_it][: self.reached[of_it]]

    def _asked(self, replay: Replay, path: str) -> Any:
        seen = replay.ask(AUDITOR, self.told.readers[AUDITOR], Question(path))
        assert seen.status == OK, (path, seen.content)
        return json.loads(seen.content)

    @property
    def are_complete(self) -> bool:
        """Whether the replay has come to the end of each, and there are some."""
        return bool(self.standing) and self.reached == {one: len(all_) for one, all_ in self.standing.items()}


def differences(told: Told, note: Note, replay: Replay) -> Iterator[Mapping[str, Any]]:
    """Where the replay answers a reader otherwise than they saw it then."""
    replay.set_clock(note)
    for seen in note.seen:
        if differs := told_apart(seen, replay.ask(seen.reader, told.readers[seen.reader], seen.question)):
            yield {"after": note.after, **differs}
