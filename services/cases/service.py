"""The door: RPC entrypoints of a few lines. What only policies ask (open_case, link_report, note_...) has none."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.cases import commands, queries, schemas
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
    def record_decision(self, token: str, payload: Payload) -> Payload:
        """Puts down a joint decision."""
        return self.door.command(token, payload, schemas.RecordDecision(), commands.RecordDecision)

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
    def take_own_measures(self, token: str, payload: Payload) -> Payload:
        """What the school does where no agency helps."""
        return self.door.command(token, payload, schemas.TakeOwnMeasures(), commands.TakeOwnMeasures)

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
    def my_cases(self, token: str, payload: Payload) -> Payload:
        """The caller's own cases."""
        return self.door.query(token, payload, schemas.MyCases(), queries.my_cases)
