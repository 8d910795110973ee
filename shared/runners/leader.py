"""One active runner per service and role: the others wait for its lock, which ends with its database session."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import text

from shared.ledger.database import Database
from shared.logging import facts_of, log

TRY_AGAIN_SECONDS = 1.0
# A machine that loses its power says no farewell: by its defaults the server would keep its lock for two hours.
LOSE_THE_DEAD = text(
    "SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '20000', false)"
)


def lead(database: Database, role: str, stop: threading.Event, run: Callable[[threading.Event], None]) -> None:
    """Calls `run` while this process is the leader of `role`; a home (SQLite) belongs to one process anyway.

    `run` is told to stop when the lock's connection is lost, and another process may then take over.
    """
    while not stop.is_set():
        try:
            if database.is_sqlite:
                run(stop)
                return
            _lead_by_lock(database, role, stop, run)
        except Exception as error:  # noqa: BLE001 - the database is away: try to lead again
            log().warning("leader.interrupted", role=role, **facts_of(error))
        stop.wait(TRY_AGAIN_SECONDS)


def _lead_by_lock(database: Database, role: str, stop: threading.Event, run: Callable[[threading.Event], None]) -> None:
    with database.leader_connection() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:role))"), {"role": role}):
            return
        connection.execute(LOSE_THE_DEAD)
        log().info("leader.took_over", role=role)
        mine = threading.Event()
        runner = threading.Thread(target=_run, args=(role, mine, run), name=role, daemon=True)
        runner.start()
        try:
            while not stop.wait(TRY_AGAIN_SECONDS) and runner.is_alive():
                connection.execute(text("SELECT 1"))
        finally:
            mine.set()
            runner.join(timeout=30)
            connection.invalidate()  # never back into the pool: the lock would live on in it, led by nobody


def _run(role: str, stop: threading.Event, run: Callable[[threading.Event], None]) -> None:
    try:
        run(stop)
    except Exception as error:  # noqa: BLE001 - a thread's own report would show its text; the lead ends with it
        log().critical("leader.role_failed", role=role, **facts_of(error))
