"""What an agency does, in its own tenant, and what becomes of it in the tenant of the school.

A referral lives in the tenant of the school that asks. What an agency says comes in the agency's tenant, where its
inbox tells whose the referral is; the handler then has the step taken in the school's tenant, under an id derived from
the command's, and notes the result in the inbox. Doing either half again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from services.referrals.application.base import Handlers, state_of
from services.referrals.commands import (
    AcceptReferral,
    BeginWork,
    CompleteReferral,
    DeclineReferral,
    FailReferral,
    NoteState,
    PartnerCommand,
    PlaceInInbox,
    PutOnHold,
    RecordDelivery,
    Resume,
    TakeDelivery,
    TakeStep,
)
from services.referrals.domain import access
from services.referrals.domain.agency import InboxEntry
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import Channel, OutMessage, Step, inbox_stream
from shared.domain import Command, NotPermittedError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles

LISTS: Mapping[Step, tuple[str, str]] = {
    Step.DECLINE: ("reason", "referrals.decline_reasons"),
    Step.HOLD: ("reason", "referrals.hold_reasons"),
    Step.FAIL: ("reason", "referrals.fail_reasons"),
    Step.COMPLETE: ("outcome", "referrals.outcomes"),
}


class PartnerHandlers(Handlers):
    """A referral in the hands of the agency that was asked (REF-03, REF-04)."""

    @handles(AcceptReferral)
    def accept_referral(self, command: AcceptReferral, ledger: TenantLedger) -> Answer:
        """The agency takes it on."""
        return self._say(command, Step.ACCEPT, ledger)

    @handles(DeclineReferral)
    def decline_referral(self, command: DeclineReferral, ledger: TenantLedger) -> Answer:
        """It will not."""
        return self._say(command, Step.DECLINE, ledger, reason=command.reason, text=command.text)

    @handles(BeginWork)
    def begin_work(self, command: BeginWork, ledger: TenantLedger) -> Answer:
        """It begins."""
        return self._say(command, Step.BEGIN, ledger)

    @handles(PutOnHold)
    def put_on_hold(self, command: PutOnHold, ledger: TenantLedger) -> Answer:
        """It waits."""
        return self._say(command, Step.HOLD, ledger, reason=command.reason)

    @handles(Resume)
    def resume(self, command: Resume, ledger: TenantLedger) -> Answer:
        """It goes on."""
        return self._say(command, Step.RESUME, ledger)

    @handles(CompleteReferral)
    def complete_referral(self, command: CompleteReferral, ledger: TenantLedger) -> Answer:
        """It reports back."""
        return self._say(command, Step.COMPLETE, ledger, outcome=command.outcome, text=command.text)

    @handles(FailReferral)
    def fail_referral(self, command: FailReferral, ledger: TenantLedger) -> Answer:
        """It gives up."""
        return self._say(command, Step.FAIL, ledger, reason=command.reason, text=command.text)

    def _say(self, command: PartnerCommand, step: Step, ledger: TenantLedger, **details: str) -> Answer:
        entry = self._own_entry(command, ledger)
        taken = self.execute(
            TakeStep(
                tenant=entry.school,
                command_id=derived_id(command.command_id, "take_step"),
                by=replace(command.by, home=command.tenant),
                cause=command.command_id,
                expected_version=command.expected_version,
                referral=command.referral,
                agency=command.tenant,
                step=step,
                details=details,
            )
        )
        state, changed_at = taken.body["state"], datetime.fromisoformat(taken.body["changed_at"])
        entry.note_state(state=state, changed_at=changed_at, by=command.by, at=ledger.now())
        return ledger.save(entry, answer=taken.body | {"digest": command.digest}, first_was_seen=False)

    def _own_entry(self, command: PartnerCommand, ledger: TenantLedger) -> InboxEntry:
        """The agency's inbox entry; whoever acts for the agency is its duty officer, or its signed message (REF-04)."""
        if not access.acts_for_an_agency(command.by):
            self.record_read(
                command.tenant, command.by, "referral", [command.referral], "only_the_agencys_officer", allowed=False
            )
            raise NotPermittedError(rule="only_the_agencys_officer")
        return self.inbox_entry(command.referral, ledger)

    @handles(PlaceInInbox)
    def place_in_inbox(self, command: PlaceInInbox, ledger: TenantLedger) -> Answer:
        """Lays it in the agency's inbox; for an agency that reads its inbox that is the delivery."""
        entry = ledger.find(InboxEntry, inbox_stream(command.referral))
        if entry is None:
            channel = self.agency(command.agency).channel
            entry = InboxEntry.place(
                referral=command.referral,
                school=command.school,
                channel=channel,
                requested_at=command.requested_at,
                acknowledge_by=command.acknowledge_by,
                begin_by=command.begin_by,
                report_back_by=command.report_back_by,
                by=command.by,
                at=ledger.now(),
            )
        if entry.channel is Channel.WEB:
            self.deliver(entry, OutMessage.REQUESTED, str(entry.id), command, ledger)
        return ledger.save(entry)

    @handles(NoteState)
    def note_state(self, command: NoteState, ledger: TenantLedger) -> Answer:
        """Notes how far it got, where it ever came into this inbox."""
        entry = ledger.find(InboxEntry, inbox_stream(command.referral))
        if entry is None:
            return ledger.save()
        entry.note_state(state=command.state, changed_at=command.changed_at, by=command.by, at=ledger.now())
        return ledger.save(entry)

    @handles(RecordDelivery)
    def record_delivery(self, command: RecordDelivery, ledger: TenantLedger) -> Answer:
        """The broker confirmed a message to the agency."""
        entry = self.inbox_entry(command.referral, ledger)
        self.deliver(entry, OutMessage(command.message), command.message_id, command, ledger)
        return ledger.save(entry)

    def deliver(
        self, entry: InboxEntry, message: OutMessage, message_id: str, command: Command, ledger: TenantLedger
    ) -> None:
        """Tells the school's tenant of a delivered request; then notes in the inbox that the agency was told."""
        if message is OutMessage.REQUESTED:
            self.execute(
                TakeDelivery(
                    tenant=entry.school,
                    command_id=derived_id(command.command_id, "take_delivery"),
                    by=command.by,
                    cause=command.command_id,
                    referral=entry.referral,
                    channel=entry.channel.value,
                    message_id=message_id,
                )
            )
        entry.note_told(message=message.value, message_id=message_id, by=command.by, at=ledger.now())

    # -- the agency's acts, in the tenant of the school

    @handles(TakeDelivery)
    def take_delivery(self, command: TakeDelivery, ledger: TenantLedger) -> Answer:
        """It reached the agency."""
        referral = ledger.get(Referral, command.referral)
        referral.record_delivery(channel=command.channel, message_id=command.message_id, by=command.by, at=ledger.now())
        return ledger.save(referral, answer=state_of(referral))

    @handles(TakeStep)
    def take_step(self, command: TakeStep, ledger: TenantLedger) -> Answer:
        """The agency's step; reasons and outcomes are on the lists in force."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        referral.expects(command.expected_version)
        if command.step in LISTS:
            field, key = LISTS[command.step]
            self.listed(field, command.details[field], key, ledger)
        act = _acts(referral)[command.step]
        act(agency=command.agency, by=command.by, at=ledger.now(), **command.details)
        return self.save_moved(referral, team, command, ledger)


def _acts(referral: Referral) -> Mapping[Step, Callable[..., None]]:
    return {
        Step.ACCEPT: referral.accept,
        Step.DECLINE: referral.decline,
        Step.BEGIN: referral.begin,
        Step.HOLD: referral.put_on_hold,
        Step.RESUME: referral.resume,
        Step.COMPLETE: referral.complete,
        Step.FAIL: referral.fail,
    }
