"""Handlers of what the school and whoever reported write to each other, and the way back by receipt (REP-03)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.reports import commands
from services.reports.application.seeing import Seeing, state_of
from services.reports.application.walls import report_behind_a_wall
from services.reports.domain.access import Act
from services.reports.domain.receipt import Receipt, receipt_stream
from services.reports.domain.report import Report
from services.reports.read_models import reports
from shared.domain import Actor, Command, UnknownError
from shared.ids import new_id
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles

BY_RECEIPT = (commands.AddFacts, commands.PutAttachmentPiece, commands.AddAttachment, commands.ReportBreach)


class ConversingHandlers(Seeing):
    """Who holds the receipt acts as the report's pseudonym, whoever it is."""

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; by receipt under the report's pseudonym, which each token of its holder shares."""
        if isinstance(command, BY_RECEIPT) and command.receipt:
            report = self.report_of_receipt(self.for_tenant(command.tenant), command.receipt, command.by)
            command = replace(command, by=Actor(id=report.reporter))
        return super().execute(command, inbox=inbox, correlation=correlation)

    @handles(commands.WriteToReporter)
    def write_to_reporter(self, command: commands.WriteToReporter, ledger: TenantLedger) -> Answer:
        """Answers whoever reported, or asks them something (REP-03)."""
        report = self._report(ledger, command.report, Act.WRITE_TO_REPORTER, command.by, command.expected_version)
        report.write_to_reporter(text=command.text, asks=command.asks, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    @handles(commands.TurnToBody)
    def turn_to_body(self, command: commands.TurnToBody, ledger: TenantLedger) -> Answer:
        """Records an employee's own turn to a body; that of whoever entered it under the pseudonym (REP-04, REP-10)."""
        report = self._report(ledger, command.report, Act.TURN_TO_BODY, command.by, command.expected_version)
        entered_it = self._entered_by(ledger, report.id) == command.by.person
        by = Actor(id=report.reporter) if entered_it else command.by
        report.turn_to_body(body=command.body, turned_at=command.turned_at, note=command.note, by=by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    @handles(commands.AddFacts)
    def add_facts(self, command: commands.AddFacts, ledger: TenantLedger) -> Answer:
        """Takes in what whoever reported says later (REP-03)."""
        report = self.report_of_receipt(ledger, command.receipt, command.by)
        report.add_facts(text=command.text, answers=command.answers, by=command.by, at=ledger.now())
        return ledger.save(report, answer={"state": report.state.value})

    def report_of_receipt(self, ledger: TenantLedger, receipt: str, by: Actor) -> Report:
        """The report that a receipt leads to. Raises UnknownError, also for a person who is walled off from it.

        To a person that costs what a receipt of nothing costs, as in `report`; others stand before no wall.
        """
        stream = self.stream_of(ledger.tenant, receipt)
        if by.person is not None:
            self._stand_before_no_wall(ledger, stream, by)
        led_to = ledger.find(Receipt, stream)
        found = None if led_to is None else ledger.find(Report, led_to.report)
        if found is None:
            if by.person is not None:
                self._look_up_some_identity(ledger, reports.c.report)
            self.record_read(ledger.tenant, by, "report", [], "reports.unknown_receipt", allowed=False)
            raise UnknownError(what="report")
        if by.person is not None and self.decide(ledger, found, Act.SEE_STATUS, by).hidden:
            self._deny_at_a_wall(ledger, found.id, by, reports.c.report)
        return found

    def _stand_before_no_wall(self, ledger: TenantLedger, receipt: UUID, by: Actor) -> None:
        with self.read(ledger.tenant) as connection:
            walled = connection.scalar(report_behind_a_wall(ledger.tenant, receipt, by))
        if walled is not None:
            ledger.find(Receipt, new_id())
            self._deny_at_a_wall(ledger, walled, by, reports.c.report)

    def stream_of(self, tenant: UUID, receipt: str) -> UUID:
        """The stream of a receipt; its key stands outside the database."""
        return receipt_stream(self.parts.tenant_keys.blind_key(tenant, "receipt"), receipt)
