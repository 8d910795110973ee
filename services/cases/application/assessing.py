"""Handlers of the chapters `assessing` and `informing`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.domain.values import Duty
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class AssessingHandlers(Changing):
    """What is known, how dangerous it is, and who must be told."""

    @handles(commands.IdentifyChild)
    def identify_child(self, command: commands.IdentifyChild, ledger: TenantLedger) -> Answer:
        """Puts down who the child is."""
        case = self.case_to_change(command, ledger)
        case.identify_child(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.RecordAssessmentStep)
    def record_assessment_step(self, command: commands.RecordAssessmentStep, ledger: TenantLedger) -> Answer:
        """Puts down a step of the assessment."""
        case = self.case_to_change(command, ledger)
        case.record_assessment_step(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.AssessRisk)
    def assess_risk(self, command: commands.AssessRisk, ledger: TenantLedger) -> Answer:
        """Assesses risk."""
        case = self.case_to_change(command, ledger)
        case.assess_risk(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(
            case,
            answer={
                "case": case.id,
                "level": case.level,
                "duty_to_inform_open": Duty.INFORM_AGENCIES in case.open_duties,
                "interagency_step_open": case.interagency_open,
            },
        )

    @handles(commands.FindLiabilityPossible)
    def find_liability_possible(self, command: commands.FindLiabilityPossible, ledger: TenantLedger) -> Answer:
        """Opens the duty to inform."""
        case = self.case_to_change(command, ledger)
        case.find_liability_possible(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "due_at": case.open_duties[Duty.INFORM_AGENCIES].due_at})

    @handles(commands.MeetDutyToInform)
    def meet_duty_to_inform(self, command: commands.MeetDutyToInform, ledger: TenantLedger) -> Answer:
        """Ends the duty by a delivered notification."""
        case = self.case_to_change(command, ledger)
        case.meet_duty_to_inform(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.RecordNoLiability)
    def record_no_liability(self, command: commands.RecordNoLiability, ledger: TenantLedger) -> Answer:
        """Ends the duty by the service's reasons."""
        case = self.case_to_change(command, ledger)
        case.record_no_liability(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})
