"""Which stored events leave this service, and in which public form: ids, codes and public keys, no names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.accounts.domain.agency import Agency
from services.accounts.domain.audit_engagement import AuditEngagement
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
        },
    )


def person_registered(event: Person.Registered) -> PublicForm:
    """There is a person; who, is not said."""
    return PublicForm(type="accounts.person_registered.v1", body={"person": event.originator_id})


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


PUBLICATIONS: Mapping[str, Callable[[Any], PublicForm | None]] = {
    School.Registered.TOPIC: school_registered,
    Agency.Registered.TOPIC: agency_registered,
    Person.Registered.TOPIC: person_registered,
    AuditEngagement.Opened.TOPIC: engagement_opened,
}
