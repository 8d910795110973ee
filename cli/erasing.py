"""The erasure of a whole matter: one erasure id in every service that holds a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from rich.progress import Progress
from rich.table import Table

from cli.auditing.houses import tenant_of, tenants_of
from cli.auditing.matter import find_matter
from cli.house import House
from cli.opening import operator
from services.accounts.domain.person import Person
from services.accounts.domain.values import Role
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id, new_id
from shared.ledger.erasing import ApproveErasure, RequestErasure
from shared.ledger.erasure import CARRY_OUT, Erasure, ErasureState
from shared.runners.follower import Follower
from shared.runners.parts import ServiceApp

ASKS, APPROVES = Role.HEAD, Role.SAFEGUARDING_LEAD


def request_erasure(house: House, case: UUID, person: UUID, *, basis: str, reason: str) -> tuple[UUID, dict[str, int]]:
    """Asks for the erasure of a case with its reports and referrals; its id, and how many streams in which service.

    The head of the case's school may. Raises AuditRefusedError, UnknownError, NotPermittedError, StillNeededError.
    """
    matter = find_matter(house, case)
    by = _actor(house, person)
    if ASKS not in _roles(house, person, matter.tenant):
        raise NotPermittedError(rule="ledger.erasure_is_asked_for_by_the_head")
    command_id, counts = new_id(), {}
    for name, streams in matter.streams.items():
        house.services[name].application.execute(
            RequestErasure(
                tenant=matter.tenant,
                command_id=command_id,
                by=by,
                streams=streams,
                basis=basis,
                reason=reason,
                entered_by=operator().id,
            )
        )
        counts[name] = len(streams)
    return derived_id(command_id, "erasure"), counts


def approve_erasure(house: House, erasure: UUID, person: UUID, progress: Progress) -> datetime:
    """Approves an erasure in every service and carries it out; gives when it is complete.

    The department's safeguarding lead may. Raises UnknownError, NotPermittedError, SamePersonError, StillNeededError.
    """
    tenant, concerned = _concerned(house, erasure)
    by = _actor(house, person)
    if APPROVES not in _roles(house, person, None):
        raise NotPermittedError(rule="ledger.erasure_is_approved_by_the_safeguarding_lead")
    for service, found in concerned:
        if found.state is ErasureState.REQUESTED:
            command_id = derived_id(erasure, "approve", service.name)
            service.application.execute(
                ApproveErasure(tenant=tenant, command_id=command_id, by=by, erasure=erasure, entered_by=operator().id)
            )
    bar = progress.add_task("", total=len(concerned))
    for service, _ in concerned:
        progress.update(bar, description=service.name)
        _carry_out(service, tenant, erasure)
        if house.settings.is_embedded:
            _follow(house, service)
        progress.update(bar, advance=1)
    ends = [service.application.for_tenant(tenant).get(Erasure, erasure).complete_at for service, _ in concerned]
    return max(end for end in ends if end is not None)


def erasures_table(house: House) -> Table:
    """Every erasure of the house, one line per service."""
    table = Table()
    for title in ("erasure", "school", "service", "state", "streams", "asked for by", "approved by", "complete at"):
        table.add_column(title, overflow="fold")
    for service, tenant, found in _all(house):
        complete = found.complete_at.isoformat(timespec="minutes") if found.complete_at else "–"
        table.add_row(
            str(found.id),
            str(tenant),
            service.name,
            found.state.value,
            str(len(found.streams)),
            found.requested_by,
            found.approved_by or "–",
            complete,
        )
    return table


def erasure_ids(house: House) -> list[UUID]:
    """Every erasure's id, in the order in which they were asked for."""
    asked = sorted((found.created_on, found.id) for _, _, found in _all(house))
    return list(dict.fromkeys(erasure for _, erasure in asked))


def _all(house: House) -> Iterator[tuple[ServiceApp, UUID, Erasure]]:
    for service in house.services.values():
        for tenant in tenants_of(service):
            ledger = service.application.for_tenant(tenant)
            begun = ledger.recorder.select_notifications(1, 1_000_000, topics=[Erasure.Requested.TOPIC])
            for one in begun:
                yield service, tenant, ledger.get(Erasure, one.stream)


def _concerned(house: House, erasure: UUID) -> tuple[UUID, list[tuple[ServiceApp, Erasure]]]:
    found: list[tuple[ServiceApp, Erasure]] = []
    tenant: UUID | None = None
    for service in house.services.values():
        where = tenant_of(service, erasure)
        if where is not None:
            tenant = where
            found.append((service, service.application.for_tenant(where).get(Erasure, erasure)))
    if tenant is None:
        raise UnknownError(what="erasure")
    return tenant, found


def _carry_out(service: ServiceApp, tenant: UUID, erasure: UUID) -> None:
    """At once and not when the clock comes to it, which finds it done; what is done already stays as it is."""
    ledger = service.application.for_tenant(tenant)
    if ledger.get(Erasure, erasure).state is not ErasureState.APPROVED:
        return
    service.application.execute(
        MissDeadline(
            tenant=tenant,
            command_id=derived_id(erasure, "carry out", service.name),
            by=Actor(id=f"clock:{service.name}"),
            stream=erasure,
            duty=CARRY_OUT,
            step=0,
        )
    )


def _follow(house: House, service: ServiceApp) -> None:
    """Takes the rows away: in a home that nobody serves no follower does."""
    follower = Follower(service, house.woken[service.name][1])
    while follower.follow_once():
        pass


def _actor(house: House, person: UUID) -> Actor:
    _person(house, person)
    return Actor(id=f"person:{person}", purpose="erasure")


def _roles(house: House, person: UUID, tenant: UUID | None) -> frozenset[Role]:
    """The roles that a person holds now: at a tenant, or wherever."""
    found, now = _person(house, person), house.clock.now()
    held = {grant.role for grant in found.grants.values() if tenant in (None, grant.tenant) and grant.runs(now)}
    return frozenset(held)


def _person(house: House, person: UUID) -> Person:
    accounts = house.services["accounts"]
    home = tenant_of(accounts, person)
    if home is None:
        raise UnknownError(what="person")
    return accounts.application.for_tenant(home).get(Person, person)
