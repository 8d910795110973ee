"""Handlers that join reports of the same events, or keep them apart (REP-07)."""

from __future__ import annotations

from uuid import UUID

from services.reports import commands
from services.reports.application.seeing import Seeing, state_of
from services.reports.domain import rules
from services.reports.domain.access import Act
from services.reports.domain.report import Report
from services.reports.domain.same_events import SameEvents, pair_of
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class ComparingHandlers(Seeing):
    """Whoever judges a pair may decide on both of it."""

    @handles(commands.JoinReports)
    def join_reports(self, command: commands.JoinReports, ledger: TenantLedger) -> Answer:
        """Joins two reports: from now on each keeps away whom the other keeps away (REP-02)."""
        report, other, pair = self._pair(command, ledger)
        rules.walls_are_by_person(report)
        rules.walls_are_by_person(other)
        pair.join(reasons=command.reasons, by=command.by, at=ledger.now())
        around = {one.id: one for one in (*self.joined_with(ledger, report), *self.joined_with(ledger, other))}
        others = [one for one in around.values() if one.id not in (report.id, other.id)]
        walled = {person for one in (report, other, *others) for person in self.walled_off(ledger, one)}
        report.join(other=other.id, walled=walled, by=command.by, at=ledger.now())
        other.join(other=report.id, walled=walled, by=command.by, at=ledger.now())
        for one in others:
            one.share_walls(walled=walled, by=command.by, at=ledger.now())
        return ledger.save(report, other, *others, pair, answer=state_of(report))

    @handles(commands.KeepReportsApart)
    def keep_reports_apart(self, command: commands.KeepReportsApart, ledger: TenantLedger) -> Answer:
        """Says that two reports only look alike."""
        report, _, pair = self._pair(command, ledger)
        pair.keep_apart(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(pair, answer=state_of(report), first_was_seen=False)

    def joined_with(self, ledger: TenantLedger, report: Report) -> list[Report]:
        """All reports of the same events, joined with it or with one of those."""
        found: dict[UUID, Report] = {}
        waiting = list(report.joined)
        while waiting:
            other = waiting.pop()
            one = None if other == report.id or other in found else ledger.find(Report, other)
            if one is not None:
                found[other] = one
                waiting += one.joined
        return list(found.values())

    def _pair(
        self, command: commands.JoinReports | commands.KeepReportsApart, ledger: TenantLedger
    ) -> tuple[Report, Report, SameEvents]:
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        other = self._report(ledger, command.other, Act.DECIDE, command.by)
        pair = ledger.find(SameEvents, pair_of(report.id, other.id)) or SameEvents.compare(
            report=report.id, other=other.id, by=command.by, at=ledger.now()
        )
        return report, other, pair
