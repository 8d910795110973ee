"""Routes of prevention."""

from __future__ import annotations

from services.gateway.api.routes import command, question
from services.gateway.schemas.monitoring import group, informing, journal

ENTRY = "/risk-group/{entry}"

OF_THE_RISK_GROUP = (
    command(
        "/risk-group",
        "monitoring.enter_child",
        "Enter a child in the risk group",
        group.EnterChild,
        answer=group.EntryState,
        creates=ENTRY,
    ),
    question(
        "/risk-group",
        "monitoring.list_risk_group",
        "Entries that the caller may see, without names",
        group.RiskGroup,
        query=group.ListRiskGroup,
        items="entries",
    ),
    question(ENTRY, "monitoring.show_entry", "One entry, with its history", group.GroupEntry),
    command(
        f"{ENTRY}/acceptance",
        "monitoring.accept_proposal",
        "Enter the child of a report of problem behaviour",
        group.EnterChild,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/declining",
        "monitoring.decline_proposal",
        "Say why that child is not entered",
        group.DeclineProposal,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/walls",
        "monitoring.wall_off_from_entry",
        "Keep somebody away from an entry",
        group.WallOffFromEntry,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/workers",
        "monitoring.involve_worker",
        "Let somebody who works with the child know of the entry",
        group.InvolveWorker,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/workers/release",
        "monitoring.release_worker",
        "End that",
        group.ReleaseWorker,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/measures",
        "monitoring.add_measure",
        "Decide on a measure: prevention, no punishment",
        group.AddMeasure,
        answer=group.MeasureAdded,
    ),
    command(
        f"{ENTRY}/measures/results",
        "monitoring.finish_measure",
        "Say what came of a measure",
        group.FinishMeasure,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/behaviour",
        "monitoring.note_behaviour",
        "Note how behaviour changes",
        group.NoteBehaviour,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/reviews",
        "monitoring.review_entry",
        "Review an entry; the next review's time begins",
        group.ReviewEntry,
        answer=group.EntryState,
    ),
    command(
        f"{ENTRY}/leaving",
        "monitoring.leave_group",
        "End the child's time in the group, with reasons",
        group.LeaveGroup,
        answer=group.EntryState,
    ),
)

CAMPAIGN = "/campaigns/{campaign}"
TRAINING = "/staff-trainings/{training}"
INVITATION = "/invitations/{invitation}"

OF_INFORMING = (
    command(
        "/campaigns",
        "monitoring.plan_campaign",
        "Plan who is told what",
        informing.PlanCampaign,
        answer=informing.CampaignState,
        creates=CAMPAIGN,
    ),
    question(
        "/campaigns",
        "monitoring.list_campaigns",
        "Campaigns with their coverage",
        informing.Campaigns,
        items="campaigns",
    ),
    question(CAMPAIGN, "monitoring.show_campaign", "One campaign", informing.Campaign),
    command(
        f"{CAMPAIGN}/holding",
        "monitoring.hold_campaign",
        "Say that it took place",
        informing.HoldCampaign,
        answer=informing.CampaignState,
    ),
    command(
        f"{CAMPAIGN}/coverage",
        "monitoring.record_coverage",
        "Say how many of an audience were reached",
        informing.Coverage,
        answer=informing.CampaignState,
    ),
    command(
        f"{CAMPAIGN}/calling-off",
        "monitoring.call_off_campaign",
        "Say why it will not take place",
        informing.CallOffCampaign,
        answer=informing.CampaignState,
    ),
    question(
        "/informing",
        "monitoring.informing_of_school_year",
        "What was told to whom in a school year, and what to nobody",
        informing.Informing,
        query=informing.OfASchoolYear,
    ),
    command(
        "/staff-trainings",
        "monitoring.record_staff_training",
        "Put down a training that the service held",
        informing.RecordStaffTraining,
        answer=informing.TrainingRecorded,
        creates=TRAINING,
    ),
    question(
        "/staff-trainings",
        "monitoring.list_staff_trainings",
        "Trainings that the service held",
        informing.StaffTrainings,
        items="trainings",
    ),
    question(TRAINING, "monitoring.show_staff_training", "One training", informing.StaffTraining),
    command(
        f"{TRAINING}/attendance",
        "monitoring.correct_attendance",
        "Say that others were there",
        informing.CorrectAttendance,
        answer=informing.TrainingRecorded,
    ),
    command(
        "/invitations",
        "monitoring.invite_guest",
        "Invite an expert, a specialist or a volunteer",
        informing.InviteGuest,
        answer=informing.InvitationState,
        creates=INVITATION,
    ),
    question(
        "/invitations",
        "monitoring.list_invitations",
        "Guests, and how many they reached",
        informing.Invitations,
        items="invitations",
    ),
    question(INVITATION, "monitoring.show_invitation", "One invitation", informing.Invitation),
    command(
        f"{INVITATION}/visit",
        "monitoring.record_visit",
        "Say what the guest gave, and to how many",
        informing.RecordVisit,
        answer=informing.InvitationState,
    ),
    command(
        f"{INVITATION}/decline",
        "monitoring.record_decline",
        "Say why the guest did not come",
        informing.RecordDecline,
        answer=informing.InvitationState,
    ),
)

RISK = "/risks/{risk}"
TRIP = "/trips/{trip}"
WALK = "/walks/{walk}"

OF_THE_JOURNAL = (
    question("/risk-journal", "monitoring.risk_journal", "What is due in the risk journal", journal.RiskJournal),
    command(
        "/risk-journal/reviews",
        "monitoring.review_journal",
        "Review the journal as a whole",
        journal.ReviewJournal,
        answer=journal.JournalReviewed,
    ),
    command(
        "/risks",
        "monitoring.note_risk",
        "Enter a risk in the journal",
        journal.NoteRisk,
        answer=journal.RiskChanged,
        creates=RISK,
    ),
    question("/risks", "monitoring.list_risks", "Risks of the journal", journal.Risks, items="risks"),
    question(RISK, "monitoring.show_risk", "One risk", journal.Risk),
    command(
        f"{RISK}/reassessments",
        "monitoring.reassess_risk",
        "Weigh a risk again",
        journal.ReassessRisk,
        answer=journal.RiskChanged,
    ),
    command(
        f"{RISK}/closing",
        "monitoring.close_risk",
        "Say why it is a risk no longer",
        journal.CloseRisk,
        answer=journal.RiskChanged,
    ),
    command(
        "/trips",
        "monitoring.plan_trip",
        "Plan a trip; its risks are assessed before it starts",
        journal.PlanTrip,
        answer=journal.TripChanged,
        creates=TRIP,
    ),
    question("/trips", "monitoring.list_trips", "Trips", journal.Trips, items="trips"),
    question(TRIP, "monitoring.show_trip", "One trip", journal.Trip),
    command(
        f"{TRIP}/holding",
        "monitoring.hold_trip",
        "Say what it showed",
        journal.HoldTrip,
        answer=journal.TripChanged,
    ),
    command(
        f"{TRIP}/calling-off",
        "monitoring.call_off_trip",
        "Say why it will not take place",
        journal.CallOffTrip,
        answer=journal.TripChanged,
    ),
    command(
        "/walks",
        "monitoring.take_walk",
        "Put down what a walk through the surroundings found",
        journal.TakeWalk,
        answer=journal.WalkTaken,
        creates=WALK,
    ),
    question("/walks", "monitoring.list_walks", "Walks", journal.Walks, items="walks"),
    question(WALK, "monitoring.show_walk", "One walk", journal.Walk),
)

ROUTES = (*OF_THE_RISK_GROUP, *OF_INFORMING, *OF_THE_JOURNAL)
