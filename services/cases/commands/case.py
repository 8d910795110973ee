"""Asked of a case at its beginning and its end; `CaseCommand` is what every command on one case has in common."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.cases.domain.values import ConfirmedReport, Duty
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class OpenCase(Command):
    """By policy: enter a confirmed report in the register (REP-07)."""

    report: ConfirmedReport


@dataclass(frozen=True, kw_only=True)
class LinkReport(Command):
    """By policy: join a report of the same events; where that case can't take it, a new one is opened."""

    case: UUID
    report: ConfirmedReport


@dataclass(frozen=True, kw_only=True)
class CaseCommand(Command):
    """Something asked of one case."""

    case: UUID


@dataclass(frozen=True, kw_only=True)
class WallOffPerson(CaseCommand):
    """By policy: keep a person away whom a report of the case walls off since it was confirmed (REP-02)."""

    person: UUID
    report: UUID


@dataclass(frozen=True, kw_only=True)
class CloseCase(CaseCommand):
    """Close (PLN-05)."""

    meeting: UUID


@dataclass(frozen=True, kw_only=True)
class ReopenCase(CaseCommand):
    """Take a closed case up again (PLN-06)."""

    reason: str
    report: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WaiveDuty(CaseCommand):
    """Decide not to act on a duty this time, with reason and best interests; its ladder ends (RSK-07)."""

    duty: Duty
    reason: str
    best_interests: str


@dataclass(frozen=True, kw_only=True)
class NoteNewFacts(CaseCommand):
    """By policy: whoever reported said more (RSK-05)."""

    report: UUID
