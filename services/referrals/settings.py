"""What the partner edge is told from outside; the rest of the service needs no settings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True)
class PartnerSettings:
    """Where the partners' broker is, and where our keys for them lie; `broker` names no virtual host."""

    broker: str
    keys: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], home: Path) -> Self:
        """QORGAN_PARTNER_AMQP_URL and QORGAN_PARTNER_KEYS; without them the in-process broker and the home's folder."""
        return cls(
            broker=environment.get("QORGAN_PARTNER_AMQP_URL", "memory://"),
            keys=Path(environment.get("QORGAN_PARTNER_KEYS", home / "keys" / "partners")),
        )
