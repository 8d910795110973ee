"""What other services tell us, only the fields that are used here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ProblemBehaviourReported:
    """A report tells of problem behaviour; it keeps `walled` away, and who holds one of `walled_roles`."""

    report: UUID
    walled: Sequence[UUID] = ()
    walled_roles: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class SchoolRegistered:
    """There is a school."""


@dataclass(frozen=True, kw_only=True)
class MatterHeardOf:
    """There is a report or a case, and it keeps `walled` away, and from now on who holds one of `walled_roles`.

    None: nothing is said of roles, and those known stay.
    """

    matter: UUID
    walled: Sequence[UUID]
    walled_roles: Sequence[str] | None = None
