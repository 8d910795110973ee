"""The School Safety Service: what may be asked of it, and what is shown."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.cases.asked import MOST, Decided
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


class AdmitMember(Schema):
    """A seat in the service."""

    person = identifier()
    role = choice(codes.ROLES_IN_CASES)
    since = day()
    skills = text("For which the person was chosen")


class ReleaseMember(Schema):
    """Why a seat ends."""

    role = choice(codes.ROLES_IN_CASES)
    reason = choice(codes.RELEASES)


class RecordPoliceAgreement(Schema):
    """By what the police representative sits in the service."""

    agreed_on = day()
    agreement = text()
    until = day(required=False)


class RecordTraining(Schema):
    """Who was trained in what, when, by whom."""

    person = identifier()
    training = line()
    held_on = day()
    held_by = line()
    certificate = identifier(required=False)


class HoldServiceMeeting(Schema):
    """A meeting of the service. What concerns one case stands with that case, not here."""

    held_at = time(required=True)
    participants = many(
        identifier(), "Two at least, the caller among them, all of whom sit in the service", least=1, most=MOST
    )
    agenda = many(line(), least=1, most=MOST)
    decisions = many(text(), required=False, most=MOST)
    minutes = text()


class CorrectServiceMeeting(Schema):
    """The wording that stands from now on, whole, and why."""

    agenda = many(line(), least=1, most=MOST)
    decisions = many(text(), required=False, most=MOST)
    minutes = text()
    reason = text()


class DiscussCaseInService(Schema):
    """What those of the case's team who were at the meeting said of it."""

    present = many(identifier(), "Two at least, the caller among them", least=1, most=MOST)
    discussed = text()
    decisions = many(Decided, required=False, most=MOST)


class ServiceMonth(Schema):
    """Whether the service met in a month."""

    month = line("`2026-11`")
    state = choice(codes.MONTH_STATES)
    meetings = number(required=True)


class DiscussedCase(Schema):
    """A case that was discussed, for whoever may see it."""

    case = identifier()
    meeting = identifier("The case's own meeting")
    number = a_number("Left out for whoever is walled off from another case of the school")


class ServiceMeeting(Schema):
    """A meeting of the service in the wording that stands, with what stood before."""

    meeting = identifier()
    held_at = time(required=True)
    participants = many(identifier())
    confirmed = many(identifier())
    denied = many(identifier())
    counts = flag("Enough confirmed it for its month", required=True)
    agenda = many(fields.String())
    decisions = many(fields.String())
    corrections = many(anything(), "Who, when, why, and the wording before")
    cases = many(DiscussedCase)
    minutes = text("For those who took part, and auditors", required=False)


class ServiceMeetings(Schema):
    """The meetings of the service, month by month."""

    months = many(ServiceMonth)
    meetings = many(ServiceMeeting)


class ServiceChanged(Done):
    """The service that a command concerned."""

    service = identifier()


class ServiceSeat(Schema):
    """A role that somebody sits in."""

    role = choice(codes.ROLES_IN_CASES)
    since = day()


class ServiceMember(Schema):
    """Somebody who sits in the service; skills and trainings for themselves and those who lead."""

    person = identifier()
    seats = many(ServiceSeat)
    training = choice(codes.TRAINING)
    trained_until = time()
    grace_until = time()
    skills = many(fields.String(), required=False)
    trainings = many(anything(), required=False)


class ServiceGaps(Schema):
    """What is missing; several teachers, or no agreement with the police, are no gaps."""

    vacant_roles = many(choice(codes.SCHOOL_ROLES))
    members_needed = number(required=True)
    members_found = number(required=True)
    is_too_small = flag(required=True)
    untrained = many(identifier())
    rules = many(fields.String())


class SafetyService(Schema):
    """The service as it stands."""

    is_set_up = flag(required=True)
    set_up_on = day(required=False)
    members = many(ServiceMember)
    police = anything("Whether an agreement is in force, and which")
    teachers = number()
    gaps = one(ServiceGaps, required=True)
    duties = many(Deadline, required=False)
