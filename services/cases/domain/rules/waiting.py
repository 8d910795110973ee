"""Waiting for agencies (REF-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def agency_was_asked(case: Chapter, agency: UUID) -> None:
    """Nobody waits for an agency that the school did not turn to, by a referral or by a seat (REF-06)."""
    if agency not in case.agencies_asked | {seat.agency for seat in case.seats.values()}:
        raise errors.AgencyNotAskedError(agency=str(agency))


def agency_is_awaited(case: Chapter, waiting: UUID) -> UUID:
    """A waiting step ends once; gives the agency (REF-06)."""
    if waiting not in case.waiting_for:
        raise errors.NotAwaitedError(waiting=str(waiting))
    return case.waiting_for[waiting]


def nobody_is_awaited(case: Chapter) -> None:
    """No closing while a decision outside is waited for (REF-06)."""
    if case.waiting_for:
        raise errors.StillWaitingError(agencies=sorted({str(agency) for agency in case.waiting_for.values()}))
