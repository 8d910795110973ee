"""Routes of accounts: the department's tenants, people, roles and engagements."""

from __future__ import annotations

from marshmallow import Schema

from services.gateway.api.routes import Route, command, question
from services.gateway.schemas import accounts as schemas

AGENCY = "/agencies/{agency}"
PERSON = "/people/{person}"
ENGAGEMENT = "/engagements/{engagement}"


def of_person(noun: str, method: str, summary: str, body: type[Schema]) -> Route:
    """A command on one person."""
    return command(f"{PERSON}/{noun}", f"accounts.{method}", summary, body, answer=schemas.PersonChanged)


TENANTS = (
    command(
        "/schools",
        "accounts.register_school",
        "Register a school",
        schemas.RegisterSchool,
        answer=schemas.SchoolRegistered,
        creates="/schools",
    ),
    question(
        "/schools", "accounts.schools_of_department", "The department's schools", schemas.Schools, items="schools"
    ),
    command(
        "/agencies",
        "accounts.register_agency",
        "Enter an agency in the directory",
        schemas.RegisterAgency,
        answer=schemas.AgencyChanged,
        creates=AGENCY,
    ),
    question(
        "/agencies",
        "accounts.agencies",
        "The department's directory",
        schemas.Agencies,
        query=schemas.AgenciesQuery,
        items="agencies",
    ),
    question(AGENCY, "accounts.show_agency", "One agency", schemas.Agency),
    command(
        f"{AGENCY}/confirmation",
        "accounts.confirm_agency",
        "Confirm that the directory's entry still holds",
        answer=schemas.AgencyChanged,
    ),
)

PEOPLE = (
    command(
        "/people",
        "accounts.register_person",
        "Register a person",
        schemas.RegisterPerson,
        answer=schemas.PersonChanged,
        creates=PERSON,
    ),
    question("/people", "accounts.people_of_tenant", "The tenant's people", schemas.People, items="people"),
    question(PERSON, "accounts.show_person", "One person", schemas.Person, query=schemas.PersonQuery),
    of_person("password", "set_password", "Set a password", schemas.SetPassword),
    of_person("roles", "assign_role", "Give somebody a role", schemas.AssignRole),
    of_person("roles/withdrawal", "end_role", "End a role", schemas.EndRole),
    of_person("sign-out", "revoke_sessions", "Sign somebody out everywhere", schemas.OfOnePerson),
    of_person("lock", "lock_person", "Keep somebody out", schemas.OfOnePerson),
    of_person("unlocking", "unlock_person", "Let somebody in again", schemas.OfOnePerson),
)

ENGAGEMENTS = (
    command(
        "/engagements",
        "accounts.open_engagement",
        "Let an auditor read",
        schemas.OpenEngagement,
        answer=schemas.EngagementOpened,
        creates="/engagements",
    ),
    question(
        "/engagements",
        "accounts.engagements_of_department",
        "The department's engagements",
        schemas.Engagements,
        items="engagements",
    ),
    command(
        f"{ENGAGEMENT}/closure",
        "accounts.close_engagement",
        "End an engagement before its time",
        schemas.CloseEngagement,
        answer=schemas.EngagementChanged,
    ),
)

POLICY = (
    question("/policy", "accounts.policy_of_department", "What the department set, and may set", schemas.Policy),
    command(
        "/policy/changes",
        "accounts.change_policy",
        "Set what the source leaves to the department",
        schemas.ChangePolicy,
        answer=schemas.PolicyChanged,
    ),
    command(
        "/policy/days",
        "accounts.change_day",
        "Say of a day whether it is worked",
        schemas.ChangeDay,
        answer=schemas.PolicyChanged,
    ),
)

GRANTS = (
    question(
        "/grants", "accounts.grants_of_agency", "What schools ask this agency for", schemas.Grants, items="grants"
    ),
    command(
        "/grants/{grant}/person",
        "accounts.name_person_for_grant",
        "Name the agency's person for a case",
        schemas.NamePersonForGrant,
        answer=schemas.GrantChanged,
    ),
    command(
        "/grants/{grant}/withdrawal",
        "accounts.withdraw_from_grant",
        "Take the agency's person back",
        answer=schemas.GrantChanged,
    ),
)

ROUTES = TENANTS + PEOPLE + ENGAGEMENTS + POLICY + GRANTS
