"""Who breaks the glass, and with whom (CON-01)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.cases.domain import errors
from services.cases.domain.values import GlassAsked, Role
from shared.domain import Actor, NotPermittedError

if TYPE_CHECKING:
    from services.cases.domain.chapters.chapter import Chapter


def deputy_acts(by: Actor) -> UUID:
    """Only the head's deputy may need it: the head sees every case that they are not walled off from."""
    if Role.DEPUTY not in by.roles or by.person is None:
        raise NotPermittedError(rule="break_glass_is_the_deputys")
    return by.person


def glass_was_asked_for(case: Chapter, request: UUID, *, at: datetime, hours: int) -> GlassAsked:
    """There is such a request, no older than what it asks for would last."""
    asked = case.glass_asked.get(request)
    if asked is None or at >= asked.at + timedelta(hours=hours):
        raise errors.GlassNotAskedForError(request=str(request))
    return asked


def another_confirms(by: Actor, asked: GlassAsked) -> None:
    """Nobody confirms what they asked for."""
    if by.person is None or by.person == asked.person:
        raise NotPermittedError(rule="break_glass_by_two")
