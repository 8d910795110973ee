"""What the department rules for its schools: values that the source leaves open, and the table of days.

The department's own event comes first. Our own reaction to it carries the change to every school, again and again until
it is done; a school that is registered later follows all that was changed before.
"""

from __future__ import annotations

from services.accounts import commands
from services.accounts.application.base import AccountsBase
from services.accounts.application.opened import OPENED
from services.accounts.domain import rules
from services.accounts.domain.department import Department
from services.accounts.domain.school import School
from shared.domain import Command, NotPermittedError
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles


class Ruling(AccountsBase):
    """Handlers of the department's policy (docs/decisions/0013)."""

    @handles(commands.ChangePolicy)
    def change_policy(self, command: commands.ChangePolicy, ledger: TenantLedger) -> Answer:
        """A value of the department's own."""
        department, change = self._ruled(command, ledger), derived_id(command.command_id, "change")
        department.change_policy(
            change=change,
            key=command.key,
            unit=command.unit,
            value=command.value,
            since=command.since,
            reason=command.reason,
            opened=OPENED,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(department, answer={"change": change})

    @handles(commands.ChangeDay)
    def change_day(self, command: commands.ChangeDay, ledger: TenantLedger) -> Answer:
        """A day of the department's table."""
        department, change = self._ruled(command, ledger), derived_id(command.command_id, "change")
        department.change_day(
            change=change,
            day=command.day,
            worked=command.worked,
            reason=command.reason,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(department, answer={"change": change})

    @handles(commands.CarryChange)
    def carry_change(self, command: commands.CarryChange, ledger: TenantLedger) -> Answer:
        """Every school of the department follows."""
        department = ledger.get(Department, ledger.tenant)
        for school in department.schools:
            self.follow(department, school, [command.change])
        return ledger.save()

    @handles(commands.FollowPolicy)
    def follow_policy(self, command: commands.FollowPolicy, ledger: TenantLedger) -> Answer:
        """The school follows."""
        school = ledger.get(School, ledger.tenant)
        school.follow_policy(change=command.change, policy=command.policy, by=command.by, at=ledger.now())
        return ledger.save(school)

    @handles(commands.FollowDay)
    def follow_day(self, command: commands.FollowDay, ledger: TenantLedger) -> Answer:
        """The school follows."""
        school = ledger.get(School, ledger.tenant)
        school.follow_day(change=command.change, day=command.day, by=command.by, at=ledger.now())
        return ledger.save(school)

    def _ruled(self, command: Command, ledger: TenantLedger) -> Department:
        """The department, with a denial recorded where the caller is not the one who rules."""
        try:
            rules.safeguarding_lead_sets_policy(command.by)
        except NotPermittedError as denial:
            self.record_read(ledger.tenant, command.by, "policy", [], denial.rule, allowed=False)
            raise
        department = ledger.get(Department, ledger.tenant)
        department.expects(command.expected_version)
        return department
