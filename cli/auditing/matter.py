"""A case's matter: the case, its reports and its referrals, found across services by following ids, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from cli.auditing.houses import AuditHouse, Auditor, AuditRefusedError, recorded_events, tenant_of
from shared.audit.check import plain
from shared.domain import known_topics
from shared.ledger.key_rows import erased_streams
from shared.ledger.recorder import RecordedEvent, recorded_leaf_hash
from shared.ledger.tables import events, public_events
from shared.policy import public_event_id
from shared.runners.parts import ServiceApp
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError

ROOT = "cases"
RELATED = frozenset({"Report", "Referral"})
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class MatterEvent:
    """One event: as recorded, its facts (None where it doesn't open), and the id that it is called by as a cause.

    `is_erased`: it doesn't open because its stream was erased; the stream's tombstone says by whom and why.
    """

    service: str
    recorded: RecordedEvent
    facts: Mapping[str, Any] | None
    public_id: UUID | None
    is_erased: bool = False

    @property
    def at(self) -> datetime:
        """When it happened, by the clock of the service; when it was recorded, where it doesn't open."""
        happened = (self.facts or {}).get("timestamp")
        return datetime.fromisoformat(happened) if happened else self.recorded_at

    @property
    def recorded_at(self) -> datetime:
        """When it was appended."""
        return datetime.fromtimestamp(self.recorded.recorded_at / 1_000_000, UTC)

    @property
    def is_sound(self) -> bool:
        """Whether it opened, or was erased as it should be, and its leaf is that of its columns."""
        is_told = self.facts is not None or self.is_erased
        return is_told and recorded_leaf_hash(self.recorded) == self.recorded.leaf_hash


@dataclass(kw_only=True)
class Matter:
    """All events of one case's matter, of one tenant, in order."""

    case: UUID
    tenant: UUID
    events: list[MatterEvent] = field(default_factory=list)

    @property
    def streams(self) -> dict[str, list[UUID]]:
        """The streams by service, in the order in which they begin."""
        found: dict[str, list[UUID]] = {}
        for event in self.events:
            streams = found.setdefault(event.service, [])
            if event.recorded.stream not in streams:
                streams.append(event.recorded.stream)
        return found

    def until(self, moment: datetime | None) -> list[MatterEvent]:
        """The events recorded up to a moment."""
        return [event for event in self.events if moment is None or event.recorded_at <= moment]


def open_matter(house: AuditHouse, case: UUID, auditor: Auditor) -> Matter:
    """The matter of a case, once every service concerned has recorded who reads it. Raises AuditRefusedError."""
    matter = find_matter(house, case)
    auditor.check_tenant(matter.tenant)
    for name, streams in matter.streams.items():
        house.services[name].application.record_read(
            matter.tenant, auditor.actor, "case_history", streams, auditor.rule
        )
    return matter


def find_matter(house: AuditHouse, case: UUID) -> Matter:
    """The matter of a case; nothing is recorded: show nothing of it before that is done. Raises AuditRefusedError."""
    root = house.services[ROOT]
    tenant = tenant_of(root, case)
    found = recorded_events(root, tenant, events.c.stream == case) if tenant else []
    if tenant is None or _kind(found) not in ("Case", None):
        raise AuditRefusedError("case_unknown", str(case))
    own = list(_opened(root, tenant, found))
    mentioned = {UUID(one) for event in own for one in AN_ID.findall(json.dumps(event.facts))}
    mentioned |= {UUID(one) for body in _public_bodies(root, tenant, found) for one in AN_ID.findall(body)}
    logs = [own]
    for name, service in house.services.items():
        if name != ROOT:
            logs.append(_related(service, tenant, case, mentioned - {case, tenant}))
    return Matter(case=case, tenant=tenant, events=list(in_order(logs)))


def in_order(logs: Sequence[Sequence[MatterEvent]]) -> Iterator[MatterEvent]:
    """The events of several logs as one history: each log in its order, effects behind causes, else by time."""
    waiting = [list(log) for log in logs if log]
    to_come = {event.public_id for log in waiting for event in log if event.public_id}
    while waiting:
        free = [log for log in waiting if log[0].recorded.cause not in to_come] or waiting
        chosen = min(free, key=lambda log: log[0].recorded.recorded_at)
        event = chosen.pop(0)
        to_come.discard(event.public_id)
        yield event
        waiting = [log for log in waiting if log]


def _related(service: ServiceApp, tenant: UUID, case: UUID, mentioned: set[UUID]) -> list[MatterEvent]:
    """The reports or referrals of a service that the case names, or that name the case."""
    named = _streams(service, tenant, events.c.stream.in_(mentioned)) if mentioned else set()
    naming = _positions_that_name(service, tenant, case)
    named |= _streams(service, tenant, events.c.position.in_(naming)) if naming else set()
    chosen: list[RecordedEvent] = []
    for stream in named:
        found = recorded_events(service, tenant, events.c.stream == stream)
        if _kind(found) in RELATED:
            chosen.extend(found)
    return list(_opened(service, tenant, sorted(chosen, key=lambda one: one.id)))


def _streams(service: ServiceApp, tenant: UUID, condition: Any) -> set[UUID]:
    chosen = select(events.c.stream).where(events.c.tenant == tenant, events.c.log == service.name, condition)
    with service.database.tenant(tenant) as connection:
        return set(connection.scalars(chosen))


def _positions_that_name(service: ServiceApp, tenant: UUID, case: UUID) -> list[int]:
    """Positions of events whose public form names the case."""
    chosen = select(public_events.c.position).where(
        public_events.c.tenant == tenant, public_events.c.body.like(f"%{case}%")
    )
    with service.database.tenant(tenant) as connection:
        return list(connection.scalars(chosen))


def _public_bodies(service: ServiceApp, tenant: UUID, recorded: Sequence[RecordedEvent]) -> list[str]:
    wanted = or_(*(public_events.c.position == one.id for one in recorded))
    with service.database.tenant(tenant) as connection:
        return list(connection.scalars(select(public_events.c.body).where(public_events.c.tenant == tenant, wanted)))


def _kind(recorded: Sequence[RecordedEvent]) -> str | None:
    """The kind of aggregate that a stream is of, by its first event of a known topic."""
    for one in recorded:
        event_class = known_topics().get(one.topic)
        if event_class is not None:
            return str(event_class.__qualname__.partition(".")[0])
    return None


def _opened(service: ServiceApp, tenant: UUID, recorded: Sequence[RecordedEvent]) -> Iterator[MatterEvent]:
    mapper = service.application.for_tenant(tenant).mapper
    numbers = _public_numbers(service, tenant, recorded)
    erased = erased_streams(service.database, tenant, service.name)
    for one in recorded:
        facts: Mapping[str, Any] | None = None
        is_erased = False
        try:
            facts = plain(json.loads(mapper.open(one)))
        except KeyDestroyedError:
            is_erased = one.stream in erased
        except (UnsealError, ValueError):
            facts = None
        number = numbers.get(one.id)
        public_id = public_event_id(tenant, service.name, number, one.leaf_hash) if number else None
        yield MatterEvent(service=service.name, recorded=one, facts=facts, public_id=public_id, is_erased=is_erased)


def _public_numbers(service: ServiceApp, tenant: UUID, recorded: Sequence[RecordedEvent]) -> dict[int, int]:
    chosen = select(public_events.c.position, public_events.c.number).where(
        public_events.c.tenant == tenant, public_events.c.position.in_([one.id for one in recorded])
    )
    with service.database.tenant(tenant) as connection:
        return {row.position: row.number for row in connection.execute(chosen)}
