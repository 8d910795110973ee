"""Safes, and the file of a case on paper (CON-06)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.cases.commands.case import CaseCommand
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class SetUpSafe(Command):
    """Say where a safe is and whose duty it is."""

    place: str
    keeper: UUID


@dataclass(frozen=True, kw_only=True)
class NameKeeper(Command):
    """Give the duty to another."""

    safe: UUID
    keeper: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class TakeOverSafe(Command):
    """Take the key, as the one who was named."""

    safe: UUID


@dataclass(frozen=True, kw_only=True)
class PutPapersInSafe(CaseCommand):
    """Put the file of a case into a safe, or back."""

    safe: UUID
    papers: str


@dataclass(frozen=True, kw_only=True)
class TakePapersOut(CaseCommand):
    """Give it to a member of the team."""

    person: UUID
    reason: str
