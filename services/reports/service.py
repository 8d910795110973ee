"""The door: what can be asked of this service from outside, each in a line: schema, command or query."""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc

from services.reports import commands, queries, schemas
from shared import destructions
from shared.runners import destructions as asked
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
    def waive_duty(self, token: str, payload: Payload) -> Any:
        """Decides not to act on a duty (RSK-07)."""
        return self.door.command(token, payload, schemas.WaiveDuty(), commands.WaiveDuty)

    @rpc
    def come_up_to_me(self, token: str, payload: Payload) -> Any:
        """What was missed and came up to the caller."""
        return self.door.query(token, payload, schemas.Nothing(), queries.come_up_to_me)

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
    def write_to_reporter(self, token: str, payload: Payload) -> Any:
        """Answers whoever reported, or asks (REP-03)."""
        return self.door.command(token, payload, schemas.WriteToReporter(), commands.WriteToReporter)

    @rpc
    def add_facts(self, token: str, payload: Payload) -> Any:
        """Takes in more from whoever holds the receipt (REP-03)."""
        return self.door.command(token, payload, schemas.AddFacts(), commands.AddFacts)

    @rpc
    def put_attachment_piece(self, token: str, payload: Payload) -> Any:
        """Takes in a piece of a file (REP-03)."""
        return self.door.command(token, payload, schemas.PutAttachmentPieceOfReport(), commands.PutAttachmentPiece)

    @rpc
    def put_attachment_piece_by_receipt(self, token: str, payload: Payload) -> Any:
        """Takes in a piece of a file from whoever holds the receipt (REP-03)."""
        return self.door.command(token, payload, schemas.PutAttachmentPieceByReceipt(), commands.PutAttachmentPiece)

    @rpc
    def add_attachment(self, token: str, payload: Payload) -> Any:
        """Looks at a whole file, and adds it to a report (REP-03)."""
        return self.door.command(token, payload, schemas.AddAttachmentToReport(), commands.AddAttachment)

    @rpc
    def add_attachment_by_receipt(self, token: str, payload: Payload) -> Any:
        """The same for whoever holds the receipt (REP-03)."""
        return self.door.command(token, payload, schemas.AddAttachmentByReceipt(), commands.AddAttachment)

    @rpc
    def show_attachment(self, token: str, payload: Payload) -> Any:
        """A piece of a file of a report."""
        return self.door.query(token, payload, schemas.OfOneAttachment(), queries.show_attachment)

    @rpc
    def proof_of_filing(self, token: str, payload: Payload) -> Any:
        """What whoever holds the receipt takes home as proof (REP-03)."""
        return self.door.query(token, payload, schemas.ProofOfFiling(), queries.proof_of_filing)

    @rpc
    def report_by_receipt(self, token: str, payload: Payload) -> Any:
        """How far a report is, and what was written, for whoever holds its receipt (REP-03)."""
        return self.door.query(token, payload, schemas.OfOneReceipt(), queries.report_by_receipt)

    @rpc
    def similar_reports(self, token: str, payload: Payload) -> Any:
        """Reports that may be about the same events (REP-07)."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.similar_reports)

    @rpc
    def turn_to_body(self, token: str, payload: Payload) -> Any:
        """Records an employee's own turn to a competent body (REP-10)."""
        return self.door.command(token, payload, schemas.TurnToBody(), commands.TurnToBody)

    @rpc
    def response_times(self, token: str, payload: Payload) -> Any:
        """How long it took to report, and to act (REP-10)."""
        return self.door.query(token, payload, schemas.Nothing(), queries.response_times)

    @rpc
    def find_child(self, token: str, payload: Payload) -> Any:
        """What there is about a child (REP-09)."""
        return self.door.query(token, payload, schemas.FindChild(), queries.find_child)

    @rpc
    def reports_about_adult(self, token: str, payload: Payload) -> Any:
        """Reports that complain of the same adult (REP-13)."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.reports_about_adult)

    @rpc
    def join_reports(self, token: str, payload: Payload) -> Any:
        """Says that two reports are about the same events (REP-07)."""
        return self.door.command(token, payload, schemas.OfTwoReports(), commands.JoinReports)

    @rpc
    def keep_reports_apart(self, token: str, payload: Payload) -> Any:
        """Says that two reports only look alike (REP-07)."""
        return self.door.command(token, payload, schemas.OfTwoReports(), commands.KeepReportsApart)

    @rpc
    def note_sign(self, token: str, payload: Payload) -> Any:
        """Puts down a sign that staff noticed (REP-09)."""
        return self.door.command(token, payload, schemas.NoteSign(), commands.NoteSign)

    @rpc
    def consider_sign_note(self, token: str, payload: Payload) -> Any:
        """Says what comes of a sign (REP-09)."""
        return self.door.command(token, payload, schemas.ConsiderSignNote(), commands.ConsiderSignNote)

    @rpc
    def list_sign_notes(self, token: str, payload: Payload) -> Any:
        """Signs that staff noted, those about one child together (REP-09)."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_sign_notes)

    @rpc
    def show_sign_note(self, token: str, payload: Payload) -> Any:
        """One sign, with those about the same child (REP-09)."""
        return self.door.query(token, payload, schemas.OfOneSignNote(), queries.show_sign_note)

    @rpc
    def report_breach(self, token: str, payload: Payload) -> Any:
        """Takes in retaliation, or a disclosure without need (REP-04, REP-12)."""
        return self.door.command(token, payload, schemas.ReportBreach(), commands.ReportBreach)

    @rpc
    def report_breach_by_receipt(self, token: str, payload: Payload) -> Any:
        """The same from whoever holds the receipt (REP-04)."""
        return self.door.command(token, payload, schemas.ReportBreachByReceipt(), commands.ReportBreach)

    @rpc
    def wall_off_from_breach(self, token: str, payload: Payload) -> Any:
        """Keeps somebody away from a breach (REP-02)."""
        return self.door.command(token, payload, schemas.WallOffFromBreach(), commands.WallOffFromBreach)

    @rpc
    def appoint_breach_owner(self, token: str, payload: Payload) -> Any:
        """Gives a breach to somebody who looks into it (REP-04)."""
        return self.door.command(token, payload, schemas.AppointBreachOwner(), commands.AppointBreachOwner)

    @rpc
    def take_breach_step(self, token: str, payload: Payload) -> Any:
        """Says what was done about a breach (REP-04)."""
        return self.door.command(token, payload, schemas.TakeBreachStep(), commands.TakeBreachStep)

    @rpc
    def end_breach(self, token: str, payload: Payload) -> Any:
        """Says whether it was so, and what follows (REP-12)."""
        return self.door.command(token, payload, schemas.EndBreach(), commands.EndBreach)

    @rpc
    def list_breaches(self, token: str, payload: Payload) -> Any:
        """Breaches that the caller may see."""
        return self.door.query(token, payload, schemas.Nothing(), queries.list_breaches)

    @rpc
    def show_breach(self, token: str, payload: Payload) -> Any:
        """One breach."""
        return self.door.query(token, payload, schemas.OfOneBreach(), queries.show_breach)

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

    @rpc
    def report_accesses(self, token: str, payload: Payload) -> Any:
        """Who read what of a report, and who was denied it (CON-01)."""
        return self.door.query(token, payload, schemas.OfOneReport(), queries.report_accesses)

    # -- how long it is kept, and its destruction by two

    @rpc
    def destructions_of_reports(self, token: str, payload: Payload) -> Any:
        """What is due for destruction, held, or asked for."""
        return self.door.query(token, payload, asked.NothingAsked(), queries.destructions_of_reports)

    @rpc
    def request_destruction(self, token: str, payload: Payload) -> Any:
        """Asks that a matter be destroyed."""
        return self.door.command(token, payload, asked.RequestDestruction(), destructions.RequestDestruction)

    @rpc
    def approve_destruction(self, token: str, payload: Payload) -> Any:
        """Agrees, as another person."""
        return self.door.command(token, payload, asked.ApproveDestruction(), destructions.ApproveDestruction)

    @rpc
    def place_hold(self, token: str, payload: Payload) -> Any:
        """Holds a matter whatever its time."""
        return self.door.command(token, payload, asked.HoldMatter(), destructions.PlaceHold)

    @rpc
    def lift_hold(self, token: str, payload: Payload) -> Any:
        """Holds it no longer."""
        return self.door.command(token, payload, asked.HoldMatter(), destructions.LiftHold)

    @rpc
    def publish_contacts(self, token: str, payload: Payload) -> Any:
        """Says whom children turn to (REP-15)."""
        return self.door.command(token, payload, schemas.PublishContacts(), commands.PublishContacts)

    @rpc
    def way_in(self, token: str, payload: Payload) -> Any:
        """What whoever wants to tell something is shown before (REP-11, REP-14, REP-15)."""
        return self.door.query(token, payload, schemas.Nothing(), queries.way_in)
