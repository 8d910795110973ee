"""Keeps a service's runners out while its logs are restored, and finds out whether they are at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import text

from shared.ledger.database import Database

LED = ("relay", "follower", "filler", "clock")


class ServiceAtWorkError(Exception):
    """A process of the service holds the lead of this role."""


@contextmanager
def nobody_else_at_work(database: Database) -> Iterator[None]:
    """Holds the leads of all roles meanwhile; a home (SQLite) is locked as a whole. Raises ServiceAtWorkError."""
    with ExitStack() as held:
        for role in LED if not database.is_sqlite else ():
            held.enter_context(_lead(database, role))
        yield


@contextmanager
def _lead(database: Database, role: str) -> Iterator[None]:
    with database.leader_connection() as connection:
        try:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:role))"), {"role": role}):
                raise ServiceAtWorkError(role)
            yield
        finally:
            connection.invalidate()  # never back into the pool: the lock would live on in it
