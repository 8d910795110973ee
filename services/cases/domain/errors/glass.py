"""Breaking the glass."""

from __future__ import annotations

from shared.domain import DomainError


class GlassNotAskedForError(DomainError):
    """Nobody asks for it, or it was asked for too long ago, or it is confirmed already."""

    code = "cases.glass_not_asked_for"
