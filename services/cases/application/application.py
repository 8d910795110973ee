"""The service's application: its beginning and end of a case here, the rest by chapter beside it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.cases import commands
from services.cases.application.assessing import AssessingHandlers
from services.cases.application.changing import acted, asked
from services.cases.application.helping import HelpingHandlers
from services.cases.application.referring import ReferringHandlers
from services.cases.application.teamwork import TeamworkHandlers
from services.cases.domain.case import Case
from services.cases.domain.errors import rule_of
from services.cases.domain.register import Register, register_id, school_year_of
from services.cases.publications import PUBLICATIONS
from services.cases.reactions import REACTIONS
from shared.domain import Command, NotPermittedError, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer, LedgerParts, TenantLedger, handles
from shared.regulation import RuleBook


class CasesApplication(TeamworkHandlers, AssessingHandlers, HelpingHandlers, ReferringHandlers):
    """Cases and their registers, each command done once, each denial in the access log."""

    name = "cases"

    def __init__(self, parts: LedgerParts, regulations: RuleBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS)
        self.regulations = regulations

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; a denial is recorded with its true rule, walls included (CON-01)."""
        try:
            return super().execute(command, inbox=inbox, correlation=correlation)
        except (UnknownError, NotPermittedError) as denied:
            ids = [command.case] if isinstance(command, commands.CaseCommand) else []
            what, rule = type(command).__name__, rule_of(denied)
            self.record_read(command.tenant, command.by, what, ids, rule, allowed=False)
            raise

    @handles(commands.OpenCase)
    def open_case(self, command: commands.OpenCase, ledger: TenantLedger) -> Answer:
        """Enters a report in the register of the school year, under its next number."""
        return self._open(command, ledger, previous=None)

    @handles(commands.LinkReport)
    def link_report(self, command: commands.LinkReport, ledger: TenantLedger) -> Answer:
        """Joins a report to its case; where there is none such, or it is closed, the fact is entered all the same."""
        case = ledger.find(Case, command.case)
        if case is None or not case.is_open:
            return self._open(command, ledger, previous=case)
        case.link_report(report=command.report, book=self.regulations, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "number": case.number})

    @handles(commands.WallOffPerson)
    def wall_off_person(self, command: commands.WallOffPerson, ledger: TenantLedger) -> Answer:
        """Keeps a person away from a case; a case that the report was to join and that is none here needs no wall."""
        case = ledger.find(Case, command.case)
        if case is None:
            return ledger.save()
        case.wall_off(**asked(command), **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.CloseCase)
    def close_case(self, command: commands.CloseCase, ledger: TenantLedger) -> Answer:
        """Closes on the service's joint decision."""
        case = self.case_to_change(command, ledger)
        case.close(**asked(command), book=self.regulations, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.ReopenCase)
    def reopen_case(self, command: commands.ReopenCase, ledger: TenantLedger) -> Answer:
        """Takes a closed case up again."""
        case = self.case_to_change(command, ledger)
        case.reopen(**asked(command), book=self.regulations, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Says that a duty was missed, if it still is."""
        case = ledger.find(Case, command.stream)
        if case is None:
            raise UnknownError(what="case")
        case.miss_deadline(duty=command.duty, step=command.step, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    def _open(
        self, command: commands.OpenCase | commands.LinkReport, ledger: TenantLedger, *, previous: Case | None
    ) -> Answer:
        """Opens a case; one that follows upon another, about the same events, keeps its walls."""
        at, report = ledger.now(), command.report
        if previous is not None:
            report = replace(report, walled=report.walled | previous.walled)
        year = school_year_of(at)
        register = ledger.find(Register, register_id(command.tenant, year)) or Register.begin(
            tenant=command.tenant, year=year, by=command.by, at=at
        )
        case_id = derived_id(command.command_id, "case")
        case = Case.open(
            id=case_id,
            number=register.enter(case_id, by=command.by, at=at),
            register_year=year,
            report=report,
            previous=None if previous is None else previous.id,
            book=self.regulations,
            by=command.by,
            at=at,
        )
        return ledger.save(case, register, answer={"case": case.id, "number": case.number})
