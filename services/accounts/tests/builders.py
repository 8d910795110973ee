"""People and tenants by verbs, for tests of the domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.accounts.domain.agency import Agency
from services.accounts.domain.audit_engagement import AuditEngagement
from services.accounts.domain.person import Person
from services.accounts.domain.values import AgencyChannel, AgencyKind, Audience, Language, Role, TenantKind
from shared.domain import Actor, Aggregate
from shared.ids import new_id

NOW = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
INSTALLER = Actor(id="system:install")
ADMINISTRATOR_ID = new_id()
ADMINISTRATOR = Actor(id=f"person:{ADMINISTRATOR_ID}", roles=frozenset({"administrator"}))
SAFEGUARDING_LEAD = Actor(id=f"person:{new_id()}", roles=frozenset({"department_safeguarding_lead"}))
SCHOOL, DEPARTMENT = new_id(), new_id()
ENCRYPTION_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
PUBLIC_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


def a_person_of(home: UUID = SCHOOL, name: str = "Әсел Құрманғалиқызы") -> Person:
    """Somebody who lives in a tenant."""
    return Person.register(id=new_id(), home=home, name=name, language=Language.KAZAKH, by=ADMINISTRATOR, at=NOW)


def assign(
    person: Person,
    role: Role,
    *,
    tenant: UUID = SCHOOL,
    kind: TenantKind = TenantKind.SCHOOL,
    by: Actor = ADMINISTRATOR,
    at: datetime = NOW,
    **period: Any,
) -> None:
    """Gives a role from now on, without end where nothing else is said."""
    facts: dict[str, Any] = {"starts_at": at, "ends_at": None} | period
    person.assign_role(grant=new_id(), tenant=tenant, kind=kind, role=role, by=by, at=at, **facts)


def an_agency(**facts: Any) -> Agency:
    """A police department reached by its web inbox."""
    given: dict[str, Any] = {
        "id": new_id(),
        "department": DEPARTMENT,
        "kind": AgencyKind.POLICE,
        "name": "Бостандық ауданының полиция басқармасы",
        "channel": AgencyChannel.WEB,
        "virtual_host": None,
        "encryption_key": None,
        "signing_key": None,
    }
    return Agency.register(**(given | facts), by=ADMINISTRATOR, at=NOW)


def an_engagement(**facts: Any) -> AuditEngagement:
    """An auditor may read the reports and cases of the school for ten days."""
    given: dict[str, Any] = {
        "id": new_id(),
        "auditor": new_id(),
        "tenants": [SCHOOL],
        "scope": [Audience.REPORTS, Audience.CASES],
        "purpose": "Жылдық тексеру",
        "starts_at": NOW,
        "ends_at": NOW + timedelta(days=10),
    }
    return AuditEngagement.open(**(given | facts), by=ADMINISTRATOR, at=NOW)


def events_of(aggregate: Aggregate) -> list[str]:
    """Names of what it recorded since they were last asked for."""
    return [type(event).__name__ for event in aggregate.collect_events()]
