"""Handlers of what comes up to the department, in the department's tenant."""

from __future__ import annotations

from services.cases import commands
from services.cases.application.changing import Changing
from services.cases.domain.notice import Notice, notice_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class NoticeHandlers(Changing):
    """The department is told, once, and told when it is over."""

    @handles(commands.RaiseNotice)
    def raise_notice(self, command: commands.RaiseNotice, ledger: TenantLedger) -> Answer:
        """Something came up."""
        if ledger.find(Notice, notice_id(command.matter, command.duty, command.due_at)) is not None:
            return ledger.save()
        return ledger.save(
            Notice.raise_(
                school=command.school,
                service=command.service,
                matter=command.matter,
                duty=command.duty,
                due_at=command.due_at,
                climbed_at=command.climbed_at,
                rule=command.rule,
                walled=command.walled,
                by=command.by,
                at=ledger.now(),
            )
        )

    @handles(commands.SettleNotice)
    def settle_notice(self, command: commands.SettleNotice, ledger: TenantLedger) -> Answer:
        """It is over; of what never came up nothing is over."""
        notice = ledger.find(Notice, notice_id(command.matter, command.duty, command.due_at))
        if notice is None:
            return ledger.save()
        notice.settle(by=command.by, at=ledger.now())
        return ledger.save(notice)
