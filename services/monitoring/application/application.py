"""One handler per command: load, ask whether it is allowed, call the aggregate, save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from services.monitoring.application.group import GroupHandlers
from services.monitoring.application.informing import InformingHandlers
from services.monitoring.application.journal import JournalHandlers
from services.monitoring.domain.group_entry import GroupEntry
from services.monitoring.domain.risk import RISK_REVIEW, Risk
from services.monitoring.domain.risk_journal import JOURNAL_REVIEW, RiskJournal
from services.monitoring.domain.trip import TRIP_ASSESSMENT, Trip
from services.monitoring.publications import PUBLICATIONS
from services.monitoring.reactions import REACTIONS
from shared.domain import Aggregate
from shared.duties import MissDeadline
from shared.ledger.application import Answer, LedgerParts, TenantLedger
from shared.ledger.erasing import Needed
from shared.ledger.handling import handles
from shared.regulation import RuleBook

OF_THE_JOURNAL: Mapping[str, type[Risk | Trip | RiskJournal]] = {
    RISK_REVIEW: Risk,
    TRIP_ASSESSMENT: Trip,
    JOURNAL_REVIEW: RiskJournal,
}


class MonitoringApplication(GroupHandlers, InformingHandlers, JournalHandlers):
    """What is done so that violence does not happen, in any tenant."""

    name = "monitoring"

    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {
        GroupEntry: lambda entry: None if entry.has_ended else "monitoring.entry_not_ended",
    }

    def __init__(self, parts: LedgerParts, regulations: RuleBook) -> None:
        super().__init__(parts, publications=PUBLICATIONS, reactions=REACTIONS, regulations=regulations)

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """Records a missed duty, where it still is one."""
        kind = OF_THE_JOURNAL.get(command.duty)
        if kind is not None:
            found = ledger.get(kind, command.stream)
            found.miss(by=command.by, at=ledger.now())
            return ledger.save(found)
        entry = ledger.get(GroupEntry, command.stream)
        entry.miss(duty=command.duty, by=command.by, at=ledger.now())
        return ledger.save(entry)
