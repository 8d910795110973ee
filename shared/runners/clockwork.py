"""The clock runner: says of each duty whose time has passed that it was missed, once, in order, also after a stop."""

from __future__ import annotations

import threading

from sqlalchemy import select

from shared.domain import Actor, DomainError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.recorder import microseconds
from shared.ledger.tables import due
from shared.logging import facts_of, log
from shared.runners.parts import ServiceApp

TICK_SECONDS = 0.25
PAGE = 500


class Clockwork:
    """Watches one service's duties; one is active at a time (leader lock)."""

    def __init__(self, service: ServiceApp) -> None:
        self.service = service
        self._said: set[tuple[object, ...]] = set()

    def run(self, stop: threading.Event) -> None:
        """Watches until told to stop."""
        while not stop.is_set():
            try:
                self.tick()
            except Exception as error:  # tried again at the next tick
                log().warning("clock.interrupted", **facts_of(error))
            stop.wait(TICK_SECONDS)

    def tick(self) -> int:
        """Sends `MissDeadline` for every duty past its time, the oldest first; gives how many were sent."""
        chosen = (
            select(due)
            .where(due.c.due_at <= microseconds(self.service.clock.now()))
            .order_by(due.c.due_at)
            .limit(PAGE)
        )
        with self.service.database.clock() as connection:
            rows = [tuple(row) for row in connection.execute(chosen)]
        unsaid = [row for row in rows if row not in self._said]
        self._said.intersection_update(rows)
        for row in unsaid:
            tenant, stream, duty, step, due_at, *_ = row
            command = MissDeadline(
                tenant=tenant,
                command_id=derived_id(stream, "missed", duty, str(step), str(due_at)),
                by=Actor(id=f"clock:{self.service.name}"),
                stream=stream,
                duty=duty,
                step=step,
            )
            if self._miss(command):
                self._said.add(row)
        return len(unsaid)

    def _miss(self, command: MissDeadline) -> bool:
        """Sends the command; whether that is settled (a refusal settles it, a failure is tried again)."""
        try:
            self.service.application.execute(command)
            log().info("clock.deadline_missed", tenant=str(command.tenant), duty=command.duty, step=command.step)
        except DomainError as refusal:
            log().info("clock.duty_no_longer_open", duty=command.duty, code=refusal.code)
        except Exception as error:  # one duty's trouble is not the others'
            log().error("clock.duty_failed", tenant=str(command.tenant), duty=command.duty, **facts_of(error))
            return False
        return True
