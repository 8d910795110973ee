"""Restores one service's logs, tenant by tenant, so that its listeners can go on from where each of them stands.

The service's database was put back from an older copy. Each tenant's log gets a new incarnation; which one is written
down outside the databases before it is opened (shared/ledger/restorations.py), so that the work can be broken off and
taken up again, and a copy of before can be put back once more, without a number ever being given twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.incarnation import LOG_RESTORED, as_ranges, generation_of
from shared.ledger.restorations import Begun, Restorations
from shared.ledger.restoring import Found, LogMovedError, Opening, found_log, has_incarnation, open_incarnation
from shared.ledger.tables import heads, lanes
from shared.messaging.agreement import Stand, Told, holding, last_number_that_holds, no_longer_known
from shared.messaging.reconciling import stand_of
from shared.runners.parts import ServiceApp

ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What became of one tenant's log: its new incarnation, what of the old one holds, what is known to be lost."""

    tenant: UUID
    incarnation: UUID
    generation: int
    size: int
    last_number_kept: int
    told_again: int
    lost: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Restoring:
    """The restoration of one service in one incident; `listeners` are the services that listen to it.

    `known_lost` says for a tenant what others, such as witnesses, know to be lost of its logs.
    """

    source: ServiceApp
    listeners: Sequence[ServiceApp]
    journal: Restorations
    incident: str
    reason: str
    by: Actor
    known_lost: Mapping[UUID, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def tenants(self) -> list[UUID]:
        """Those that the service has a log of, and those of which only its listeners know that it had one."""
        with self.source.database.relay() as connection:
            found = set(connection.scalars(select(heads.c.tenant).where(heads.c.log == self.source.name)))
        for listener in self.listeners:
            with listener.database.relay() as connection:
                found |= set(connection.scalars(select(lanes.c.tenant).where(lanes.c.source == self.source.name)))
        return sorted(found)

    def is_done(self) -> bool:
        """Whether this incident's restoration came to its end, and the database is still the one that it was of."""
        return self.journal.is_finished(self.incident) and all(
            has_incarnation(self._found(tenant), begun.incarnation)
            for tenant, begun in self.journal.of_incident(self.incident).items()
        )

    def restore(self, tenant: UUID) -> Restored | None:
        """Opens the new incarnation of a tenant's log; None where this incident's is there already.

        Raises LogMovedError where the log never holds still: the service must not run meanwhile.
        """
        for _ in range(ATTEMPTS):
            found = self._found(tenant)
            begun = self.journal.begun(tenant, self.incident)
            if begun and has_incarnation(found, begun[-1].incarnation):
                return None
            try:
                return self._open(tenant, found)
            except LogMovedError:
                continue
        raise LogMovedError(str(tenant))

    def _found(self, tenant: UUID) -> Found:
        return found_log(self.source.database, tenant, self.source.name)

    def _open(self, tenant: UUID, found: Found) -> Restored:
        told = [_told(self.source.name, row) for row in found.public]
        stands = {one.name: stand_of(one, self.source.name, tenant) for one in self.listeners}
        kept = last_number_that_holds(told, list(stands.values()))
        again = [one.number for one in holding(told) if one.kept is None and one.number > kept]
        lost = [*self.known_lost.get(tenant, ()), *_lost(told, stands)]
        begun = Begun(
            incident=self.incident,
            tenant=tenant,
            generation=self._next_generation(tenant, found, stands),
            incarnation=new_id(),
        )
        opening = Opening(
            incarnation=begun.incarnation,
            generation=begun.generation,
            previous=found.incarnation or _incarnation_of(stands) or begun.incarnation,
            last_number_kept=kept,
            told_again=again,
            lost=lost,
            incident=self.incident,
            reason=self.reason,
            by=self.by,
        )
        self.journal.begin(begun)
        size = open_incarnation(self.source.application, tenant, found, opening)
        return Restored(
            tenant=tenant,
            incarnation=begun.incarnation,
            generation=begun.generation,
            size=size,
            last_number_kept=kept,
            told_again=len(again),
            lost=lost,
        )

    def _next_generation(self, tenant: UUID, found: Found, stands: Mapping[str, Stand]) -> int:
        """One more than any that the log, its listeners or the journal know of."""
        given = [generation_of(found.public_number)]
        given += [generation_of(max([stand.number, *stand.handled])) for stand in stands.values()]
        given += [one.generation for one in self.journal.begun(tenant)]
        return max(given) + 1


def _told(source: str, row: Row[Any]) -> Told:
    is_mark = row.type == f"{source}.{LOG_RESTORED}"
    kept = int(json.loads(row.body)["last_number_kept"]) if is_mark else None
    return Told(number=row.number, hash=bytes(row.hash), incarnation=row.incarnation, kept=kept)


def _lost(told: Sequence[Told], stands: Mapping[str, Stand]) -> list[dict[str, Any]]:
    return [
        {"what": "public_numbers", "from": first, "to": last, "known_by": f"listener:{name}"}
        for name, stand in stands.items()
        for first, last in as_ranges(no_longer_known(told, stand))
    ]


def _incarnation_of(stands: Mapping[str, Stand]) -> UUID | None:
    return next((stand.incarnation for stand in stands.values() if stand.incarnation is not None), None)
