"""Handlers of what is said, and of who said it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.reports import commands
from services.reports.application.repeating import Repeating
from services.reports.application.seeing import state_of
from services.reports.domain import access
from services.reports.domain.access import Act
from services.reports.domain.receipt import Receipt
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from shared.domain import Actor
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles
from shared.regulation import Deadline, RuleBook


class TakingIn(Repeating):
    """Reports are taken in under a pseudonym; who it was is opened for a reason only."""

    @handles(commands.ReceiveReport)
    def receive_report(self, command: commands.ReceiveReport, ledger: TenantLedger) -> Answer:
        """Takes in a report under a pseudonym; who it was goes into a stream of its own (REP-01, REP-03 to REP-05)."""
        self._require(access.may_file(command.by, on_behalf=command.on_behalf), ledger.tenant, command.by, ())
        report_id, now = derived_id(command.command_id, "report"), ledger.now()
        pseudonym = _pseudonym(command.by, report_id)
        due = _first_action(ledger.book, now, immediate_danger=command.immediate_danger)
        report = Report.receive(
            id=report_id,
            source=command.source,
            channel=command.channel,
            place=command.place,
            kinds=command.kinds,
            description=command.description,
            child=command.child,
            accused=command.accused,
            immediate_danger=command.immediate_danger,
            timing=command.timing,
            happened_at=command.happened_at,
            happened_text=command.happened_text,
            on_behalf=command.on_behalf,
            first_action_due_at=due.due_at,
            first_action_rule=due.rule,
            child_marks=self.child_marks(ledger.tenant, command.child),
            adult_marks=self.adult_marks(ledger.tenant, command.accused),
            by=pseudonym,
            at=now,
        )
        secret = self.receipt_for(command)
        way_back = Receipt.issue(
            id=self.stream_of(ledger.tenant, secret.replace("-", "")), report=report_id, by=pseudonym, at=now
        )
        identity = ReporterIdentity.record(
            report=report_id,
            entered_by=command.by.person,
            on_behalf=command.on_behalf,
            informant=command.informant,
            receipt=way_back.id,
            by=pseudonym,
            at=now,
        )
        answer = ledger.save(report, identity, way_back, answer=state_of(report))
        return replace(answer, body=answer.body | {"receipt": secret})  # told once: what is stored has no receipt

    @handles(commands.OpenReporterIdentity)
    def open_reporter_identity(self, command: commands.OpenReporterIdentity, ledger: TenantLedger) -> Answer:
        """Tells the head or the deputy who reported, and records that and why (REP-04)."""
        self._report(ledger, command.report, Act.OPEN_IDENTITY, command.by, command.expected_version)
        identity = ledger.get(ReporterIdentity, identity_of(command.report))
        identity.open(reason=command.reason, by=command.by, at=ledger.now())
        facts = {
            "entered_by": identity.entered_by,
            "on_behalf": identity.on_behalf,
            "informant": identity.informant,
        }
        return ledger.save(
            identity, answer={"report": command.report}, confidential=(identity.id, facts), first_was_seen=False
        )


def _first_action(book: RuleBook, at: datetime, *, immediate_danger: bool) -> Deadline:
    key = "reports.first_action_in_danger" if immediate_danger else "reports.first_action"
    return book.deadline(key, at)


def _pseudonym(by: Actor, report: UUID) -> Actor:
    """Under whom the report's own events stand: never a person (REP-04)."""
    return by if by.person is None else Actor(id=f"reporter:{derived_id(report, 'pseudonym')}")
