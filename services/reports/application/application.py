"""One handler per command: load, ask whether it is allowed, call the aggregate, save."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import or_, select

from services.reports import commands
from services.reports.application.attaching import AttachingHandlers
from services.reports.application.comparing import ComparingHandlers
from services.reports.application.keeping import note_is_kept, report_is_kept
from services.reports.application.leading_in import LeadingIn
from services.reports.application.noting import NotingHandlers
from services.reports.application.protecting import ProtectingHandlers
from services.reports.application.seeing import state_of
from services.reports.application.taking_in import TakingIn
from services.reports.application.walls import matters_behind_walls
from services.reports.domain.access import Act
from services.reports.domain.breach import INQUIRY, Breach
from services.reports.domain.case_team import CaseTeam, team_of
from services.reports.domain.report import Report
from services.reports.domain.reporter_identity import ReporterIdentity, identity_of
from services.reports.domain.sign_note import CONSIDERATION, SignNote
from services.reports.domain.values import Duty
from services.reports.publications import PUBLICATIONS
from services.reports.reactions import REACTIONS
from services.reports.read_models import judged_pairs
from shared.domain import Actor, Aggregate, NotPermittedError
from shared.duties import MissDeadline
from shared.ledger.application import Answer, LedgerParts, TenantLedger
from shared.ledger.erasing import Needed
from shared.ledger.erasure import StillNeededError
from shared.ledger.handling import handles
from shared.ledger.retention import Retaining, Retains
from shared.regulation import RuleBook


class ReportsApplication(
    TakingIn, AttachingHandlers, ProtectingHandlers, NotingHandlers, ComparingHandlers, LeadingIn, Retaining
):
    """What can be done with reports, in any tenant."""

    name = "reports"

    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {
        Report: lambda report: None if report.has_ended else "reports.report_not_ended",
        Breach: lambda breach: None if breach.has_ended else "reports.breach_not_ended",
        SignNote: lambda note: "reports.sign_not_considered" if note.outcome is None else None,
    }

    retention: ClassVar[Mapping[type[Aggregate], Retains]] = {Report: report_is_kept, SignNote: note_is_kept}

    def __init__(self, parts: LedgerParts, regulations: RuleBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS, regulations=regulations)

    def belonging_to(self, ledger: TenantLedger, stream: UUID) -> Sequence[UUID]:
        """With a report go who made it, the receipt that leads to it, and what was judged of it and others."""
        identity = ledger.find(ReporterIdentity, identity_of(stream))
        found = [] if identity is None else [identity.id, identity.receipt]
        pairs = select(judged_pairs.c.pair).where(
            judged_pairs.c.tenant == ledger.tenant,
            or_(judged_pairs.c.report == stream, judged_pairs.c.other == stream),
        )
        with self.read(ledger.tenant) as connection:
            return [*(one for one in found if one is not None), *connection.scalars(pairs)]

    def behind_walls(self, tenant: UUID, by: Actor) -> Collection[UUID]:
        """Reports and notes."""
        with self.read(tenant) as connection:
            return frozenset(connection.scalars(matters_behind_walls(tenant, by)))

    def destructible(self, ledger: TenantLedger, stream: UUID, by: Actor) -> Any:
        """Nor a report that was joined with one that is still looked into."""
        found = super().destructible(ledger, stream, by)
        if isinstance(found, Report) and not all(other.has_ended for other in self.joined_with(ledger, found)):
            raise StillNeededError(stream=str(stream), why="reports.joined_report_open")
        return found

    @handles(commands.WallOffPerson)
    def wall_off_person(self, command: commands.WallOffPerson, ledger: TenantLedger) -> Answer:
        """Keeps somebody away who turns out to be complained of, or close to one (REP-02)."""
        report = self._report(ledger, command.report, Act.WALL_OFF, command.by, command.expected_version)
        report.wall_off(
            person=command.person, reason=command.reason, accused=command.accused, by=command.by, at=ledger.now()
        )
        joined = self.joined_with(ledger, report)
        for other in joined:  # reports of the same events share their walls
            other.share_walls(walled=[command.person], by=command.by, at=ledger.now())
        return ledger.save(report, *joined, answer=state_of(report))

    @handles(commands.TakeUrgentAction)
    def take_urgent_action(self, command: commands.TakeUrgentAction, ledger: TenantLedger) -> Answer:
        """Records what was done before anything is verified (REP-08)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        report.take_urgent_action(what=command.what, informed=command.informed, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    # ---- checking

    @handles(commands.TriageReport)
    def triage_report(self, command: commands.TriageReport, ledger: TenantLedger) -> Answer:
        """Judges a report and starts the verification's time."""
        report = self._report(ledger, command.report, Act.TRIAGE, command.by, command.expected_version)
        now = ledger.now()
        due = ledger.book.deadline("reports.verification", now)
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
        return ledger.save(report, answer=state_of(report))

    @handles(commands.BeginVerification)
    def begin_verification(self, command: commands.BeginVerification, ledger: TenantLedger) -> Answer:
        """Gives the verification an owner (REP-06)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        owner = command.owner or report.owner or command.by.person
        if owner is None:
            raise NotPermittedError(rule="reports.owner_is_a_person")
        report.begin_verification(owner=owner, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    @handles(commands.RecordVerificationStep)
    def record_verification_step(self, command: commands.RecordVerificationStep, ledger: TenantLedger) -> Answer:
        """Adds a step and its finding (REP-06)."""
        report = self._report(ledger, command.report, Act.VERIFY, command.by, command.expected_version)
        report.record_verification_step(what=command.what, finding=command.finding, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    # ---- ending

    @handles(commands.ConfirmReport)
    def confirm_report(self, command: commands.ConfirmReport, ledger: TenantLedger) -> Answer:
        """Ends a report as a fact (REP-06, REP-07)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        cases = command.cases
        if not cases and command.count_of_cases is None:
            cases = tuple(sorted({case for one in self.joined_with(ledger, report) for case in one.cases}))
        new_cases = (0 if cases else 1) if command.count_of_cases is None else command.count_of_cases
        report.confirm(
            reasons=command.reasons,
            kinds=command.kinds,
            place=command.place,
            cases=cases,
            count_of_cases=new_cases,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(report, answer=state_of(report))

    @handles(commands.NotConfirmReport)
    def not_confirm_report(self, command: commands.NotConfirmReport, ledger: TenantLedger) -> Answer:
        """Ends a report that was checked and is no fact (REP-06)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        report.not_confirm(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    @handles(commands.LeaveReportOutOfScope)
    def leave_report_out_of_scope(self, command: commands.LeaveReportOutOfScope, ledger: TenantLedger) -> Answer:
        """Ends a report that is nothing for this service (REP-06)."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        report.leave_out_of_scope(reasons=command.reasons, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

    @handles(commands.WaiveDuty)
    def waive_duty(self, command: commands.WaiveDuty, ledger: TenantLedger) -> Answer:
        """Leaves a duty, for a reason."""
        report = self._report(ledger, command.report, Act.DECIDE, command.by, command.expected_version)
        facts = {"reason": command.reason, "best_interests": command.best_interests}
        report.waive_duty(duty=command.duty, **facts, by=command.by, at=ledger.now())
        return ledger.save(report, answer=state_of(report))

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
        if command.duty == CONSIDERATION:
            note = ledger.get(SignNote, command.stream)
            note.miss_consideration(step=command.step, ladder=self.ladder(ledger), by=command.by, at=ledger.now())
            return ledger.save(note)
        if command.duty == INQUIRY:
            return self.miss_inquiry(command, ledger)
        report = ledger.get(Report, command.stream)
        report.miss_deadline(
            duty=Duty(command.duty),
            step=command.step,
            ladder=self.ladder(ledger),
            walled=self.walled_off(ledger, report),
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(report)

    def _team(self, ledger: TenantLedger, case: UUID, by: Actor, at: datetime) -> CaseTeam:
        return ledger.find(CaseTeam, team_of(case)) or CaseTeam.hear(case=case, by=by, at=at)
