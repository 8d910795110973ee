"""What a process of the suite is told: by a home folder (embedded) or by the environment (distributed). Read once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environs import Env

from shared.messaging.transport import EMBEDDED_URL


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One frozen object. `database_url` has the places {role} and {database}; None means SQLite files in the home."""

    home: Path | None
    keys_folder: Path
    broker_url: str
    database_url: str | None = None
    database_prefix: str = "qorgan"
    clock_file: Path | None = None
    partner_broker_url: str | None = None
    partner_private_addresses: bool = False
    smtp_url: str | None = None
    mail_from: str = "qorgan@localhost"
    public_url: str | None = None

    @property
    def is_embedded(self) -> bool:
        """Whether all services run in one process, on SQLite files in a home."""
        return self.database_url is None

    @property
    def data_folder(self) -> Path:
        """Where a home keeps its services' SQLite files. Raises ValueError where there is no home."""
        if self.home is None:
            raise ValueError("a distributed suite has no home")
        return self.home / "data"

    @classmethod
    def of_home(cls, home: Path) -> Settings:
        """The embedded suite of a home folder."""
        return cls(
            home=home, keys_folder=home / "keys", broker_url=EMBEDDED_URL, clock_file=home / "clock", **_outside(Env())
        )

    @classmethod
    def from_environment(cls) -> Settings:
        """The distributed suite: QORGAN_DATABASE_URL, QORGAN_AMQP_URL and QORGAN_KEYS, and where they are set
        QORGAN_DATABASE_PREFIX, QORGAN_CLOCK_FILE and QORGAN_PARTNER_AMQP_URL.

        Example: QORGAN_DATABASE_URL=postgresql+psycopg://{role}@db/{database} QORGAN_AMQP_URL=amqp://qorgan@mq//
        QORGAN_KEYS=/run/keys
        """
        env = Env()
        clock = env.str("QORGAN_CLOCK_FILE", None)
        return cls(
            home=None,
            keys_folder=Path(env.str("QORGAN_KEYS")),
            broker_url=env.str("QORGAN_AMQP_URL"),
            database_url=env.str("QORGAN_DATABASE_URL"),
            database_prefix=env.str("QORGAN_DATABASE_PREFIX", "qorgan"),
            clock_file=Path(clock) if clock else None,
            partner_broker_url=env.str("QORGAN_PARTNER_AMQP_URL", None),
            **_outside(env),
        )

    @classmethod
    def is_in_environment(cls) -> bool:
        """Whether the environment describes a distributed suite."""
        return Env().str("QORGAN_DATABASE_URL", None) is not None


def _outside(env: Env) -> dict[str, Any]:
    """How agencies without a broker are reached: QORGAN_SMTP_URL with QORGAN_PUBLIC_URL (where the gateway's pages are)
    and QORGAN_MAIL_FROM; QORGAN_PARTNER_PRIVATE_ADDRESSES lets webhooks of the city's own network be called.
    """
    return {
        "partner_private_addresses": env.bool("QORGAN_PARTNER_PRIVATE_ADDRESSES", False),
        "smtp_url": env.str("QORGAN_SMTP_URL", None),
        "mail_from": env.str("QORGAN_MAIL_FROM", "qorgan@localhost"),
        "public_url": env.str("QORGAN_PUBLIC_URL", None),
    }


def log_level() -> str:
    """How much the processes of a suite log: QORGAN_LOG_LEVEL, `info` or `debug`; personal data in neither."""
    return Env().str("QORGAN_LOG_LEVEL", "info").lower()
