"""What an audit needs of a house, and of whom it is done by."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from shared.clock import Clock
from shared.domain import Actor
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import events, heads
from shared.runners.parts import ServiceApp
from shared.signing import KeyRing


class AuditHouse(Protocol):
    """The services, opened on their databases and keys (`cli.house.House`)."""

    @property
    def services(self) -> Mapping[str, ServiceApp]:
        """By name."""
        ...

    @property
    def public_keys(self) -> KeyRing:
        """Those of all services."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...


class AuditRefusedError(Exception):
    """An audit can't be done as asked; `code` and what it is about are printed."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(f"{code}: {about}")


@dataclass(frozen=True)
class Auditor:
    """Who looks, and under which rule: an engagement of accounts, or the operator of the machine."""

    actor: Actor
    rule: str
    tenants: frozenset[UUID] | None = None

    def check_tenant(self, tenant: UUID) -> None:
        """An engagement names the tenants that it covers. Raises AuditRefusedError."""
        if self.tenants is not None and tenant not in self.tenants:
            raise AuditRefusedError("not_in_the_engagement", str(tenant))


def auditor_of(house: AuditHouse, person: UUID | None, engagement: UUID | None) -> Auditor:
    """The auditor that the command line names; without a name the operator at the machine. Raises AuditRefusedError."""
    if engagement is not None:
        return _engaged(house, person, engagement)
    if person is not None:
        return Auditor(Actor(id=f"person:{person}", purpose="audit"), "audit.command_line")
    return Auditor(Actor(id=f"operator:{getpass.getuser()}", purpose="audit"), "audit.command_line")


def _engaged(house: AuditHouse, person: UUID | None, engagement: UUID) -> Auditor:
    accounts = house.services["accounts"]
    tenant = tenant_of(accounts, engagement)
    if tenant is None:
        raise AuditRefusedError("engagement_unknown", str(engagement))
    happened = [event for _, event in accounts.application.for_tenant(tenant).events(engagement)]
    opened, now = happened[0], house.clock.now()
    if type(opened).__qualname__ != "AuditEngagement.Opened":
        raise AuditRefusedError("engagement_unknown", str(engagement))
    if len(happened) > 1 or not opened.starts_at <= now < opened.ends_at:
        raise AuditRefusedError("engagement_not_open", str(engagement))
    if person is not None and person != opened.auditor:
        raise AuditRefusedError("not_the_engaged_auditor", str(person))
    tenants = frozenset(UUID(str(one)) for one in opened.tenants)
    actor = Actor(id=f"person:{opened.auditor}", purpose=opened.purpose)
    return Auditor(actor, f"accounts.engagement:{engagement}", tenants)


def tenant_of(service: ServiceApp, stream: UUID) -> UUID | None:
    """The tenant in whose log a stream lies."""
    for tenant in tenants_of(service):
        if recorded_events(service, tenant, events.c.stream == stream, limit=1):
            return tenant
    return None


def tenants_of(service: ServiceApp) -> list[UUID]:
    """The tenants that a service has a log of."""
    with service.database.relay() as connection:
        return sorted(connection.scalars(select(heads.c.tenant).where(heads.c.log == service.name)))


def recorded_events(
    service: ServiceApp, tenant: UUID, *conditions: Any, limit: int | None = None
) -> list[RecordedEvent]:
    """Events of a service's main log, by position."""
    chosen = select(events).where(events.c.tenant == tenant, events.c.log == service.name, *conditions)
    with service.database.tenant(tenant) as connection:
        rows = connection.execute(chosen.order_by(events.c.position).limit(limit)).all()
    return [RecordedEvent.of(row) for row in rows]
