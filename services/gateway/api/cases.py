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


def of_service(noun: str, method: str, summary: str, body: type[Schema] | None = None) -> Route:
    """A command on the School Safety Service."""
    return command(f"/safety-service{noun}", f"cases.{method}", summary, body, answer=schemas.ServiceChanged)


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
    question(
        "/safes",
        "cases.register_of_papers",
        "The safes, and the files in them",
        schemas.RegisterOfPapers,
        items="safes",
    ),
    question("/safety-service", "cases.show_safety_service", "The School Safety Service", schemas.SafetyService),
    question(
        "/safety-service/meetings", "cases.service_meetings", "Its meetings, month by month", schemas.ServiceMeetings
    ),
    question(
        "/safety-service/trends",
        "cases.trends",
        "How cases, measures, speed and effect change",
        schemas.Trends,
        query=schemas.TrendsQuery,
    ),
    question(
        "/next-actions",
        "cases.next_actions",
        "What must happen next, by when, by whom, under which rule",
        schemas.NextActions,
        query=schemas.NextActionsQuery,
        items="actions",
    ),
    question("/come-up/cases", "cases.come_up_to_me", "What was missed and came up", schemas.CameUp, items="cases"),
    question(
        "/come-up/department",
        "cases.come_up_to_department",
        "What no one in a school met, for the department's safeguarding lead",
        schemas.CameUpToDepartment,
        items="duties",
    ),
    question(ONE, "cases.show_case", "One case as it stands", schemas.Case),
    question(f"{ONE}/timeline", "cases.case_timeline", "Every event of a case", Timeline, items="events"),
    question(f"{ONE}/deadlines", "cases.case_deadlines", "What must happen next", Deadlines, items="deadlines"),
    question(
        f"{ONE}/accesses",
        "cases.case_accesses",
        "Who read it, or was denied",
        schemas.Accesses,
        items="accesses",
    ),
    question(
        "/broken-glass", "cases.broken_glass", "What the caller is to know of it", schemas.BrokenGlass, items="notices"
    ),
    # who works on it
    of_case("team", "join_team", "Let a person in", schemas.JoinTeam),
    of_case("team/{person}/departure", "leave_team", "End a person's part in the case", schemas.LeaveTeam),
    of_case("material", "hand_over_material", "Hand material over, for oneself", schemas.HandOverMaterial),
    of_case(
        "confidentiality-warning", "accept_confidentiality_warning", "Accept the confidentiality warning, for oneself"
    ),
    of_case("coordinator", "appoint_coordinator", "Pass coordination on", schemas.AppointCoordinator),
    of_case("meetings", "hold_meeting", "Put down a confidential meeting", schemas.HoldMeeting),
    of_case(
        "meetings/{meeting}/participation",
        "confirm_participation",
        "Say whether one took part, for oneself",
        schemas.ConfirmParticipation,
    ),
    of_case("decisions", "record_decision", "Make a meeting's decision a joint one", schemas.RecordDecision),
    of_case("offender", "decide_on_offender", "Put down how an adult is dealt with", schemas.DecideOnOffender),
    command(
        f"{ONE}/glass",
        "cases.ask_to_break_glass",
        "Ask to see a case that one is not on, as the deputy",
        schemas.AskToBreakGlass,
        answer=schemas.GlassChanged,
    ),
    command(
        f"{ONE}/glass/{{request}}/confirmation",
        "cases.break_glass",
        "Confirm it, as a second person",
        answer=schemas.GlassChanged,
    ),
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
    of_case("medical-help", "organise_medical_help", "Put down that help was asked for", schemas.OrganiseMedicalHelp),
    of_case("medical-help/{medical_help}/outcome", "record_medical_help", "What came of it", schemas.RecordMedicalHelp),
    of_case("own-measures", "take_own_measures", "Put down the school's own measures", schemas.TakeOwnMeasures),
    of_case("waiting", "await_agency", "Say what waits for an agency", schemas.AwaitAgency),
    of_case("waiting/{waiting}/end", "end_waiting", "Say what came of waiting", schemas.EndWaiting),
    # school and agencies together
    of_case("interagency", "convene_interagency_team", "Convene the team by decision", schemas.ConveneInteragencyTeam),
    question(f"{ONE}/interagency", "cases.interagency_workspace", "What school and agencies share", schemas.Workspace),
    of_case("interagency/seats", "offer_seat", "Ask an agency for its person", schemas.OfferSeat),
    of_case("interagency/seats/{seat}/end", "end_seat", "End an agency's seat", schemas.EndSeat),
    of_case("interagency/acceptance", "take_seat", "Accept the confidentiality warning, for oneself, by a grant"),
    of_case(
        "interagency/meetings",
        "hold_interagency_meeting",
        "Put down a meeting of both sides",
        schemas.HoldInteragencyMeeting,
    ),
    of_case(
        "interagency/meetings/{meeting}/participation",
        "confirm_interagency_participation",
        "Say whether one took part, for oneself",
        schemas.ConfirmInteragencyParticipation,
    ),
    of_case(
        "interagency/decisions", "record_joint_decision", "Make a decision a joint one", schemas.RecordJointDecision
    ),
    of_case("interagency/tasks", "give_interagency_task", "Give somebody a task", schemas.GiveInteragencyTask),
    of_case("interagency/tasks/{task}/result", "do_interagency_task", "Say what came of it", schemas.DoInteragencyTask),
    of_case("interagency/tasks/{task}/dropping", "drop_interagency_task", "Say why not", schemas.DropInteragencyTask),
    # what is on paper
    command("/safes", "cases.set_up_safe", "Say where a safe is", schemas.SetUpSafe, answer=schemas.SafeChanged),
    command(
        "/safes/{safe}/keeper", "cases.name_keeper", "Name a keeper", schemas.NameKeeper, answer=schemas.SafeChanged
    ),
    command("/safes/{safe}/possession", "cases.take_over_safe", "Take a safe over", answer=schemas.SafeChanged),
    of_case("papers", "put_papers_in_safe", "Put the file into a safe", schemas.PutPapersInSafe),
    of_case("papers/removal", "take_papers_out", "Give the file to a member", schemas.TakePapersOut),
    # the school safety service
    of_service("", "set_up_service", "Set the school's service up"),
    of_service("/members", "admit_member", "Give a person a seat", schemas.AdmitMember),
    of_service("/members/{person}/release", "release_member", "End a seat", schemas.ReleaseMember),
    of_service(
        "/police-agreement",
        "record_police_agreement",
        "Put down what was agreed with the police",
        schemas.RecordPoliceAgreement,
    ),
    of_service("/trainings", "record_training", "Put down that a member was trained", schemas.RecordTraining),
    of_service("/meetings", "hold_service_meeting", "Put a meeting down", schemas.HoldServiceMeeting),
    of_service(
        "/meetings/{meeting}/participation",
        "confirm_service_meeting",
        "Say whether one took part, for oneself",
        schemas.ConfirmParticipation,
    ),
    of_service(
        "/meetings/{meeting}/correction",
        "correct_service_meeting",
        "Put another wording in place",
        schemas.CorrectServiceMeeting,
    ),
    command(
        "/safety-service/meetings/{meeting}/cases/{case}",
        "cases.discuss_case_in_service",
        "Put down that a case was discussed there",
        schemas.DiscussCaseInService,
        answer=schemas.CaseChanged,
    ),
    of_case("duties/waiver", "waive_duty", "Decide not to act on a duty this time", schemas.WaiveDuty),
    # the child changes school
    command(
        f"{ONE}/releases",
        "cases.release_parts",
        "Let parts go to another school",
        schemas.ReleaseParts,
        answer=schemas.Released,
    ),
    question(
        "/matters", "cases.arrived_matters", "What other schools released", schemas.ArrivedMatters, items="matters"
    ),
    question("/matters/{matter}", "cases.show_matter", "One of them, and its trail", schemas.Matter),
    command("/matters/{matter}/acceptance", "cases.accept_matter", "Take it", answer=schemas.MatterChanged),
    command(
        "/matters/{matter}/refusal",
        "cases.decline_matter",
        "Take nothing",
        schemas.DeclineMatter,
        answer=schemas.MatterChanged,
    ),
    # the end
    of_case("closure", "close_case", "Close", schemas.CloseCase),
    of_case("reopening", "reopen_case", "Take a closed case up again", schemas.ReopenCase),
)
