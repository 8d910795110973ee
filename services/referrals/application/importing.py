"""Handlers of the directory as a file (REF-02): all of it or nothing, and going on where it stopped."""

from __future__ import annotations

from uuid import UUID

from services.referrals import commands
from services.referrals.application import hsds
from services.referrals.application.sending import SendingHandlers
from services.referrals.domain import rules
from services.referrals.domain.agency import Agency
from shared.domain import Actor, InvalidInputError, NotPermittedError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class ImportingHandlers(SendingHandlers):
    """HSDS in; what goes out is a question (queries.py)."""

    @handles(commands.ImportDirectory)
    def import_directory(self, command: commands.ImportDirectory, ledger: TenantLedger) -> Answer:
        """Every fault is told at once, and then nothing is imported; each entry is a command of its own with an id that
        follows from the agency, so that the same command again goes on where it stopped.
        """
        self.keeps_a_directory(command.by, command.tenant)
        found, faults = hsds.read(command.organizations)
        faults |= self._faults_of_strangers(command, found)
        if faults:
            raise InvalidInputError(faults)
        agencies = []
        for one in found:
            if one.agency is not None and one.details is not None:
                self._enter(command, one.agency, one.details)
                agencies.append(str(one.agency))
        return ledger.save(answer={"agencies": agencies})

    def keeps_a_directory(self, by: Actor, tenant: UUID) -> None:
        """Refuses who is no administrator; denials are recorded."""
        try:
            rules.administrator_keeps_the_directory(by)
        except NotPermittedError as denied:
            self.record_read(tenant, by, "directory", [], denied.rule, allowed=False)
            raise

    def is_kept_by(self, agency: UUID, department: UUID) -> bool:
        """Whether the agency is in the directory, and another department did not register it."""
        found = self.for_tenant(agency).find(Agency, agency)
        return found is not None and rules.department_registered(found, department)

    def _faults_of_strangers(self, command: commands.ImportDirectory, found: list[hsds.Read]) -> hsds.Faults:
        """What is not there and what is another department's cost the same answer; the access log has the ids."""
        strangers = {one.agency: one.at for one in found if one.agency is not None}
        strangers = {one: at for one, at in strangers.items() if not self.is_kept_by(one, command.tenant)}
        if strangers:
            rule = "another_departments_agency"
            self.record_read(command.tenant, command.by, "agency", list(strangers), rule, allowed=False)
        return {f"{at}.id": ["unknown_agency"] for at in strangers.values()}

    def _enter(self, command: commands.ImportDirectory, agency: UUID, details: dict[str, object]) -> None:
        self.execute(
            commands.EnterDescription(
                tenant=agency,
                command_id=derived_id(command.command_id, "enter_description", str(agency)),
                by=command.by,
                cause=command.command_id,
                details=details,
            )
        )
