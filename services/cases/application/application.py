"""The service's application: its beginning and end of a case here, the rest by chapter beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from services.cases import commands
from services.cases.application.assessing import AssessingHandlers
from services.cases.application.changing import acted, asked
from services.cases.application.glass import GlassHandlers
from services.cases.application.helping import HelpingHandlers
from services.cases.application.interagency import InteragencyHandlers
from services.cases.application.keeping import all_cases, case_is_kept
from services.cases.application.notices import NoticeHandlers
from services.cases.application.papers import PapersHandlers
from services.cases.application.referring import ReferringHandlers
from services.cases.application.service import ServiceHandlers, admissible
from services.cases.application.teamwork import TeamworkHandlers
from services.cases.application.transferring import TransferHandlers
from services.cases.application.walls import walls_before
from services.cases.domain.case import Case
from services.cases.domain.errors import rule_of
from services.cases.domain.interagency import task_of
from services.cases.domain.register import Register, register_id, school_year_of
from services.cases.domain.safety_service import safety_service_id
from services.cases.domain.values import OPEN_REFERRALS
from services.cases.publications import PUBLICATIONS
from services.cases.reactions import REACTIONS
from shared.domain import Actor, Aggregate, Command, NotPermittedError, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.append import InboxMark
from shared.ledger.application import Answer, LedgerParts, TenantLedger
from shared.ledger.erasing import Needed
from shared.ledger.erasure import StillNeededError
from shared.ledger.handling import handles
from shared.ledger.retention import BY_TWO, Retaining, Retains
from shared.regulation import RuleBook


class CasesApplication(
    TeamworkHandlers,
    AssessingHandlers,
    HelpingHandlers,
    ReferringHandlers,
    InteragencyHandlers,
    PapersHandlers,
    NoticeHandlers,
    GlassHandlers,
    TransferHandlers,
    ServiceHandlers,
    Retaining,
):
    """Cases and their registers, each command done once, each denial in the access log."""

    name = "cases"

    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {
        Case: lambda case: "cases.case_open" if case.is_open else None
    }

    retention: ClassVar[Mapping[type[Aggregate], Retains]] = {Case: case_is_kept}

    def __init__(self, parts: LedgerParts, regulations: RuleBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS, regulations=regulations)

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """As every application does; a denial is recorded with its true rule, walls included (CON-01)."""
        try:
            return super().execute(command, inbox=inbox, correlation=correlation)
        except (UnknownError, NotPermittedError) as denied:
            if isinstance(command, BY_TWO):  # recorded where it was denied
                raise
            ids = [getattr(command, name) for name in ("case", "matter") if hasattr(command, name)]
            what, rule = type(command).__name__, rule_of(denied)
            self.record_read(command.tenant, command.by, what, ids, rule, allowed=False)
            raise

    def belonging_to(self, ledger: TenantLedger, stream: UUID) -> Sequence[UUID]:
        """With a case go the notes of its sessions."""
        return [event.note for _, event in ledger.events(stream) if isinstance(event, Case.SessionHeld)]

    def behind_walls(self, tenant: UUID, by: Actor) -> Collection[UUID]:
        """Cases."""
        with self.read(tenant) as connection:
            return frozenset(connection.scalars(walls_before(tenant, by)))

    def going_along(self, ledger: TenantLedger, stream: UUID) -> dict[str, list[str]]:
        """With a case go its referrals, and those of its reports that led to no other case."""
        case = ledger.get(Case, stream)
        others = [ledger.find(Case, other) for other in all_cases(self, ledger.tenant) if other != stream]
        shared = {report for other in others if other is not None for report in other.reports}
        return {
            "reports": sorted(map(str, case.reports - shared)),
            "referrals": sorted(map(str, case.referrals)),
        }

    def destructible(self, ledger: TenantLedger, stream: UUID, by: Actor) -> Any:
        """Nor one whose referral an agency still works on."""
        found = super().destructible(ledger, stream, by)
        if any(state in OPEN_REFERRALS for state in found.referrals.values()):
            raise StillNeededError(stream=str(stream), why="cases.referral_open")
        return found

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
        report, refused = admissible(ledger, command.report)
        case.link_report(report=report, book=ledger.book, **acted(command, ledger))
        if refused is not None and refused["person"] not in case.team:
            case.note_owner_not_admitted(**refused, **acted(command, ledger))
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
        case.close(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.ReopenCase)
    def reopen_case(self, command: commands.ReopenCase, ledger: TenantLedger) -> Answer:
        """Takes a closed case up again."""
        case = self.case_to_change(command, ledger)
        case.reopen(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.NoteNewFacts)
    def note_new_facts(self, command: commands.NoteNewFacts, ledger: TenantLedger) -> Answer:
        """Looks at the risk again; a case that is none here needs not."""
        case = ledger.find(Case, command.case)
        if case is None:
            return ledger.save()
        case.note_new_facts(report=command.report, book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.WaiveDuty)
    def waive_duty(self, command: commands.WaiveDuty, ledger: TenantLedger) -> Answer:
        """Leaves a duty this time, for a reason."""
        case = self.case_to_change(command, ledger)
        case.waive_duty(**asked(command), book=ledger.book, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Says that a duty was missed, if it still is."""
        if command.stream == safety_service_id(command.tenant):
            return self.miss_deadline_of_the_service(command, ledger)
        case = ledger.find(Case, command.stream)
        if case is None:
            raise UnknownError(what="case")
        asked_of = {"step": command.step, "ladder": self.ladder(ledger), **acted(command, ledger)}
        task = task_of(command.duty)
        if task is None:
            case.miss_deadline(duty=command.duty, **asked_of)
        else:
            case.miss_interagency_task(task=task, **asked_of)
        return ledger.save(case, answer={"case": case.id})

    def _open(
        self, command: commands.OpenCase | commands.LinkReport, ledger: TenantLedger, *, previous: Case | None
    ) -> Answer:
        """Opens a case; one that follows upon another, about the same events, keeps its walls."""
        at, (report, refused) = ledger.now(), admissible(ledger, command.report)
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
            book=ledger.book,
            by=command.by,
            at=at,
        )
        if refused is not None:
            case.note_owner_not_admitted(**refused, by=command.by, at=at)
        return ledger.save(case, register, answer={"case": case.id, "number": case.number})
