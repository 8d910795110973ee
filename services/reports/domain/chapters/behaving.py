"""Problem behaviour that is reported goes to the risk group, and is not dropped (REP-01, SSS-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.reports.domain.chapters.chapter import Chapter
from services.reports.domain.values import Kind
from shared.domain import Actor, Event


class Behaving(Chapter):
    """However a report ends, what it tells of problem behaviour is passed on once."""

    class ProblemBehaviourPassedOn(Event):
        """Who works with the risk group is told; whom the report keeps away hears nothing of it there (REP-02)."""

        TOPIC = "reports.problem_behaviour_passed_on"
        walled: list[UUID]
        walled_roles: list[str]

    def pass_on_problem_behaviour(self, *, by: Actor, at: datetime) -> None:
        """Passes it on where the report tells of it and nobody has been told."""
        if Kind.PROBLEM_BEHAVIOUR in self.kinds and not self.behaviour_passed_on:
            self._record(
                self.ProblemBehaviourPassedOn,
                by=by,
                at=at,
                walled=sorted(self.walled),
                walled_roles=sorted(self.walled_roles),
            )

    def _problem_behaviour_passed_on(self, event: ProblemBehaviourPassedOn) -> None:
        self.behaviour_passed_on = True
