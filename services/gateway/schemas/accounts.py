"""Accounts: sign-in, tenants, people, roles, audit engagements."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Done,
    anything,
    choice,
    flag,
    identifier,
    line,
    many,
    text,
    time,
)

LONGEST_NAME = 200


class SignIn(Schema):
    """A login name and its password."""

    login = line(longest=LONGEST_NAME)
    password = fields.String(required=True, metadata={"format": "password"})


class Session(Schema):
    """What every other request carries: `Authorization: Bearer <session>`."""

    session = fields.String(required=True)
    person = identifier()
    home = identifier("The tenant in which the person lives")


class RegisterSchool(Schema):
    """A school of the department; it becomes a tenant."""

    name = line(longest=LONGEST_NAME)
    language = choice(codes.LANGUAGES, required=False)
    school = identifier("Its id, made where left out", required=False)


class RegisterAgency(Schema):
    """An agency in the directory; on the broker it needs a virtual host and both public keys (JWK)."""

    kind = choice(codes.AGENCY_KINDS)
    name = line(longest=LONGEST_NAME)
    channel = choice(codes.AGENCY_CHANNELS, required=False)
    virtual_host = line(required=False, longest=LONGEST_NAME)
    encryption_key = anything()
    signing_key = anything()
    agency = identifier("Its id, made where left out", required=False)


class RegisterPerson(Schema):
    """A person of one of the department's tenants; with a login name where they are to sign in."""

    home = identifier()
    name = line(longest=LONGEST_NAME)
    language = choice(codes.LANGUAGES, required=False)
    login = line(required=False, longest=LONGEST_NAME)


class OfOnePerson(Schema):
    """Where the person lives."""

    home = identifier()


class SetPassword(OfOnePerson):
    """A new password."""

    password = fields.String(required=True, metadata={"format": "password"})


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
    tenants = many(identifier())
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
