"""The door: what can be asked of this service from outside, each in a line: schema, command or query."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.monitoring import commands, queries, schemas
from shared.runners.door import LedgerDoor

Payload = dict[str, Any]


class MonitoringService(LedgerDoor):
    """Prevention over RPC."""

    name = "monitoring"

    # ---- the risk group (SSS-06)

    @rpc
    def enter_child(self, token: str, payload: Payload) -> Any:
        """Enters a child in the risk group."""
        return self.door.command(token, payload, schemas.EnterChild(), commands.EnterChild)

    @rpc
    def accept_proposal(self, token: str, payload: Payload) -> Any:
        """Enters the child of a proposal (REP-01)."""
        return self.door.command(token, payload, schemas.AcceptProposal(), commands.AcceptProposal)

    @rpc
    def decline_proposal(self, token: str, payload: Payload) -> Any:
        """Says why not."""
        return self.door.command(token, payload, schemas.DeclineProposal(), commands.DeclineProposal)

    @rpc
    def wall_off_from_entry(self, token: str, payload: Payload) -> Any:
        """Keeps somebody away from an entry (REP-02)."""
        return self.door.command(token, payload, schemas.WallOffFromEntry(), commands.WallOffFromEntry)

    @rpc
    def involve_worker(self, token: str, payload: Payload) -> Any:
        """Lets somebody who works with the child know of the entry."""
        return self.door.command(token, payload, schemas.InvolveWorker(), commands.InvolveWorker)

    @rpc
    def release_worker(self, token: str, payload: Payload) -> Any:
        """Ends that."""
        return self.door.command(token, payload, schemas.ReleaseWorker(), commands.ReleaseWorker)

    @rpc
    def add_measure(self, token: str, payload: Payload) -> Any:
        """Decides on a measure; a penalty is none (PLN-07)."""
        return self.door.command(token, payload, schemas.AddMeasure(), commands.AddMeasure)

    @rpc
    def finish_measure(self, token: str, payload: Payload) -> Any:
        """Says what came of a measure."""
        return self.door.command(token, payload, schemas.FinishMeasure(), commands.FinishMeasure)

    @rpc
    def note_behaviour(self, token: str, payload: Payload) -> Any:
        """Notes how behaviour changes."""
        return self.door.command(token, payload, schemas.NoteBehaviour(), commands.NoteBehaviour)

    @rpc
    def review_entry(self, token: str, payload: Payload) -> Any:
        """Looks at the whole entry."""
        return self.door.command(token, payload, schemas.ReviewEntry(), commands.ReviewEntry)

    @rpc
    def leave_group(self, token: str, payload: Payload) -> Any:
        """Ends the child's time in the group."""
        return self.door.command(token, payload, schemas.LeaveGroup(), commands.LeaveGroup)

    @rpc
    def list_risk_group(self, token: str, payload: Payload) -> Any:
        """Entries that the caller may see."""
        return self.door.query(token, payload, schemas.ListRiskGroup(), queries.list_risk_group)

    @rpc
    def show_entry(self, token: str, payload: Payload) -> Any:
        """One entry in full."""
        return self.door.query(token, payload, schemas.OfOneEntry(), queries.show_entry)

    # ---- informing, training, guests (SSS-05, SSS-09, REF-08)

    @rpc
    def plan_campaign(self, token: str, payload: Payload) -> Any:
        """Plans a campaign (SSS-05)."""
        return self.door.command(token, payload, schemas.PlanCampaign(), commands.PlanCampaign)

    @rpc
    def hold_campaign(self, token: str, payload: Payload) -> Any:
        """Says that it took place."""
        return self.door.command(token, payload, schemas.HoldCampaign(), commands.HoldCampaign)

    @rpc
    def record_coverage(self, token: str, payload: Payload) -> Any:
        """Says how many of an audience were reached."""
        return self.door.command(token, payload, schemas.RecordCoverage(), commands.RecordCoverage)

    @rpc
    def call_off_campaign(self, token: str, payload: Payload) -> Any:
        """Says why it will not take place."""
        return self.door.command(token, payload, schemas.CallOffCampaign(), commands.CallOffCampaign)

    @rpc
    def record_staff_training(self, token: str, payload: Payload) -> Any:
        """Puts down a training that the service held (SSS-09)."""
        return self.door.command(token, payload, schemas.RecordStaffTraining(), commands.RecordStaffTraining)

    @rpc
    def correct_attendance(self, token: str, payload: Payload) -> Any:
        """Says that others were there."""
        return self.door.command(token, payload, schemas.CorrectAttendance(), commands.CorrectAttendance)

    @rpc
    def invite_guest(self, token: str, payload: Payload) -> Any:
        """Invites somebody from outside (REF-08)."""
        return self.door.command(token, payload, schemas.InviteGuest(), commands.InviteGuest)

    @rpc
    def record_visit(self, token: str, payload: Payload) -> Any:
        """Says what the guest gave, and to how many."""
        return self.door.command(token, payload, schemas.RecordVisit(), commands.RecordVisit)

    @rpc
    def record_decline(self, token: str, payload: Payload) -> Any:
        """Says why the guest did not come."""
        return self.door.command(token, payload, schemas.RecordDecline(), commands.RecordDecline)

    @rpc
    def list_campaigns(self, token: str, payload: Payload) -> Any:
        """Campaigns."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_campaigns)

    @rpc
    def show_campaign(self, token: str, payload: Payload) -> Any:
        """One campaign."""
        return self.door.query(token, payload, schemas.OfOneCampaign(), queries.show_campaign)

    @rpc
    def list_staff_trainings(self, token: str, payload: Payload) -> Any:
        """Trainings that the service held."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_staff_trainings)

    @rpc
    def show_staff_training(self, token: str, payload: Payload) -> Any:
        """One training."""
        return self.door.query(token, payload, schemas.OfOneTraining(), queries.show_staff_training)

    @rpc
    def list_invitations(self, token: str, payload: Payload) -> Any:
        """Guests."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_invitations)

    @rpc
    def show_invitation(self, token: str, payload: Payload) -> Any:
        """One invitation."""
        return self.door.query(token, payload, schemas.OfOneInvitation(), queries.show_invitation)

    @rpc
    def informing_of_school_year(self, token: str, payload: Payload) -> Any:
        """What was told to whom, and what to nobody (SSS-05)."""
        return self.door.query(token, payload, schemas.OfASchoolYear(), queries.informing_of_school_year)

    # ---- the risk journal (RSK-06)

    @rpc
    def note_risk(self, token: str, payload: Payload) -> Any:
        """Enters a risk; one of a trip is its assessment."""
        return self.door.command(token, payload, schemas.NoteRisk(), commands.NoteRisk)

    @rpc
    def reassess_risk(self, token: str, payload: Payload) -> Any:
        """Weighs it again."""
        return self.door.command(token, payload, schemas.ReassessRisk(), commands.ReassessRisk)

    @rpc
    def close_risk(self, token: str, payload: Payload) -> Any:
        """It is a risk no longer."""
        return self.door.command(token, payload, schemas.CloseRisk(), commands.CloseRisk)

    @rpc
    def plan_trip(self, token: str, payload: Payload) -> Any:
        """Plans a trip."""
        return self.door.command(token, payload, schemas.PlanTrip(), commands.PlanTrip)

    @rpc
    def hold_trip(self, token: str, payload: Payload) -> Any:
        """Says what it showed."""
        return self.door.command(token, payload, schemas.HoldTrip(), commands.HoldTrip)

    @rpc
    def call_off_trip(self, token: str, payload: Payload) -> Any:
        """Says why it will not take place."""
        return self.door.command(token, payload, schemas.CallOffTrip(), commands.CallOffTrip)

    @rpc
    def take_walk(self, token: str, payload: Payload) -> Any:
        """Puts down what a walk through the surroundings found."""
        return self.door.command(token, payload, schemas.TakeWalk(), commands.TakeWalk)

    @rpc
    def review_journal(self, token: str, payload: Payload) -> Any:
        """Looks at the whole journal."""
        return self.door.command(token, payload, schemas.ReviewJournal(), commands.ReviewJournal)

    @rpc
    def risk_journal(self, token: str, payload: Payload) -> Any:
        """What is due in the journal."""
        return self.door.query(token, payload, schemas.Nothing(), queries.risk_journal)

    @rpc
    def list_risks(self, token: str, payload: Payload) -> Any:
        """Risks."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_risks)

    @rpc
    def show_risk(self, token: str, payload: Payload) -> Any:
        """One risk."""
        return self.door.query(token, payload, schemas.OfOneRisk(), queries.show_risk)

    @rpc
    def list_trips(self, token: str, payload: Payload) -> Any:
        """Trips."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_trips)

    @rpc
    def show_trip(self, token: str, payload: Payload) -> Any:
        """One trip."""
        return self.door.query(token, payload, schemas.OfOneTrip(), queries.show_trip)

    @rpc
    def list_walks(self, token: str, payload: Payload) -> Any:
        """Walks."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_walks)

    @rpc
    def show_walk(self, token: str, payload: Payload) -> Any:
        """One walk."""
        return self.door.query(token, payload, schemas.OfOneWalk(), queries.show_walk)
