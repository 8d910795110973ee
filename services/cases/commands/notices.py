"""By policy, in the department's tenant: what came up to it, and when that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class RaiseNotice(Command):
    """A duty of a school climbed to the department."""

    school: UUID
    service: str
    matter: UUID
    duty: str
    due_at: datetime
    climbed_at: datetime
    rule: str
    walled: frozenset[UUID]


@dataclass(frozen=True, kw_only=True)
class SettleNotice(Command):
    """It was met, or left for a reason."""

    matter: UUID
    duty: str
    due_at: datetime
