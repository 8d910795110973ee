"""What `cases` tells us, only the fields that are used here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class CaseOpened:
    """A report led to a case, which keeps `walled` away."""

    case: UUID
    report: UUID
    walled: Sequence[UUID] = ()


@dataclass(frozen=True, kw_only=True)
class CaseWalled:
    """A case keeps more people away: another report joined it, or somebody turned out to be complained of."""

    case: UUID
    walled: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class TeamMemberJoined:
    """Somebody may now know of the case, and so of the reports that led to it."""

    case: UUID
    person: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class TeamMemberLeft:
    """Somebody may not any more."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class DestructionApproved:
    """`cases.destruction_approved.v1`: two persons destroy a case; `streams` are ours."""

    erasure: UUID
    streams: Sequence[UUID]
    rule: str
    requested_by: UUID
    approved_by: UUID
