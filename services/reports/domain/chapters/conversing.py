"""What the school and whoever reported write to each other, named or not (REP-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.reports.domain import rules
from services.reports.domain.chapters.chapter import Chapter
from shared.domain import Actor, Event


class Conversing(Chapter):
    """Both write at any time, also when the report has ended: nothing that is said is refused (REP-01)."""

    class ReporterWrittenTo(Event):
        """The school answers, or asks something; messages to the reporter are numbered from 1."""

        TOPIC = "reports.reporter_written_to"
        number: int
        text: str
        asks: bool

    class FactsAdded(Event):
        """Whoever reported says more, or answers a question by its number; `cases` are those it led to by then."""

        TOPIC = "reports.facts_added"
        text: str
        answers: int | None
        cases: Sequence[UUID]

    def write_to_reporter(self, *, text: str, asks: bool, by: Actor, at: datetime) -> None:
        """Leaves a message that is read with the receipt."""
        self._record(self.ReporterWrittenTo, by=by, at=at, number=self.messages + 1, text=text, asks=asks)

    def add_facts(self, *, text: str, answers: int | None, by: Actor, at: datetime) -> None:
        """Takes in what else is known; `by` is the report's pseudonym."""
        rules.question_exists(self, answers)
        self._record(self.FactsAdded, by=by, at=at, text=text, answers=answers, cases=list(self.cases))

    def _reporter_written_to(self, event: ReporterWrittenTo) -> None:
        self.messages = event.number
        if event.asks:
            self.questions.add(event.number)

    def _facts_added(self, event: FactsAdded) -> None:
        """Nothing later depends on it."""
