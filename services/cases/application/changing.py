"""How every handler comes to its case: found in the tenant, open to the caller, at the version the caller saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases.commands import CaseCommand
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.errors import BehindAWallError
from services.cases.read_models import walls
from shared.domain import Actor, Command, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.application import TenantLedger
from shared.tenancy import InTenancy

May = Callable[[Case, Actor, datetime | None], str]
_ENVELOPE = {field.name for field in fields(CaseCommand)}


class Changing(InTenancy):
    """Base of the handlers of this service."""

    def case_to_change(self, command: CaseCommand, ledger: TenantLedger, may: May = access.may_act) -> Case:
        """The case, where the caller may act in it. Raises UnknownError (walled ones too), NotPermittedError."""
        case = self.case_of(ledger, command.case, command.by)
        may(case, command.by, ledger.now())
        case.expects(command.expected_version)
        return case

    def may_see_history(self, ledger: TenantLedger, stream: UUID, by: Actor) -> str | None:
        """Whoever sees a case sees what somebody else changed in it meanwhile; of other streams nobody."""
        return _rule_of_sight(ledger, stream, by)

    def case_of(self, ledger: TenantLedger, case: UUID, by: Actor) -> Case:
        """The case of that id in this tenant. Raises UnknownError: BehindAWallError, which nobody can tell from it.

        Both cost the same, so that time does not tell either: a look for a wall, and for a stream that is not there.
        The rows of walls may be late by moments; what decides is the case, by `access`.
        """
        is_walled = by.person is not None and self._has_a_wall(ledger.tenant, case, by.person)
        found = ledger.find(Case, new_id() if is_walled else case)
        if is_walled:
            raise BehindAWallError
        if found is None:
            raise UnknownError(what="case")
        return found

    def _has_a_wall(self, tenant: UUID, case: UUID, person: UUID) -> bool:
        chosen = select(walls.c.case).where(walls.c.tenant == tenant, walls.c.person == person, walls.c.case == case)
        with self.read(tenant) as connection:
            return connection.execute(chosen).first() is not None


def _rule_of_sight(ledger: TenantLedger, stream: UUID, by: Actor) -> str | None:
    case = ledger.find(Case, stream)
    if case is None:
        return None
    try:
        return access.may_see(case, by, ledger.now())
    except (UnknownError, NotPermittedError):
        return None


def asked(command: Command) -> dict[str, Any]:
    """What a command asks for: its own fields, as the aggregate's method takes them."""
    return {field.name: getattr(command, field.name) for field in fields(command) if field.name not in _ENVELOPE}


def acted(command: Command, ledger: TenantLedger) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": command.by, "at": ledger.now()}
