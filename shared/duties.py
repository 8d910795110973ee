"""Duties: what falls due, what is done, and the command with which a clock says that one was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class Opens:
    """An event opened a duty: due when, owned by whom (`role:<role>` or `person:<uuid>`), by which rule.

    `step` is its rung.
    """

    duty: str
    stream: UUID
    due_at: datetime
    owner: str
    rule: str
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class Meets:
    """An event ended a duty: done, dropped with a reason, or missed for good."""

    duty: str
    stream: UUID


@dataclass(frozen=True, kw_only=True)
class MissDeadline(Command):
    """A clock found a duty of `stream` past its time; the aggregate decides whether that still holds."""

    stream: UUID
    duty: str
    step: int
