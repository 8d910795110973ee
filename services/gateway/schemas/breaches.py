"""Retaliation against whoever reported, and disclosures without need."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Done,
    choice,
    day,
    flag,
    formatted,
    identifier,
    line,
    many,
    number,
    one,
    text,
)
from services.gateway.schemas.reports import MOST, Accused, BreachProgress, VerificationStep


class ReportBreachHow(Schema):
    """What happened."""

    kind = choice(codes.BREACH_KINDS)
    description = text()
    happened_on = day(required=False)
    accused = many(Accused, "Who is named sees nothing of it", required=False, most=MOST)


class ReportBreach(ReportBreachHow):
    """Without a session, as somebody who stays anonymous."""

    report = identifier("Of the report that it belongs to, where the caller knows one", required=False)


class ReportBreachByReceipt(ReportBreachHow):
    """By whoever reported."""

    receipt = formatted("receipt", "Six groups of four")


class WallOffFromBreach(Schema):
    """Somebody to keep away."""

    person = identifier()
    accused = number("Index of the one complained of who it turned out to be")


class AppointBreachOwner(Schema):
    """Who looks into it."""

    owner = identifier()


class TakeBreachStep(Schema):
    """What was done, to find out or so that it stops."""

    what = text()
    finding = text()


class SchoolRule(Schema):
    """The school's own rule, which set the consequence beforehand."""

    title = line(longest=200)
    article = line(longest=200)
    in_force_since = day()


class EndBreach(Schema):
    """Whether it was so; if it was, with what follows."""

    outcome = choice(codes.BREACH_OUTCOMES)
    reasons = text()
    consequence = fields.String(
        allow_none=True, metadata={"description": "A code of the regulation `reports.breach_consequences`"}
    )
    school_rule = one(SchoolRule)


class BreachState(Done):
    """Where it stands."""

    breach = identifier()
    state = choice(codes.BREACH_STATES)


class BreachStateByReceipt(Done):
    """Where it stands."""

    state = choice(codes.BREACH_STATES)


class BreachRow(BreachProgress):
    """A breach in a list."""

    owner = identifier(required=False)
    ended = flag()
    overdue = flag()


class Breaches(Schema):
    """Those that the caller may see, the first due first."""

    breaches = many(BreachRow)


class Breach(BreachRow):
    """A breach in full; to whoever only reported it, how far it is."""

    version = number()
    description = text(required=False)
    happened_on = day(required=False)
    accused = many(Accused, required=False)
    report = identifier(required=False)
    rule = fields.String()
    steps = many(VerificationStep, required=False)
    outcome = choice(codes.BREACH_OUTCOMES, required=False)
    reasons = fields.String(allow_none=True)
    consequence = fields.String(allow_none=True)
    school_rule = one(SchoolRule)
