"""Waiting for agencies."""

from __future__ import annotations

from services.cases.domain.values import Awaited
from services.cases.schemas.asked.common import OneCase, choice, identifier, text


class AwaitAgency(OneCase):
    """What `await_agency` takes."""

    agency = identifier()
    at_once = text()
    awaited = text()
    then = text()


class EndWaiting(OneCase):
    """What `end_waiting` takes."""

    waiting = identifier()
    outcome = choice(Awaited)
    said = text()
    follows = text()
