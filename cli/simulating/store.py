"""The simulated store: a service's real tables and SQL, on SQLite in memory, in which every commit may be the last act.

Transactions do not overlap: each task has the next turn only before its transaction and after it. A process that is
killed before the commit leaves nothing, after it everything but its own knowledge that it was done. The driver's copies
of the whole database serve as the older copies that are restored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from cli.simulating.lean import Lean
from cli.simulating.leases import away
from cli.simulating.schedule import Process, Schedule
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.runners.parts import ServiceParts

Tell = Callable[[str, str, UUID | None], None]


class Store:
    """One service's database in memory; used again by run after run."""

    def __init__(self, parts: ServiceParts) -> None:
        self.database = Database("sqlite://")
        install_sqlite(self.database, parts.metadata)
        with self.database.service_engine.connect() as connection:
            self.raw: Any = connection.connection.driver_connection
        self.is_lean = True
        self._lean = Lean(self.database, self.raw)
        self._empty = self.copy()

    def transaction(self, role: str, tenant: UUID | None) -> AbstractContextManager[Any]:
        """A transaction of a role: past SQLAlchemy's own connections, unless `is_lean` is taken away."""
        if self.is_lean:
            return self._lean.transaction(of_tenant=tenant is not None)
        if tenant is not None:
            return self.database.tenant(tenant)
        return self.database.relay() if role == "relay" else self.database.clock()

    def copy(self) -> bytes:
        """All of it as it is now."""
        copied: bytes = self.raw.serialize()
        return copied

    def put_back(self, copy: bytes | None = None) -> None:
        """All of it as it was in a copy, or empty."""
        self.raw.deserialize(copy if copy is not None else self._empty)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Rows as they lie there, past everything that a service would use; for those who watch."""
        found: list[Any] = self.raw.execute(statement, values).fetchall()
        return found


class Troubles:
    """What befalls a process at its durable steps; without faults, nothing."""

    def befall(self, process: Process, label: str) -> None:
        """Perhaps ends the process here. Raises KilledError."""

    def linger(self, process: Process) -> None:
        """Perhaps has the process stand still for a while, before its next step."""

    def is_away(self, process: Process, label: str) -> bool:
        """Whether the database gives no answer here."""
        return False


class SimulatedDatabase(Database):
    """A store as one process sees it."""

    def __init__(self, store: Store, schedule: Schedule, process: Process, troubles: Troubles, committed: Tell) -> None:
        self.url = store.database.url
        self.is_sqlite = True
        self._store = store
        self._schedule = schedule
        self._process = process
        self._troubles = troubles
        self._committed = committed

    @contextmanager
    def tenant(self, tenant: UUID) -> Iterator[Connection]:
        """As Database.tenant."""
        with self._durable("tenant", tenant) as connection:
            yield connection

    @contextmanager
    def relay(self) -> Iterator[Connection]:
        """As Database.relay."""
        with self._durable("relay") as connection:
            yield connection

    @contextmanager
    def clock(self) -> Iterator[Connection]:
        """As Database.clock."""
        with self._durable("clock") as connection:
            yield connection

    @contextmanager
    def _durable(self, role: str, tenant: UUID | None = None) -> Iterator[Connection]:
        schedule, troubles, process = self._schedule, self._troubles, self._process
        troubles.linger(process)
        schedule.step(f"begin as {role}")
        if troubles.is_away(process, "begin"):
            raise away()
        raw = self._store.raw
        changes = raw.total_changes
        try:
            with self._store.transaction(role, tenant) as connection:
                schedule.in_transaction = True
                yield connection
                if has_written := raw.total_changes != changes:
                    troubles.befall(process, "before commit")
                    if troubles.is_away(process, "commit"):
                        raise away()
        finally:
            schedule.in_transaction = False
        if has_written:
            schedule.note("committed")
            self._committed(process.service, role, tenant)
            troubles.befall(process, "after commit")
            schedule.step("after commit")
            if troubles.is_away(process, "committed"):
                raise away()

    def dispose(self) -> None:
        """The store is used again."""
