"""The destruction of a tenant, as the platform's log of each service tells it: decided by two persons, carried out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from shared.domain import Actor, Aggregate, DomainError, Event, FirstEvent, registered
from shared.ids import derived_id
from shared.ledger.erasure import KEY_BACKUPS_KEPT, RULE


class SamePersonDestroysError(DomainError):
    """Who destroys a tenant can't approve it."""

    code = "ledger.destruction_by_the_same_person"


class PlatformStaysError(DomainError):
    """The installation's own tenant is not destroyed."""

    code = "ledger.the_platform_stays"


class NoReasonError(DomainError):
    """A tenant is not destroyed without a reason."""

    code = "ledger.destruction_without_reason"


@registered
class TenantDestruction(Aggregate):
    """What became of one tenant in one service. In the platform's log, whose keys stay."""

    TOPIC = "ledger.tenant_destruction"

    class Decided(FirstEvent):
        """One person destroys a tenant, another approved it; `sizes` are those of its logs, by name."""

        TOPIC = "ledger.tenant_destruction_decided"
        tenant: UUID
        reason: str
        approved_by: str
        sizes: dict[str, int]

    class CarriedOut(Event):
        """The keys are destroyed; `complete_at` is when the last backup of them has expired."""

        TOPIC = "ledger.tenant_destruction_carried_out"
        complete_at: datetime
        rule: str

    @classmethod
    def decide(
        cls,
        *,
        platform: UUID,
        tenant: UUID,
        reason: str,
        sizes: dict[str, int],
        by: Actor,
        approved_by: str,
        at: datetime,
    ) -> Self:
        """Decides it. Raises SamePersonDestroysError, PlatformStaysError, NoReasonError."""
        if tenant == platform:
            raise PlatformStaysError
        if by.id == approved_by:
            raise SamePersonDestroysError
        if not reason.strip():
            raise NoReasonError
        facts: dict[str, Any] = {"tenant": tenant, "reason": reason, "approved_by": approved_by, "sizes": sizes}
        return cls._begin(cls.Decided, id=destruction_id(platform, tenant), by=by, at=at, **facts)

    def carry_out(self, *, by: Actor, at: datetime) -> None:
        """Says that the keys are destroyed; once."""
        if self.complete_at is None:
            self._record(self.CarriedOut, by=by, at=at, complete_at=at + KEY_BACKUPS_KEPT, rule=RULE)

    def _decided(self, event: Decided) -> None:
        self.tenant = event.tenant
        self.reason = event.reason
        self.decided_by = event.actor
        self.approved_by = event.approved_by
        self.complete_at: datetime | None = None

    def _carried_out(self, event: CarriedOut) -> None:
        self.complete_at = event.complete_at


def destruction_id(platform: UUID, tenant: UUID) -> UUID:
    """The id of a tenant's destruction: there is one at most."""
    return derived_id(platform, "destruction of", str(tenant))
