"""The relay: publishes what the log holds and moves its cursor only behind what the broker confirmed.

At least once: a relay that is killed between confirmation and cursor publishes again, and the listeners' inboxes know
the number.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from kombu import Connection
from sqlalchemy import BigInteger, Select, Uuid, any_, bindparam, func, select, true
from sqlalchemy.dialects import postgresql, sqlite

from shared.ledger.prepared import Prepared
from shared.ledger.tables import heads, relay_cursors
from shared.logging import facts_of, log
from shared.messaging.envelope import signed_event
from shared.messaging.pages import PAGE, chained, rows_from
from shared.messaging.publisher import Publisher
from shared.messaging.transport import exchange_of
from shared.runners.news import Grown, News
from shared.runners.parts import ServiceApp
from shared.runners.patience import Patience

TENANTS_TOGETHER = 16
BACKSTOP_SECONDS = 0.05
RETRY_SECONDS = 1.0


class Relay:
    """Publishes one service's public events; one is active at a time (leader lock).

    `grown` collects the tenants that appends of this process name before they set `woken`.
    """

    def __init__(
        self, service: ServiceApp, connection: Connection, woken: threading.Event, grown: Grown | None = None
    ) -> None:
        self.service = service
        self.connection = connection
        self._news = News(woken, grown, BACKSTOP_SECONDS)
        self._patience = Patience()
        if not service.database.is_sqlite:
            # Made once: to make a statement takes the processor five times as long as to run it.
            self._pages_of = Prepared(service.database.relay_engine, self._pages_of_some())
            self._cursors_to = Prepared(service.database.relay_engine, self._cursors_of_some())

    def run(self, stop: threading.Event) -> None:
        """Relays until told to stop; a broker that is away is tried again."""
        while not stop.is_set():
            try:
                with Publisher(self.connection.clone(), exchange_of(self.service.name)) as publisher:
                    self._relay_until(stop, publisher)
            except Exception as error:  # noqa: BLE001 - the broker or the database is away: what is in the log stays there
                self._news.look_at_all()
                log().warning("relay.interrupted", **facts_of(error))
                stop.wait(RETRY_SECONDS)

    def _relay_until(self, stop: threading.Event, publisher: Publisher) -> None:
        while not stop.is_set():
            tenants = self._news.next()
            relayed = self.relay_once(publisher, tenants)
            self._news.looked(tenants, is_more=relayed >= PAGE or (tenants is None and relayed > 0))
            if not relayed:
                self._news.rest()
                publisher.keep_alive()

    def relay_once(self, publisher: Publisher, tenants: Collection[UUID] | None = None) -> int:
        """Publishes a page of each tenant that has news, of those named or of all; gives how many were confirmed."""
        chosen = [
            tenant
            for tenant in (self._with_news() if tenants is None else sorted(tenants))
            if not self._patience.is_waiting(tenant)
        ]
        return sum(
            self._relay(publisher, chosen[at : at + TENANTS_TOGETHER]) for at in range(0, len(chosen), TENANTS_TOGETHER)
        )

    def _with_news(self) -> Sequence[UUID]:
        with self.service.database.relay() as connection:
            return connection.scalars(self._behind().with_only_columns(heads.c.tenant)).all()

    def _behind(self) -> Select[Any]:
        """(tenant, cursor) of the tenants that have news."""
        after = func.coalesce(relay_cursors.c.number, 0)
        return (
            select(heads.c.tenant, after.label("number"))
            .outerjoin(relay_cursors, relay_cursors.c.tenant == heads.c.tenant)
            .where(heads.c.log == self.service.name, heads.c.public_number > after)
        )

    def _pages_of_some(self) -> Select[Any]:
        """A page of each of `tenants` that has news, with its cursor, in one statement (PostgreSQL)."""
        tenants = bindparam("tenants", type_=postgresql.ARRAY(Uuid))
        news = self._behind().where(heads.c.tenant == any_(tenants)).subquery("news")
        page = rows_from(news.c.tenant, news.c.number, PAGE).lateral("page")
        return select(page, news.c.number.label("cursor")).select_from(news.join(page, true()))

    def _cursors_of_some(self) -> Any:
        """Moves the cursor of each of `tenants` to the one of `numbers` (PostgreSQL)."""
        each = (
            func.unnest(
                bindparam("tenants", type_=postgresql.ARRAY(Uuid)),
                bindparam("numbers", type_=postgresql.ARRAY(BigInteger)),
            )
            .table_valued("tenant", "number")
            .render_derived()
        )
        return _moving(postgresql.insert(relay_cursors).from_select(["tenant", "number"], select(each))).returning(
            relay_cursors.c.tenant
        )

    def _relay(self, publisher: Publisher, tenants: Sequence[UUID]) -> int:
        try:
            pages = self._pages(tenants)
        except (ValueError, TypeError, AttributeError) as error:  # what is in a column can't be read: whose is it?
            if len(tenants) > 1:
                return sum(self._relay(publisher, [tenant]) for tenant in tenants)
            self._leave_alone(tenants[0], error)
            return 0
        messages: list[tuple[str, bytes]] = []
        reached: dict[UUID, int] = {}
        for tenant, page in pages.items():
            try:
                messages += [(row.type, self._message(row, previous)) for row, previous in page]
            except (ValueError, TypeError, AttributeError) as error:  # rows changed where they lie: the others go on
                self._leave_alone(tenant, error)
            else:
                self._patience.succeeded(tenant)
                reached[tenant] = page[-1][0].number
        if messages:
            publisher.publish(messages)
            self._move_cursors(reached)
            log().debug("relay.events_published", tenants=len(reached), count=len(messages))
        return len(messages)

    def _pages(self, tenants: Sequence[UUID]) -> dict[UUID, list[tuple[Any, bytes | None]]]:
        """Of each of these tenants that has news the next rows, in order, each with the hash of the one before it; on
        PostgreSQL in one statement.
        """
        cursors: dict[UUID, int] = {}
        found: dict[UUID, list[Any]] = {}
        if self.service.database.is_sqlite:
            with self.service.database.relay() as connection:
                behind = self._behind().where(heads.c.tenant.in_(tenants))
                cursors = {row.tenant: row.number for row in connection.execute(behind)}
                for tenant, number in cursors.items():
                    found[tenant] = list(connection.execute(rows_from(tenant, number, PAGE)))
        else:
            for row in self._pages_of.rows(tenants=list(tenants)):
                cursors[row.tenant] = row.cursor
                found.setdefault(row.tenant, []).append(row)
        pages = {
            tenant: chained(sorted(rows, key=lambda row: row.number), cursors[tenant], PAGE)
            for tenant, rows in found.items()
        }
        return {tenant: page for tenant, page in pages.items() if page}

    def _leave_alone(self, tenant: UUID, error: Exception) -> None:
        log().error("relay.tenant_failed", tenant=str(tenant), **facts_of(error))
        self._patience.failed(tenant)

    def _message(self, row: Any, previous: bytes | None) -> bytes:
        signed = signed_event(self.service.name, row, previous, self.service.signing_key)
        return json.dumps(signed, ensure_ascii=False).encode()

    def _move_cursors(self, reached: Mapping[UUID, int]) -> None:
        tenants = sorted(reached)
        if not self.service.database.is_sqlite:
            self._cursors_to.rows(tenants=tenants, numbers=[reached[tenant] for tenant in tenants])
            return
        rows = [{"tenant": tenant, "number": reached[tenant]} for tenant in tenants]
        with self.service.database.relay() as connection:
            connection.execute(_moving(sqlite.insert(relay_cursors).values(rows)))


def _moving(insert: Any) -> Any:
    return insert.on_conflict_do_update(index_elements=["tenant"], set_={"number": insert.excluded.number})
