"""A school's way in: whom children turn to there, how to recognise and reach them, and what they will do (REP-15).

What the head or the deputy publishes is read by anybody, without an account. One of those named leads on pupils' safety
(POL-04).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.reports.domain import errors
from services.reports.domain.values import Role
from shared.domain import Actor, Aggregate, Event, FirstEvent, NotPermittedError, registered
from shared.ids import derived_id


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody whom children may turn to, in words that a child reads."""

    name: str
    role: str
    recognise: str
    reach: str
    will_do: str
    leads_on_safety: bool = False


def way_in_of(tenant: UUID) -> UUID:
    """The stream of a school's way in."""
    return derived_id(tenant, "way_in")


@registered
class WayIn(Aggregate):
    """Whom a school's children turn to, as last published; earlier ones stand in its events."""

    TOPIC = "reports.way_in"

    class Opened(FirstEvent):
        """The school said for the first time whom to turn to."""

        TOPIC = "reports.way_in_opened"
        contacts: Sequence[Mapping[str, Any]]

    class ContactsPublished(Event):
        """The school said anew whom to turn to."""

        TOPIC = "reports.contacts_published"
        contacts: Sequence[Mapping[str, Any]]

    @classmethod
    def open(cls, *, tenant: UUID, contacts: Sequence[Contact], by: Actor, at: datetime) -> Self:
        """Says whom to turn to."""
        _head_or_deputy_publishes(by)
        _one_leads_on_safety(contacts)
        return cls._begin(cls.Opened, id=way_in_of(tenant), by=by, at=at, contacts=[asdict(one) for one in contacts])

    def publish(self, *, contacts: Sequence[Contact], by: Actor, at: datetime) -> None:
        """Says it anew, in place of all that was said before."""
        _head_or_deputy_publishes(by)
        _one_leads_on_safety(contacts)
        self._record(self.ContactsPublished, by=by, at=at, contacts=[asdict(one) for one in contacts])

    def _opened(self, event: Opened) -> None:
        self.contacts = [Contact(**one) for one in event.contacts]

    def _contacts_published(self, event: ContactsPublished) -> None:
        self.contacts = [Contact(**one) for one in event.contacts]


def _head_or_deputy_publishes(by: Actor) -> None:
    if not by.roles & {Role.HEAD, Role.DEPUTY}:
        raise NotPermittedError(rule="REP-15")


def _one_leads_on_safety(contacts: Sequence[Contact]) -> None:
    leaders = sum(one.leads_on_safety for one in contacts)
    if leaders != 1:
        raise errors.NotOneSafetyLeaderError(leaders=leaders)
