"""An auditor's engagement: which tenants and services, what for, from when to when. In the department's tenant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from services.accounts.domain import rules
from services.accounts.domain.values import Audience
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class AuditEngagement(Aggregate):
    """Auditors read inside it and nowhere else."""

    TOPIC = "accounts.engagement"

    class Opened(FirstEvent):
        TOPIC = "accounts.engagement_opened"
        auditor: UUID
        tenants: list[UUID]
        scope: list[str]
        purpose: str
        starts_at: datetime
        ends_at: datetime

    class Closed(Event):
        TOPIC = "accounts.engagement_closed"
        reason: str

    @classmethod
    def open(
        cls,
        *,
        id: UUID,
        auditor: UUID,
        tenants: Collection[UUID],
        scope: Collection[Audience],
        purpose: str,
        starts_at: datetime,
        ends_at: datetime,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Lets an auditor read `scope` (services) of `tenants` for a time."""
        rules.nobody_grants_to_themselves(by, auditor)
        rules.period_ends_after_it_starts(starts_at, ends_at)
        return cls._begin(
            cls.Opened,
            id=id,
            by=by,
            at=at,
            auditor=auditor,
            tenants=sorted(set(tenants)),
            scope=sorted({service.value for service in scope}),
            purpose=purpose,
            starts_at=starts_at,
            ends_at=ends_at,
        )

    def close(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Ends it before its time."""
        rules.engagement_is_not_closed(self)
        self._record(self.Closed, by=by, at=at, reason=reason)

    def covers(self, *, auditor: UUID, tenant: UUID, service: Audience, at: datetime) -> bool:
        """Whether this auditor may read that service of that tenant at that moment."""
        running = self.starts_at <= at < self.ends_at and self.closed_at is None
        return running and auditor == self.auditor and tenant in self.tenants and service in self.scope

    def _opened(self, event: Opened) -> None:
        self.auditor = event.auditor
        self.tenants = frozenset(event.tenants)
        self.scope = frozenset(Audience(code) for code in event.scope)
        self.purpose = event.purpose
        self.starts_at = event.starts_at
        self.ends_at = event.ends_at
        self.closed_at: datetime | None = None

    def _closed(self, event: Closed) -> None:
        self.closed_at = event.timestamp
