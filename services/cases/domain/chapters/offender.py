"""An adult alleged offender: when to tell, how work and private life are protected, what is considered (REF-09)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.meeting import Meetings
from services.cases.domain.values import Adult, Telling
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Offender(Meetings):
    """Decided by the service jointly, in a meeting; the person is walled off and learns nothing of it here (CON-07)."""

    class OffenderDecisionRecorded(Event):
        """When and what the person is told, how they are protected, what the school considers (REF-09)."""

        TOPIC = "cases.offender_decision_recorded"
        adult: str
        telling: str
        told_when: str
        told_of_the_process: str
        work_protected: str
        private_life_protected: str
        considered: str
        best_interests: str
        meeting: UUID
        participants: list[str]
        rule: str
        protocol: str = "unknown"

    def decide_on_offender(
        self,
        *,
        adult: Adult,
        telling: Telling,
        told_when: str,
        told_of_the_process: str,
        work_protected: str,
        private_life_protected: str,
        considered: str,
        best_interests: str,
        meeting: UUID,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts the decision down, as of a meeting that enough of the service confirmed; a later one replaces it."""
        rules.case_is_open(self)
        rules.service_acts(by, "REF-09")
        rules.meeting_was_held(self, meeting)
        needed = book.at("cases.decision_participants", at)
        rules.decision_is_joint(self, meeting, needed.value)
        rules.decider_takes_part(self, by, meeting, "REF-09")
        self._record(
            self.OffenderDecisionRecorded,
            by=by,
            at=at,
            adult=adult.value,
            telling=telling.value,
            told_when=told_when,
            told_of_the_process=told_of_the_process,
            work_protected=work_protected,
            private_life_protected=private_life_protected,
            considered=considered,
            best_interests=best_interests,
            meeting=meeting,
            participants=sorted(map(str, self._who_decided(meeting))),
            rule=needed.version,
            protocol=book.at("cases.action_protocol", at).version,
        )

    def _offender_decision_recorded(self, event: OffenderDecisionRecorded) -> None:
        """Nothing later depends on it."""
