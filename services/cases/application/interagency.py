"""Handlers of the chapters `interagency` and `joint_work`: the commands that outsiders may send by a grant are here."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from services.cases.commands import CaseCommand
from services.cases.domain import access
from services.cases.domain.case import Case
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class InteragencyHandlers(Changing):
    """Seats, and what both sides do together."""

    @handles(commands.ConveneInteragencyTeam)
    def convene_interagency_team(self, command: commands.ConveneInteragencyTeam, ledger: TenantLedger) -> Answer:
        """The school decided that it needs others."""
        case = self.case_to_change(command, ledger)
        case.convene_interagency_team(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.OfferSeat)
    def offer_seat(self, command: commands.OfferSeat, ledger: TenantLedger) -> Answer:
        """The seat's id is that of the grant to come."""
        case = self.case_to_change(command, ledger)
        seat = derived_id(command.command_id, "seat")
        case.offer_seat(seat=seat, **asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "seat": seat})

    @handles(commands.EndSeat)
    def end_seat(self, command: commands.EndSeat, ledger: TenantLedger) -> Answer:
        """The school parts with an agency's person."""
        case = self.case_to_change(command, ledger)
        case.end_seat(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteMemberNamed)
    def note_member_named(self, command: commands.NoteMemberNamed, ledger: TenantLedger) -> Answer:
        """The agency named its person."""
        case = self.case_to_change(command, ledger)
        case.note_member_named(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteGrantEnded)
    def note_grant_ended(self, command: commands.NoteGrantEnded, ledger: TenantLedger) -> Answer:
        """The grant ended."""
        case = self.case_to_change(command, ledger)
        case.note_grant_ended(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.TakeSeat)
    def take_seat(self, command: commands.TakeSeat, ledger: TenantLedger) -> Answer:
        """The outsider sees the workspace from now on."""
        case = self.case_of(ledger, command.case, command.by)
        access.may_be_seated(case, command.by, ledger.now())
        case.expects(command.expected_version)
        case.take_seat(**acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.HoldInteragencyMeeting)
    def hold_interagency_meeting(self, command: commands.HoldInteragencyMeeting, ledger: TenantLedger) -> Answer:
        """Puts a meeting of both sides down."""
        case = self._workspace(command, ledger)
        meeting = derived_id(command.command_id, "meeting")
        case.hold_interagency_meeting(meeting=meeting, **asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "meeting": meeting})

    @handles(commands.ConfirmInteragencyParticipation)
    def confirm_interagency_participation(
        self, command: commands.ConfirmInteragencyParticipation, ledger: TenantLedger
    ) -> Answer:
        """A participant answers for themselves."""
        case = self._workspace(command, ledger)
        case.confirm_interagency_participation(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.RecordJointDecision)
    def record_joint_decision(self, command: commands.RecordJointDecision, ledger: TenantLedger) -> Answer:
        """A decision of both sides."""
        case = self._workspace(command, ledger)
        case.record_joint_decision(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.GiveInteragencyTask)
    def give_interagency_task(self, command: commands.GiveInteragencyTask, ledger: TenantLedger) -> Answer:
        """Something to do, by a time."""
        case = self._workspace(command, ledger)
        task = derived_id(command.command_id, "task")
        case.give_interagency_task(task=task, **asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "task": task})

    @handles(commands.DoInteragencyTask)
    def do_interagency_task(self, command: commands.DoInteragencyTask, ledger: TenantLedger) -> Answer:
        """What came of it."""
        case = self._workspace(command, ledger)
        case.do_interagency_task(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.DropInteragencyTask)
    def drop_interagency_task(self, command: commands.DropInteragencyTask, ledger: TenantLedger) -> Answer:
        """It need not be done."""
        case = self.case_to_change(command, ledger)
        case.drop_interagency_task(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    def _workspace(self, command: CaseCommand, ledger: TenantLedger) -> Case:
        """The case, where the caller acts in its workspace, of either side."""
        case = self.case_of(ledger, command.case, command.by)
        access.may_act_in_workspace(case, command.by, ledger.now())
        case.expects(command.expected_version)
        return case
