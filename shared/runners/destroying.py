"""A tenant is destroyed in one service: decided, ended, witnessed, and only then without keys (docs/decisions/0010)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, delete

from shared.domain import Actor
from shared.ledger.destroying import decide, destroy_rows, end_logs, word_of
from shared.ledger.destruction import TenantDestruction, destruction_id
from shared.ledger.tables import climbed, due, waiting_lanes
from shared.runners.checkpointing import Checkpointing
from shared.runners.parts import ServiceApp


def destroy_tenant(service: ServiceApp, tenant: UUID, *, by: Actor, approved_by: str, reason: str) -> TenantDestruction:
    """Destroys a tenant in this service for good; broken off, it is done again and goes on.

    Raises SamePersonDestroysError, PlatformStaysError, NoReasonError.
    """
    application = service.application
    decided = decide(application, tenant, by=by, approved_by=approved_by, reason=reason)
    end_logs(application, tenant, word_of(application, tenant, decided), by)
    Checkpointing(service).run_once()  # while the salts of its entries can still be worked out
    application.parts.tenant_keys.destroy_tenant(tenant)
    destroy_rows(application, tenant)
    with service.database.tenant(tenant) as connection:
        purge_tenant(service, connection, tenant)
    application.parts.woken(tenant)
    ledger = application.for_tenant(application.parts.platform)
    carried_out = ledger.get(TenantDestruction, destruction_id(application.parts.platform, tenant))
    carried_out.carry_out(by=by, at=ledger.now())
    ledger.save(carried_out)
    return carried_out


def purge_tenant(service: ServiceApp, connection: Connection, tenant: UUID) -> None:
    """Takes every row of a tenant's read models away, its duties and waiting lanes too."""
    for table in (*service.parts.metadata.sorted_tables, due, climbed, waiting_lanes):
        connection.execute(delete(table).where(table.c.tenant == tenant))
