"""The handlers of what is heard about a tenant, and the tenant's book of regulations that follows from it.

The book is asked for with each command, so it is kept for a few seconds in memory: a service process of another host
follows a change that much later than the one that heard it. Nothing is lost by that, since a value holds from a day
that was still to come when the department set it.
"""

from __future__ import annotations

import time
from dataclasses import fields
from typing import Any
from uuid import UUID

from shared.domain import Command
from shared.ladder import Ladder
from shared.ledger.application import Answer, LedgerApplication, TenantLedger
from shared.ledger.handling import handles
from shared.regulation import RuleBook
from shared.tenancy import commands
from shared.tenancy.tenancy import Tenancy, tenancy_id

KEPT_SECONDS = 5.0
MOST_KEPT = 2_000
_ENVELOPE = {field.name for field in fields(Command)}

Kept = tuple[float, Tenancy | None, RuleBook]


class InTenancy(LedgerApplication):
    """Base of the services' applications that work in schools."""

    _kept: dict[UUID, Kept]

    def book_of(self, tenant: UUID) -> RuleBook:
        """The service's regulations with what the tenant's department changed."""
        return self._of(tenant)[2]

    def tenancy_of(self, tenant: UUID) -> Tenancy | None:
        """What is known of the tenant; None where nothing was heard yet. Not for changing."""
        return self._of(tenant)[1]

    def ladder(self, ledger: TenantLedger) -> Ladder:
        """The ladder that a missed duty climbs in this tenant now."""
        tenancy, at = self.tenancy_of(ledger.tenant), ledger.now()
        return Ladder(
            service=self.name,
            book=ledger.book,
            leading=tenancy.leading(at) if tenancy and tenancy.offices else None,
            department=tenancy.department if tenancy else None,
        )

    def _of(self, tenant: UUID) -> Kept:
        kept = self.__dict__.setdefault("_kept", {})
        now = time.monotonic()
        found: Kept | None = kept.get(tenant)
        if found is None or now - found[0] > KEPT_SECONDS:
            tenancy = self.for_tenant(tenant).find(Tenancy, tenancy_id(tenant))
            found = (now, tenancy, tenancy.book_over(self.regulations) if tenancy else self.regulations)
            while len(kept) >= MOST_KEPT:
                kept.pop(next(iter(kept), tenant), None)
            kept.pop(tenant, None)
            kept[tenant] = found
        return found

    @handles(commands.NameDepartment)
    def name_department(self, command: commands.NameDepartment, ledger: TenantLedger) -> Answer:
        """Whose the tenant is."""
        return self._put_down(command, ledger, "name_department")

    @handles(commands.TakeOffice)
    def take_office(self, command: commands.TakeOffice, ledger: TenantLedger) -> Answer:
        """Who leads it."""
        return self._put_down(command, ledger, "take_office")

    @handles(commands.LeaveOffice)
    def leave_office(self, command: commands.LeaveOffice, ledger: TenantLedger) -> Answer:
        """Who does no longer."""
        return self._put_down(command, ledger, "leave_office")

    @handles(commands.FollowPolicy)
    def follow_policy(self, command: commands.FollowPolicy, ledger: TenantLedger) -> Answer:
        """A value of the department's own."""
        return self._put_down(command, ledger, "follow_policy", book=self.regulations)

    @handles(commands.FollowDay)
    def follow_day(self, command: commands.FollowDay, ledger: TenantLedger) -> Answer:
        """A day of its table."""
        return self._put_down(command, ledger, "follow_day")

    def _put_down(self, command: Command, ledger: TenantLedger, method: str, **more: Any) -> Answer:
        at = ledger.now()
        tenancy = ledger.find(Tenancy, tenancy_id(ledger.tenant)) or Tenancy.begin(
            tenant=ledger.tenant, by=command.by, at=at
        )
        asked = {field.name: getattr(command, field.name) for field in fields(command) if field.name not in _ENVELOPE}
        getattr(tenancy, method)(**asked, **more, by=command.by, at=at)
        answer = ledger.save(tenancy)
        self.__dict__.get("_kept", {}).pop(ledger.tenant, None)
        return answer
