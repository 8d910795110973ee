"""Handlers of informing, training and guests (SSS-05, SSS-09, REF-08)."""

from __future__ import annotations

from services.monitoring import commands
from services.monitoring.application.seeing import Seeing
from services.monitoring.domain.campaign import Campaign
from services.monitoring.domain.invitation import Invitation
from services.monitoring.domain.staff_training import StaffTraining
from services.monitoring.domain.values import Coverage
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class InformingHandlers(Seeing):
    """The service organises it."""

    @handles(commands.PlanCampaign)
    def plan_campaign(self, command: commands.PlanCampaign, ledger: TenantLedger) -> Answer:
        """Plans a campaign."""
        self.organises(ledger, command.by, "campaign")
        campaign = Campaign.plan(
            id=derived_id(command.command_id, "campaign"),
            title=command.title,
            audiences=command.audiences,
            topics=command.topics,
            means=command.means,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(campaign, answer=_of_campaign(campaign))

    @handles(commands.HoldCampaign)
    def hold_campaign(self, command: commands.HoldCampaign, ledger: TenantLedger) -> Answer:
        """Says that it took place."""
        campaign = self.organised(ledger, Campaign, command.campaign, "campaign", command)
        campaign.hold(held_on=command.held_on, note=command.note, by=command.by, at=ledger.now())
        return ledger.save(campaign, answer=_of_campaign(campaign))

    @handles(commands.RecordCoverage)
    def record_coverage(self, command: commands.RecordCoverage, ledger: TenantLedger) -> Answer:
        """Says how many of an audience were reached."""
        campaign = self.organised(ledger, Campaign, command.campaign, "campaign", command)
        coverage = Coverage(audience=command.audience, reached=command.reached, out_of=command.out_of)
        campaign.record_coverage(coverage=coverage, by=command.by, at=ledger.now())
        return ledger.save(campaign, answer=_of_campaign(campaign))

    @handles(commands.CallOffCampaign)
    def call_off_campaign(self, command: commands.CallOffCampaign, ledger: TenantLedger) -> Answer:
        """Says why it will not take place."""
        campaign = self.organised(ledger, Campaign, command.campaign, "campaign", command)
        campaign.call_off(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(campaign, answer=_of_campaign(campaign))

    @handles(commands.RecordStaffTraining)
    def record_staff_training(self, command: commands.RecordStaffTraining, ledger: TenantLedger) -> Answer:
        """Puts down a training that the service held."""
        self.organises(ledger, command.by, "training")
        training = StaffTraining.record(
            id=derived_id(command.command_id, "staff_training"),
            title=command.title,
            topics=command.topics,
            held_on=command.held_on,
            minutes=command.minutes,
            attended=command.attended,
            count=command.count,
            held_by=command.held_by,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(training, answer={"training": training.id})

    @handles(commands.CorrectAttendance)
    def correct_attendance(self, command: commands.CorrectAttendance, ledger: TenantLedger) -> Answer:
        """Says that others were there."""
        training = self.organised(ledger, StaffTraining, command.training, "training", command)
        training.correct(
            attended=command.attended, count=command.count, reasons=command.reasons, by=command.by, at=ledger.now()
        )
        return ledger.save(training, answer={"training": training.id})

    @handles(commands.InviteGuest)
    def invite_guest(self, command: commands.InviteGuest, ledger: TenantLedger) -> Answer:
        """Invites somebody from outside."""
        self.organises(ledger, command.by, "invitation")
        invitation = Invitation.send(
            id=derived_id(command.command_id, "invitation"),
            guest=command.guest,
            name=command.name,
            organisation=command.organisation,
            purpose=command.purpose,
            audiences=command.audiences,
            topics=command.topics,
            invited_for=command.invited_for,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(invitation, answer=_of_invitation(invitation))

    @handles(commands.RecordVisit)
    def record_visit(self, command: commands.RecordVisit, ledger: TenantLedger) -> Answer:
        """Says what the guest gave, and to how many."""
        invitation = self.organised(ledger, Invitation, command.invitation, "invitation", command)
        invitation.come(
            came_on=command.came_on,
            given=command.given,
            minutes=command.minutes,
            coverage=command.coverage,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(invitation, answer=_of_invitation(invitation))

    @handles(commands.RecordDecline)
    def record_decline(self, command: commands.RecordDecline, ledger: TenantLedger) -> Answer:
        """Says why the guest did not come."""
        invitation = self.organised(ledger, Invitation, command.invitation, "invitation", command)
        invitation.decline(reason=command.reason, note=command.note, by=command.by, at=ledger.now())
        return ledger.save(invitation, answer=_of_invitation(invitation))


def _of_campaign(campaign: Campaign) -> dict[str, str]:
    return {"campaign": str(campaign.id), "state": campaign.state.value}


def _of_invitation(invitation: Invitation) -> dict[str, str]:
    return {"invitation": str(invitation.id), "state": invitation.state.value}
