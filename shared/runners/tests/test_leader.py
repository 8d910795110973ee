"""One of several processes has a role; another takes over when its database session ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from shared.ledger.database import Database
from shared.runners.leader import lead
from shared.testing.toy_services import ToyHouse
from shared.testing.waiting import wait_until

Run = Callable[[Callable[[threading.Event], None]], threading.Thread]
LOCKS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def wait_for_the_end(stop: threading.Event) -> None:
    """Works until it is told to stop."""
    stop.wait()


def held_locks(database: Database) -> int:
    """How many leaders' locks are held in this database."""
    with database.autocommit() as connection:
        return connection.scalar(LOCKS) or 0


class TestALeader:
    def test_is_alone(self, postgres_toys: ToyHouse, running_threads: Run) -> None:
        """Of five that want to lead, one does; another role is another lock."""
        database = postgres_toys.alpha.parts.database
        leading: list[str] = []

        def wants(role: str) -> None:
            def run(stop: threading.Event) -> None:
                leading.append(role)
                stop.wait()

            running_threads(lambda stop: lead(database, role, stop, run))

        for role in ("relay", "relay", "relay", "relay", "relay", "clock"):
            wants(role)
        wait_until(lambda: sorted(leading) == ["clock", "relay"], 60, "one leader for each role")
        wait_until(lambda: held_locks(database) == 2, 60, "two locks")
        assert sorted(leading) == ["clock", "relay"]

    def test_hands_over_at_once_when_it_is_told_to_stop(self, postgres_toys: ToyHouse, running_threads: Run) -> None:
        """Its lock ends with its lead, though its process and its connections live on."""
        database = postgres_toys.alpha.parts.database
        stop = threading.Event()
        thread = threading.Thread(target=lambda: lead(database, "relay", stop, wait_for_the_end))
        thread.start()
        wait_until(lambda: held_locks(database) == 1, 60, "the first to lead")
        stop.set()
        thread.join(10)
        wait_until(lambda: held_locks(database) == 0, 60, "the lock to be let go of")
        successor = threading.Event()

        def succeed(mine: threading.Event) -> None:
            successor.set()
            mine.wait()

        running_threads(lambda end: lead(database, "relay", end, succeed))
        assert successor.wait(5)

    def test_whose_work_ended_leads_again(self, postgres_toys: ToyHouse, running_threads: Run) -> None:
        """A runner that came to an end is started anew; no lock is left over that nobody has."""
        database = postgres_toys.alpha.parts.database
        begun: list[Any] = []

        def run(stop: threading.Event) -> None:
            begun.append(stop)
            if len(begun) > 1:
                stop.wait()

        running_threads(lambda stop: lead(database, "clock", stop, run))
        wait_until(lambda: len(begun) == 2, 60, "the second beginning")
        assert held_locks(database) == 1

    def test_is_told_to_stop_when_its_session_is_gone(self, postgres_toys: ToyHouse, running_threads: Run) -> None:
        """A killed session is a lost lead: the work stops before anybody else's begins twice."""
        database = postgres_toys.alpha.parts.database
        told = threading.Event()
        begun: list[threading.Event] = []

        def run(stop: threading.Event) -> None:
            begun.append(stop)
            stop.wait()
            told.set()

        running_threads(lambda stop: lead(database, "relay", stop, run))
        wait_until(lambda: begun, 60, "it to lead")
        with database.autocommit() as connection:
            connection.execute(text(str(LOCKS).replace("count(*)", "pg_terminate_backend(pid)")))
        assert told.wait(5)

    def test_leads_again_when_its_work_broke(self, toys: ToyHouse, running_threads: Run) -> None:
        """Whatever its work raises: nobody else would do it, and nobody would notice."""
        begun: list[threading.Event] = []

        def run(stop: threading.Event) -> None:
            begun.append(stop)
            if len(begun) == 1:
                raise LookupError("Ұлдана")
            stop.wait()

        running_threads(lambda stop: lead(toys.alpha.parts.database, "clock", stop, run))
        wait_until(lambda: len(begun) == 2, 60, "the second beginning")

    def test_whose_machine_lost_its_power_is_noticed_by_the_server(
        self, postgres_toys: ToyHouse, running_threads: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its lock would else live for two hours: the server asks after an idle session within seconds."""
        database = postgres_toys.alpha.parts.database
        sessions: list[Connection] = []
        leading = threading.Event()
        connect = database.leader_connection

        def connection() -> Connection:
            sessions.append(connect())
            return sessions[-1]

        def run(stop: threading.Event) -> None:
            leading.set()
            stop.wait()

        monkeypatch.setattr(database, "leader_connection", connection)
        running_threads(lambda stop: lead(database, "relay", stop, run))
        assert leading.wait(5)
        (idle,) = sessions[0].exec_driver_sql("SHOW tcp_keepalives_idle").one()
        assert 0 < int(idle) <= 10

    def test_of_a_home_is_whoever_has_it(self, sqlite_toys: ToyHouse) -> None:
        """On SQLite there is one process, and nothing to lock."""
        ran: list[threading.Event] = []
        stop = threading.Event()
        lead(sqlite_toys.alpha.parts.database, "relay", stop, ran.append)
        assert ran == [stop]
