"""The risk journal: what may be asked, and what is shown (RSK-06)."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import Done, choice, day, flag, identifier, line, many, number, text, time
from services.gateway.schemas.monitoring.group import MOST, EntryEvent, category


class Weighed(Schema):
    """How a risk is weighed, and what is done about it."""

    likelihood = choice(codes.LEVELS)
    consequence = choice(codes.LEVELS)
    residual = choice(codes.LEVELS, "What is left with these measures")
    measures = text()
    options = text(required=False)


class NoteRisk(Weighed):
    """A risk beyond a case; of a trip it is the trip's assessment."""

    subject = choice(codes.RISK_SUBJECTS)
    tendency = choice(codes.TENDENCIES, "Of children", required=False)
    where = line(longest=200)
    risk = text()
    trip = identifier(required=False)
    walk = identifier("That found it", required=False)
    owner = identifier()


class ReassessRisk(Weighed):
    """What watching it showed, and how it is weighed now."""

    watched = text()


class CloseRisk(Schema):
    """Why it is a risk no longer."""

    reasons = text()


class PlanTrip(Schema):
    """Where to, when, who."""

    destination = line(longest=200)
    abroad = flag()
    starts_on = day()
    ends_on = day()
    group = line(longest=200)
    leader = identifier()


class HoldTrip(Schema):
    """What it showed."""

    happened = text()


class CallOffTrip(Schema):
    """Why it will not take place."""

    reasons = text()


class TakeWalk(Schema):
    """Who went where, and what they found."""

    where = line(longest=200)
    taken_on = day()
    walkers = many(identifier(), required=False, most=MOST)
    found = many(text(), required=False, most=MOST)


class ReviewJournal(Schema):
    """What was looked at: all that the policy names."""

    areas = many(category("Of the policy's list: `places`, `trips`"), least=1, most=MOST)
    findings = text()


class RiskChanged(Done):
    """Which risk it is."""

    risk = identifier()


class TripChanged(Done):
    """Where a trip stands."""

    trip = identifier()
    state = choice(codes.TRIP_STATES)


class WalkTaken(Done):
    """Which walk it is."""

    walk = identifier()


class JournalReviewed(Done):
    """The school's journal."""

    journal = identifier()


class ListedRisk(RiskChanged):
    """A row."""

    subject = choice(codes.RISK_SUBJECTS)
    tendency = choice(codes.TENDENCIES, required=False)
    trip = identifier(required=False)
    walk = identifier(required=False)
    likelihood = choice(codes.LEVELS)
    consequence = choice(codes.LEVELS)
    residual = choice(codes.LEVELS)
    owner = identifier()
    review_by = time(required=True)
    closed = flag(required=True)


class Risks(Schema):
    """What is due first first."""

    risks = many(ListedRisk)


class Risk(RiskChanged):
    """A risk with what happened."""

    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class ListedTrip(TripChanged):
    """A row."""

    abroad = flag(required=True)
    starts_on = day()
    ends_on = day()
    leader = identifier()
    assess_by = time(required=True)
    assessed = flag(required=True)


class Trips(Schema):
    """The first first."""

    trips = many(ListedTrip)


class Trip(Schema):
    """A trip with what happened."""

    trip = identifier()
    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class ListedWalk(WalkTaken):
    """A row."""

    taken_on = day()
    found = number("How many findings", required=True)


class Walks(Schema):
    """The first first."""

    walks = many(ListedWalk)


class Walk(WalkTaken):
    """A walk with what was found."""

    version = number(required=True)
    history = many(EntryEvent, "Oldest first")


class JournalDuty(Schema):
    """What is due, and of which risk or trip."""

    duty = fields.String(required=True)
    of = identifier()
    due_at = time(required=True)
    overdue = flag(required=True)


class RiskJournal(Schema):
    """When it was reviewed, and what is due, the nearest first."""

    reviewed_at = time()
    duties = many(JournalDuty)
