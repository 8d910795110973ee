"""What a helper wrote down of a session: a stream with a key of its own, for the helper's eyes (PLN-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, FirstEvent, registered


@registered
class SessionNote(Aggregate):
    """The note of one session; the case holds only its id."""

    TOPIC = "cases.session_note"

    class Written(FirstEvent):
        """The helper wrote the note down."""

        TOPIC = "cases.session_note_written"
        case: UUID
        helper: UUID
        text: str

    @classmethod
    def write(cls, *, id: UUID, case: UUID, text: str, by: Actor, at: datetime) -> Self:
        """The note of a session, by the one who held it."""
        return cls._begin(cls.Written, id=id, by=by, at=at, case=case, helper=by.person, text=text)

    def _written(self, event: Written) -> None:
        self.helper = event.helper
        self.text = event.text
