"""A child changes school (CON-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.cases.commands.case import CaseCommand
from services.cases.domain.values import Part
from shared.domain import Command


@dataclass(frozen=True, kw_only=True)
class ReleaseParts(CaseCommand):
    """Let parts of a case go to another school."""

    to: UUID
    parts: Sequence[Part]
    reason: str


@dataclass(frozen=True, kw_only=True)
class NoteReleaseAnswered(CaseCommand):
    """What the other school said; by policy."""

    transfer: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class OfferMatter(Command):
    """In the receiving school's tenant: parts of a case of `school` may be taken; by policy."""

    transfer: UUID
    school: UUID
    case: UUID


@dataclass(frozen=True, kw_only=True)
class WallOffFromMatter(Command):
    """In the receiving school's tenant: what came from `school` keeps these away, too; by policy."""

    transfer: UUID
    school: UUID
    persons: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class AcceptMatter(Command):
    """Take it."""

    matter: UUID


@dataclass(frozen=True, kw_only=True)
class DeclineMatter(Command):
    """Do not, for a reason."""

    matter: UUID
    reason: str
