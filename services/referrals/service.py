"""The door: RPC entrypoints of a few lines."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.referrals import commands, queries, schemas
from services.referrals.application import ReferralsApplication
from services.referrals.partners import replies
from shared.runners.door import LedgerDoor

Payload = Any
"""A JSON object, in and out."""


class ReferralsService(LedgerDoor):
    """What schools ask of agencies, and what agencies answer."""

    name = "referrals"

    # -- the school

    @rpc
    def draft_referral(self, token: str, payload: Payload) -> Payload:
        """Fills in the template of the agency's kind."""
        return self.door.command(token, payload, schemas.DraftReferral(), commands.DraftReferral)

    @rpc
    def approve_referral(self, token: str, payload: Payload) -> Payload:
        """Lets the named fields leave and asks the agency."""
        return self.door.command(token, payload, schemas.ApproveReferral(), commands.ApproveReferral)

    @rpc
    def cancel_referral(self, token: str, payload: Payload) -> Payload:
        """Takes a referral back."""
        return self.door.command(token, payload, schemas.WithReason(), commands.CancelReferral)

    @rpc
    def hand_over_link(self, token: str, payload: Payload) -> Payload:
        """A new one-time link, told once."""
        return self.door.command(token, payload, schemas.OneReferral(), commands.HandOverLink)

    @rpc
    def withdraw_link(self, token: str, payload: Payload) -> Payload:
        """The link leads nowhere any more."""
        return self.door.command(token, payload, schemas.OneReferral(), commands.WithdrawLink)

    # -- the department, whose administrator keeps the directory

    @rpc
    def describe_agency(self, token: str, payload: Payload) -> Payload:
        """Says what an agency is, whom to call, when to turn to it."""
        return self.door.command(token, payload, schemas.DescribeAgency(), commands.DescribeAgency)

    @rpc
    def confirm_entry(self, token: str, payload: Payload) -> Payload:
        """The entry is still true."""
        return self.door.command(token, payload, schemas.OneAgency(), commands.ConfirmEntry)

    @rpc
    def import_directory(self, token: str, payload: Payload) -> Payload:
        """The entries of many agencies at once, as HSDS."""
        return self.door.command(token, payload, schemas.ImportDirectory(), commands.ImportDirectory)

    @rpc
    def export_directory(self, token: str, payload: Payload) -> Payload:
        """The department's directory, as HSDS."""
        return self.door.query(token, payload, schemas.Nothing(), queries.export_directory)

    @rpc
    def leave_silence(self, token: str, payload: Payload) -> Payload:
        """Decides to do no more about an agency's silence."""
        return self.door.command(token, payload, schemas.LeaveSilence(), commands.LeaveSilence)

    @rpc
    def come_up_to_me(self, token: str, payload: Payload) -> Payload:
        """Which silences came up to the caller."""
        return self.door.query(token, payload, schemas.Nothing(), queries.come_up_to_me)

    @rpc
    def set_webhook(self, token: str, payload: Payload) -> Payload:
        """Says where an agency's machine listens; tells its secret once."""
        return self.door.command(token, payload, schemas.SetWebhook(), commands.SetWebhook)

    @rpc
    def enable_webhook(self, token: str, payload: Payload) -> Payload:
        """A disabled webhook is sent to again."""
        return self.door.command(token, payload, schemas.OneAgency(), commands.EnableWebhook)

    @rpc
    def redeliver(self, token: str, payload: Payload) -> Payload:
        """A message is sent anew."""
        return self.door.command(token, payload, schemas.Redeliver(), commands.Redeliver)

    @rpc
    def delivery_log(self, token: str, payload: Payload) -> Payload:
        """Which messages an agency was sent, and how each attempt ended."""
        return self.door.query(token, payload, schemas.OneAgency(), queries.delivery_log)

    # -- the agency's machine: its signature stands for a token

    @rpc
    def take_message(self, payload: Payload) -> Payload:
        """An agency's answer as a signed, encrypted message."""
        return self.door.without_token(payload, schemas.TakeMessage(), replies.take_message)

    # -- the agency, by tokens of its own tenant

    @rpc
    def accept_referral(self, token: str, payload: Payload) -> Payload:
        """The agency takes it on."""
        return self.door.command(token, payload, schemas.OneReferral(), commands.AcceptReferral)

    @rpc
    def decline_referral(self, token: str, payload: Payload) -> Payload:
        """It will not."""
        return self.door.command(token, payload, schemas.WithReasonAndText(), commands.DeclineReferral)

    @rpc
    def begin_work(self, token: str, payload: Payload) -> Payload:
        """It begins."""
        return self.door.command(token, payload, schemas.OneReferral(), commands.BeginWork)

    @rpc
    def put_on_hold(self, token: str, payload: Payload) -> Payload:
        """It waits."""
        return self.door.command(token, payload, schemas.WithReason(), commands.PutOnHold)

    @rpc
    def resume(self, token: str, payload: Payload) -> Payload:
        """It goes on."""
        return self.door.command(token, payload, schemas.OneReferral(), commands.Resume)

    @rpc
    def complete_referral(self, token: str, payload: Payload) -> Payload:
        """It reports back."""
        return self.door.command(token, payload, schemas.CompleteReferral(), commands.CompleteReferral)

    @rpc
    def fail_referral(self, token: str, payload: Payload) -> Payload:
        """It gives up."""
        return self.door.command(token, payload, schemas.WithReasonAndText(), commands.FailReferral)

    # -- the agency, by a one-time link: its secret stands for a token

    @rpc
    def seen_by_link(self, payload: Payload) -> Payload:
        """What the agency is asked; opening is an event."""
        return self.door.without_token(payload, schemas.SeenByLink(), ReferralsApplication.seen_by_link)

    @rpc
    def answered_by_link(self, payload: Payload) -> Payload:
        """The agency's step."""
        return self.door.without_token(payload, schemas.AnsweredByLink(), ReferralsApplication.answered_by_link)

    # -- questions

    @rpc
    def show_referral(self, token: str, payload: Payload) -> Payload:
        """A referral, to the team of its case, an auditor, or the agency that was asked."""
        return self.door.query(token, payload, schemas.OneReferral(), queries.show_referral)

    @rpc
    def referrals_of_case(self, token: str, payload: Payload) -> Payload:
        """The referrals of a case."""
        return self.door.query(token, payload, schemas.OneCase(), queries.referrals_of_case)

    @rpc
    def partner_inbox(self, token: str, payload: Payload) -> Payload:
        """What lies in the inbox of the agency."""
        return self.door.query(token, payload, schemas.Nothing(), queries.show_inbox)

    @rpc
    def referral_timeline(self, token: str, payload: Payload) -> Payload:
        """Every event of a referral."""
        return self.door.query(token, payload, schemas.OneReferral(), queries.referral_timeline)

    @rpc
    def referral_deadlines(self, token: str, payload: Payload) -> Payload:
        """The three clocks of a referral."""
        return self.door.query(token, payload, schemas.OneReferral(), queries.referral_deadlines)

    @rpc
    def agencies(self, token: str, payload: Payload) -> Payload:
        """The directory, with the template of each kind."""
        return self.door.query(token, payload, schemas.Nothing(), queries.agencies)

    @rpc
    def agencies_needed(self, token: str, payload: Payload) -> Payload:
        """Which agencies this kind of case needs."""
        return self.door.query(token, payload, schemas.AgenciesNeeded(), queries.agencies_needed)
