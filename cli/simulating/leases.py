"""The database's advisory locks, by which processes find out who leads a role, and sessions that are lost."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import OperationalError

from cli.simulating.schedule import Process, Schedule


def away() -> OperationalError:
    """What SQLAlchemy raises where the database does not answer."""
    return OperationalError("", None, ConnectionError())


class Leases:
    """The locks of one service's database: the session that holds each role's."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.held: dict[str, Session] = {}
        self.sessions: list[Session] = []

    def lose(self) -> None:
        """Cuts every session from here: the database frees their locks at once, their owners have not noticed."""
        for session in self.sessions:
            session.is_lost = True
        self.sessions.clear()
        self.held.clear()


class AsLeader:
    """A process's way to the locks of its service's database, where `lead` expects a database."""

    is_sqlite = False

    def __init__(self, leases: Leases, process: Process) -> None:
        self._leases = leases
        self._process = process

    def leader_connection(self) -> Session:
        """A session of its own; it ends with the process."""
        session = Session(self._leases)
        self._leases.sessions.append(session)
        self._process.when_killed.append(session.invalidate)
        return session


class Session:
    """A connection as far as `lead` uses one."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self.is_lost = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.invalidate()

    def execution_options(self, **_: Any) -> Self:
        """As SQLAlchemy's; each statement here is by itself anyway."""
        return self

    def scalar(self, _: Any, values: Mapping[str, Any]) -> bool:
        """Tries to take the role's lock."""
        role = str(values["role"])
        self._ask(f"lock of {role}")
        if self._leases.held.get(role, self) is not self:
            return False
        self._leases.held[role] = self
        return True

    def execute(self, _: Any) -> None:
        """Asks whether the session is still there."""
        self._ask("lock kept")

    def invalidate(self) -> None:
        """Ends the session, and its locks with it."""
        self._leases.held = {role: one for role, one in self._leases.held.items() if one is not self}
        if self in self._leases.sessions:
            self._leases.sessions.remove(self)

    def _ask(self, label: str) -> None:
        self._leases.schedule.step(label)
        if self.is_lost:
            raise away()
