"""Read-only answers about tenants and people; tenant explicit, no prose."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.accounts.application import AccountsApplication
from services.accounts.application.opened import OPENED
from services.accounts.domain.agency import Agency
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.department import Department
from services.accounts.domain.grant_offer import GrantOffer
from services.accounts.domain.person import Person
from services.accounts.domain.values import NAMED_FOR_GRANTS, AgencyKind, Role
from services.accounts.read_models import engagements, grant_offers, people
from shared.domain import Actor, UnknownError

MOST_ROWS = 1000
_OF_POLICY = ("change", "key", "unit", "value", "since", "reason")
_OF_DAY = ("change", "day", "worked", "reason")


def schools_of_department(application: AccountsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """The schools of the caller's department, by name: [{"school", "name", "language"}]. Anybody may know them."""
    department = _department(application, tenant)
    schools = [
        {"school": school, "name": name, "language": language.value}
        for school, (name, language) in department.schools.items()
    ]
    return sorted(schools, key=lambda school: school["name"])


def agencies(
    application: AccountsApplication, tenant: UUID, by: Actor, *, kind: AgencyKind | None = None
) -> list[dict[str, Any]]:
    """The directory of the caller's department (REF-02): rows as of `show_agency`. Anybody may know it."""
    found = [_agency(application, agency) for agency in sorted(_department(application, tenant).agencies)]
    return sorted(
        (row for row in found if kind is None or row["kind"] == kind.value), key=lambda row: (row["kind"], row["name"])
    )


def show_agency(application: AccountsApplication, tenant: UUID, by: Actor, *, agency: UUID) -> dict[str, Any]:
    """One agency of the caller's department (REF-02).

    {"agency", "kind", "name", "channel", "virtual_host", "encryption_key", "signing_key", "confirmed_at", "confirm_by",
    "stale"}
    """
    if agency not in _department(application, tenant).agencies:
        raise UnknownError(what="agency")
    return _agency(application, agency)


def show_person(
    application: AccountsApplication, tenant: UUID, by: Actor, *, person: UUID, home: UUID | None = None
) -> dict[str, Any]:
    """A person whose home is the caller's tenant, or `home`, another of the same department: then the department's
    own, somebody with a role at the caller's tenant or, to the department, anybody. Schools see nothing of each other
    (CON-08).

    {"person", "name", "language", "home", "locked", "roles": [{"at", "role", "starts_at", "ends_at"}]}; roles at other
    tenants than the caller's only for the person themselves, administrators and auditors.
    """
    where = home or tenant
    rule = _may_see_people(application, tenant, by)
    found = _person_at(application, tenant, where, person)
    if found is None:
        application.record_read(tenant, by, "person", [person], "accounts.unknown", allowed=False)
        raise UnknownError(what="person")
    application.record_read(tenant, by, "person", [person], rule)
    return _person(found, tenant, by)


