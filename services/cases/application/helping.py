"""Handlers of the chapters `planning` and `accompanying`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.domain.session_note import SessionNote
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class HelpingHandlers(Changing):
    """What is planned, what is done, and whether it helps."""

    @handles(commands.DrawUpSupportPlan)
    def draw_up_support_plan(self, command: commands.DrawUpSupportPlan, ledger: TenantLedger) -> Answer:
        """Draws up the support plan."""
        case = self.case_to_change(command, ledger)
        case.draw_up_support_plan(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.DrawUpSafetyPlan)
    def draw_up_safety_plan(self, command: commands.DrawUpSafetyPlan, ledger: TenantLedger) -> Answer:
        """Draws up the safety plan."""
        case = self.case_to_change(command, ledger)
        case.draw_up_safety_plan(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.ReviewPlan)
    def review_plan(self, command: commands.ReviewPlan, ledger: TenantLedger) -> Answer:
        """Puts down a review of the plans."""
        case = self.case_to_change(command, ledger)
        case.review_plan(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "interagency_step_open": case.interagency_open})

    @handles(commands.HoldSession)
    def hold_session(self, command: commands.HoldSession, ledger: TenantLedger) -> Answer:
        """Puts down a session; its note goes in a stream of its own, in the same append."""
        case = self.case_to_change(command, ledger)
        note = derived_id(command.command_id, "note")
        case.hold_session(**(asked(command) | {"note": note}), book=ledger.book, **acted(command, ledger))
        written = SessionNote.write(id=note, case=case.id, text=command.note, **acted(command, ledger))
        return ledger.save(case, written, answer={"case": case.id, "session": note, "count": case.sessions_held})

    @handles(commands.ExtendSessions)
    def extend_sessions(self, command: commands.ExtendSessions, ledger: TenantLedger) -> Answer:
        """Allows more sessions."""
        case = self.case_to_change(command, ledger)
        case.extend_sessions(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.RateCriteria)
    def rate_criteria(self, command: commands.RateCriteria, ledger: TenantLedger) -> Answer:
        """Rates criteria of lasting change."""
        case = self.case_to_change(command, ledger)
        case.rate_criteria(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.OrganiseMedicalHelp)
    def organise_medical_help(self, command: commands.OrganiseMedicalHelp, ledger: TenantLedger) -> Answer:
        """Puts down that help was asked for; its id is what its outcome names."""
        case = self.case_to_change(command, ledger)
        medical_help = derived_id(command.command_id, "medical_help")
        case.organise_medical_help(medical_help=medical_help, **asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "medical_help": medical_help})

    @handles(commands.RecordMedicalHelp)
    def record_medical_help(self, command: commands.RecordMedicalHelp, ledger: TenantLedger) -> Answer:
        """Puts down what came of it."""
        case = self.case_to_change(command, ledger)
        case.record_medical_help(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})
