"""What is shown of cases."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Deadline,
    Done,
    anything,
    choice,
    flag,
    identifier,
    line,
    many,
    number,
    one,
    time,
)
from services.gateway.schemas.common import number as a_number


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
    protocol = fields.String(
        required=True, metadata={"description": "The action protocol by which the case is worked, with its version"}
    )
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
    waiting = many(anything(), "Steps that wait for an agency; without `outcome` while they do")
    papers_in = identifier("The safe in which the file lies", required=False)
    plans = anything("`support` and `safety`", required=True)
    medical_help = many(anything(), "Each with its times; without `helper` while its outcome is awaited")
    sessions = anything(required=True)
    criteria = anything("Each criterion with its ratings over time", required=True)
    meetings = many(anything(), "Who is said to have taken part, who `confirmed`, what was discussed and decided")
    decisions = many(anything(), "Each with who took part, and by which protocol")
    offender_decisions = many(anything(), "The last one holds")
    closings = many(anything(), "Each with who decided so, and by which protocol")
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


class SafeChanged(Done):
    """The safe that a command concerned."""

    safe = identifier()


class Safe(Schema):
    """A safe, its keeper, and the cases whose file lies in it, as far as the caller may see those."""

    safe = identifier()
    place = line()
    keeper = identifier()
    taken_over = flag("Until the keeper takes it over, nothing goes in", required=True)
    cases = many(identifier())


class RegisterOfPapers(Schema):
    """The register of papers."""

    safes = many(Safe)
