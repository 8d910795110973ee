"""Handlers of signs that staff notice (REP-09)."""

from __future__ import annotations

from uuid import UUID

from services.reports import commands
from services.reports.application.seeing import Seeing
from services.reports.application.walls import wall_before_note
from services.reports.domain import note_access
from services.reports.domain.access import Act, Decision
from services.reports.domain.report import Report
from services.reports.domain.sign_note import SignNote
from shared.domain import Actor, UnknownError
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class NotingHandlers(Seeing):
    """What staff note reaches the service at once."""

    @handles(commands.NoteSign)
    def note_sign(self, command: commands.NoteSign, ledger: TenantLedger) -> Answer:
        """Puts down a sign with the method by which it was noticed; whoever suspects violence still reports it."""
        self._require(note_access.may_note(command.by), ledger.tenant, command.by, ())
        now = ledger.now()
        due = ledger.book.deadline("reports.sign_consideration", now)
        note = SignNote.note(
            id=derived_id(command.command_id, "sign_note"),
            method=command.method,
            sign=command.sign,
            child=command.child,
            child_marks=self.child_marks(ledger.tenant, command.child),
            kinds=command.kinds,
            place=command.place,
            noticed_at=command.noticed_at,
            accused=command.accused,
            consider_by=due.due_at,
            rule=due.rule,
            by=command.by,
            at=now,
        )
        return ledger.save(note, answer={"note": note.id})

    @handles(commands.ConsiderSignNote)
    def consider_sign_note(self, command: commands.ConsiderSignNote, ledger: TenantLedger) -> Answer:
        """Says what comes of a note."""
        note = self.sign_note(ledger, command.note, command.by)
        hidden = self.is_hidden_by_its_reports(ledger, note, command.by)
        decision = note_access.may_consider(note, command.by, self.note_readers(ledger), hidden=hidden)
        self._require(decision, ledger.tenant, command.by, [note.id])
        note.expects(command.expected_version)
        if command.report is not None:
            self._report(ledger, command.report, Act.SEE_STATUS, command.by)
        note.consider(
            outcome=command.outcome, reasons=command.reasons, report=command.report, by=command.by, at=ledger.now()
        )
        return ledger.save(note, answer={"note": note.id})

    def sign_note(self, ledger: TenantLedger, id: UUID, by: Actor) -> SignNote:
        """The note of that id; records that somebody tried one that there is not. Raises UnknownError."""
        is_walled = self.is_true(ledger.tenant, wall_before_note(ledger.tenant, id, by))
        found = ledger.find(SignNote, new_id() if is_walled else id)
        if found is None and is_walled:
            self.deny(note_access.BEHIND_A_WALL, ledger.tenant, by, [id])
        if found is None:
            self.record_read(ledger.tenant, by, "report", [id], "reports.unknown", allowed=False)
            raise UnknownError(what="report")
        return found

    def may_see_note(self, ledger: TenantLedger, note: SignNote, by: Actor) -> Decision:
        """Whether `by` may read it."""
        hidden = self.is_hidden_by_its_reports(ledger, note, by)
        return note_access.may_see(note, by, self.note_readers(ledger), hidden=hidden)

    def is_hidden_by_its_reports(self, ledger: TenantLedger, note: SignNote, by: Actor) -> bool:
        """Whether a report that was filed because of it keeps `by` away, since whenever (REP-02)."""
        filed = [report for report in (ledger.find(Report, one) for one in sorted(note.reports)) if report is not None]
        return any(self.decide(ledger, report, Act.SEE_STATUS, by).hidden for report in filed)

    def note_readers(self, ledger: TenantLedger) -> frozenset[str]:
        """The roles of the service to which notes go."""
        return frozenset(ledger.book.at("reports.sign_note_readers", ledger.now()).value)
