"""What may be asked of reports. `report` is the id that `receive_report` answered with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.reports.domain.breach import BreachKind, BreachOutcome, SchoolRule
from services.reports.domain.values import (
    Accused,
    Body,
    Channel,
    Child,
    Duty,
    Informant,
    Kind,
    Method,
    Outcome,
    Place,
    Source,
    Timing,
    Urgency,
    WallReason,
)
from services.reports.domain.way_in import Contact
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class ReceiveReport(Command):
    """Somebody reports a fact or a suspicion, or staff enter it for them (REP-01, REP-05).

    `retry_secret` is the sender's own and kept nowhere: the receipt is made from it, so that sending the same once more
    tells the same receipt (docs/decisions/0011).
    """

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
    retry_secret: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class WallOffPerson(Command):
    """Keep `person` away; `accused` is the index of the one complained of who it turned out to be (REP-02)."""

    report: UUID
    person: UUID
    reason: WallReason = WallReason.ACCUSED
    accused: int | None = None


@dataclass(frozen=True, kw_only=True)
class WaiveDuty(Command):
    """Decide not to act on a duty of a report, with reason and best interests; its ladder ends (RSK-07)."""

    report: UUID
    duty: Duty
    reason: str = field(repr=False)
    best_interests: str = field(repr=False)


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
class WriteToReporter(Command):
    """Answer or ask whoever reported; they read it with their receipt (REP-03)."""

    report: UUID
    text: str = field(repr=False)
    asks: bool = False


@dataclass(frozen=True, kw_only=True)
class AddFacts(Command):
    """Say more to what one has reported, or answer the question with the number `answers` (REP-03)."""

    receipt: str = field(repr=False)
    text: str = field(repr=False)
    answers: int | None = None


@dataclass(frozen=True, kw_only=True)
class PutAttachmentPiece(Command):
    """Send one piece of a file, by `report` or by `receipt`; `attachment` is an id that its sender makes (REP-03)."""

    attachment: UUID
    number: int
    content: bytes = field(repr=False)
    report: UUID | None = None
    receipt: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class AddAttachment(Command):
    """Say that all `pieces` of a file were sent, and what its SHA-256 is (REP-03)."""

    attachment: UUID
    pieces: int
    sha256: str
    name: str = field(default="", repr=False)
    report: UUID | None = None
    receipt: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class TurnToBody(Command):
    """Say that one has turned to a competent body oneself (REP-10)."""

    report: UUID
    body: Body
    turned_at: datetime | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class JoinReports(Command):
    """Say that `other` is about the same events (REP-07)."""

    report: UUID
    other: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class KeepReportsApart(Command):
    """Say that `other` only looks alike (REP-07)."""

    report: UUID
    other: UUID
    reasons: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class NoteSign(Command):
    """Put down a sign that one noticed, and by which method (REP-09)."""

    method: Method
    sign: str = field(repr=False)
    child: Child | None = field(default=None, repr=False)
    kinds: tuple[Kind, ...] = ()
    place: Place | None = None
    noticed_at: datetime | None = None
    accused: tuple[Accused, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class ConsiderSignNote(Command):
    """Say what comes of a noted sign; `report` is what was filed because of it (REP-09)."""

    note: UUID
    outcome: Outcome
    reasons: str = field(repr=False)
    report: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReportBreach(Command):
    """Say that somebody suffers for a report, or that something confidential was told on (REP-04, REP-12)."""

    kind: BreachKind
    description: str = field(repr=False)
    happened_on: date | None = None
    accused: tuple[Accused, ...] = field(default=(), repr=False)
    report: UUID | None = None
    receipt: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class WallOffFromBreach(Command):
    """Keep `person` away; `accused` is the index of the one complained of who it turned out to be (REP-02)."""

    breach: UUID
    person: UUID
    accused: int | None = None


@dataclass(frozen=True, kw_only=True)
class AppointBreachOwner(Command):
    """Say who looks into it."""

    breach: UUID
    owner: UUID


@dataclass(frozen=True, kw_only=True)
class TakeBreachStep(Command):
    """Say what was done, to find out or so that it stops, and what was found."""

    breach: UUID
    what: str = field(repr=False)
    finding: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class EndBreach(Command):
    """Say whether it was so; then with the consequence that the school's rule had set beforehand (REP-12)."""

    breach: UUID
    outcome: BreachOutcome
    reasons: str = field(repr=False)
    consequence: str | None = None
    school_rule: SchoolRule | None = field(default=None, repr=False)


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


@dataclass(frozen=True, kw_only=True)
class PublishContacts(Command):
    """The head says whom children turn to (REP-15)."""

    contacts: tuple[Contact, ...]
