"""The rules of the risk journal (RSK-06)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from services.monitoring.domain import errors
from services.monitoring.domain.values import Subject, Tendency, TripState

if TYPE_CHECKING:
    from services.monitoring.domain.risk import Risk
    from services.monitoring.domain.trip import Trip


def risk_is_open(risk: Risk) -> None:
    """A risk that was closed is noted anew."""
    if risk.is_closed:
        raise errors.RiskClosedError


def subject_is_told(subject: Subject, tendency: Tendency | None, trip: UUID | None) -> None:
    """Of children it is said what they may do or meet, of a trip which one, and of nothing else (RSK-06)."""
    if (subject is Subject.CHILDREN) != (tendency is not None) or (subject is Subject.TRIP) != (trip is not None):
        raise errors.SubjectMisstatedError(subject=subject.value)


def trip_is_planned(trip: Trip) -> None:
    """A trip is held once, or called off."""
    if trip.state is not TripState.PLANNED:
        raise errors.TripNotPlannedError(state=trip.state.value)


def trip_takes_place(trip: Trip) -> None:
    """Risks are of trips that are planned or were held."""
    if trip.state is TripState.CALLED_OFF:
        raise errors.TripNotPlannedError(state=trip.state.value)


def all_areas_are_looked_at(areas: Collection[str], demanded: Collection[str]) -> None:
    """A review looks at all that the policy names (RSK-06)."""
    missing = sorted(set(demanded) - set(areas))
    if missing:
        raise errors.AreasMissingError(missing=missing)
