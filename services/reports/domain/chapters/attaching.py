"""Files that belong to a report: their hashes stand here, they themselves sealed beside the log (REP-01, REP-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.chapters.chapter import Chapter
from services.reports.domain.values import KeptFile
from shared.domain import Actor, Event


class Attaching(Chapter):
    """Files come at any time, also when the report has ended."""

    class AttachmentAdded(Event):
        """A file was looked at and kept.

        `sha256` is of what is kept, `received_sha256` of what came in, before metadata was taken out of it
        (`is_stripped`); `pieces` are the hashes of the pieces in which it lies as `blob`. `rule` set how large it may
        be; `cases` are those that the report led to by then.
        """

        TOPIC = "reports.attachment_added"
        attachment: UUID
        blob: UUID
        name: str
        type: str
        size: int
        sha256: str
        received_sha256: str
        pieces: Sequence[str]
        is_stripped: bool
        rule: str
        cases: Sequence[UUID]

        @property
        def kept_files(self) -> Mapping[UUID, Sequence[str]]:
            """By which the ledger's verification finds the file and looks at it."""
            return {self.blob: self.pieces}

    def may_attach(self, attachment: UUID, *, others: int, most: int) -> None:
        """Refuses a file that was added already, or one too many; `others` are on their way in."""
        rules.attachment_is_new(self, attachment)
        rules.attachments_are_not_too_many(len(self.attachments) + others, most)

    def add_attachment(self, *, file: KeptFile, most: int, by: Actor, at: datetime) -> None:
        """Takes a kept file to the report; `by` is the report's pseudonym where whoever reported adds it."""
        self.may_attach(file.attachment, others=0, most=most)
        self._record(self.AttachmentAdded, by=by, at=at, cases=list(self.cases), **file.stored())

    def _attachment_added(self, event: AttachmentAdded) -> None:
        self.attachments.add(event.attachment)
