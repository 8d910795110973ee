"""Safes, their keepers, and what lies in them (CON-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import Safe
from shared.domain import Actor, NotPermittedError

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def keeper_was_named(safe: Safe, by: Actor) -> None:
    """Nobody takes a key that is another's duty (CON-06)."""
    if by.person != safe.keeper:
        raise NotPermittedError(rule="CON-06")


def safe_is_kept(safe_id: UUID, safe: Safe) -> None:
    """Papers go where somebody answers for them: whoever was named took the safe over (CON-06)."""
    if not safe.taken_over:
        raise errors.SafeWithoutKeeperError(safe=str(safe_id))


def papers_are_out(case: Chapter) -> None:
    """A file that lies in a safe is taken out before it goes into another (CON-06)."""
    if case.papers_in is not None:
        raise errors.PapersInSafeError(safe=str(case.papers_in))


def papers_are_in(case: Chapter) -> None:
    """Only what lies in a safe is taken out (CON-06)."""
    if case.papers_in is None:
        raise errors.PapersNotInSafeError
