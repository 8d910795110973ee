"""The door: RPC entrypoints of a few lines. What only policies ask (open_case, link_report, note_...) has none."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.cases import commands, queries, schemas
from shared import destructions
from shared.runners import destructions as asked
from shared.runners.door import LedgerDoor

Payload = Any
"""A JSON object, in and out."""


class CasesService(LedgerDoor):
    """What is done about a confirmed report."""

    name = "cases"

    # -- who works on it

    @rpc
    def join_team(self, token: str, payload: Payload) -> Payload:
        """Lets a person in."""
        return self.door.command(token, payload, schemas.JoinTeam(), commands.JoinTeam)

    @rpc
    def leave_team(self, token: str, payload: Payload) -> Payload:
        """Ends a person's part."""
        return self.door.command(token, payload, schemas.LeaveTeam(), commands.LeaveTeam)

    @rpc
    def accept_confidentiality_warning(self, token: str, payload: Payload) -> Payload:
        """Before first sight."""
        return self.door.command(
            token, payload, schemas.AcceptConfidentialityWarning(), commands.AcceptConfidentialityWarning
        )

    @rpc
    def appoint_coordinator(self, token: str, payload: Payload) -> Payload:
        """Passes coordination on."""
        return self.door.command(token, payload, schemas.AppointCoordinator(), commands.AppointCoordinator)

    @rpc
    def hold_meeting(self, token: str, payload: Payload) -> Payload:
        """Puts down a confidential meeting."""
        return self.door.command(token, payload, schemas.HoldMeeting(), commands.HoldMeeting)

    @rpc
    def confirm_participation(self, token: str, payload: Payload) -> Payload:
        """A participant answers for themselves."""
        return self.door.command(token, payload, schemas.ConfirmParticipation(), commands.ConfirmParticipation)

    @rpc
    def hand_over_material(self, token: str, payload: Payload) -> Payload:
        """Hands material over, nothing left behind."""
        return self.door.command(token, payload, schemas.HandOverMaterial(), commands.HandOverMaterial)

    @rpc
    def record_decision(self, token: str, payload: Payload) -> Payload:
        """Makes a meeting's decision a joint one."""
        return self.door.command(token, payload, schemas.RecordDecision(), commands.RecordDecision)

    @rpc
    def decide_on_offender(self, token: str, payload: Payload) -> Payload:
        """What was decided on an adult alleged offender."""
        return self.door.command(token, payload, schemas.DecideOnOffender(), commands.DecideOnOffender)

    @rpc
    def ask_to_break_glass(self, token: str, payload: Payload) -> Payload:
        """The deputy asks to see a case that they are not on."""
        return self.door.command(token, payload, schemas.AskToBreakGlass(), commands.AskToBreakGlass)

    @rpc
    def break_glass(self, token: str, payload: Payload) -> Payload:
        """A second person confirms it."""
        return self.door.command(token, payload, schemas.BreakGlass(), commands.BreakGlass)

    # -- what is known, and who must be told

    @rpc
    def identify_child(self, token: str, payload: Payload) -> Payload:
        """Puts down who the child is."""
        return self.door.command(token, payload, schemas.IdentifyChild(), commands.IdentifyChild)

    @rpc
    def record_assessment_step(self, token: str, payload: Payload) -> Payload:
        """Puts down a step of the assessment."""
        return self.door.command(token, payload, schemas.RecordAssessmentStep(), commands.RecordAssessmentStep)

    @rpc
    def assess_risk(self, token: str, payload: Payload) -> Payload:
        """Assesses risk, once or again."""
        return self.door.command(token, payload, schemas.AssessRisk(), commands.AssessRisk)

    @rpc
    def find_liability_possible(self, token: str, payload: Payload) -> Payload:
        """Opens the duty to inform."""
        return self.door.command(token, payload, schemas.FindLiabilityPossible(), commands.FindLiabilityPossible)

    @rpc
    def meet_duty_to_inform(self, token: str, payload: Payload) -> Payload:
        """Names the notification that meets it."""
        return self.door.command(token, payload, schemas.MeetDutyToInform(), commands.MeetDutyToInform)

    @rpc
    def record_no_liability(self, token: str, payload: Payload) -> Payload:
        """Ends it by the service's reasons."""
        return self.door.command(token, payload, schemas.RecordNoLiability(), commands.RecordNoLiability)

    # -- what is done, and whether it helps

    @rpc
    def draw_up_support_plan(self, token: str, payload: Payload) -> Payload:
        """Draws up the support plan."""
        return self.door.command(token, payload, schemas.DrawUpSupportPlan(), commands.DrawUpSupportPlan)

    @rpc
    def draw_up_safety_plan(self, token: str, payload: Payload) -> Payload:
        """Draws up the safety plan."""
        return self.door.command(token, payload, schemas.DrawUpSafetyPlan(), commands.DrawUpSafetyPlan)

    @rpc
    def review_plan(self, token: str, payload: Payload) -> Payload:
        """Puts down a review of the plans."""
        return self.door.command(token, payload, schemas.ReviewPlan(), commands.ReviewPlan)

    @rpc
    def hold_session(self, token: str, payload: Payload) -> Payload:
        """Puts down a session and its note."""
        return self.door.command(token, payload, schemas.HoldSession(), commands.HoldSession)

    @rpc
    def extend_sessions(self, token: str, payload: Payload) -> Payload:
        """Allows more sessions."""
        return self.door.command(token, payload, schemas.ExtendSessions(), commands.ExtendSessions)

    @rpc
    def rate_criteria(self, token: str, payload: Payload) -> Payload:
        """Rates criteria of lasting change."""
        return self.door.command(token, payload, schemas.RateCriteria(), commands.RateCriteria)

    @rpc
    def organise_medical_help(self, token: str, payload: Payload) -> Payload:
        """Puts down that medical help was asked for."""
        return self.door.command(token, payload, schemas.OrganiseMedicalHelp(), commands.OrganiseMedicalHelp)

    @rpc
    def record_medical_help(self, token: str, payload: Payload) -> Payload:
        """Puts down what came of it."""
        return self.door.command(token, payload, schemas.RecordMedicalHelp(), commands.RecordMedicalHelp)

    @rpc
    def take_own_measures(self, token: str, payload: Payload) -> Payload:
        """What the school does where no agency helps."""
        return self.door.command(token, payload, schemas.TakeOwnMeasures(), commands.TakeOwnMeasures)

    @rpc
    def await_agency(self, token: str, payload: Payload) -> Payload:
        """Says what waits for an agency."""
        return self.door.command(token, payload, schemas.AwaitAgency(), commands.AwaitAgency)

    @rpc
    def end_waiting(self, token: str, payload: Payload) -> Payload:
        """Says what came of it."""
        return self.door.command(token, payload, schemas.EndWaiting(), commands.EndWaiting)

    # -- school and agencies together: what is `by_grant` is open to outsiders, in their one case

    @rpc
    def convene_interagency_team(self, token: str, payload: Payload) -> Payload:
        """Convenes the interagency team by decision."""
        return self.door.command(token, payload, schemas.ConveneInteragencyTeam(), commands.ConveneInteragencyTeam)

    @rpc
    def offer_seat(self, token: str, payload: Payload) -> Payload:
        """Asks an agency for its person."""
        return self.door.command(token, payload, schemas.OfferSeat(), commands.OfferSeat)

    @rpc
    def end_seat(self, token: str, payload: Payload) -> Payload:
        """Ends an agency's seat."""
        return self.door.command(token, payload, schemas.EndSeat(), commands.EndSeat)

    @rpc
    def take_seat(self, token: str, payload: Payload) -> Payload:
        """An outsider accepts the confidentiality warning."""
        return self.door.command(token, payload, schemas.TakeSeat(), commands.TakeSeat, by_grant=True)

    @rpc
    def hold_interagency_meeting(self, token: str, payload: Payload) -> Payload:
        """Puts down a meeting of both sides."""
        return self.door.command(
            token, payload, schemas.HoldInteragencyMeeting(), commands.HoldInteragencyMeeting, by_grant=True
        )

    @rpc
    def confirm_interagency_participation(self, token: str, payload: Payload) -> Payload:
        """A participant of either side answers for themselves."""
        return self.door.command(
            token,
            payload,
            schemas.ConfirmInteragencyParticipation(),
            commands.ConfirmInteragencyParticipation,
            by_grant=True,
        )

    @rpc
    def record_joint_decision(self, token: str, payload: Payload) -> Payload:
        """Makes a decision a joint one."""
        return self.door.command(
            token, payload, schemas.RecordJointDecision(), commands.RecordJointDecision, by_grant=True
        )

    @rpc
    def give_interagency_task(self, token: str, payload: Payload) -> Payload:
        """Gives somebody something to do."""
        return self.door.command(
            token, payload, schemas.GiveInteragencyTask(), commands.GiveInteragencyTask, by_grant=True
        )

    @rpc
    def do_interagency_task(self, token: str, payload: Payload) -> Payload:
        """Says what came of a task."""
        return self.door.command(token, payload, schemas.DoInteragencyTask(), commands.DoInteragencyTask, by_grant=True)

    @rpc
    def drop_interagency_task(self, token: str, payload: Payload) -> Payload:
        """Says why a task need not be done."""
        return self.door.command(token, payload, schemas.DropInteragencyTask(), commands.DropInteragencyTask)

    @rpc
    def waive_duty(self, token: str, payload: Payload) -> Payload:
        """Decides not to act on a duty this time."""
        return self.door.command(token, payload, schemas.WaiveDuty(), commands.WaiveDuty)

    # -- what is on paper

    @rpc
    def set_up_safe(self, token: str, payload: Payload) -> Payload:
        """Says where a safe is and whose duty it is."""
        return self.door.command(token, payload, schemas.SetUpSafe(), commands.SetUpSafe)

    @rpc
    def name_keeper(self, token: str, payload: Payload) -> Payload:
        """Gives the duty to another."""
        return self.door.command(token, payload, schemas.NameKeeper(), commands.NameKeeper)

    @rpc
    def take_over_safe(self, token: str, payload: Payload) -> Payload:
        """Takes the key."""
        return self.door.command(token, payload, schemas.TakeOverSafe(), commands.TakeOverSafe)

    @rpc
    def put_papers_in_safe(self, token: str, payload: Payload) -> Payload:
        """The file goes into a safe."""
        return self.door.command(token, payload, schemas.PutPapersInSafe(), commands.PutPapersInSafe)

    @rpc
    def take_papers_out(self, token: str, payload: Payload) -> Payload:
        """A member has the file."""
        return self.door.command(token, payload, schemas.TakePapersOut(), commands.TakePapersOut)

    # -- the school safety service

    @rpc
    def set_up_service(self, token: str, payload: Payload) -> Payload:
        """Sets the school's service up."""
        return self.door.command(token, payload, schemas.SetUpService(), commands.SetUpService)

    @rpc
    def admit_member(self, token: str, payload: Payload) -> Payload:
        """Gives a person a seat."""
        return self.door.command(token, payload, schemas.AdmitMember(), commands.AdmitMember)

    @rpc
    def release_member(self, token: str, payload: Payload) -> Payload:
        """Ends a seat."""
        return self.door.command(token, payload, schemas.ReleaseMember(), commands.ReleaseMember)

    @rpc
    def record_police_agreement(self, token: str, payload: Payload) -> Payload:
        """What was agreed with the police."""
        return self.door.command(token, payload, schemas.RecordPoliceAgreement(), commands.RecordPoliceAgreement)

    @rpc
    def record_training(self, token: str, payload: Payload) -> Payload:
        """Somebody passed the mandatory training."""
        return self.door.command(token, payload, schemas.RecordTraining(), commands.RecordTraining)

    @rpc
    def hold_service_meeting(self, token: str, payload: Payload) -> Payload:
        """Puts a meeting of the service down."""
        return self.door.command(token, payload, schemas.HoldServiceMeeting(), commands.HoldServiceMeeting)

    @rpc
    def confirm_service_meeting(self, token: str, payload: Payload) -> Payload:
        """A participant answers for themselves."""
        return self.door.command(token, payload, schemas.ConfirmServiceMeeting(), commands.ConfirmServiceMeeting)

    @rpc
    def correct_service_meeting(self, token: str, payload: Payload) -> Payload:
        """Another wording stands."""
        return self.door.command(token, payload, schemas.CorrectServiceMeeting(), commands.CorrectServiceMeeting)

    @rpc
    def discuss_case_in_service(self, token: str, payload: Payload) -> Payload:
        """A case was discussed there."""
        return self.door.command(token, payload, schemas.DiscussCaseInService(), commands.DiscussCaseInService)

    # -- the end

    @rpc
    def close_case(self, token: str, payload: Payload) -> Payload:
        """Closes."""
        return self.door.command(token, payload, schemas.CloseCase(), commands.CloseCase)

    @rpc
    def reopen_case(self, token: str, payload: Payload) -> Payload:
        """Takes a closed case up again."""
        return self.door.command(token, payload, schemas.ReopenCase(), commands.ReopenCase)

    # -- questions

    @rpc
    def show_case(self, token: str, payload: Payload) -> Payload:
        """The case as it stands."""
        return self.door.query(token, payload, schemas.OneCase(), queries.show_case)

    @rpc
    def case_timeline(self, token: str, payload: Payload) -> Payload:
        """Every event in order, as data."""
        return self.door.query(token, payload, schemas.CaseTimeline(), queries.case_timeline)

    @rpc
    def case_deadlines(self, token: str, payload: Payload) -> Payload:
        """What must happen next."""
        return self.door.query(token, payload, schemas.OneCase(), queries.case_deadlines)

    @rpc
    def register_of_cases(self, token: str, payload: Payload) -> Payload:
        """The register."""
        return self.door.query(token, payload, schemas.RegisterOfCases(), queries.register_of_cases)

    @rpc
    def register_of_papers(self, token: str, payload: Payload) -> Payload:
        """The safes, and the files in them."""
        return self.door.query(token, payload, schemas.RegisterOfPapers(), queries.register_of_papers)

    @rpc
    def come_up_to_me(self, token: str, payload: Payload) -> Payload:
        """What was missed and came up to the caller."""
        return self.door.query(token, payload, schemas.ComeUp(), queries.come_up_to_me)

    @rpc
    def come_up_to_department(self, token: str, payload: Payload) -> Payload:
        """What came up to the department."""
        return self.door.query(token, payload, schemas.ComeUp(), queries.come_up_to_department)

    @rpc
    def next_actions(self, token: str, payload: Payload) -> Payload:
        """What must happen next, by when, by whom, under which rule."""
        return self.door.query(token, payload, schemas.NextActions(), queries.next_actions)

    @rpc
    def my_cases(self, token: str, payload: Payload) -> Payload:
        """The caller's own cases."""
        return self.door.query(token, payload, schemas.MyCases(), queries.my_cases)

    @rpc
    def show_safety_service(self, token: str, payload: Payload) -> Payload:
        """Who sits in the service, and what is missing."""
        return self.door.query(token, payload, schemas.ShowSafetyService(), queries.show_safety_service)

    @rpc
    def service_meetings(self, token: str, payload: Payload) -> Payload:
        """The meetings of the service, month by month."""
        return self.door.query(token, payload, schemas.ServiceMeetings(), queries.service_meetings)

    @rpc
    def trends(self, token: str, payload: Payload) -> Payload:
        """How cases, measures, speed and effect change over months."""
        return self.door.query(token, payload, schemas.Trends(), queries.trends)

    @rpc
    def interagency_workspace(self, token: str, payload: Payload) -> Payload:
        """What school and agencies share in a case."""
        return self.door.query(token, payload, schemas.OneCase(), queries.interagency_workspace, by_grant=True)

    @rpc
    def case_accesses(self, token: str, payload: Payload) -> Payload:
        """Who read what of a case, and who was denied it."""
        return self.door.query(token, payload, schemas.OneCase(), queries.case_accesses)

    @rpc
    def broken_glass(self, token: str, payload: Payload) -> Payload:
        """Into which cases somebody came by breaking the glass, as far as the caller is to know."""
        return self.door.query(token, payload, schemas.BrokenGlass(), queries.broken_glass)

    # -- the child changes school

    @rpc
    def release_parts(self, token: str, payload: Payload) -> Payload:
        """Lets parts of a case go to another school."""
        return self.door.command(token, payload, schemas.ReleaseParts(), commands.ReleaseParts)

    @rpc
    def accept_matter(self, token: str, payload: Payload) -> Payload:
        """Takes what another school released."""
        return self.door.command(token, payload, schemas.AcceptMatter(), commands.AcceptMatter)

    @rpc
    def decline_matter(self, token: str, payload: Payload) -> Payload:
        """Takes nothing."""
        return self.door.command(token, payload, schemas.DeclineMatter(), commands.DeclineMatter)

    @rpc
    def arrived_matters(self, token: str, payload: Payload) -> Payload:
        """What other schools released to this one."""
        return self.door.query(token, payload, schemas.ArrivedMatters(), queries.arrived_matters)

    @rpc
    def show_matter(self, token: str, payload: Payload) -> Payload:
        """One of them, and its trail."""
        return self.door.query(token, payload, schemas.OneMatter(), queries.show_matter)

    # -- how long it is kept, and its destruction by two

    @rpc
    def destructions_of_cases(self, token: str, payload: Payload) -> Any:
        """What is due for destruction, held, or asked for."""
        return self.door.query(token, payload, asked.NothingAsked(), queries.destructions_of_cases)

    @rpc
    def request_destruction(self, token: str, payload: Payload) -> Any:
        """Asks that a matter be destroyed."""
        return self.door.command(token, payload, asked.RequestDestruction(), destructions.RequestDestruction)

    @rpc
    def approve_destruction(self, token: str, payload: Payload) -> Any:
        """Agrees, as another person."""
        return self.door.command(token, payload, asked.ApproveDestruction(), destructions.ApproveDestruction)

    @rpc
    def place_hold(self, token: str, payload: Payload) -> Any:
        """Holds a matter whatever its time."""
        return self.door.command(token, payload, asked.HoldMatter(), destructions.PlaceHold)

    @rpc
    def lift_hold(self, token: str, payload: Payload) -> Any:
        """Holds it no longer."""
        return self.door.command(token, payload, asked.HoldMatter(), destructions.LiftHold)
