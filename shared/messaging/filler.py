"""The filler: pulls from the source what a lane waits for. It runs beside the workers and never inside a handler.

At start and every now and then it asks each source for its heads, so that a lost last message is noticed too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import and_, delete, select

from shared.ledger.incarnation import generation_of
from shared.ledger.recorder import microseconds
from shared.ledger.tables import inbox, lanes, waiting_lanes
from shared.logging import facts_of, log
from shared.messaging.envelope import ForgedError, open_event
from shared.messaging.lanes import ALARM, Lanes, Outcome
from shared.messaging.pages import PAGE
from shared.runners.parts import ServiceApp
from shared.tokens import mint_service_token

TICK_SECONDS = 0.1
HEADS_EVERY_SECONDS = 10.0
DEADLINE_SECONDS = 3.0
SOURCE_SILENT = "source_silent"


class Rpc(Protocol):
    """Calls another service with a deadline."""

    def call(self, service: str, method: str, *args: Any, timeout: float) -> dict[str, Any]:
        """What the method's door answers; raises where no answer comes within `timeout` seconds."""
        ...


class SourceSilentError(Exception):
    """The source gave no answer."""


class SourceRefusedError(Exception):
    """The source answered this one question with a refusal."""


class Head(NamedTuple):
    """A tenant's last public event at its source, or as it was handled here: number, hash in hex, "" if not known."""

    number: int
    hash: str = ""

    def differs_from(self, other: Head) -> bool:
        """Whether one of them tells of an event that the other does not know."""
        return self.number != other.number or ("" not in (self.hash, other.hash) and self.hash != other.hash)


NOTHING = Head(0)


