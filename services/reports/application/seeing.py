"""How every handler and query comes to its report: found in the tenant, open to the caller, each denial recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Column, Select, select

from services.reports.application.walls import wall_before_report
from services.reports.domain import access
from services.reports.domain.access import Act, Circumstances, Decision
from services.reports.domain.case_team import CaseTeam, team_of
from services.reports.domain.child_marks import adult_marks_of, marks_of
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from services.reports.domain.values import Accused, Child
from services.reports.read_models import reports
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.application import TenantLedger
from shared.tenancy import InTenancy


class Seeing(InTenancy):
    """Base of the handlers of this service."""

    def decide(self, ledger: TenantLedger, report: Report, act: Act, by: Actor) -> Decision:
        """Whether `by` may do `act` with the report."""
        teams = self._teams(ledger, report)
        around = Circumstances(
            entered_by=self._entered_by(ledger, report.id) if by.person else None,
            team=frozenset(member for team in teams for member in team.members),
            a_team_has_it=any(team.was_staffed for team in teams),
            walled=frozenset(person for team in teams for person in team.walled),
        )
        return access.decide(act, report, by, around)

    def may_see_history(self, ledger: TenantLedger, stream: UUID, by: Actor) -> str | None:
        """Whoever sees a report sees what somebody else did with it meanwhile; whoever may only act does not."""
        report = ledger.find(Report, stream)
        decision = None if report is None else self.decide(ledger, report, Act.SEE, by)
        return decision.rule if decision is not None and decision.allowed else None

    def walled_off(self, ledger: TenantLedger, report: Report) -> set[UUID]:
        """Whom the report or one of its cases keeps away."""
        return report.walled.union(*(team.walled for team in self._teams(ledger, report)))

    @staticmethod
    def _teams(ledger: TenantLedger, report: Report) -> list[CaseTeam]:
        return [team for team in (ledger.find(CaseTeam, team_of(case)) for case in report.cases) if team]

    def require(self, ledger: TenantLedger, report: Report, act: Act, by: Actor) -> str:
        """The rule that allows it; records a denial with its true rule. Raises UnknownError for the walled off.

        A denial of whoever entered the report stands under its pseudonym: else the access log would name them (REP-04).
        """
        decision = self.decide(ledger, report, act, by)
        if not decision.allowed and self._entered_by(ledger, report.id) == by.person is not None:
            self.deny(decision, ledger.tenant, Actor(id=report.reporter), [report.id])
        self._require(decision, ledger.tenant, by, [report.id])
        return decision.rule

    def report(self, ledger: TenantLedger, id: UUID, by: Actor) -> Report:
        """The report of that id; records that somebody tried one that there is not. Raises UnknownError.

        A walled one costs what one that there is not costs, so that time does not tell them apart. The rows of walls
        may be late by moments; what decides is the report, by `decide`.
        """
        if self.is_true(ledger.tenant, wall_before_report(ledger.tenant, id, by)):
            ledger.find(Report, new_id())
            self._deny_at_a_wall(ledger, id, by, reports.c.report)
        found = ledger.find(Report, id)
        if found is None:
            self._look_up_some_identity(ledger, reports.c.report)
            self.record_read(ledger.tenant, by, "report", [id], "reports.unknown", allowed=False)
            raise UnknownError(what="report")
        return found

    def is_true(self, tenant: UUID, question: Select[Any]) -> bool:
        """What the read model says to a yes-or-no question."""
        with self.read(tenant) as connection:
            return bool(connection.scalar(question))

    def _deny_at_a_wall(self, ledger: TenantLedger, id: UUID, by: Actor, among: Column[Any]) -> NoReturn:
        """As `require` does: whoever entered the report or breach is not named by the access log (REP-04)."""
        self._some_of(ledger, among)
        identity = ledger.find(ReporterIdentity, identity_of(id))
        is_theirs = identity is not None and identity.entered_by == by.person is not None
        reader = Actor(id=identity.reporter) if identity is not None and is_theirs else by
        self.deny(Decision(allowed=False, rule="reports.walled_off", hidden=True), ledger.tenant, reader, [id])

    def _some_of(self, ledger: TenantLedger, among: Column[Any]) -> UUID | None:
        with self.read(ledger.tenant) as connection:
            return connection.scalar(select(among).where(among.table.c.tenant == ledger.tenant).limit(1))

    def _look_up_some_identity(self, ledger: TenantLedger, among: Column[Any]) -> None:
        """The work that a walled one costs besides: of some one here, who entered it; nothing is done with it."""
        some = self._some_of(ledger, among)
        if some is not None:
            self._entered_by(ledger, some)

    @staticmethod
    def _entered_by(ledger: TenantLedger, report: UUID) -> UUID | None:
        identity = ledger.find(ReporterIdentity, identity_of(report))
        return None if identity is None else identity.entered_by

    def _require(self, decision: Decision, tenant: UUID, by: Actor, ids: Sequence[UUID]) -> None:
        if not decision.allowed:
            self.deny(decision, tenant, by, ids)

    def deny(self, decision: Decision, tenant: UUID, by: Actor, ids: Sequence[UUID]) -> NoReturn:
        """Records a denial with its true rule, and raises what the caller is told."""
        self.record_read(tenant, by, "report", ids, decision.rule, allowed=False)
        if decision.hidden:
            raise UnknownError(what="report")
        raise NotPermittedError(rule=decision.rule)

    def _report(
        self, ledger: TenantLedger, id: UUID, act: Act, by: Actor, expected_version: int | None = None
    ) -> Report:
        """The report, where `by` may do `act` with it."""
        report = self.report(ledger, id, by)
        self.require(ledger, report, act, by)
        report.expects(expected_version)
        return report

    def child_marks(self, tenant: UUID, child: Child | None) -> Mapping[str, str]:
        """By what a child is found again in this tenant; keys stand outside the database."""
        return marks_of(child, lambda field: self.parts.tenant_keys.blind_key(tenant, field))

    def adult_marks(self, tenant: UUID, adults: Sequence[Accused]) -> Sequence[str]:
        """By what adults complained of are found again."""
        return adult_marks_of(adults, lambda field: self.parts.tenant_keys.blind_key(tenant, field))


def state_of(report: Report) -> dict[str, str]:
    """What most commands are answered with."""
    return {"report": str(report.id), "state": report.state.value}
