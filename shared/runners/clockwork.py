"""The clock runner: says of each duty whose time has passed that it was missed, once, in order, also after a stop.

What was refused is said again, more and more seldom, as long as the duty's row is there: the refusal may be of the
moment only, as by a wall clock that was put back between this reading of it and the aggregate's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select, tuple_

from shared.domain import Actor, DomainError, VersionConflictError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.recorder import microseconds
from shared.ledger.tables import due
from shared.logging import facts_of, log
from shared.runners.parts import ServiceApp
from shared.runners.patience import Patience

TICK_SECONDS = 0.25
PAGE = 500


class Clockwork:
    """Watches one service's duties; one is active at a time (leader lock)."""

    def __init__(self, service: ServiceApp) -> None:
        self.service = service
        self._said: set[tuple[Any, ...]] = set()
        self._patience = Patience()

    def run(self, stop: threading.Event) -> None:
        """Watches until told to stop."""
        while not stop.is_set():
            try:
                self.tick()
            except Exception as error:  # noqa: BLE001 - tried again at the next tick
                log().warning("clock.interrupted", **facts_of(error))
            stop.wait(TICK_SECONDS)

    def tick(self) -> int:
        """Sends `MissDeadline` for every duty past its time, the oldest first; gives how many were recorded."""
        passed: set[tuple[Any, ...]] = set()
        recorded = 0
        for row in self._past_their_time():
            passed.add(tuple(row))
            if tuple(row) not in self._said and not self._patience.is_waiting(tuple(row)):
                recorded += self._say(row)
        self._said &= passed
        return recorded

    def _past_their_time(self) -> Iterator[Row[Any]]:
        """Page by page: those that stay, being refused or failing, don't hide the others."""
        order = (due.c.due_at, due.c.tenant, due.c.stream, due.c.duty)
        chosen = select(due).where(due.c.due_at <= microseconds(self.service.clock.now())).order_by(*order).limit(PAGE)
        page = self._rows(chosen)
        while page:
            yield from page
            last = page[-1]
            behind = tuple_(*order) > (last.due_at, last.tenant, last.stream, last.duty)
            page = self._rows(chosen.where(behind)) if len(page) == PAGE else []

    def _rows(self, chosen: Any) -> list[Row[Any]]:
        with self.service.database.clock() as connection:
            return list(connection.execute(chosen))

    def _say(self, row: Row[Any]) -> bool:
        command = MissDeadline(
            tenant=row.tenant,
            command_id=derived_id(row.stream, "missed", row.duty, str(row.step), str(row.due_at)),
            by=Actor(id=f"clock:{self.service.name}"),
            stream=row.stream,
            duty=row.duty,
            step=row.step,
        )
        is_recorded = self._miss(command)
        if is_recorded:
            self._patience.succeeded(tuple(row))
            self._said.add(tuple(row))
        else:
            self._patience.failed(tuple(row))
        return is_recorded

    def _miss(self, command: MissDeadline) -> bool:
        """Sends the command; whether it is recorded, now or by somebody before."""
        try:
            self.service.application.execute(command)
        except VersionConflictError:  # others were quicker each time: it may hold all the same
            return False
        except DomainError as refusal:
            log().info("clock.duty_no_longer_open", duty=command.duty, code=refusal.code)
            return False
        except Exception as error:  # noqa: BLE001 - one duty's trouble is not the others'
            log().error("clock.duty_failed", tenant=str(command.tenant), duty=command.duty, **facts_of(error))
            return False
        log().info("clock.deadline_missed", tenant=str(command.tenant), duty=command.duty, step=command.step)
        return True
