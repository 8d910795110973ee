"""The shared test servers: where they are, and whether they can be used. Standard library only."""

from __future__ import annotations

import os

POSTGRES_URL = "QORGAN_TEST_POSTGRES_URL"
AMQP_URL = "QORGAN_TEST_AMQP_URL"


def postgres_url() -> str:
    """The PostgreSQL server's URL, superuser and maintenance database, from the environment or the usual local one."""
    return os.environ.get(POSTGRES_URL) or "postgresql://postgres@127.0.0.1:5432/postgres"


def amqp_url() -> str:
    """The broker's URL, from the environment or the usual local one."""
    return os.environ.get(AMQP_URL) or "amqp://guest:guest@127.0.0.1:5672/"
