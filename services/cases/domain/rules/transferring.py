"""What is kept when a child changes school (CON-08)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors

if TYPE_CHECKING:
    from services.cases.domain.arrived_matter import ArrivedMatter
    from services.cases.domain.chapters.chapter import Chapter


def school_owes_no_answer(case: Chapter, to: UUID) -> None:
    """A school answers one release before the next of the same case."""
    for transfer, release in case.releases.items():
        if release.to == to and release.outcome is None:
            raise errors.ReleaseNotAnsweredError(transfer=str(transfer))


def matter_is_not_answered(matter: ArrivedMatter) -> None:
    """It is taken, or declined, once."""
    if matter.state != "offered":
        raise errors.MatterAnsweredError(state=matter.state)
