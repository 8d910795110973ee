"""How long reports and notes of signs are kept that led to no case: three years after they ended (REP-06)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.reports.domain.report import Report
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import State
from services.reports.read_models import reports, sign_notes
from shared.ledger.application import LedgerApplication, TenantLedger
from shared.ledger.retention import Kept, years_after


def report_is_kept(report: Report, ledger: TenantLedger) -> Kept | None:
    """By the policy in force when it ended; a confirmed one goes with its case, and is not due by itself."""
    if not report.has_ended or report.state is State.CONFIRMED:
        return None
    ends = (Report.NotConfirmed, Report.LeftOutOfScope)
    ended = [event.timestamp for _, event in ledger.events(report.id) if isinstance(event, ends)][-1]
    rule = ledger.book.at("reports.kept_unconfirmed", ended)
    return Kept(until=years_after(ended, rule.value), rule=rule.version)


def note_is_kept(note: SignNote, ledger: TenantLedger) -> Kept | None:
    """By the policy in force when it was considered."""
    considered = [event.timestamp for _, event in ledger.events(note.id) if isinstance(event, SignNote.Considered)]
    if not considered:
        return None
    rule = ledger.book.at("reports.kept_signs", considered[-1])
    return Kept(until=years_after(considered[-1], rule.value), rule=rule.version)


def all_reports_and_notes(application: LedgerApplication, tenant: UUID) -> Sequence[UUID]:
    """The oldest first."""
    of_reports = select(reports.c.report).where(reports.c.tenant == tenant).order_by(reports.c.received_at)
    of_notes = select(sign_notes.c.note).where(sign_notes.c.tenant == tenant).order_by(sign_notes.c.noted_at)
    with application.read(tenant) as connection:
        return [*connection.scalars(of_reports), *connection.scalars(of_notes)]
