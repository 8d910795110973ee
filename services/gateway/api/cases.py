"""Routes of cases."""

from __future__ import annotations

from marshmallow import Schema

from services.gateway.api.routes import Route, command, question
from services.gateway.schemas import cases as schemas
from services.gateway.schemas.common import Deadlines, Timeline

ONE = "/cases/{case}"


def of_case(noun: str, method: str, summary: str, body: type[Schema] | None = None) -> Route:
    """A command on one case."""
    return command(f"{ONE}/{noun}", f"cases.{method}", summary, body, answer=schemas.CaseChanged)


ROUTES = (
    question("/cases", "cases.my_cases", "The caller's own cases", schemas.MyCases, items="cases"),
    question(
        "/register",
        "cases.register_of_cases",
        "The case register",
        schemas.Register,
        query=schemas.RegisterQuery,
        items="entries",
    ),
    question(ONE, "cases.show_case", "One case as it stands", schemas.Case),
    question(f"{ONE}/timeline", "cases.case_timeline", "Every event of a case", Timeline, items="events"),
    question(f"{ONE}/deadlines", "cases.case_deadlines", "What must happen next", Deadlines, items="deadlines"),
    # who works on it
    of_case("team", "join_team", "Let a person in", schemas.JoinTeam),
    of_case("team/{person}/departure", "leave_team", "End a person's part in the case", schemas.LeaveTeam),
    of_case(
        "confidentiality-warning", "accept_confidentiality_warning", "Accept the confidentiality warning, for oneself"
    ),
    of_case("coordinator", "appoint_coordinator", "Pass coordination on", schemas.AppointCoordinator),
    of_case("decisions", "record_decision", "Put down a joint decision", schemas.RecordDecision),
    # what is known, and who must be told
    of_case("child", "identify_child", "Put down who the child is", schemas.IdentifyChild),
    of_case("assessment-steps", "record_assessment_step", "Put down a step", schemas.RecordAssessmentStep),
    of_case("risk-assessments", "assess_risk", "Assess risk, the first time or again", schemas.AssessRisk),
    of_case("liability", "find_liability_possible", "Find that liability is possible: the duty to inform opens"),
    of_case("notification", "meet_duty_to_inform", "Name the notification that meets it", schemas.MeetDutyToInform),
    of_case("no-liability", "record_no_liability", "Put down why no liability arises", schemas.RecordNoLiability),
    # what is done, and whether it helps
    of_case("support-plan", "draw_up_support_plan", "Draw up the support plan", schemas.DrawUpSupportPlan),
    of_case("safety-plan", "draw_up_safety_plan", "Draw up the safety plan", schemas.DrawUpSafetyPlan),
    of_case("plan-reviews", "review_plan", "Put down a review of the plans", schemas.ReviewPlan),
    of_case("sessions", "hold_session", "Put down a session and its note", schemas.HoldSession),
    of_case("session-extensions", "extend_sessions", "Allow more sessions", schemas.ExtendSessions),
    of_case("criteria", "rate_criteria", "Rate criteria of lasting change", schemas.RateCriteria),
    of_case("own-measures", "take_own_measures", "Put down the school's own measures", schemas.TakeOwnMeasures),
    # the end
    of_case("closure", "close_case", "Close", schemas.CloseCase),
    of_case("reopening", "reopen_case", "Take a closed case up again", schemas.ReopenCase),
)
