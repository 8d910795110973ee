"""Accounts: sign-in, tenants, people, roles, audit engagements."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Done,
    anything,
    choice,
    code,
    day,
    flag,
    identifier,
    line,
    many,
    number,
    secret,
    text,
    time,
)

LONGEST_NAME = 200
LONGEST_PASSWORD = 1000


class SignIn(Schema):
    """A login name and its password."""

    login = line(longest=LONGEST_NAME)
    password = secret(longest=LONGEST_PASSWORD)


class Session(Schema):
    """What every other request carries: `Authorization: Bearer <session>`."""

    session = fields.String(required=True)
    person = identifier()
    home = identifier("The tenant in which the person lives")


class RegisterSchool(Schema):
    """A school of the department; it becomes a tenant."""

    name = line(longest=LONGEST_NAME)
    language = choice(codes.LANGUAGES, required=False, nullable=False)
    school = identifier("Its id, made where left out", required=False)


class RegisterAgency(Schema):
    """An agency in the directory; on the broker it needs a virtual host and both public keys (JWK)."""

    kind = choice(codes.AGENCY_KINDS)
    name = line(longest=LONGEST_NAME)
    channel = choice(codes.AGENCY_CHANNELS, required=False, nullable=False)
    virtual_host = line(required=False, longest=LONGEST_NAME, nullable=True)
    encryption_key = anything(nullable=True)
    signing_key = anything(nullable=True)
    agency = identifier("Its id, made where left out", required=False)


class RegisterPerson(Schema):
    """A person of one of the department's tenants; with a login name where they are to sign in."""

    home = identifier()
    name = line(longest=LONGEST_NAME)
    language = choice(codes.LANGUAGES, required=False, nullable=False)
    login = line(required=False, longest=LONGEST_NAME, nullable=True)


class OfOnePerson(Schema):
    """Where the person lives."""

    home = identifier()


class SetPassword(OfOnePerson):
    """A new password."""

    password = secret(longest=LONGEST_PASSWORD)


class EndRole(OfOnePerson):
    """A role at a tenant."""

    at = identifier()
    role = choice(codes.ROLES)


class AssignRole(EndRole):
    """A role at a tenant, for a time."""

    starts_at = time()
    ends_at = time()


class OpenEngagement(Schema):
    """What an auditor may read, and when."""

    auditor = identifier()
    home = identifier("Where the auditor lives")
    tenants = many(identifier(), least=1, most=10_000)
    scope = many(choice(codes.SERVICES), required=False)
    purpose = text(longest=2000)
    starts_at = time(required=True)
    ends_at = time(required=True)


class CloseEngagement(Schema):
    """Why it ends before its time."""

    reason = text(longest=2000)


class SchoolRegistered(Done):
    """The school's id."""

    school = identifier()


class AgencyChanged(Done):
    """The agency's id."""

    agency = identifier()


class PersonChanged(Done):
    """The person's id."""

    person = identifier()


class EngagementChanged(Done):
    """The engagement's id."""

    engagement = identifier()


class EngagementOpened(EngagementChanged):
    """The engagement's id, and the purpose with which the auditor asks inside it."""

    purpose = fields.String(required=True)


class School(Schema):
    """A school of the department."""

    school = identifier()
    name = line()
    language = choice(codes.LANGUAGES)


class Schools(Schema):
    """The department's schools, by name."""

    schools = many(School)


class Agency(Schema):
    """An agency of the department's directory."""

    agency = identifier()
    kind = choice(codes.AGENCY_KINDS)
    name = line()
    channel = choice(codes.AGENCY_CHANNELS)
    virtual_host = fields.String(allow_none=True)
    encryption_key = fields.Dict(allow_none=True)
    signing_key = fields.Dict(allow_none=True)
    confirmed_at = time(required=True)
    confirm_by = time(required=True)
    stale = flag(required=True)


class Agencies(Schema):
    """The directory, by kind and name."""

    agencies = many(Agency)


class AgenciesQuery(Schema):
    """Which agencies."""

    kind = choice(codes.AGENCY_KINDS, required=False)


class RoleHeld(Schema):
    """A role at a tenant."""

    at = identifier()
    role = choice(codes.ROLES)
    starts_at = time(required=True)
    ends_at = time()


class Person(Schema):
    """A person."""

    person = identifier()
    name = line()
    language = choice(codes.LANGUAGES)
    home = identifier()
    locked = flag(required=True)
    roles = many(RoleHeld)


class People(Schema):
    """The tenant's people, by name."""

    people = many(Person)


class PersonQuery(Schema):
    """Where the person lives, if not in this tenant."""

    home = identifier(required=False)


class Engagement(Schema):
    """An audit engagement."""

    engagement = identifier()
    auditor = identifier()
    tenants = many(identifier())
    scope = many(choice(codes.SERVICES))
    purpose = fields.String(required=True)
    starts_at = time(required=True)
    ends_at = time(required=True)
    state = choice(["open", "closed"])


class Engagements(Schema):
    """The department's engagements; to an auditor, their own."""

    engagements = many(Engagement)


class ChangePolicy(Schema):
    """A value of the department's own, from a day to come on; null takes it back."""

    key = line("`cases.informing`", longest=LONGEST_NAME)
    unit = choice(codes.UNITS, "What the regulation counts in")
    value = fields.Integer(required=True, allow_none=True)
    since = day("The first day on which it holds")
    reason = text(longest=2000)


class ChangeDay(Schema):
    """A day to come, whatever the country's calendar says."""

    day = day()
    worked = flag(required=True)
    reason = text(longest=2000)


class PolicyChanged(Done):
    """The change's id."""

    change = identifier()


class PolicyChange(Schema):
    """A value that the department set, by whom, and why."""

    change = identifier()
    key = code()
    unit = choice(codes.UNITS)
    value = fields.Integer(required=True, allow_none=True)
    since = day()
    reason = text()
    by = line()
    at = time(required=True)


class DayChange(Schema):
    """A day of the department's table."""

    change = identifier()
    day = day()
    worked = flag(required=True)
    reason = text()
    by = line()
    at = time(required=True)


class OpenPolicy(Schema):
    """A key that is left to departments, and within which border."""

    key = code()
    unit = choice(codes.UNITS)
    least = number(required=True)
    most = number(required=True)


class Policy(Schema):
    """What the department set for its schools, and what it may set."""

    version = number("For `If-Match`", required=True)
    changes = many(PolicyChange)
    days = many(DayChange)
    open = many(OpenPolicy)


class NamePersonForGrant(Schema):
    """Somebody of the agency who is on duty there."""

    person = identifier()


class GrantChanged(Done):
    """The grant that a command concerned."""

    grant = identifier()


class Grant(Schema):
    """What a school asks for: a person for one of its cases, with rights, until a time."""

    grant = identifier("In `X-Qorgan-Purpose: grant:<id>`, with the school's tenant, it opens the case's workspace")
    school = identifier()
    matter = identifier("The case")
    rights = many(choice(codes.SEAT_RIGHTS))
    ends_at = time()
    person = identifier(required=False)
    state = choice(["asked", "given", "ended"])


class Grants(Schema):
    """What schools ask this agency for."""

    grants = many(Grant)
