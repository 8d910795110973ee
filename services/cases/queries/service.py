"""The School Safety Service as it stands: who sits in it, who is trained, what is missing (SSS-01, SSS-02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.domain import access
from services.cases.domain.safety_service import SafetyService, safety_service_id
from services.cases.domain.safety_service.owing import kind_of, owner_of, person_of
from services.cases.domain.values import SSS_ROLES, TEACHERS, OpenDuty, Role
from shared.domain import Actor, NotPermittedError
from shared.regulation import RuleBook, local_day


def show_safety_service(application: CasesApplication, tenant: UUID, by: Actor) -> dict[str, Any]:
    """For whoever sits in the service, head, deputy, auditors; why each was chosen, and trainings, for the person and
    those who lead.
    """
    ledger = application.for_tenant(tenant)
    service = ledger.find(SafetyService, safety_service_id(tenant))
    see_service(application, tenant, by, service, "show_safety_service")
    if service is None:
        return {"is_set_up": False, "members": [], "gaps": _gaps({}, {}, ledger.book, ledger.now())}
    now = ledger.now()
    facts = [event for _, event in ledger.events(service.id)]
    return {
        "is_set_up": True,
        "set_up_on": facts[0].set_up_on,
        "members": [_member(service, person, facts, by, now) for person in service.seats],
        "police": _police(service, facts, now),
        "teachers": sum(bool(set(seats) & TEACHERS) for seats in service.seats.values()),
        "gaps": _gaps(service.members, {p: service.covered_until(p) for p in service.members}, ledger.book, now),
        "duties": duties_of(service, now),
    }


def see_service(
    application: CasesApplication, tenant: UUID, by: Actor, service: SafetyService | None, what: str
) -> None:
    """Records the read, or the denial; raises NotPermittedError."""
    sits = service is not None and by.person in service.seats
    allowed = bool(by.roles & SSS_ROLES) or sits or access.audits(by)
    application.record_read(tenant, by, what, [safety_service_id(tenant)], "SSS-01", allowed=allowed)
    if not allowed:
        raise NotPermittedError(rule="SSS-01")


def duties_of(service: SafetyService, now: datetime) -> list[dict[str, Any]]:
    """What the service owes: who, by when, under which rule; the nearest first, what was missed included."""
    ordered = sorted(service.open_duties.items(), key=lambda item: (item[1].due_at, item[0]))
    return [_duty(duty, owed, now) for duty, owed in ordered]


def _duty(duty: str, owed: OpenDuty, now: datetime) -> dict[str, Any]:
    return {
        "duty": kind_of(duty),
        "due_at": owed.due_at,
        "owner": owner_of(duty),
        "person": person_of(duty),
        "rule": owed.rule,
        "overdue": now >= owed.due_at,
    }


def _member(service: SafetyService, person: UUID, facts: list[Any], by: Actor, now: datetime) -> dict[str, Any]:
    seats = [{"role": role.value, "since": since.isoformat()} for role, since in service.seats[person].items()]
    shown = {
        "person": person,
        "seats": seats,
        "training": _training(service, person, now),
        "trained_until": service.trained_until.get(person),
        "grace_until": service.grace_until.get(person),
    }
    if person == by.person or access.leads(by) or access.audits(by):
        shown["skills"] = [e.skills for e in _of(facts, SafetyService.MemberAdmitted, person)]
        shown["trainings"] = [
            {"training": e.training, "held_on": e.held_on, "held_by": e.held_by, "valid_until": e.valid_until}
            for e in _of(facts, SafetyService.MemberTrained, person)
        ]
    return shown


def _training(service: SafetyService, person: UUID, now: datetime) -> str:
    if person not in service.members:
        return "not_asked"
    if now < service.trained_until.get(person, now):
        return "valid"
    return "in_grace" if now < service.grace_until.get(person, now) else "lapsed"


def _of(facts: Iterable[Any], kind: type[Any], person: UUID) -> list[Any]:
    return [event for event in facts if isinstance(event, kind) and event.person == person]


def _police(service: SafetyService, facts: list[Any], now: datetime) -> dict[str, Any]:
    agreed = [event for event in facts if isinstance(event, SafetyService.PoliceAgreed)]
    agreement = service.police_agreement
    if agreement is None:
        return {"agreed": False}
    return {
        "agreed": agreement.holds_on(local_day(now)),
        "agreed_on": agreed[-1].agreed_on,
        "until": agreed[-1].until,
        "agreement": agreed[-1].agreement,
    }


def _gaps(members: Any, covered: dict[UUID, datetime | None], book: RuleBook, now: datetime) -> dict[str, Any]:
    """What is missing; the police and teachers never are (SSS-01)."""
    roles, size = book.at("cases.permanent_roles", now), book.at("cases.service_size", now)
    taken = {role for seats in members.values() for role in seats}
    untrained = [person for person, until in covered.items() if until is None or now >= until]
    return {
        "vacant_roles": [role for role in roles.value if Role(role) not in taken],
        "members_needed": size.value,
        "members_found": len(members),
        "is_too_small": len(members) < size.value,
        "untrained": sorted(untrained, key=str),
        "rules": [roles.version, size.version],
    }
