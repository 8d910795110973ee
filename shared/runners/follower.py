"""The follower: projects a service's events into its read models and duties, rows and position in one transaction."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.duties import Opens
from shared.ledger.recorder import microseconds
from shared.ledger.tables import due, heads, positions
from shared.logging import facts_of, log
from shared.runners.checkpointing import Checkpointing
from shared.runners.parts import ServiceApp
from shared.runners.patience import Patience

PAGE = 200
BACKSTOP_SECONDS = 0.03
CHECKPOINTS_EVERY_SECONDS = 5.0


class Follower:
    """Follows one service's log for all its tenants; one is active at a time (leader lock)."""

    def __init__(self, service: ServiceApp, woken: threading.Event) -> None:
        self.service = service
        self.application = service.application
        self.database = service.database
        self.woken = woken
        self._patience = Patience()
        self._checkpoint_at = time.monotonic() + CHECKPOINTS_EVERY_SECONDS
        self._checkpointing = Checkpointing(service)

    def run(self, stop: threading.Event) -> None:
        """Follows until told to stop; a tenant whose events do not open is left behind and logged, the others go on."""
        while not stop.is_set():
            try:
                moved = self.follow_once()
                self._checkpoint_when_due()
                if moved:
                    time.sleep(0)  # in one process (SQLite) nothing else would have its turn before all is read
                else:
                    self.woken.wait(BACKSTOP_SECONDS)
                    self.woken.clear()
            except Exception as error:  # noqa: BLE001 - tried again
                log().warning("follower.interrupted", **facts_of(error))
                stop.wait(1.0)

    def follow_once(self) -> int:
        """Projects a page of each tenant that has news; gives how many events were projected."""
        moved = 0
        for tenant, after in self._with_news():
            if self._patience.is_waiting(tenant):
                continue
            try:
                moved += self._project(tenant, after)
                self._patience.succeeded(tenant)
            except Exception as error:  # noqa: BLE001 - one tenant's trouble is not the others'
                log().error("follower.tenant_failed", tenant=str(tenant), position=after, **facts_of(error))
                self._patience.failed(tenant)
        return moved

    def _with_news(self) -> list[tuple[UUID, int]]:
        after = func.coalesce(positions.c.position, 0)
        chosen = (
            select(heads.c.tenant, after)
            .outerjoin(positions, positions.c.tenant == heads.c.tenant)
            .where(heads.c.log == self.service.name, heads.c.size > after)
        )
        with self.database.relay() as connection:
            return [(tenant, number) for tenant, number in connection.execute(chosen)]

    def _project(self, tenant: UUID, after: int) -> int:
        ledger = self.application.for_tenant(tenant)
        recorded = ledger.recorder.select_notifications(after, PAGE, inclusive_of_start=False)
        opened = [(one, ledger.mapper.to_domain_event(one)) for one in recorded]
        with self.database.tenant(tenant) as connection:
            if self._locked_position(connection, tenant) != after:
                return 0  # another follower, whose lead ended or begins, was here in the meantime
            for one, event in opened:
                project = self.service.parts.projections.get(one.topic)
                if project:
                    project(connection, tenant, event)
                self._keep_duties(connection, tenant, one.topic, event)
            if opened:
                self._move(connection, tenant, opened[-1][0].id)
        return len(opened)

    def _keep_duties(self, connection: Connection, tenant: UUID, topic: str, event: Any) -> None:
        duties = self.service.parts.duties.get(topic)
        for duty in duties(event) if duties else ():
            connection.execute(
                delete(due).where(due.c.tenant == tenant, due.c.stream == duty.stream, due.c.duty == duty.duty)
            )
            if isinstance(duty, Opens):
                connection.execute(
                    due.insert().values(
                        tenant=tenant,
                        stream=duty.stream,
                        duty=duty.duty,
                        step=duty.step,
                        due_at=microseconds(duty.due_at),
                        owner=duty.owner,
                        rule=duty.rule,
                    )
                )

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
