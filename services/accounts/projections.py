"""Our events as rows, in the same transaction as the follower's position; doing one again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, update

from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.person import Person
from services.accounts.read_models import engagements, grant_offers, people


def person_registered(connection: Connection, tenant: UUID, event: Person.Registered) -> None:
    """One more lives in this tenant."""
    person = event.originator_id
    connection.execute(delete(people).where(people.c.tenant == tenant, people.c.person == person))
    connection.execute(insert(people).values(tenant=tenant, person=person, registered_at=event.timestamp))


def engagement_opened(connection: Connection, tenant: UUID, event: AuditEngagement.Opened) -> None:
    """An engagement of the department."""
    engagement = event.originator_id
    same = (engagements.c.tenant == tenant, engagements.c.engagement == engagement)
    connection.execute(delete(engagements).where(*same))
    row = {"auditor": event.auditor, "starts_at": event.starts_at, "ends_at": event.ends_at, "state": "open"}
    connection.execute(insert(engagements).values(tenant=tenant, engagement=engagement, **row))


def engagement_closed(connection: Connection, tenant: UUID, event: AuditEngagement.Closed) -> None:
    """It ended before its time."""
    same = (engagements.c.tenant == tenant, engagements.c.engagement == event.originator_id)
    connection.execute(update(engagements).where(*same).values(state="closed"))


def grant_offered(connection: Connection, tenant: UUID, event: GrantOffer.Offered) -> None:
    """A school asks this agency for a person."""
    grant = event.originator_id
    connection.execute(delete(grant_offers).where(grant_offers.c.tenant == tenant, grant_offers.c.grant == grant))
    connection.execute(insert(grant_offers).values(tenant=tenant, grant=grant, offered_at=event.timestamp))


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Person.Registered.TOPIC: person_registered,
    AuditEngagement.Opened.TOPIC: engagement_opened,
    AuditEngagement.Closed.TOPIC: engagement_closed,
    GrantOffer.Offered.TOPIC: grant_offered,
}