def people_of_tenant(application: AccountsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """People whose home is the caller's tenant, by name: rows as of `show_person`."""
    rule = _may_see_people(application, tenant, by)
    chosen = select(people.c.person).where(people.c.tenant == tenant).order_by(people.c.registered_at, people.c.person)
    with application.read(tenant) as connection:
        ids = list(connection.scalars(chosen.limit(MOST_ROWS)))
    ledger = application.for_tenant(tenant)
    application.record_read(tenant, by, "people", ids, rule)
    return sorted((_person(ledger.get(Person, one), tenant, by) for one in ids), key=lambda row: str(row["name"]))


def engagements_of_department(application: AccountsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """Audit engagements of the department: all for its administrator, their own for auditors.

    [{"engagement", "auditor", "tenants", "scope", "purpose", "starts_at", "ends_at", "state"}]
    """
    table = engagements.c
    chosen = select(table.engagement).where(table.tenant == tenant).order_by(table.starts_at, table.engagement)
    if Role.ADMINISTRATOR not in by.roles:
        chosen = chosen.where(table.auditor == by.person)
    with application.read(tenant) as connection:
        ids = list(connection.scalars(chosen.limit(MOST_ROWS)))
    ledger = application.for_tenant(tenant)
    return [_engagement(ledger.get(AuditEngagement, one)) for one in ids]


def policy_of_department(application: AccountsApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """What the caller's department set for its schools, the first first, and what it may set. Colleagues may know it.

    {"version", "changes": [{"change", "key", "unit", "value", "since", "reason", "by", "at"}],
    "days": [{"change", "day", "worked", "reason", "by", "at"}], "open": [{"key", "unit", "least", "most"}]}
    """
    _may_see_people(application, tenant, by)
    department = _department(application, tenant)
    events = [event for _, event in application.for_tenant(department.id).events(department.id)]
    return {
        "version": department.version,
        "changes": [_changed(one, *_OF_POLICY) for one in events if isinstance(one, Department.PolicyChanged)],
        "days": [_changed(one, *_OF_DAY) for one in events if isinstance(one, Department.DayChanged)],
        "open": [
            {"key": key, "unit": opening.unit, "least": opening.least, "most": opening.most}
            for key, opening in sorted(OPENED.items())
        ],
    }


def _changed(event: Any, *facts: str) -> dict[str, Any]:
    return {**{name: getattr(event, name) for name in facts}, "by": event.actor, "at": event.timestamp}


def grants_of_agency(application: AccountsApplication, tenant: UUID, by: Actor) -> list[dict[str, Any]]:
    """What schools ask this agency for, the oldest first; nothing of a matter that walls the caller off (REP-02).

    [{"grant", "school", "matter", "rights", "ends_at", "person", "state": "asked", "given" or "ended"}]
    """
    rule = "accounts.duty_officer_speaks_for_the_agency"
    if not by.roles & NAMED_FOR_GRANTS:
        raise application.deny(tenant, by, "grants", rule)
    table = grant_offers.c
    chosen = select(table.grant).where(table.tenant == tenant).order_by(table.offered_at, table.grant)
    with application.read(tenant) as connection:
        ids = list(connection.scalars(chosen.limit(MOST_ROWS)))
    ledger, now = application.for_tenant(tenant), application.clock.now()
    found = [_grant(application, ledger.get(GrantOffer, one), by, now) for one in ids]
    shown = [row for row in found if row is not None]
    application.record_read(tenant, by, "grants", [row["grant"] for row in shown], rule)
    return shown


def _grant(application: AccountsApplication, offer: GrantOffer, by: Actor, now: datetime) -> dict[str, Any] | None:
    grants = application.grants_at(offer.school, offer.matter)
    if grants is None or by.person in grants.walled:
        return None
    one = grants.grants.get(offer.id)
    runs = one is not None and one.runs(now)
    return {
        "grant": offer.id,
        "school": offer.school,
        "matter": offer.matter,
        "rights": sorted(one.rights) if one else [],
        "ends_at": one.ends_at if one else None,
        "person": one.person if one else None,
        "state": "ended" if one is None or not runs else "asked" if one.person is None else "given",
    }


def _department(application: AccountsApplication, tenant: UUID) -> Department:
    department = application.department_of(tenant)
    if department is None:
        raise UnknownError(what="department")
    return application.for_tenant(department).get(Department, department)


def _person_at(application: AccountsApplication, tenant: UUID, where: UUID, person: UUID) -> Person | None:
    """The person of the tenant `where`, as far as the caller's tenant may know of them."""
    department = tenant if where == tenant else _department(application, tenant).id
    if where != tenant and _department(application, tenant).kind_of(where) is None:
        return None
    found = application.for_tenant(where).find(Person, person)
    if found is None or tenant in (where, department) or where == department:
        return found
    return found if any(grant.tenant == tenant for grant in found.grants.values()) else None


def _may_see_people(application: AccountsApplication, tenant: UUID, by: Actor) -> str:
    """Colleagues know each other; whoever only reports does not get their names."""
    if not by.roles - {Role.REPORTER}:
        raise application.deny(tenant, by, "people", "accounts.colleagues_know_each_other")
    return "accounts.colleagues_know_each_other"


def _agency(application: AccountsApplication, id: UUID) -> dict[str, Any]:
    agency = application.for_tenant(id).get(Agency, id)
    confirm_by = application.regulations.deadline("accounts.agency_confirmation", agency.confirmed_at).due_at
    return {
        "agency": id,
        "kind": agency.kind.value,
        "name": agency.name,
        "channel": agency.channel.value,
        "virtual_host": agency.virtual_host,
        "encryption_key": agency.encryption_key,
        "signing_key": agency.signing_key,
        "confirmed_at": agency.confirmed_at,
        "confirm_by": confirm_by,
        "stale": application.clock.now() >= confirm_by,
    }


def _person(person: Person, tenant: UUID, by: Actor) -> dict[str, Any]:
    sees_all = by.person == person.id or bool(by.roles & {Role.ADMINISTRATOR, Role.AUDITOR})
    roles = [
        {"at": grant.tenant, "role": grant.role.value, "starts_at": grant.starts_at, "ends_at": grant.ends_at}
        for grant in person.grants.values()
        if sees_all or grant.tenant == tenant
    ]
    return {
        "person": person.id,
        "name": person.name,
        "language": person.language.value,
        "home": person.home,
        "locked": person.locked,
        "roles": roles,
    }


def _engagement(engagement: AuditEngagement) -> dict[str, Any]:
    return {
        "engagement": engagement.id,
        "auditor": engagement.auditor,
        "tenants": sorted(engagement.tenants),
        "scope": sorted(service.value for service in engagement.scope),
        "purpose": engagement.purpose,
        "starts_at": engagement.starts_at,
        "ends_at": engagement.ends_at,
        "state": "open" if engagement.closed_at is None else "closed",
    }
