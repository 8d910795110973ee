"""What may be asked about the risk journal (RSK-06)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.monitoring.domain.values import Degree, Subject, Tendency
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class NoteRisk(Command):
    """Enter a risk in the journal."""

    subject: Subject
    where: str = field(repr=False)
    risk: str = field(repr=False)
    likelihood: Degree
    consequence: Degree
    residual: Degree
    measures: str = field(repr=False)
    owner: UUID
    options: str = field(default="", repr=False)
    tendency: Tendency | None = None
    trip: UUID | None = None
    walk: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReassessRisk(Command):
    """Weigh a risk again."""

    risk: UUID
    watched: str = field(repr=False)
    likelihood: Degree
    consequence: Degree
    residual: Degree
    measures: str = field(repr=False)
    options: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class CloseRisk(Command):
    """Say why it is a risk no longer."""

    risk: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PlanTrip(Command):
    """Plan a trip."""

    destination: str = field(repr=False)
    starts_on: date
    ends_on: date
    group: str = field(repr=False)
    leader: UUID
    abroad: bool = False


@dataclass(frozen=True, kw_only=True)
class HoldTrip(Command):
    """Say what a trip showed."""

    trip: UUID
    happened: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class CallOffTrip(Command):
    """Say why it will not take place."""

    trip: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class TakeWalk(Command):
    """Put down what a walk through the surroundings found."""

    where: str = field(repr=False)
    taken_on: date
    walkers: tuple[UUID, ...] = ()
    found: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class ReviewJournal(Command):
    """Look at the whole journal."""

    areas: tuple[str, ...]
    findings: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OpenJournal(Command):
    """By policy: a school was registered."""
