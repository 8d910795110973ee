"""How every handler comes to its case: found in the tenant, open to the caller, at the version the caller saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.cases.commands import CaseCommand
from services.cases.domain import access
from services.cases.domain.case import Case
from shared.domain import Actor, Command, UnknownError
from shared.ledger.application import LedgerApplication, TenantLedger
from shared.regulation import RuleBook

_ENVELOPE = {field.name for field in fields(CaseCommand)}


class Changing(LedgerApplication):
    """Base of the handlers of this service."""

    regulations: RuleBook

    def case_to_change(
        self, command: CaseCommand, ledger: TenantLedger, may: Callable[[Case, Actor], str] = access.may_act
    ) -> Case:
        """The case, where the caller may act in it. Raises UnknownError (walled ones too), NotPermittedError."""
        case = find_case(ledger, command.case)
        may(case, command.by)
        case.expects(command.expected_version)
        return case


def find_case(ledger: TenantLedger, case: UUID) -> Case:
    """The case of that id in this tenant; raises the one UnknownError that a walled person gets as well."""
    found = ledger.find(Case, case)
    if found is None:
        raise UnknownError(what="case")
    return found


def asked(command: CaseCommand) -> dict[str, Any]:
    """What a command asks for: its own fields, as the aggregate's method takes them."""
    return {field.name: getattr(command, field.name) for field in fields(command) if field.name not in _ENVELOPE}


def acted(command: Command, ledger: TenantLedger) -> dict[str, Any]:
    """Who acts, and when."""
    return {"by": command.by, "at": ledger.now()}
