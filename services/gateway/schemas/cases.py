"""Cases: what is done about a confirmed report."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Deadline,
    Done,
    anything,
    choice,
    day,
    flag,
    identifier,
    line,
    many,
    number,
    one,
    text,
    time,
)
from services.gateway.schemas.common import number as a_number


class JoinTeam(Schema):
    """Somebody who must know."""

    person = identifier()
    role = choice(codes.ROLES_IN_CASES)


class LeaveTeam(Schema):
    """Why a part in the case ends."""

    reason = choice(codes.LEAVING)


class AppointCoordinator(Schema):
    """Who coordinates from now on, and why."""

    person = identifier()
    reason = text()


class RecordDecision(Schema):
    """A joint decision."""

    decision = text()
    participants = many(identifier())
    best_interests = text("How it serves the child's best interests")


class IdentifyChild(Schema):
    """Who the child is."""

    name = line()
    birth_date = day()
    class_name = line()


class RecordAssessmentStep(Schema):
    """A step of the risk assessment."""

    step = choice(codes.ASSESSMENT_STEPS)
    role = choice(codes.ROLES_IN_CASES)
    result = text()
    on = day()


class AssessRisk(Schema):
    """The risk, with factors, reasons and the two guiding questions."""

    level = choice(codes.LEVELS)
    factors = fields.Dict(
        keys=fields.String(),
        values=choice(codes.FACTOR_ANSWERS),
        required=True,
        metadata={"description": "Every risk factor in force, answered"},
    )
    reasons = text()
    childs_place = text("What is it like to be in this child's place?")
    childs_safety = text("Is this child's situation safe?")
    best_interests = text()


class MeetDutyToInform(Schema):
    """The delivered notification that meets the duty."""

    referral = identifier()


class RecordNoLiability(Schema):
    """Why no liability arises."""

    reasons = text()
    best_interests = text()


class Measure(Schema):
    """What, by whom, until when."""

    measure = text()
    owner = line()
    due_on = day()


class Goal(Schema):
    """A goal in one of the four areas."""

    area = choice(codes.AREAS)
    goal = text()
    measures = many(Measure)


class DrawUpSupportPlan(Schema):
    """The intervention and support plan; every area has a goal with a measure."""

    goals = many(Goal)


class DrawUpSafetyPlan(Schema):
    """The safety plan for the child who suffered."""

    dangers = many(text())
    safe_people = many(line())
    safe_places = many(line())
    child_does = many(text())
    adults_do = many(text())


class ReviewPlan(Schema):
    """How the plans work."""

    findings = text()
    results = many(text(), required=False)
    change_seen = flag(required=True)


class HoldSession(Schema):
    """A session, by the one who held it; the note is sealed to its writer."""

    attended = many(choice(codes.ATTENDEES))
    observed_change = text()
    note = text()


class ExtendSessions(Schema):
    """More sessions than the limit, and why."""

    more = number(required=True, least=1, most=50)
    reason = text()


class CriterionRating(Schema):
    """One criterion with the evidence for its rating."""

    criterion = choice(codes.CRITERIA)
    rating = choice(codes.RATINGS)
    evidence = text()


class RateCriteria(Schema):
    """Ratings of lasting change."""

    ratings = many(CriterionRating)


class TakeOwnMeasures(Schema):
    """What the school does where no agency helps."""

    measures = many(text())


class CloseCase(Schema):
    """Why it ends, decided jointly."""

    reasons = text()
    best_interests = text()
    participants = many(identifier())


class ReopenCase(Schema):
    """Why it is taken up again, and the report that led to it."""

    reason = text()
    report = identifier(required=False)


class CaseChanged(Done):
    """The case that a command concerned."""

    case = identifier()


class Member(Schema):
    """Somebody on the team."""

    person = identifier()
    role = choice(codes.ROLES_IN_CASES)
    accepted = flag("The confidentiality warning", required=True)


class Case(Schema):
    """A case as it stands."""

    case = identifier()
    version = number(required=True)
    register_year = number(required=True)
    number = a_number("Left out for whoever is walled off from another case of the school")
    state = choice(["open", "closed"])
    opened_at = time(required=True)
    closed_at = time()
    reports = many(identifier())
    kinds = many(choice(codes.KINDS))
    places = many(fields.String())
    immediate_danger = flag(required=True)
    coordinator = identifier(required=False)
    team = many(Member)
    child = anything()
    level = choice(codes.LEVELS, required=False)
    risk_assessed = flag(required=True)
    assessment_steps = many(anything())
    steps_missing = many(choice(codes.ASSESSMENT_STEPS))
    assessments = many(anything())
    interagency_step_open = flag(required=True)
    agencies_informed = flag(required=True)
    plans = anything("`support` and `safety`", required=True)
    sessions = anything(required=True)
    criteria = anything("Each criterion with its ratings over time", required=True)
    decisions = many(anything())
    referrals = many(anything())
    duties = many(Deadline)


class RegisterEntry(Schema):
    """A case in the register."""

    case = identifier()
    register_year = number(required=True)
    number = a_number(required=True)
    opened_at = time(required=True)
    state = choice(["open", "closed"])
    level = choice(codes.LEVELS, required=False)
    coordinator = identifier(required=False)


class Register(Schema):
    """The case register, as far as the caller may see it."""

    entries = many(RegisterEntry)


class RegisterQuery(Schema):
    """Which part of the register."""

    register_year = number("The year in which the school year began; all where left out")


class MyCase(Schema):
    """One of the caller's own cases; until the warning is accepted, no more than that."""

    case = identifier()
    role = choice(codes.ROLES_IN_CASES)
    must_accept_warning = flag(required=True)
    register_year = number()
    number = a_number()
    opened_at = time()
    state = choice(["open", "closed"], required=False)
    level = choice(codes.LEVELS, required=False)
    coordinator = identifier(required=False)
    next = one(Deadline, "The nearest duty")


class MyCases(Schema):
    """The caller's own cases."""

    cases = many(MyCase)
