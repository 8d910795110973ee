"""How lists are read."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from services.monitoring.application import MonitoringApplication
from shared.domain import FirstEvent
from shared.ledger.application import TenantLedger

MOST_ROWS = 500


def rows_of(application: MonitoringApplication, tenant: UUID, chosen: Select[Any]) -> list[dict[str, Any]]:
    """Rows of the tenant's read models."""
    with application.read(tenant) as connection:
        return [_in_utc(dict(row)) for row in connection.execute(chosen).mappings()]


def history_of(ledger: TenantLedger, stream: UUID) -> list[dict[str, Any]]:
    """What happened in a stream, oldest first: [{"at", "by", "event", "facts"}]."""
    return [
        {"at": event.timestamp, "by": event.actor, "event": event.TOPIC, "facts": _facts(event)}
        for _, event in ledger.events(stream)
    ]


_ENVELOPE = {field.name for field in fields(FirstEvent)} | {"actor"}


def _facts(event: Any) -> dict[str, Any]:
    """What an event says besides who, when and where it stands."""
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in _ENVELOPE}


def _in_utc(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its times in UTC: SQLite keeps no zone."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for name, value in row.items()
    }
