"""The risk journal as rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.monitoring.domain.risk import Risk
from services.monitoring.domain.risk_journal import Walk
from services.monitoring.domain.trip import Trip
from services.monitoring.domain.values import TripState
from services.monitoring.projections.rows import change, put
from services.monitoring.read_models import risks, trips, walks

WEIGHED = ("likelihood", "consequence", "residual", "review_by")
NOTED = ("subject", "tendency", "trip", "walk", "owner", *WEIGHED)


def risk_noted(connection: Connection, tenant: UUID, event: Risk.Noted) -> None:
    """A row."""
    known = {name: getattr(event, name) for name in NOTED}
    put(connection, risks, tenant, {"risk": event.originator_id}, closed=False, **known)


def risk_reassessed(connection: Connection, tenant: UUID, event: Risk.Reassessed) -> None:
    """How it is weighed now."""
    known = {name: getattr(event, name) for name in WEIGHED}
    change(connection, risks, tenant, {"risk": event.originator_id}, **known)


def risk_closed(connection: Connection, tenant: UUID, event: Risk.Closed) -> None:
    """None any more."""
    change(connection, risks, tenant, {"risk": event.originator_id}, closed=True)


def trip_planned(connection: Connection, tenant: UUID, event: Trip.Planned) -> None:
    """A row."""
    put(
        connection,
        trips,
        tenant,
        {"trip": event.originator_id},
        state=TripState.PLANNED.value,
        abroad=event.abroad,
        starts_on=date.fromisoformat(event.starts_on),
        ends_on=date.fromisoformat(event.ends_on),
        leader=event.leader,
        assess_by=event.assess_by,
        assessed=False,
    )


def trip_assessed(connection: Connection, tenant: UUID, event: Trip.Assessed) -> None:
    """Its risks are in the journal."""
    change(connection, trips, tenant, {"trip": event.originator_id}, assessed=True)


def trip_held(connection: Connection, tenant: UUID, event: Trip.Held) -> None:
    """It took place."""
    change(connection, trips, tenant, {"trip": event.originator_id}, state=TripState.HELD.value)


def trip_called_off(connection: Connection, tenant: UUID, event: Trip.CalledOff) -> None:
    """It will not."""
    change(connection, trips, tenant, {"trip": event.originator_id}, state=TripState.CALLED_OFF.value)


def walk_taken(connection: Connection, tenant: UUID, event: Walk.Taken) -> None:
    """A row."""
    known = {"taken_on": date.fromisoformat(event.taken_on), "found": len(event.found)}
    put(connection, walks, tenant, {"walk": event.originator_id}, **known)


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    Risk.Noted.TOPIC: risk_noted,
    Risk.Reassessed.TOPIC: risk_reassessed,
    Risk.Closed.TOPIC: risk_closed,
    Trip.Planned.TOPIC: trip_planned,
    Trip.Assessed.TOPIC: trip_assessed,
    Trip.Held.TOPIC: trip_held,
    Trip.CalledOff.TOPIC: trip_called_off,
    Walk.Taken.TOPIC: walk_taken,
}
