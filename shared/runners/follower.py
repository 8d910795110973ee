"""The follower: projects a service's events into its read models and duties, rows and position in one transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Uuid, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.ledger.application import TenantLedger
from shared.ledger.erasure import DUTIES as ERASURE_DUTIES
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import climbed, due, heads, positions
from shared.ledger.tombstone import STREAM_ERASED, TENANT_DESTROYED
from shared.logging import facts_of, log
from shared.runners.checkpointing import Checkpointing
from shared.runners.destroying import purge_tenant
from shared.runners.duty_rows import keep_duty
from shared.runners.news import Grown, News
from shared.runners.parts import Duty, ServiceApp
from shared.runners.patience import Patience
from shared.sealing.stream_keys import KeyDestroyedError

PAGE = 200
BACKSTOP_SECONDS = 0.03
CHECKPOINTS_EVERY_SECONDS = 5.0


class Follower:
    """Follows one service's log for all its tenants; one is active at a time (leader lock).

    `grown` collects the tenants that appends of this process name before they set `woken`.
    """

    def __init__(self, service: ServiceApp, woken: threading.Event, grown: Grown | None = None) -> None:
        self.service = service
        self.application = service.application
        self.database = service.database
        self._news = News(woken, grown, BACKSTOP_SECONDS)
        self._patience = Patience()
        self._checkpoint_at = time.monotonic() + CHECKPOINTS_EVERY_SECONDS
        self._checkpointing = Checkpointing(service)

    def run(self, stop: threading.Event) -> None:
        """Follows until told to stop; a tenant whose events do not open is left behind and logged, the others go on."""
        while not stop.is_set():
            try:
                tenants = self._news.next()
                moved = self.follow_once(tenants)
                self._news.looked(tenants, is_more=moved >= PAGE or (tenants is None and moved > 0))
                self._checkpoint_when_due()
                if moved:
                    time.sleep(0)  # in one process (SQLite) nothing else would have its turn before all is read
                else:
                    self._news.rest()
            except Exception as error:  # noqa: BLE001 - tried again
                self._news.look_at_all()
                log().warning("follower.interrupted", **facts_of(error))
                stop.wait(1.0)

    def follow_once(self, tenants: Collection[UUID] | None = None) -> int:
        """Projects a page of each tenant that has news, of those named or of all; gives how many events it were."""
        moved = 0
        for tenant, after in self._with_news() if tenants is None else self._with_news(tenants):
            if self._patience.is_waiting(tenant):
                continue
            try:
                moved += self._project(tenant, after)
                self._patience.succeeded(tenant)
            except Exception as error:  # noqa: BLE001 - one tenant's trouble is not the others'
                log().error("follower.tenant_failed", tenant=str(tenant), position=after, **facts_of(error))
                self._patience.failed(tenant)
        return moved

    def _with_news(self, tenants: Collection[UUID] | None = None) -> list[tuple[UUID, int]]:
        if tenants is not None and not tenants:
            return []
        after = func.coalesce(positions.c.position, 0)
        chosen = (
            select(heads.c.tenant, after)
            .outerjoin(positions, positions.c.tenant == heads.c.tenant)
            .where(heads.c.log == self.service.name, heads.c.size > after)
        )
        if tenants is not None:
            chosen = chosen.where(heads.c.tenant.in_(tenants))
        with self.database.relay() as connection:
            return [(tenant, number) for tenant, number in connection.execute(chosen)]

    def _project(self, tenant: UUID, after: int) -> int:
        ledger = self.application.for_tenant(tenant)
        recorded = ledger.recorder.select_notifications(after, PAGE, inclusive_of_start=False)
        opened = [(one, _opened(ledger, one)) for one in recorded]
        with self.database.tenant(tenant) as connection:
            if self._locked_position(connection, tenant) != after:
                return 0  # another follower, whose lead ended or begins, was here in the meantime
            for one, event in opened:
                if one.topic == STREAM_ERASED:
                    self._purge(connection, tenant, one.stream)
                if one.topic == TENANT_DESTROYED:
                    purge_tenant(self.service, connection, tenant)
                if event is None:
                    continue
                project = self.service.parts.projections.get(one.topic)
                if project:
                    project(connection, tenant, event)
                self._keep_duties(connection, tenant, one.topic, event)
            if opened:
                self._move(connection, tenant, opened[-1][0].id)
        return len(opened)

    def _keep_duties(self, connection: Connection, tenant: UUID, topic: str, event: Any) -> None:
        duties: Duty | None = self.service.parts.duties.get(topic) or ERASURE_DUTIES.get(topic)
        for change in duties(event) if duties else ():
            keep_duty(connection, tenant, change)

    def _purge(self, connection: Connection, tenant: UUID, stream: UUID) -> None:
        """Takes every row away that names an erased stream, and its duties."""
        for kept in (due, climbed):
            connection.execute(delete(kept).where(kept.c.tenant == tenant, kept.c.stream == stream))
        for table in self.service.parts.metadata.sorted_tables:
            naming = [one == stream for one in table.columns if isinstance(one.type, Uuid) and one.name != "tenant"]
            if naming:
                connection.execute(delete(table).where(table.c.tenant == tenant, or_(*naming)))

    def _locked_position(self, connection: Connection, tenant: UUID) -> int:
        upsert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        begun: Any = upsert(positions).values(tenant=tenant, position=0)
        connection.execute(begun.on_conflict_do_nothing(index_elements=["tenant"]))
        chosen = select(positions.c.position).where(positions.c.tenant == tenant).with_for_update()
        return connection.scalar(chosen) or 0

    def _move(self, connection: Connection, tenant: UUID, position: int) -> None:
        connection.execute(update(positions).where(positions.c.tenant == tenant).values(position=position))

    def _checkpoint_when_due(self) -> None:
        if time.monotonic() >= self._checkpoint_at:
            self._checkpoint_at = time.monotonic() + CHECKPOINTS_EVERY_SECONDS
            self.checkpoint()

    def checkpoint(self) -> None:
        """Signs a checkpoint of every log that grew since the last one, after reading the new rows once more, and
        enters it in the service's checkpoint log.
        """
        self._checkpointing.run_once()


def _opened(ledger: TenantLedger, one: RecordedEvent) -> Any:
    """An event as it is projected: None for a tombstone, which must open, and for what an erasure left unreadable."""
    if one.topic == TENANT_DESTROYED:
        return None
    if one.topic == STREAM_ERASED and not ledger.is_destroyed():
        ledger.mapper.open(one)
        return None
    try:
        return ledger.mapper.to_domain_event(one)
    except KeyDestroyedError:
        if not ledger.is_erased(one.stream):
            raise
        return None
