"""Handlers of breaches of what protects whoever reports: retaliation, disclosure (REP-04, REP-12)."""

from __future__ import annotations

from uuid import UUID

from services.reports import commands
from services.reports.application.conversing import ConversingHandlers
from services.reports.application.walls import wall_before_breach
from services.reports.domain import breach_access
from services.reports.domain.access import Act, Decision
from services.reports.domain.breach import Breach
from services.reports.domain.breach_access import BreachAct
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity
from services.reports.read_models import breaches
from shared.domain import Actor, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class ProtectingHandlers(ConversingHandlers):
    """Whoever reports a breach stands in it under a pseudonym, as in a report."""

    @handles(commands.ReportBreach)
    def report_breach(self, command: commands.ReportBreach, ledger: TenantLedger) -> Answer:
        """Takes in that somebody suffers for a report, or that something confidential was told on."""
        id_, now = derived_id(command.command_id, "breach"), ledger.now()
        by, report = self._told_by(command, ledger, id_)
        due = ledger.book.deadline("reports.breach_inquiry", now)
        breach = Breach.report(
            id=id_,
            kind=command.kind,
            description=command.description,
            happened_on=command.happened_on,
            accused=command.accused,
            report=report,
            due_at=due.due_at,
            rule=due.rule,
            by=by,
            at=now,
        )
        identity = ReporterIdentity.record(
            report=id_, entered_by=command.by.person, on_behalf=False, informant=None, by=by, at=now
        )
        answer = {"state": breach.state} if command.receipt else breach_state_of(breach)
        return ledger.save(breach, identity, answer=answer)

    @handles(commands.WallOffFromBreach)
    def wall_off_from_breach(self, command: commands.WallOffFromBreach, ledger: TenantLedger) -> Answer:
        """Keeps somebody away from it."""
        breach = self._breach(ledger, command.breach, BreachAct.LEAD, command.by, command.expected_version)
        breach.wall_off(person=command.person, accused=command.accused, by=command.by, at=ledger.now())
        return ledger.save(breach, answer=breach_state_of(breach))

    @handles(commands.AppointBreachOwner)
    def appoint_breach_owner(self, command: commands.AppointBreachOwner, ledger: TenantLedger) -> Answer:
        """Gives it to somebody."""
        breach = self._breach(ledger, command.breach, BreachAct.LEAD, command.by, command.expected_version)
        report = self._report_of(ledger, breach)
        walled = self.walled_off(ledger, report) if report else set()
        breach.appoint_owner(owner=command.owner, walled=walled, by=command.by, at=ledger.now())
        return ledger.save(breach, answer=breach_state_of(breach))

    @handles(commands.TakeBreachStep)
    def take_breach_step(self, command: commands.TakeBreachStep, ledger: TenantLedger) -> Answer:
        """Says what was done."""
        breach = self._breach(ledger, command.breach, BreachAct.WORK, command.by, command.expected_version)
        breach.take_step(what=command.what, finding=command.finding, by=command.by, at=ledger.now())
        return ledger.save(breach, answer=breach_state_of(breach))

    @handles(commands.EndBreach)
    def end_breach(self, command: commands.EndBreach, ledger: TenantLedger) -> Answer:
        """Says whether it was so, and what follows; consequences are those of the day on which it happened."""
        breach = self._breach(ledger, command.breach, BreachAct.WORK, command.by, command.expected_version)
        listed = ledger.book.in_force("reports.breach_consequences", on=breach.happened_on)
        breach.end(
            outcome=command.outcome,
            reasons=command.reasons,
            consequence=command.consequence,
            school_rule=command.school_rule,
            consequences=listed.value,
            consequences_rule=listed.version,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(breach, answer=breach_state_of(breach))

    def miss_inquiry(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Says that nobody ended it in time, past whom it is about and whom its report keeps away."""
        breach = ledger.get(Breach, command.stream)
        report = self._report_of(ledger, breach)
        breach.miss_inquiry(
            step=command.step,
            ladder=self.ladder(ledger),
            walled=self.walled_off(ledger, report) if report else (),
            walled_roles=report.walled_roles if report else (),
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(breach)

    def breach(self, ledger: TenantLedger, id: UUID, by: Actor, act: BreachAct) -> tuple[Breach, str]:
        """The breach of that id, where `by` may do that, and the rule that says so; each denial is recorded.

        A walled one costs what one that there is not costs, as in `report`; what decides is the breach.
        """
        if self.is_true(ledger.tenant, wall_before_breach(ledger.tenant, id, by)):
            ledger.find(Breach, new_id())
            self._deny_at_a_wall(ledger, id, by, breaches.c.breach)
        found = ledger.find(Breach, id)
        if found is None:
            self._look_up_some_identity(ledger, breaches.c.breach)
            self.record_read(ledger.tenant, by, "breach", [id], "reports.unknown", allowed=False)
            raise UnknownError(what="report")
        decision = self.decide_on_breach(ledger, found, by, act)
        if not decision.allowed:
            entered_it = self._entered_by(ledger, id) == by.person is not None
            self.deny(decision, ledger.tenant, Actor(id=found.reporter) if entered_it else by, [id])
        return found, decision.rule

    def decide_on_breach(self, ledger: TenantLedger, breach: Breach, by: Actor, act: BreachAct) -> Decision:
        """Whether `by` may; whoever is walled off from its report is from the breach, those of later among them."""
        report = self._report_of(ledger, breach)
        hidden = report is not None and self.decide(ledger, report, Act.SEE_STATUS, by).hidden
        entered_by = self._entered_by(ledger, breach.id) if by.person else None
        return breach_access.decide(act, breach, by, hidden=hidden, entered_by=entered_by)

    def _breach(
        self, ledger: TenantLedger, id: UUID, act: BreachAct, by: Actor, expected_version: int | None
    ) -> Breach:
        found, _ = self.breach(ledger, id, by, act)
        found.expects(expected_version)
        return found

    def _told_by(self, command: commands.ReportBreach, ledger: TenantLedger, breach: UUID) -> tuple[Actor, UUID | None]:
        """Under whom it stands, and the report that it belongs to."""
        if command.receipt:
            report = self.report_of_receipt(ledger, command.receipt, command.by)
            return Actor(id=report.reporter), report.id
        self._require(breach_access.may_report(command.by), ledger.tenant, command.by, ())
        if command.report is not None:
            self._report(ledger, command.report, Act.SEE_STATUS, command.by)
        by = command.by if command.by.person is None else Actor(id=f"reporter:{derived_id(breach, 'pseudonym')}")
        return by, command.report

    @staticmethod
    def _report_of(ledger: TenantLedger, breach: Breach) -> Report | None:
        return None if breach.belongs_to is None else ledger.find(Report, breach.belongs_to)


def breach_state_of(breach: Breach) -> dict[str, str]:
    """What commands are answered with."""
    return {"breach": str(breach.id), "state": breach.state.value}
