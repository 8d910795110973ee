"""Breaking the glass (CON-01), and what is told of it."""

from __future__ import annotations

from services.cases.schemas.asked.common import Asked, OneCase, identifier, text


class AskToBreakGlass(OneCase):
    """What `ask_to_break_glass` takes."""

    reason = text()


class BreakGlass(OneCase):
    """What `break_glass` takes."""

    request = identifier()


class BrokenGlass(Asked):
    """What `broken_glass` takes."""
