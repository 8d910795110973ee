"""Which stored events leave this service, and in which public form: ids, codes and public keys, no names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.accounts.domain.agency import Agency
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.department import Department
from services.accounts.domain.matter_grants import MatterGrants
from services.accounts.domain.person import Person
from services.accounts.domain.school import School
from shared.policy import PublicForm


def school_registered(event: School.Registered) -> PublicForm:
    """There is a school."""
    return PublicForm(
        type="accounts.school_registered.v1",
        body={"school": event.originator_id, "department": event.department, "language": event.language},
    )


def agency_registered(event: Agency.Registered) -> PublicForm:
    """There is an agency, reached so and so."""
    return PublicForm(
        type="accounts.agency_registered.v1",
        body={
            "agency": event.originator_id,
            "kind": event.kind,
            "channel": event.channel,
            "virtual_host": event.virtual_host,
            "encryption_key": event.encryption_key,
            "signing_key": event.signing_key,
            "department": event.department,
        },
    )


def person_registered(event: Person.Registered) -> PublicForm:
    """There is a person; who, is not said."""
    return PublicForm(type="accounts.person_registered.v1", body={"person": event.originator_id})


def role_assigned(event: Person.RoleAssigned) -> PublicForm:
    """Somebody holds a role at a tenant."""
    facts = ("tenant", "grant", "role", "starts_at", "ends_at")
    return PublicForm(
        type="accounts.role_assigned.v1",
        body={"person": event.originator_id, **{name: getattr(event, name) for name in facts}},
    )


def role_ended(event: Person.RoleEnded) -> PublicForm | None:
    """They do no longer; older events did not say where."""
    if event.tenant is None:
        return None
    facts = ("tenant", "grant", "role", "ends_at")
    return PublicForm(
        type="accounts.role_ended.v1",
        body={"person": event.originator_id, **{name: getattr(event, name) for name in facts}},
    )


def department_policy_changed(event: Department.PolicyChanged) -> PublicForm:
    """To ourselves: carried to each school."""
    return PublicForm(type="accounts.department_policy_changed.v1", body={"change": event.change})


def department_day_changed(event: Department.DayChanged) -> PublicForm:
    """To ourselves: carried to each school."""
    return PublicForm(type="accounts.department_day_changed.v1", body={"change": event.change})


def policy_changed(event: School.PolicyChanged) -> PublicForm:
    """What holds in a school from a day on."""
    facts = ("change", "key", "unit", "value", "since")
    return PublicForm(type="accounts.policy_changed.v1", body={name: getattr(event, name) for name in facts})


def day_changed(event: School.DayChanged) -> PublicForm:
    """Whether a day is worked."""
    facts = ("change", "day", "worked")
    return PublicForm(type="accounts.day_changed.v1", body={name: getattr(event, name) for name in facts})


def engagement_opened(event: AuditEngagement.Opened) -> PublicForm:
    """An auditor may read, and what."""
    return PublicForm(
        type="accounts.engagement_opened.v1",
        body={
            "engagement": event.originator_id,
            "auditor": event.auditor,
            "tenants": event.tenants,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
        },
    )


def grant_given(event: MatterGrants.PersonNamed) -> PublicForm:
    """Somebody from outside may act in a matter of the school."""
    return PublicForm(
        type="accounts.grant_given.v1",
        body={
            "grant": event.grant,
            "matter": event.matter,
            "agency": event.agency,
            "person": event.person,
            "rights": event.rights,
            "ends_at": event.ends_at,
        },
    )


def grant_ended(event: MatterGrants.GrantEnded) -> PublicForm:
    """Nobody may by this grant."""
    body = {"grant": event.grant, "matter": event.matter, "reason": event.reason}
    return PublicForm(type="accounts.grant_ended.v1", body=body)


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    School.Registered.TOPIC: school_registered,
    Agency.Registered.TOPIC: agency_registered,
    Person.Registered.TOPIC: person_registered,
    Person.RoleAssigned.TOPIC: role_assigned,
    Person.RoleEnded.TOPIC: role_ended,
    Department.PolicyChanged.TOPIC: department_policy_changed,
    Department.DayChanged.TOPIC: department_day_changed,
    School.PolicyChanged.TOPIC: policy_changed,
    School.DayChanged.TOPIC: day_changed,
    AuditEngagement.Opened.TOPIC: engagement_opened,
    MatterGrants.PersonNamed.TOPIC: grant_given,
    MatterGrants.GrantEnded.TOPIC: grant_ended,
}
