"""The minutes of a meeting of the service: a stream of their own, so that they are sealed and erased by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class MeetingMinutes(Aggregate):
    """What was said, in the wording that stands; the former ones stay in the stream (SSS-04)."""

    TOPIC = "cases.meeting_minutes"

    class Written(FirstEvent):
        """Whoever put the meeting down wrote it."""

        TOPIC = "cases.meeting_minutes_written"
        meeting: UUID
        text: str

    class Corrected(Event):
        """It was not right."""

        TOPIC = "cases.meeting_minutes_corrected"
        text: str

    @classmethod
    def write(cls, *, id: UUID, meeting: UUID, text: str, by: Actor, at: datetime) -> Self:
        """With the meeting."""
        return cls._begin(cls.Written, id=id, by=by, at=at, meeting=meeting, text=text)

    def correct(self, *, text: str, by: Actor, at: datetime) -> None:
        """Another wording; the service decides who may (`SafetyService.correct_meeting`)."""
        if text != self.text:
            self._record(self.Corrected, by=by, at=at, text=text)

    def _written(self, event: Written) -> None:
        self.meeting, self.text = event.meeting, event.text

    def _corrected(self, event: Corrected) -> None:
        self.text = event.text
