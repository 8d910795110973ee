"""The door: what can be asked of this service from outside, each in a line: schema, command or query."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.reports import commands, queries, schemas
from shared.runners.door import LedgerDoor

Payload = dict[str, Any]


class ReportsService(LedgerDoor):
    """Reports over RPC."""

    name = "reports"

    @rpc
    def receive_report(self, token: str, payload: Payload) -> Any:
        """Takes in a report (REP-01)."""
        return self.door.command(token, payload, schemas.ReceiveReport(), commands.ReceiveReport)

    @rpc
    def wall_off_person(self, token: str, payload: Payload) -> Any:
        """Keeps somebody away from a report (REP-02)."""
        return self.door.command(token, payload, schemas.WallOffPerson(), commands.WallOffPerson)

    @rpc
    def take_urgent_action(self, token: str, payload: Payload) -> Any:
        """Records what was done at once (REP-08)."""
        return self.door.command(token, payload, schemas.TakeUrgentAction(), commands.TakeUrgentAction)

    @rpc
    def triage_report(self, token: str, payload: Payload) -> Any:
        """Judges a report."""
        return self.door.command(token, payload, schemas.TriageReport(), commands.TriageReport)

    @rpc
    def begin_verification(self, token: str, payload: Payload) -> Any:
        """Gives the verification an owner (REP-06)."""
        return self.door.command(token, payload, schemas.BeginVerification(), commands.BeginVerification)

    @rpc
    def record_verification_step(self, token: str, payload: Payload) -> Any:
        """Adds a step and its finding (REP-06)."""
        return self.door.command(token, payload, schemas.RecordVerificationStep(), commands.RecordVerificationStep)

    @rpc
    def confirm_report(self, token: str, payload: Payload) -> Any:
        """Ends a report as a fact (REP-07)."""
        return self.door.command(token, payload, schemas.ConfirmReport(), commands.ConfirmReport)

    @rpc
    def not_confirm_report(self, token: str, payload: Payload) -> Any:
        """Ends a report as no fact (REP-06)."""
        return self.door.command(token, payload, schemas.EndReport(), commands.NotConfirmReport)

    @rpc
    def leave_report_out_of_scope(self, token: str, payload: Payload) -> Any:
        """Ends a report that is another's matter (REP-06)."""
        return self.door.command(token, payload, schemas.EndReport(), commands.LeaveReportOutOfScope)

    @rpc
    def open_reporter_identity(self, token: str, payload: Payload) -> Any:
        """Tells who reported, for a reason (REP-04)."""
        return self.door.command(token, payload, schemas.OpenReporterIdentity(), commands.OpenReporterIdentity)

    @rpc
    def report_status(self, token: str, payload: Payload) -> Any:
        """How far a report is."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.report_status)

    @rpc
    def show_report(self, token: str, payload: Payload) -> Any:
        """One report."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.show_report)

    @rpc
    def report_timeline(self, token: str, payload: Payload) -> Any:
        """One report's events."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.report_timeline)

    @rpc
    def report_deadlines(self, token: str, payload: Payload) -> Any:
        """What is due on one report."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.report_deadlines)

    @rpc
    def reports_to_triage(self, token: str, payload: Payload) -> Any:
        """Reports that nobody has judged yet."""
        return self.door.query(token, payload, schemas.Nothing(), queries.reports_to_triage)

    @rpc
    def list_reports(self, token: str, payload: Payload) -> Any:
        """Reports that the caller may see."""
        return self.door.query(token, payload, schemas.ListReports(), queries.list_reports)
