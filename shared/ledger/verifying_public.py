"""The part of a log's verification that matches public rows with the events they are forms of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, func, select

from shared.ledger.database import Database
from shared.ledger.incarnation import LOG_RESTORED, generation_of, number_before
from shared.ledger.tables import heads, public_events
from shared.ledger.verifying_events import ERASED, PublicRow

PAGE = 1000


class Find(Protocol):
    """Notes a fault."""

    def __call__(self, position: int, code: str, *, detail: str = "") -> None:
        """`position` and `code` as in a Finding."""
        ...


class PublicCheck:
    """Goes through the public rows beside the events: numbers without gaps, each its event's and unchanged."""

    def __init__(self, database: Database, tenant: UUID, log: str, head: Any, find: Find) -> None:
        self._database = database
        self._tenant = tenant
        self._log = log
        self._head = head
        self._find = find
        self._rows = self._read()
        self._next = next(self._rows, None)
        self._number = 0
        self._incarnation: UUID | None = None
        self.seen = 0

    def meet(self, event: Row[Any], form: PublicRow | None, *, formed: bool) -> None:
        """Takes this event's public row, if there is one; `form` is what it should be, if known (`formed`)."""
        while self._next is not None and self._next.position < event.position:
            self._take(self._next, None)
        if self._next is None or self._next.position > event.position:
            if form is not None and form is not ERASED:
                self._find(event.position, "public_event_missing")
            return
        found = self._next
        self._take(found, event)
        if form is ERASED and _begins_incarnation(found):
            return  # numbers and ids only: they count the incarnations still
        if form is ERASED:
            form = PublicRow(ERASED.type, ERASED.body, found.happened_at)
        if formed and form != PublicRow(found.type, found.body, found.happened_at):
            self._find(event.position, "public_form_differs", detail=f"public number {found.number}")

    def close(self) -> None:
        """The public rows that are left, behind the last event, and the head's count of them."""
        while self._next is not None:
            self._take(self._next, None)
        if self._number < self._head.public_number:
            self._find(self._head.size, "public_number_missing", detail=f"public number {self._number + 1}")
        if self._incarnation not in (None, self._head.incarnation):
            self._find(self._head.size, "head_incarnation_differs")
        self._beyond_head()

    def _beyond_head(self) -> None:
        """Rows that the head does not count: no append put them there, and the relay would send them."""
        of_tenant = public_events.c.tenant == self._tenant
        counted = select(heads.c.public_number).where(heads.c.tenant == self._tenant, heads.c.log == self._log)
        last = func.coalesce(counted.scalar_subquery(), 0)
        chosen = select(public_events.c.position, public_events.c.number).where(
            of_tenant, (public_events.c.number > last) | (public_events.c.number < 1)
        )
        with self._database.tenant(self._tenant) as connection:
            for row in connection.execute(chosen.order_by(public_events.c.number)):
                self._find(row.position, "public_number_beyond_head", detail=f"public number {row.number}")

    def _take(self, row: Row[Any], event: Row[Any] | None) -> None:
        detail = f"public number {row.number}"
        self.seen += 1
        first = self._first_number(row)
        if row.number != first:
            self._find(row.position, "public_number_missing", detail=f"public number {first}")
        elif self._incarnation not in (None, row.incarnation) and not _begins_incarnation(row):
            self._find(row.position, "public_incarnation_differs", detail=detail)
        self._number, self._incarnation = row.number, row.incarnation
        if event is None:
            self._find(row.position, "public_event_without_event", detail=detail)
        else:
            if bytes(row.hash) != bytes(event.leaf_hash):
                self._find(row.position, "public_hash_differs", detail=detail)
            ours = (event.recorded_at, event.cause, event.correlation)
            if (row.recorded_at, row.cause, row.correlation) != ours:
                self._find(row.position, "public_columns_differ", detail=detail)
        self._next = next(self._rows, None)

    def _first_number(self, row: Row[Any]) -> int:
        """The number that must come now: the next, or the first of an incarnation that begins with this row."""
        if _begins_incarnation(row) and generation_of(row.number) > generation_of(self._number):
            return number_before(generation_of(row.number)) + 1
        return self._number + 1

    def _read(self) -> Iterator[Row[Any]]:
        number = 0
        while True:
            chosen = (
                select(public_events)
                .where(
                    public_events.c.tenant == self._tenant,
                    public_events.c.number > number,
                    public_events.c.number <= self._head.public_number,
                )
                .order_by(public_events.c.number)
                .limit(PAGE)
            )
            with self._database.tenant(self._tenant) as connection:
                page = connection.execute(chosen).all()
            yield from page
            if len(page) < PAGE:
                return
            number = page[-1].number


def _begins_incarnation(row: Row[Any]) -> bool:
    return bool(row.type.endswith(f".{LOG_RESTORED}"))
