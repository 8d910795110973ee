"""Handlers of the chapter `glass`."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing, acted
from services.cases.domain import access
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class GlassHandlers(Changing):
    """The deputy asks, a second person confirms; neither needs to see the case for it."""

    @handles(commands.AskToBreakGlass)
    def ask_to_break_glass(self, command: commands.AskToBreakGlass, ledger: TenantLedger) -> Answer:
        """For a reason, which stands in the case."""
        case = self.case_to_change(command, ledger, may=access.may_ask_for_glass)
        request = derived_id(command.command_id, "glass")
        case.ask_to_break_glass(request=request, reason=command.reason, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "request": request})

    @handles(commands.BreakGlass)
    def break_glass(self, command: commands.BreakGlass, ledger: TenantLedger) -> Answer:
        """For as long as policy says."""
        case = self.case_to_change(command, ledger, may=access.may_confirm_glass)
        lasts = ledger.book.at("cases.break_glass", ledger.now())
        case.break_glass(request=command.request, hours=lasts.value, rule=lasts.version, **acted(command, ledger))
        return ledger.save(case, answer={"case": case.id, "request": command.request})
