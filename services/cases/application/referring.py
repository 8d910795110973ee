"""Handlers of the chapter `referring`; all but the last three are sent by policies."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted, asked
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class ReferringHandlers(Changing):
    """What agencies do, and the school's own measures where they don't."""

    @handles(commands.NoteReferralRequested)
    def note_referral_requested(self, command: commands.NoteReferralRequested, ledger: TenantLedger) -> Answer:
        """The school turned to an agency."""
        case = self.case_to_change(command, ledger)
        case.note_referral_requested(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralDelivered)
    def note_referral_delivered(self, command: commands.NoteReferralDelivered, ledger: TenantLedger) -> Answer:
        """The referral arrived: the delivery and the duty it meets go in one append."""
        case = self.case_to_change(command, ledger)
        case.note_referral_delivered(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralAccepted)
    def note_referral_accepted(self, command: commands.NoteReferralAccepted, ledger: TenantLedger) -> Answer:
        """The agency took it up."""
        case = self.case_to_change(command, ledger)
        case.note_referral_accepted(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralCompleted)
    def note_referral_completed(self, command: commands.NoteReferralCompleted, ledger: TenantLedger) -> Answer:
        """The outcome returns to the case."""
        case = self.case_to_change(command, ledger)
        case.note_referral_completed(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralDeclined)
    def note_referral_declined(self, command: commands.NoteReferralDeclined, ledger: TenantLedger) -> Answer:
        """The agency declined."""
        case = self.case_to_change(command, ledger)
        case.note_referral_declined(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralFellSilent)
    def note_referral_fell_silent(self, command: commands.NoteReferralFellSilent, ledger: TenantLedger) -> Answer:
        """The agency is silent."""
        case = self.case_to_change(command, ledger)
        case.note_referral_fell_silent(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteReferralCancelled)
    def note_referral_cancelled(self, command: commands.NoteReferralCancelled, ledger: TenantLedger) -> Answer:
        """The school took it back."""
        case = self.case_to_change(command, ledger)
        case.note_referral_cancelled(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.TakeOwnMeasures)
    def take_own_measures(self, command: commands.TakeOwnMeasures, ledger: TenantLedger) -> Answer:
        """What the school does itself."""
        case = self.case_to_change(command, ledger)
        case.take_own_measures(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.AwaitAgency)
    def await_agency(self, command: commands.AwaitAgency, ledger: TenantLedger) -> Answer:
        """Waits for an agency; the step's id is what ends it."""
        case = self.case_to_change(command, ledger)
        waiting = derived_id(command.command_id, "waiting")
        case.await_agency(waiting=waiting, **asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "waiting": waiting})

    @handles(commands.EndWaiting)
    def end_waiting(self, command: commands.EndWaiting, ledger: TenantLedger) -> Answer:
        """Says what came of it."""
        case = self.case_to_change(command, ledger)
        case.end_waiting(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})
