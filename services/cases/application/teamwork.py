"""Handlers of the chapter `teamwork`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.application.service import let_take_case
from services.cases.domain import access
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class TeamworkHandlers(Changing):
    """Who works on the case."""

    @handles(commands.JoinTeam)
    def join_team(self, command: commands.JoinTeam, ledger: TenantLedger) -> Answer:
        """Lets a person in."""
        case = self.case_to_change(command, ledger)
        let_take_case(ledger, command.person, command.role)
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
        if command.person in case.team:
            let_take_case(ledger, command.person, case.team[command.person].role)
        case.appoint_coordinator(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "coordinator": case.coordinator})

    @handles(commands.RecordDecision)
    def record_decision(self, command: commands.RecordDecision, ledger: TenantLedger) -> Answer:
        """Puts down a joint decision."""
        case = self.case_to_change(command, ledger)
        case.record_decision(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.HoldMeeting)
    def hold_meeting(self, command: commands.HoldMeeting, ledger: TenantLedger) -> Answer:
        """Puts a meeting down; its id is what participants confirm."""
        case = self.case_to_change(command, ledger)
        meeting = derived_id(command.command_id, "meeting")
        case.hold_meeting(meeting=meeting, **asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "meeting": meeting})

    @handles(commands.ConfirmParticipation)
    def confirm_participation(self, command: commands.ConfirmParticipation, ledger: TenantLedger) -> Answer:
        """A participant answers for themselves."""
        case = self.case_to_change(command, ledger)
        case.confirm_participation(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.HandOverMaterial)
    def hand_over_material(self, command: commands.HandOverMaterial, ledger: TenantLedger) -> Answer:
        """A member hands over, and says that nothing is left with them."""
        case = self.case_to_change(command, ledger)
        case.hand_over_material(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.DecideOnOffender)
    def decide_on_offender(self, command: commands.DecideOnOffender, ledger: TenantLedger) -> Answer:
        """Puts down what was decided on an adult alleged offender."""
        case = self.case_to_change(command, ledger)
        case.decide_on_offender(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})
