"""The case on paper: the child's file goes into a safe and is taken out, each time as an event (CON-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from shared.domain import Actor, Event


class Papers(Chapter):
    """Where the file is, and who has it."""

    class PapersPutInSafe(Event):
        """The file lies in a safe, kept by `keeper` (CON-06)."""

        TOPIC = "cases.papers_put_in_safe"
        safe: UUID
        keeper: UUID
        papers: str

    class PapersTakenOut(Event):
        """A member has the file, for a reason (CON-06)."""

        TOPIC = "cases.papers_taken_out"
        safe: UUID
        person: UUID
        reason: str

    def put_papers_in_safe(self, *, safe: UUID, keeper: UUID, papers: str, by: Actor, at: datetime) -> None:
        """The file goes into a safe, or back; never where somebody who is walled off has the key (REP-02). A closed
        case has papers, too.
        """
        rules.person_is_not_walled(self, keeper)
        rules.papers_are_out(self)
        self._record(self.PapersPutInSafe, by=by, at=at, safe=safe, keeper=keeper, papers=papers)

    def take_papers_out(self, *, person: UUID, reason: str, by: Actor, at: datetime) -> None:
        """A member of the team takes the file."""
        rules.papers_are_in(self)
        rules.person_is_on_the_team(self, person)
        self._record(self.PapersTakenOut, by=by, at=at, safe=self.papers_in, person=person, reason=reason)

    def _papers_put_in_safe(self, event: PapersPutInSafe) -> None:
        self.papers_in = event.safe

    def _papers_taken_out(self, event: PapersTakenOut) -> None:
        self.papers_in = None
