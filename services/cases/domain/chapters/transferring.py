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

    class WallPassedOn(Event):
        """Whom the case keeps away since then is kept away there, too (REP-02)."""

        TOPIC = "cases.wall_passed_on"
        transfer: UUID
        to: UUID
        walled: list[str]

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

    def _pass_walls_on(self, walled: Collection[UUID], *, by: Actor, at: datetime) -> None:
        """To each school that the child's parts went to, or may go to still."""
        for transfer, release in sorted(self.releases.items()):
            if walled and release.outcome != "declined":
                facts = {"transfer": transfer, "to": release.to, "walled": sorted(map(str, walled))}
                self._record(self.WallPassedOn, by=by, at=at, **facts)

    def _wall_passed_on(self, event: WallPassedOn) -> None:
        """What stands there is the other school's."""

    def _parts_released(self, event: PartsReleased) -> None:
        parts = frozenset(Part(code) for code in event.parts)
        self.releases[event.transfer] = ReleasedParts(event.to, parts, event.originator_version)

    def _release_answered(self, event: ReleaseAnswered) -> None:
        self.releases[event.transfer] = self.releases[event.transfer].answered(event.outcome)
