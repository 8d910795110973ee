"""What may be asked about the risk group (SSS-06)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.monitoring.domain.values import Change, Child, LeavingReason, Level, Named, Nature, WallReason
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class EnterChild(Command):
    """Enter a child in the risk group; `report` and `case` are what led here, whose walls hold as well."""

    child: Child = field(repr=False)
    level: Level
    category: str
    reasons: str = field(repr=False)
    named: tuple[Named, ...] = field(default=(), repr=False)
    report: UUID | None = None
    case: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptProposal(EnterChild):
    """Enter the child of a proposal."""

    entry: UUID


@dataclass(frozen=True, kw_only=True)
class DeclineProposal(Command):
    """Say why the child of a proposal is not entered."""

    entry: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class WallOffFromEntry(Command):
    """Keep somebody away from an entry; `named` is the index of the one named who it turned out to be (REP-02)."""

    entry: UUID
    person: UUID
    reason: WallReason = WallReason.ACCUSED
    named: int | None = None


@dataclass(frozen=True, kw_only=True)
class InvolveWorker(Command):
    """Let somebody who works with the child know of the entry."""

    entry: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class ReleaseWorker(Command):
    """End that."""

    entry: UUID
    person: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AddMeasure(Command):
    """Decide on a measure; its owner works with the child."""

    entry: UUID
    what: str = field(repr=False)
    nature: Nature
    owner: UUID
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class FinishMeasure(Command):
    """Say what came of a measure."""

    entry: UUID
    number: int
    result: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NoteBehaviour(Command):
    """Note how behaviour changes, between reviews."""

    entry: UUID
    change: Change
    observed: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ReviewEntry(Command):
    """Look at the whole entry."""

    entry: UUID
    change: Change
    findings: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LeaveGroup(Command):
    """End the child's time in the group."""

    entry: UUID
    reason: LeavingReason
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ProposeEntry(Command):
    """By policy: problem behaviour was reported (REP-01)."""

    report: UUID
    walled: tuple[UUID, ...] = ()
    walled_roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HearOfMatter(Command):
    """By policy: there is a report or a case; whom it keeps away sees no entry that came of it (REP-02)."""

    matter: UUID
    persons: tuple[UUID, ...]
    roles: tuple[str, ...] | None = None
