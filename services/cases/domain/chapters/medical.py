"""Medical help: urgent help in school, examination by a medical worker, ambulance, each with its times (PLN-01)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import MedicalHelp, MedicalHelper
from shared.domain import Actor, Event


class Medical(Chapter):
    """Help is organised, and what came of it is put down: an ambulance is called before it arrives."""

    class MedicalHelpOrganised(Event):
        """Somebody was asked for help, when and why (PLN-01)."""

        TOPIC = "cases.medical_help_organised"
        medical_help: UUID
        kind: str
        called_at: datetime
        what_happened: str

    class MedicalHelpRecorded(Event):
        """Who helped, from when to when, with what outcome; by `nobody` where nobody came, then without times."""

        TOPIC = "cases.medical_help_recorded"
        medical_help: UUID
        kind: str
        helper: str
        began_at: datetime | None
        ended_at: datetime | None
        outcome: str

    def organise_medical_help(
        self, *, medical_help: UUID, kind: MedicalHelp, called_at: datetime, what_happened: str, by: Actor, at: datetime
    ) -> None:
        """Puts down that help was asked for; whoever is nearest does, of whatever role."""
        rules.case_is_open(self)
        rules.times_follow_one_another(called_at, at)
        self._record(
            self.MedicalHelpOrganised,
            by=by,
            at=at,
            medical_help=medical_help,
            kind=kind.value,
            called_at=called_at.astimezone(UTC),
            what_happened=what_happened,
        )

    def record_medical_help(
        self,
        *,
        medical_help: UUID,
        helper: MedicalHelper,
        began_at: datetime | None,
        ended_at: datetime | None,
        outcome: str,
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts down what came of it, once."""
        rules.case_is_open(self)
        kind, called_at = rules.medical_help_is_awaited(self, medical_help)
        rules.help_is_by_whom_it_takes(kind, helper)
        rules.whoever_came_has_times(helper, began_at, ended_at)
        rules.times_follow_one_another(called_at, began_at, ended_at, at)
        self._record(
            self.MedicalHelpRecorded,
            by=by,
            at=at,
            medical_help=medical_help,
            kind=kind.value,
            helper=helper.value,
            began_at=began_at.astimezone(UTC) if began_at else None,
            ended_at=ended_at.astimezone(UTC) if ended_at else None,
            outcome=outcome,
        )

    def _medical_help_organised(self, event: MedicalHelpOrganised) -> None:
        self.awaited_help[event.medical_help] = (MedicalHelp(event.kind), event.called_at)

    def _medical_help_recorded(self, event: MedicalHelpRecorded) -> None:
        del self.awaited_help[event.medical_help]
