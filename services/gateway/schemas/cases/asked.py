"""What may be asked of cases."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import choice, day, flag, identifier, line, many, number, one, text, time
from services.gateway.schemas.common import number as a_number

MOST = 100  # in a list


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
    ground = choice(codes.GROUNDS)
    reason = text()


class Decided(Schema):
    """A decision of a meeting."""

    decision = text()
    best_interests = text("How it serves the child's best interests")


class Agreement(Schema):
    """Why a meeting agreed that the case closes."""

    reasons = text()
    best_interests = text()


class HoldMeeting(Schema):
    """A confidential meeting: who was there, what was discussed and decided."""

    held_at = time(required=True)
    participants = many(identifier(), "Two at least, the caller among them, all of the team", least=1, most=MOST)
    discussed = text()
    decisions = many(Decided, required=False, most=MOST)
    closing = one(Agreement, "Where it was agreed that the case closes")


class ConfirmParticipation(Schema):
    """Whether one was there and decided so."""

    took_part = flag(required=True)


class RecordDecision(Schema):
    """A decision of a meeting that enough of the service confirmed."""

    meeting = identifier()
    number = a_number("Of the decision in its meeting, from 1", required=True, least=1, most=100)


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
    nature = choice(codes.NATURES, "The last two are refused: encouragement takes the place of penalties")
    owner = line()
    due_on = day()


class Goal(Schema):
    """A goal in one of the four areas."""

    area = choice(codes.AREAS)
    goal = text()
    measures = many(Measure, most=MOST)


class DrawUpSupportPlan(Schema):
    """The intervention and support plan; every area has a goal with a measure."""

    goals = many(Goal, least=1, most=MOST)


class DrawUpSafetyPlan(Schema):
    """The safety plan for the child who suffered."""

    dangers = many(text(), least=1, most=MOST)
    safe_people = many(line(), least=1, most=MOST)
    safe_places = many(line(), least=1, most=MOST)
    child_does = many(text(), least=1, most=MOST)
    adults_do = many(text(), least=1, most=MOST)


class ReviewPlan(Schema):
    """How the plans work."""

    findings = text()
    results = many(text(), required=False, most=MOST)
    change_seen = flag(required=True)


class HoldSession(Schema):
    """A session, by the one who held it; the note is sealed to its writer."""

    attended = many(choice(codes.ATTENDEES), most=MOST)
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

    ratings = many(CriterionRating, least=1, most=MOST)


class TakeOwnMeasures(Schema):
    """What the school does where no agency helps."""

    measures = many(text(), least=1, most=MOST)


class CloseCase(Schema):
    """The meeting in which it was agreed to close."""

    meeting = identifier()


class ReopenCase(Schema):
    """Why it is taken up again, and the report that led to it."""

    reason = text()
    report = identifier(required=False)


class OrganiseMedicalHelp(Schema):
    """Medical help that was asked for."""

    kind = choice(codes.MEDICAL_HELP)
    called_at = time(required=True)
    what_happened = text()


class RecordMedicalHelp(Schema):
    """What came of it; no times where nobody came."""

    helper = choice(codes.MEDICAL_HELPERS)
    began_at = time()
    ended_at = time()
    outcome = text()


class HandOverMaterial(Schema):
    """What was handed over to whom, and that nothing of it is left in any place."""

    to = identifier()
    material = text()
    computer = choice(codes.DELETIONS)
    recycle_bin = choice(codes.DELETIONS)
    email = choice(codes.DELETIONS)


class SetUpSafe(Schema):
    """A locked safe, and whose duty it is."""

    place = line()
    keeper = identifier()


class NameKeeper(Schema):
    """Whose duty it is from now on, and why."""

    keeper = identifier()
    reason = text()


class PutPapersInSafe(Schema):
    """What goes into which safe."""

    safe = identifier()
    papers = text()


class TakePapersOut(Schema):
    """Who takes the file, and why."""

    person = identifier()
    reason = text()


class AwaitAgency(Schema):
    """What waits for which agency."""

    agency = identifier()
    at_once = text("What the school does without waiting")
    awaited = text("What the agency is to decide")
    then = text("What follows then")


class EndWaiting(Schema):
    """What came of waiting."""

    outcome = choice(codes.WAITING_OUTCOMES)
    said = text()
    follows = text("What the school does now")


class DecideOnOffender(Schema):
    """What was decided on an adult alleged offender."""

    adult = choice(codes.ADULTS)
    telling = choice(codes.TELLINGS, "When the person is told of the allegation")
    told_when = text("On which day, or after what")
    told_of_the_process = text("What they are told of the process")
    work_protected = text()
    private_life_protected = text()
    considered = text("What the school considers")
    best_interests = text()
    meeting = identifier("In which it was decided, and which enough of the service confirmed")
