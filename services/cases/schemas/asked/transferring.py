"""A child changes school (CON-08)."""

from __future__ import annotations

from services.cases.domain.values import Part
from services.cases.schemas.asked.common import Asked, OneCase, choice, identifier, many, text


class ReleaseParts(OneCase):
    """What `release_parts` takes."""

    to = identifier()
    parts = many(choice(Part), least=1)
    reason = text()


class OneMatter(Asked):
    """A matter that came from another school."""

    matter = identifier()


class AcceptMatter(OneMatter):
    """What `accept_matter` takes."""


class DeclineMatter(OneMatter):
    """What `decline_matter` takes."""

    reason = text()


class ArrivedMatters(Asked):
    """What `arrived_matters` takes."""
