"""Handlers of the register of papers, and of the chapter `papers`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted
from services.cases.domain.errors import NoSuchSafeError
from services.cases.domain.paper_register import PaperRegister, paper_register_id
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class PapersHandlers(Changing):
    """Which safes there are, who keeps them, and what goes in and out."""

    @handles(commands.SetUpSafe)
    def set_up_safe(self, command: commands.SetUpSafe, ledger: TenantLedger) -> Answer:
        """A safe, and whose duty it is; with the first the register begins."""
        register = ledger.find(PaperRegister, paper_register_id(command.tenant)) or PaperRegister.begin(
            tenant=command.tenant, **acted(command, ledger)
        )
        safe = derived_id(command.command_id, "safe")
        register.set_up_safe(safe=safe, place=command.place, keeper=command.keeper, **acted(command, ledger))
        return ledger.save(register, answer={"safe": safe})

    @handles(commands.NameKeeper)
    def name_keeper(self, command: commands.NameKeeper, ledger: TenantLedger) -> Answer:
        """The duty passes to another."""
        register = _register(command, ledger)
        register.name_keeper(safe=command.safe, keeper=command.keeper, reason=command.reason, **acted(command, ledger))
        return ledger.save(register, answer={"safe": command.safe})

    @handles(commands.TakeOverSafe)
    def take_over_safe(self, command: commands.TakeOverSafe, ledger: TenantLedger) -> Answer:
        """The keeper has the key."""
        register = _register(command, ledger)
        register.take_over_safe(safe=command.safe, **acted(command, ledger))
        return ledger.save(register, answer={"safe": command.safe})

    @handles(commands.PutPapersInSafe)
    def put_papers_in_safe(self, command: commands.PutPapersInSafe, ledger: TenantLedger) -> Answer:
        """The file goes into a safe that somebody keeps."""
        case = self.case_to_change(command, ledger)
        keeper = _register(command, ledger).keeper_of(command.safe)
        case.put_papers_in_safe(safe=command.safe, keeper=keeper, papers=command.papers, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})

    @handles(commands.TakePapersOut)
    def take_papers_out(self, command: commands.TakePapersOut, ledger: TenantLedger) -> Answer:
        """A member has the file."""
        case = self.case_to_change(command, ledger)
        case.take_papers_out(person=command.person, reason=command.reason, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id})


def _register(
    command: commands.NameKeeper | commands.TakeOverSafe | commands.PutPapersInSafe, ledger: TenantLedger
) -> PaperRegister:
    found = ledger.find(PaperRegister, paper_register_id(command.tenant))
    if found is None:
        raise NoSuchSafeError(safe=str(command.safe))
    return found
