"""What callers ask about the risk journal."""

from __future__ import annotations

from services.monitoring.domain import values
from services.monitoring.schemas.asked.common import (
    LONGEST_NAME,
    Incoming,
    choice_field,
    code_field,
    day_field,
    flag,
    id_field,
    many,
    some,
    text_field,
)


class Weighed(Incoming):
    """How a risk is weighed, and what is done about it."""

    likelihood = choice_field(values.Degree, required=True)
    consequence = choice_field(values.Degree, required=True)
    residual = choice_field(values.Degree, required=True)
    measures = text_field(required=True)
    options = text_field(load_default="")


class NoteRisk(Weighed):
    """Which risk, in what, where."""

    subject = choice_field(values.Subject, required=True)
    tendency = choice_field(values.Tendency, load_default=None, allow_none=True)
    where = text_field(longest=LONGEST_NAME, required=True)
    risk = text_field(required=True)
    trip = id_field(required=False)
    walk = id_field(required=False)
    owner = id_field()


class OfOneRisk(Incoming):
    """Anything about one risk."""

    risk = id_field()


class ReassessRisk(Weighed):
    """What watching it showed."""

    risk = id_field()
    watched = text_field(required=True)


class CloseRisk(OfOneRisk):
    """Why."""

    reasons = text_field(required=True)


class PlanTrip(Incoming):
    """Where to, when, who."""

    destination = text_field(longest=LONGEST_NAME, required=True)
    abroad = flag()
    starts_on = day_field()
    ends_on = day_field()
    group = text_field(longest=LONGEST_NAME, required=True)
    leader = id_field()


class OfOneTrip(Incoming):
    """Anything about one trip."""

    trip = id_field()


class HoldTrip(OfOneTrip):
    """What it showed."""

    happened = text_field(required=True)


class CallOffTrip(OfOneTrip):
    """Why."""

    reasons = text_field(required=True)


class TakeWalk(Incoming):
    """Who went where, and what they found."""

    where = text_field(longest=LONGEST_NAME, required=True)
    taken_on = day_field()
    walkers = many(id_field())
    found = many(text_field(required=True))


class OfOneWalk(Incoming):
    """Anything about one walk."""

    walk = id_field()


class ReviewJournal(Incoming):
    """What was looked at, and what was found."""

    areas = some(code_field())
    findings = text_field(required=True)