class Filler:
    """Fills the gaps in the lanes of one listening service."""

    def __init__(self, service: ServiceApp, lanes_: Lanes, rpc: Rpc) -> None:
        self.service = service
        self.lanes = lanes_
        self.rpc = rpc
        self._ask_again = 0.0

    def run(self, stop: threading.Event) -> None:
        """Fills until told to stop."""
        while not stop.is_set():
            try:
                if time.monotonic() >= self._ask_again:
                    self._ask_again = time.monotonic() + HEADS_EVERY_SECONDS
                    self.note_silent_gaps()
                if self.fill_once():
                    continue
            except Exception as error:  # noqa: BLE001 - tried again at the next tick
                log().warning("filler.interrupted", **facts_of(error))
            stop.wait(TICK_SECONDS)

    def note_silent_gaps(self) -> None:
        """Asks every source for its heads and writes down as waiting each lane that is behind.

        A head that lies behind what was handled, is gone, or is another event under the same number is looked at, too:
        that source was restored from an older copy.
        """
        for source in self.service.parts.listens_to:
            try:
                handled, heads = self._handled(source), self._heads(source)
                for tenant in heads | handled:
                    if handled.get(tenant, NOTHING).differs_from(heads.get(tenant, NOTHING)):
                        self.lanes.wait(tenant, source, "gap")
                self._forgive_silence(source)
            except (SourceSilentError, SourceRefusedError):
                log().warning("filler.source_silent", source=source)
                self._ask_again = time.monotonic() + 1.0

    def _forgive_silence(self, source: str) -> None:
        """Lanes that wait, perhaps minutes, because the source was silent are tried at once: it speaks again."""
        chosen = select(waiting_lanes.c.tenant).where(
            waiting_lanes.c.source == source, waiting_lanes.c.reason == SOURCE_SILENT
        )
        with self.service.database.relay() as connection:
            tenants = connection.scalars(chosen).all()
        for tenant in tenants:
            self.lanes.try_now(tenant, source, SOURCE_SILENT)

    def fill_once(self) -> bool:
        """Gives each lane whose time to be tried again has come a page; whether some lane has more to get."""
        now = microseconds(datetime.now(UTC))
        chosen = select(waiting_lanes).where(
            waiting_lanes.c.retry_at <= now, waiting_lanes.c.reason.not_like(ALARM + "%")
        )
        with self.service.database.relay() as connection:
            waiting: Sequence[Any] = connection.execute(chosen).all()
        silent: set[str] = set()
        more = False
        for row in waiting:
            tenant, source = row.tenant, row.source
            try:
                if source in silent:  # its deadline was waited for once this time
                    raise SourceSilentError
                more |= self._fill(row)
            except SourceSilentError:
                silent.add(source)
                self.lanes.wait(tenant, source, SOURCE_SILENT)
            except Exception as error:  # noqa: BLE001 - one lane's trouble is not the others'
                log().error("filler.lane_failed", tenant=str(tenant), source=source, **facts_of(error))
                self.lanes.wait(tenant, source, type(error).__name__)
        return more

    def _fill(self, waiting: Any) -> bool:
        """One page only, so that a lane far behind keeps no other waiting; whether there is more to get.

        The page begins with the last event handled, which must be there unchanged: else a source that was restored from
        an older copy, and has grown past the lane since, would be followed as if nothing had happened.
        """
        tenant, source = waiting.tenant, waiting.source
        number = self._number(tenant, source)
        page = self._pull(source, tenant, max(0, number - 1))
        if number and not page:
            self.lanes.stop(tenant, source, number, "source_went_back")
            return False
        if not number and page and self._begins_later(page[0], source):
            self.lanes.stop(tenant, source, number, "other_incarnation")
            return False
        for message in page:
            if self._take(message, source) in (Outcome.WAITING, Outcome.STOPPED):
                return False
        if len(page) < PAGE:
            self._end_waiting(waiting)
        return len(page) == PAGE

    def _begins_later(self, message: Any, source: str) -> bool:
        """Whether a source whose first event this is was restored from a copy that knew nothing of the tenant."""
        return generation_of(open_event(message, source, self.service.public_keys).heard.number) > 0

    def _end_waiting(self, waiting: Any) -> None:
        """Unless the lane came to wait for something else in the meantime."""
        with self.service.database.tenant(waiting.tenant) as connection:
            connection.execute(
                delete(waiting_lanes).where(
                    waiting_lanes.c.tenant == waiting.tenant,
                    waiting_lanes.c.source == waiting.source,
                    waiting_lanes.c.reason == waiting.reason,
                    waiting_lanes.c.attempts == waiting.attempts,
                    waiting_lanes.c.retry_at == waiting.retry_at,
                )
            )

    def _take(self, message: Any, source: str) -> Outcome:
        try:
            return self.lanes.take(open_event(message, source, self.service.public_keys))
        except ForgedError:
            log().error("filler.message_refused", source=source, reason="forged")
            raise

    def _number(self, tenant: UUID, source: str) -> int:
        chosen = select(lanes.c.number).where(lanes.c.tenant == tenant, lanes.c.source == source)
        with self.service.database.tenant(tenant) as connection:
            return connection.scalar(chosen) or 0

    def _handled(self, source: str) -> dict[UUID, Head]:
        of_last = and_(
            inbox.c.tenant == lanes.c.tenant, inbox.c.source == lanes.c.source, inbox.c.number == lanes.c.number
        )
        chosen = select(lanes.c.tenant, lanes.c.number, inbox.c.hash).outerjoin(inbox, of_last)
        with self.service.database.relay() as connection:
            rows = connection.execute(chosen.where(lanes.c.source == source)).all()
        return {row.tenant: Head(row.number, bytes(row.hash or b"").hex()) for row in rows}

    def _pull(self, source: str, tenant: UUID, after: int) -> list[Any]:
        page: list[Any] = self._ask(source, "pull", str(tenant), after, PAGE)
        return page

    def _heads(self, source: str) -> dict[UUID, Head]:
        found: dict[UUID, Head] = {}
        after: str | None = None
        while True:
            page = self._ask(source, "heads", after)
            for tenant, *head in page:
                found[UUID(tenant)] = Head(*head)
            if len(page) < PAGE:
                return found
            after = page[-1][0]

    def _ask(self, source: str, method: str, *args: Any) -> Any:
        token = mint_service_token(
            self.service.signing_key,
            service=self.service.name,
            audience=source,
            method=method,
            cause=None,
            now=datetime.now(UTC),
        )
        try:
            answer = self.rpc.call(source, method, token, *args, timeout=DEADLINE_SECONDS)
        except Exception:  # noqa: BLE001 - whatever kept the answer away, the source is silent
            raise SourceSilentError from None
        if not answer.get("ok"):
            raise SourceRefusedError
        return answer["answer"]
