"""One handler per command: load, ask whether it is allowed, call the aggregate, save."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.reports import commands
from services.reports.domain import access
from services.reports.domain.access import Act, Circumstances, Decision
from services.reports.domain.case_team import CaseTeam, team_of
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from services.reports.domain.values import Duty
from services.reports.publications import PUBLICATIONS
from services.reports.reactions import REACTIONS
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger, handles
from shared.regulation import Deadline, RuleBook


class ReportsApplication(LedgerApplication):
    """What can be done with reports, in any tenant."""

    name = "reports"

    def __init__(self, parts: LedgerParts, regulations: RuleBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS)
        self.regulations = regulations

    # ---- taking in

    @handles(commands.ReceiveReport)
    def receive_report(self, command: commands.ReceiveReport, ledger: TenantLedger) -> Answer:
        """Takes in a report under a pseudonym; who it was goes into a stream of its own (REP-01, REP-04, REP-05)."""
        self._require(access.may_file(command.by, on_behalf=command.on_behalf), ledger.tenant, command.by, ())
        report_id, now = derived_id(command.command_id, "report"), ledger.now()
        pseudonym = _pseudonym(command.by, report_id)
        due = self._first_action(now, immediate_danger=command.immediate_danger)
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
            by=pseudonym,
            at=now,
        )
        identity = ReporterIdentity.record(
            report=report_id,
            entered_by=command.by.person,
            on_behalf=command.on_behalf,
            informant=command.informant,
            by=pseudonym,
            at=now,
        )
        return ledger.save(report, identity, answer=_state_of(report))

    @handles(commands.WallOffPerson)
    def wall_off_person(self, command: commands.WallOffPerson, ledger: TenantLedger) -> Answer:
        """Keeps somebody away who turns out to be complained of, or close to one (REP-02)."""
        report = self._report(ledger, command.report, Act.WALL_OFF, command.by, command.expected_version)
        report.wall_off(
            person=command.person, reason=command.reason, accused=command.accused, by=command.by, at=ledger.now()
        )
        return ledger.save(report, answer=_state_of(report))

    @handles(commands.TakeUrgentAction)
    def take_urgent_action(self, command: commands.TakeUrgentAction, ledger: TenantLedger) -> Answer:
        """Records what was done before anything is verified (REP-08)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        report.take_urgent_action(what=command.what, informed=command.informed, by=command.by, at=ledger.now())
        return ledger.save(report, answer=_state_of(report))

    # ---- checking

    @handles(commands.TriageReport)
    def triage_report(self, command: commands.TriageReport, ledger: TenantLedger) -> Answer:
        """Judges a report and starts the verification's time."""
        report = self._report(ledger, command.report, Act.TRIAGE, command.by, command.expected_version)
        now = ledger.now()
        due = self.regulations.deadline("reports.verification", now)
        report.triage(
            kinds=command.kinds,
            immediate_danger=command.immediate_danger,
            urgency=command.urgency,
            note=command.note,
            owner=command.owner,
            verification_due_at=due.due_at,
            verification_rule=due.rule,
            by=command.by,
            at=now,
        )
        return ledger.save(report, answer=_state_of(report))

    @handles(commands.BeginVerification)
    def begin_verification(self, command: commands.BeginVerification, ledger: TenantLedger) -> Answer:
        """Gives the verification an owner (REP-06)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        owner = command.owner or report.owner or command.by.person
        if owner is None:
            raise NotPermittedError(rule="reports.owner_is_a_person")
        report.begin_verification(owner=owner, by=command.by, at=ledger.now())
        return ledger.save(report, answer=_state_of(report))

    @handles(commands.RecordVerificationStep)
    def record_verification_step(self, command: commands.RecordVerificationStep, ledger: TenantLedger) -> Answer:
        """Adds a step and its finding (REP-06)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        report.record_verification_step(what=command.what, finding=command.finding, by=command.by, at=ledger.now())
        return ledger.save(report, answer=_state_of(report))

    # ---- ending

    @handles(commands.ConfirmReport)
    def confirm_report(self, command: commands.ConfirmReport, ledger: TenantLedger) -> Answer:
        """Ends a report as a fact (REP-06, REP-07)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        new_cases = (0 if command.cases else 1) if command.count_of_cases is None else command.count_of_cases
        report.confirm(
            reasons=command.reasons,
            kinds=command.kinds,
            place=command.place,
            cases=command.cases,
            count_of_cases=new_cases,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(report, answer=_state_of(report))

    @handles(commands.NotConfirmReport)
    def not_confirm_report(self, command: commands.NotConfirmReport, ledger: TenantLedger) -> Answer:
        """Ends a report that was checked and is no fact (REP-06)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        report.not_confirm(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(report, answer=_state_of(report))

    @handles(commands.LeaveReportOutOfScope)
    def leave_report_out_of_scope(self, command: commands.LeaveReportOutOfScope, ledger: TenantLedger) -> Answer:
        """Ends a report that is nothing for this service (REP-06)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        report.leave_out_of_scope(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(report, answer=_state_of(report))

    # ---- the reporter's identity

    @handles(commands.OpenReporterIdentity)
    def open_reporter_identity(self, command: commands.OpenReporterIdentity, ledger: TenantLedger) -> Answer:
        """Tells the head or the deputy who reported, and records that and why (REP-04)."""
        self._report(ledger, command.report, Act.OPEN_IDENTITY, command.by)
        identity = ledger.get(ReporterIdentity, identity_of(command.report))
        identity.open(reason=command.reason, by=command.by, at=ledger.now())
        facts = {
            "report": command.report,
            "entered_by": identity.entered_by,
            "on_behalf": identity.on_behalf,
            "informant": identity.informant,
        }
        return ledger.save(identity, answer=facts)

    # ---- what other services and the clock say

    @handles(commands.LinkCase)
    def link_case(self, command: commands.LinkCase, ledger: TenantLedger) -> Answer:
        """Notes the case that a report led to (REP-07)."""
        report = ledger.get(Report, command.report)
        report.link_case(case=command.case, by=command.by, at=ledger.now())
        return ledger.save(report)

    @handles(commands.JoinCaseTeam)
    def join_case_team(self, command: commands.JoinCaseTeam, ledger: TenantLedger) -> Answer:
        """Lets somebody read the reports of a case, from now on."""
        team = self._team(ledger, command.case, command.by, ledger.now())
        team.join(person=command.person, role=command.role, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(commands.LeaveCaseTeam)
    def leave_case_team(self, command: commands.LeaveCaseTeam, ledger: TenantLedger) -> Answer:
        """Lets somebody read them no longer."""
        team = self._team(ledger, command.case, command.by, ledger.now())
        team.leave(person=command.person, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(commands.WallOffFromCase)
    def wall_off_from_case(self, command: commands.WallOffFromCase, ledger: TenantLedger) -> Answer:
        """Keeps somebody away from all reports of a case."""
        team = self._team(ledger, command.case, command.by, ledger.now())
        team.wall_off(persons=command.persons, by=command.by, at=ledger.now())
        return ledger.save(team)

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Records a missed duty, where it still is one."""
        report = ledger.get(Report, command.stream)
        report.miss_deadline(duty=Duty(command.duty), step=command.step, by=command.by, at=ledger.now())
        return ledger.save(report)

    # ---- access, for commands and queries alike

    def decide(self, ledger: TenantLedger, report: Report, act: Act, by: Actor) -> Decision:
        """Whether `by` may do `act` with the report."""
        teams = [team for team in (ledger.find(CaseTeam, team_of(case)) for case in report.cases) if team]
        around = Circumstances(
            entered_by=self._entered_by(ledger, report.id) if by.person else None,
            team=frozenset(member for team in teams for member in team.members),
            a_team_has_it=any(team.was_staffed for team in teams),
            walled=frozenset(person for team in teams for person in team.walled),
        )
        return access.decide(act, report, by, around)

    def require(self, ledger: TenantLedger, report: Report, act: Act, by: Actor) -> str:
        """The rule that allows it; records a denial with its true rule. Raises UnknownError for the walled off.

        A denial of whoever entered the report stands under its pseudonym: else the access log would name them (REP-04).
        """
        decision = self.decide(ledger, report, act, by)
        if not decision.allowed and self._entered_by(ledger, report.id) == by.person is not None:
            self._require(decision, ledger.tenant, Actor(id=report.reporter), [report.id])
        self._require(decision, ledger.tenant, by, [report.id])
        return decision.rule

    def report(self, ledger: TenantLedger, id: UUID, by: Actor) -> Report:
        """The report of that id; records that somebody tried one that there is not. Raises UnknownError."""
        found = ledger.find(Report, id)
        if found is None:
            self.record_read(ledger.tenant, by, "report", [id], "reports.unknown", allowed=False)
            raise UnknownError(what="report")
        return found

    @staticmethod
    def _entered_by(ledger: TenantLedger, report: UUID) -> UUID | None:
        identity = ledger.find(ReporterIdentity, identity_of(report))
        return None if identity is None else identity.entered_by

    def _require(self, decision: Decision, tenant: UUID, by: Actor, ids: Sequence[UUID]) -> None:
        if decision.allowed:
            return
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

    def _team(self, ledger: TenantLedger, case: UUID, by: Actor, at: datetime) -> CaseTeam:
        return ledger.find(CaseTeam, team_of(case)) or CaseTeam.hear(case=case, by=by, at=at)

    def _first_action(self, at: datetime, *, immediate_danger: bool) -> Deadline:
        key = "reports.first_action_in_danger" if immediate_danger else "reports.first_action"
        return self.regulations.deadline(key, at)


def _pseudonym(by: Actor, report: UUID) -> Actor:
    """Under whom the report's own events stand: never a person (REP-04)."""
    return by if by.person is None else Actor(id=f"reporter:{derived_id(report, 'pseudonym')}")


def _state_of(report: Report) -> dict[str, str]:
    return {"report": str(report.id), "state": report.state.value}
