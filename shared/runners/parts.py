"""What a service brings (`ServiceParts`) and what it becomes when it is built (`ServiceApp`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from shared.clock import Clock
from shared.duties import Change
from shared.ledger.application import LedgerApplication, LedgerParts
from shared.ledger.database import Database
from shared.signing import KeyRing, SigningKey

Projection = Callable[[Connection, UUID, Any], None]
Duty = Callable[[Any], Sequence[Change]]


@dataclass(frozen=True, kw_only=True)
class ServiceParts:
    """One service as its `bootstrap.py` exports it, before anything is opened."""

    name: str
    build: Callable[[LedgerParts], LedgerApplication]
    door: type[Any]
    listens_to: Sequence[str]
    metadata: MetaData
    duties: Mapping[str, Duty]
    projections: Mapping[str, Projection]


@dataclass(frozen=True, kw_only=True)
class ServiceApp:
    """One service, built: its application with its database, keys and clock.

    `heard_by` names the services that may pull its public events: those that list it in `listens_to`.
    """

    parts: ServiceParts
    application: LedgerApplication
    database: Database
    signing_key: SigningKey
    public_keys: KeyRing
    clock: Clock
    heard_by: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The service's name."""
        return self.parts.name

    @property
    def key_name(self) -> str:
        """The name that the service's signatures on checkpoints carry."""
        return self.signing_key.id
