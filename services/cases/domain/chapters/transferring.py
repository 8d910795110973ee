"""The child changes school: the head says which parts of the case go where; the other school answers (CON-08)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Part, ReleasedParts
from shared.domain import Actor, Event


class Transferring(Chapter):
    """What was released is what stood in the case at that event; nothing later goes, and nothing of other parts."""

    class PartsReleased(Event):
        """These parts, as they stood, may go to that school (CON-08)."""

        TOPIC = "cases.parts_released"
        transfer: UUID
        to: UUID
        parts: list[str]
        reason: str

    class ReleaseAnswered(Event):
        """The other school took them, or did not."""

        TOPIC = "cases.release_answered"
        transfer: UUID
        outcome: str

    def release_parts(
        self, *, transfer: UUID, to: UUID, parts: Collection[Part], reason: str, by: Actor, at: datetime
    ) -> None:
        """Also of a closed case: the child changes school when it does."""
        rules.school_owes_no_answer(self, to)
        codes = sorted({part.value for part in parts})
        self._record(self.PartsReleased, by=by, at=at, transfer=transfer, to=to, parts=codes, reason=reason)

    def note_release_answered(self, *, transfer: UUID, outcome: str, by: Actor, at: datetime) -> None:
        """Once; told again it changes nothing."""
        rules.system_acts(by)
        known = self.releases.get(transfer)
        if known is not None and known.outcome is None:
            self._record(self.ReleaseAnswered, by=by, at=at, transfer=transfer, outcome=outcome)

    def _parts_released(self, event: PartsReleased) -> None:
        parts = frozenset(Part(code) for code in event.parts)
        self.releases[event.transfer] = ReleasedParts(event.to, parts, event.originator_version)

    def _release_answered(self, event: ReleaseAnswered) -> None:
        self.releases[event.transfer] = self.releases[event.transfer].answered(event.outcome)
