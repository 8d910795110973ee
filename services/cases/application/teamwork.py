"""Handlers of the chapter `teamwork`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.domain import access
from shared.ledger.application import Answer, TenantLedger, handles


class TeamworkHandlers(Changing):
    """Who works on the case."""

    @handles(commands.JoinTeam)
    def join_team(self, command: commands.JoinTeam, ledger: TenantLedger) -> Answer:
        """Lets a person in."""
        case = self.case_to_change(command, ledger)
        case.join_team(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.LeaveTeam)
    def leave_team(self, command: commands.LeaveTeam, ledger: TenantLedger) -> Answer:
        """Ends a person's part."""
        case = self.case_to_change(command, ledger)
        case.leave_team(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.AcceptConfidentialityWarning)
    def accept_confidentiality_warning(
        self, command: commands.AcceptConfidentialityWarning, ledger: TenantLedger
    ) -> Answer:
        """Lets the member see the case from now on."""
        case = self.case_to_change(command, ledger, may=access.may_be_asked)
        case.accept_confidentiality_warning(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.AppointCoordinator)
    def appoint_coordinator(self, command: commands.AppointCoordinator, ledger: TenantLedger) -> Answer:
        """Passes coordination on."""
        case = self.case_to_change(command, ledger)
        case.appoint_coordinator(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "coordinator": case.coordinator})

    @handles(commands.RecordDecision)
    def record_decision(self, command: commands.RecordDecision, ledger: TenantLedger) -> Answer:
        """Puts down a joint decision."""
        case = self.case_to_change(command, ledger)
        case.record_decision(**asked(command), book=self.regulations, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})
