"""The relay: publishes what the log holds and moves its cursor only behind what the broker confirmed.

At least once: a relay that is killed between confirmation and cursor publishes again, and the listeners' inboxes know
the number.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kombu import Connection
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.ledger.tables import heads, public_events, relay_cursors
from shared.logging import facts_of, log
from shared.messaging.envelope import signed_event
from shared.messaging.publisher import Publisher
from shared.messaging.transport import exchange_of
from shared.runners.parts import ServiceApp
from shared.runners.patience import Patience

PAGE = 500
BACKSTOP_SECONDS = 0.05
RETRY_SECONDS = 1.0


class Relay:
    """Publishes one service's public events; one is active at a time (leader lock)."""

    def __init__(self, service: ServiceApp, connection: Connection, woken: threading.Event) -> None:
        self.service = service
        self.connection = connection
        self.woken = woken
        self._patience = Patience()

    def run(self, stop: threading.Event) -> None:
        """Relays until told to stop; a broker that is away is tried again."""
        while not stop.is_set():
            try:
                with Publisher(self.connection.clone(), exchange_of(self.service.name)) as publisher:
                    self._relay_until(stop, publisher)
            except Exception as error:  # noqa: BLE001 - the broker or the database is away: what is in the log stays there
                log().warning("relay.interrupted", **facts_of(error))
                stop.wait(RETRY_SECONDS)

    def _relay_until(self, stop: threading.Event, publisher: Publisher) -> None:
        while not stop.is_set():
            if not self.relay_once(publisher):
                self.woken.wait(BACKSTOP_SECONDS)
                self.woken.clear()
                publisher.keep_alive()

    def relay_once(self, publisher: Publisher) -> int:
        """Publishes a page of each tenant that has news; gives how many events were confirmed."""
        return sum(
            self._relay_tenant(publisher, tenant, after)
            for tenant, after in self._with_news()
            if not self._patience.is_waiting(tenant)
        )

    def _with_news(self) -> Sequence[tuple[UUID, int]]:
        after = func.coalesce(relay_cursors.c.number, 0)
        chosen = (
            select(heads.c.tenant, after)
            .outerjoin(relay_cursors, relay_cursors.c.tenant == heads.c.tenant)
            .where(heads.c.log == self.service.name, heads.c.public_number > after)
        )
        with self.service.database.relay() as connection:
            return [(tenant, number) for tenant, number in connection.execute(chosen)]

    def _relay_tenant(self, publisher: Publisher, tenant: UUID, after: int) -> int:
        chosen = (
            select(public_events)
            .where(public_events.c.tenant == tenant, public_events.c.number > after)
            .order_by(public_events.c.number)
            .limit(PAGE)
        )
        try:
            with self.service.database.relay() as connection:
                rows = connection.execute(chosen).all()
            messages = [(row.type, self._message(row)) for row in rows]
        except (ValueError, TypeError, AttributeError) as error:  # rows changed where they lie: the others go on
            log().error("relay.tenant_failed", tenant=str(tenant), number=after, **facts_of(error))
            self._patience.failed(tenant)
            return 0
        self._patience.succeeded(tenant)
        if not messages:
            return 0
        publisher.publish(messages)
        self._move_cursor(tenant, rows[-1].number)
        log().debug("relay.events_published", tenant=str(tenant), number=rows[-1].number, count=len(rows))
        return len(rows)

    def _message(self, row: Any) -> bytes:
        return json.dumps(signed_event(self.service.name, row, self.service.signing_key), ensure_ascii=False).encode()

    def _move_cursor(self, tenant: UUID, number: int) -> None:
        upsert = sqlite.insert if self.service.database.is_sqlite else postgresql.insert
        statement: Any = upsert(relay_cursors).values(tenant=tenant, number=number)
        with self.service.database.relay() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["tenant"], set_={"number": number}))
