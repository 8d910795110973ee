"""Breaking the glass (CON-01)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.cases.commands.case import CaseCommand


@dataclass(frozen=True, kw_only=True)
class AskToBreakGlass(CaseCommand):
    """See a case that one is not on, as the deputy, for a reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class BreakGlass(CaseCommand):
    """Confirm it, as a second person of the service."""

    request: UUID
