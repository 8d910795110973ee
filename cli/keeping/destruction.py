"""A tenant's end in the whole house: who may decide it, every service in turn, and the login names of its people."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from cli.auditing.houses import recorded_events, tenant_of
from cli.house import House
from services.accounts.domain.login import Login
from services.accounts.domain.person import Person
from services.accounts.domain.values import Role
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ledger.destruction import SamePersonDestroysError, TenantDestruction, destruction_id
from shared.ledger.erasing import Ending
from shared.ledger.tables import events
from shared.runners.destroying import destroy_tenant
from shared.runners.parts import ServiceApp

BASIS = "ledger.tenant_destruction"
DECIDES, APPROVES = Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD


def check_persons(house: House, tenant: UUID, by: UUID, approved_by: UUID) -> tuple[Actor, str]:
    """Who destroys, and who approved it: the department's administrator and its safeguarding lead, of another tenant.

    Raises SamePersonDestroysError, UnknownError, NotPermittedError.
    """
    if by == approved_by:
        raise SamePersonDestroysError
    for person, role in ((by, DECIDES), (approved_by, APPROVES)):
        home = tenant_of(house.services["accounts"], person)
        found = home and house.services["accounts"].application.for_tenant(home).find(Person, person)
        if not found:
            raise UnknownError(what="person")
        now = house.clock.now()
        held = {grant.role for grant in found.grants.values() if grant.runs(now)}
        if home == tenant or role not in held:
            raise NotPermittedError(rule=f"ledger.destruction_by_{role.value}")
    return Actor(id=f"person:{by}", purpose="destruction"), f"person:{approved_by}"


def check_tenant(house: House, tenant: UUID) -> None:
    """That there is such a tenant, or was. Raises UnknownError."""
    has_log = any(recorded_events(service, tenant, limit=1) for service in house.services.values())
    if tenant != house.platform and not has_log:
        raise UnknownError(what="tenant")


def destroy(house: House, tenant: UUID, by: Actor, approved_by: str, reason: str) -> Iterator[TenantDestruction]:
    """Destroys it in every service, its people's login names first, `accounts` last; yields each when it is done."""
    order = sorted(house.services.values(), key=lambda service: service.name == "accounts")
    for service in order:
        if service.name == "accounts":
            _erase_logins(house, service, tenant, by, approved_by)
        yield destroy_tenant(service, tenant, by=by, approved_by=approved_by, reason=reason)


def _erase_logins(house: House, accounts: ServiceApp, tenant: UUID, by: Actor, approved_by: str) -> None:
    ledger = accounts.application.for_tenant(house.platform)
    reserved = recorded_events(accounts, house.platform, events.c.topic == Login.Reserved.TOPIC)
    found = [ledger.find(Login, one.stream) for one in reserved]
    streams = [one.id for one in found if one is not None and one.home == tenant]
    if not streams:
        return
    ending = Ending(
        id=destruction_id(house.platform, tenant),
        basis=BASIS,
        requested_by=by.id,
        approved_by=approved_by,
        streams=streams,
    )
    for _ in accounts.application.destroy(house.platform, ending, by=by):
        pass
