"""Safes, and the file of a case on paper (CON-06)."""

from __future__ import annotations

from services.cases.schemas.asked.common import Asked, OneCase, identifier, line, text


class SetUpSafe(Asked):
    """What `set_up_safe` takes."""

    place = line()
    keeper = identifier()


class NameKeeper(Asked):
    """What `name_keeper` takes."""

    safe = identifier()
    keeper = identifier()
    reason = text()


class TakeOverSafe(Asked):
    """What `take_over_safe` takes."""

    safe = identifier()


class PutPapersInSafe(OneCase):
    """What `put_papers_in_safe` takes."""

    safe = identifier()
    papers = text()


class TakePapersOut(OneCase):
    """What `take_papers_out` takes."""

    person = identifier()
    reason = text()


class RegisterOfPapers(Asked):
    """What `register_of_papers` takes."""
