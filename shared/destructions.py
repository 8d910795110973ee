"""Commands about how long a matter is kept, and its destruction by two persons; no framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class RequestDestruction(Command):
    """Asks that a matter be destroyed; `basis` names the law where its time is not over."""

    stream: UUID
    basis: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ApproveDestruction(Command):
    """Another person agrees; the clock carries it out."""

    erasure: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceHold(Command):
    """Keeps a matter whatever its time."""

    stream: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LiftHold(Command):
    """Ends that."""

    stream: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class DestroyAlong(Command):
    """By policy: what belongs here to another service's matter that two persons destroyed."""

    erasure: UUID
    streams: Sequence[UUID]
    rule: str
    requested_by: UUID
    approved_by: UUID
