"""The door: RPC entrypoints of a few lines."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.referrals import commands, queries, schemas
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
