"""Handlers of what the directory says of agencies (REF-02)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.referrals import commands
from services.referrals.application.base import Handlers
from services.referrals.domain import rules
from services.referrals.domain.agency import Agency
from services.referrals.domain.entry import DirectoryEntry, entry_stream
from services.referrals.domain.errors import NoSuchThingError
from shared.domain import Command, NotPermittedError, UnknownError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class DescribingHandlers(Handlers):
    """The department's administrator keeps the entries of the agencies it registered."""

    @handles(commands.DescribeAgency)
    def describe_agency(self, command: commands.DescribeAgency, ledger: TenantLedger) -> Answer:
        """Says what it is."""
        self.kept_by(command, command.agency)
        entered = self.execute(
            commands.EnterDescription(
                tenant=command.agency,
                command_id=derived_id(command.command_id, "enter_description"),
                by=command.by,
                cause=command.command_id,
                details=command.details,
            )
        )
        return ledger.save(answer={"agency": str(command.agency), **entered.body})

    @handles(commands.ConfirmEntry)
    def confirm_entry(self, command: commands.ConfirmEntry, ledger: TenantLedger) -> Answer:
        """It is still true."""
        self.kept_by(command, command.agency)
        entry = self.entry_of(command.agency)
        entered = self.execute(
            commands.EnterDescription(
                tenant=command.agency,
                command_id=derived_id(command.command_id, "enter_description"),
                by=command.by,
                cause=command.command_id,
                details=entry.details,
            )
        )
        return ledger.save(answer={"agency": str(command.agency), **entered.body})

    @handles(commands.EnterDescription)
    def enter_description(self, command: commands.EnterDescription, ledger: TenantLedger) -> Answer:
        """In the agency's own tenant."""
        entry = ledger.find(DirectoryEntry, entry_stream(command.tenant))
        deadline = ledger.book.deadline("referrals.entry_confirmed", ledger.now())
        facts: dict[str, Any] = {"details": command.details, "confirm_by": deadline.due_at, "rule": deadline.rule}
        if entry is None:
            entry = DirectoryEntry.describe(agency=command.tenant, by=command.by, at=ledger.now(), **facts)
        else:
            entry.revise(by=command.by, at=ledger.now(), **facts)
        return ledger.save(entry, answer={"confirm_by": entry.confirm_by.isoformat()})

    def kept_by(self, command: Command, agency: UUID) -> Agency:
        """The agency, where it is the caller's department that keeps its entry; denials are recorded."""
        found = self.agency(agency)
        try:
            rules.entry_is_the_departments_own(found, command.by, command.tenant)
        except (NotPermittedError, UnknownError) as denied:
            rule = getattr(denied, "rule", "another_departments_agency")
            self.record_read(command.tenant, command.by, "agency", [agency], rule, allowed=False)
            raise
        return found

    def entry_of(self, agency: UUID) -> DirectoryEntry:
        """What the directory says of an agency. Raises UnknownError."""
        entry = self.for_tenant(agency).find(DirectoryEntry, entry_stream(agency))
        if entry is None:
            raise NoSuchThingError(what="entry")
        return entry
