"""What may be asked of reports. `report` is the id that `receive_report` answered with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.reports.domain.values import (
    Accused,
    Channel,
    Child,
    Informant,
    Kind,
    Place,
    Source,
    Timing,
    Urgency,
    WallReason,
)
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class ReceiveReport(Command):
    """Somebody reports a fact or a suspicion, or staff enter it for them (REP-01, REP-05)."""

    source: Source
    channel: Channel
    description: str = field(repr=False)
    place: Place | None = None
    kinds: tuple[Kind, ...] = ()
    child: Child | None = field(default=None, repr=False)
    accused: tuple[Accused, ...] = field(default=(), repr=False)
    immediate_danger: bool = False
    timing: Timing = Timing.UNKNOWN
    happened_at: datetime | None = None
    happened_text: str = field(default="", repr=False)
    on_behalf: bool = False
    informant: Informant | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class WallOffPerson(Command):
    """Keep `person` away; `accused` is the index of the one complained of who it turned out to be (REP-02)."""

    report: UUID
    person: UUID
    reason: WallReason = WallReason.ACCUSED
    accused: int | None = None


@dataclass(frozen=True, kw_only=True)
class TakeUrgentAction(Command):
    """Say what was done at once and which kinds of agency were told (REP-08)."""

    report: UUID
    what: str = field(repr=False)
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TriageReport(Command):
    """Judge what it is, how urgent, and who should verify it."""

    report: UUID
    kinds: tuple[Kind, ...]
    urgency: Urgency
    immediate_danger: bool = False
    note: str = field(default="", repr=False)
    owner: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class BeginVerification(Command):
    """Take or give the verification; without `owner` the one proposed at triage, or else whoever asks (REP-06)."""

    report: UUID
    owner: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RecordVerificationStep(Command):
    """Say what was done to find out, and what was found (REP-06)."""

    report: UUID
    what: str = field(repr=False)
    finding: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ConfirmReport(Command):
    """It is a fact: it joins `cases`, or opens `count_of_cases` new ones (one where nothing is said) (REP-07)."""

    report: UUID
    reasons: str = field(repr=False)
    kinds: tuple[Kind, ...]
    place: Place | None = None
    cases: tuple[UUID, ...] = ()
    count_of_cases: int | None = None


@dataclass(frozen=True, kw_only=True)
class NotConfirmReport(Command):
    """It was checked and is no fact (REP-06)."""

    report: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LeaveReportOutOfScope(Command):
    """It is nothing for this service (REP-06)."""

    report: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class OpenReporterIdentity(Command):
    """Be told who reported, for a reason (REP-04)."""

    report: UUID
    reason: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LinkCase(Command):
    """A case was opened because of this report."""

    report: UUID
    case: UUID


@dataclass(frozen=True, kw_only=True)
class JoinCaseTeam(Command):
    """Somebody joined the team of a case."""

    case: UUID
    person: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class LeaveCaseTeam(Command):
    """Somebody left the team of a case."""

    case: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class WallOffFromCase(Command):
    """By policy: whoever is walled off from a case is, from all its reports (REP-02)."""

    case: UUID
    persons: tuple[UUID, ...]
