"""The directory of outside bodies (REF-02; Open Referral's organization, service), and what lies in their inboxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.referrals.domain.values import AgencyKind, Channel, inbox_stream
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered

Jwk = Mapping[str, Any]


@registered
class Agency(Aggregate):
    """An agency that referrals can go to; its id is the agency's, its tenant the agency's own (or the directory's)."""

    TOPIC = "referrals.agency"

    class Listed(FirstEvent):
        """It stands in the directory: what it is, how it is reached, and its public keys as JWK (RFC 7517)."""

        TOPIC = "referrals.agency_listed"
        kind: str
        channel: str
        virtual_host: str | None
        encryption_key: dict[str, Any] | None
        signing_key: dict[str, Any] | None
        department: UUID | None = None

    class EntryRevised(Event):
        """It is reached in another way now, or under other keys."""

        TOPIC = "referrals.agency_entry_revised"
        kind: str
        channel: str
        virtual_host: str | None
        encryption_key: dict[str, Any] | None
        signing_key: dict[str, Any] | None
        department: UUID | None = None

    # -- commands

    @classmethod
    def list(cls, *, id: UUID, by: Actor, at: datetime, **entry: Any) -> Self:
        """Enters an agency; `entry` holds kind, channel, virtual_host, encryption_key, signing_key and department."""
        return cls._begin(cls.Listed, id=id, by=by, at=at, **entry)

    def revise_entry(self, *, by: Actor, at: datetime, **entry: Any) -> None:
        """Changes the entry, if anything in it is new."""
        if entry != self.entry:
            self._record(self.EntryRevised, by=by, at=at, **entry)

    # -- applies

    def _listed(self, event: Listed | EntryRevised) -> None:
        self.kind = AgencyKind(event.kind)
        self.channel = Channel(event.channel)
        self.virtual_host = event.virtual_host
        self.encryption_key = event.encryption_key
        self.signing_key = event.signing_key
        self.department = event.department

    def _entry_revised(self, event: EntryRevised) -> None:
        self._listed(event)

    @property
    def entry(self) -> dict[str, Any]:
        """The entry as it stands."""
        return {
            "kind": self.kind.value,
            "channel": self.channel.value,
            "virtual_host": self.virtual_host,
            "encryption_key": self.encryption_key,
            "signing_key": self.signing_key,
            "department": self.department,
        }


@registered
class InboxEntry(Aggregate):
    """A referral as it lies in its agency's inbox: whose it is and how far it got, none of what it says (REF-04)."""

    TOPIC = "referrals.inbox_entry"

    class Placed(FirstEvent):
        """A school asks this agency; the referral itself stays in the school's tenant."""

        TOPIC = "referrals.inbox_entry_placed"
        referral: UUID
        school: UUID
        channel: str
        requested_at: datetime
        acknowledge_by: datetime
        begin_by: datetime
        report_back_by: datetime

    class StateNoted(Event):
        """How far the referral is, as of `changed_at` in the school's record."""

        TOPIC = "referrals.inbox_entry_state_noted"
        referral: UUID
        school: UUID
        channel: str
        state: str
        changed_at: datetime

    class Told(Event):
        """The agency was sent a message about it: `requested`, or `cancelled`."""

        TOPIC = "referrals.inbox_entry_told"
        referral: UUID
        message: str
        message_id: str

    class LinkIssued(Event):
        """A one-time link leads to it; the one before, if there was one, was revoked."""

        TOPIC = "referrals.inbox_entry_link_issued"
        referral: UUID
        link: UUID

    class SendingFailed(Event):
        """A message did not get through: which attempt, why (a code), and when it is tried again, if it is."""

        TOPIC = "referrals.inbox_entry_sending_failed"
        referral: UUID
        school: UUID
        message: str
        attempt: int
        status: str
        next_at: datetime | None
        rule: str

    class SendingResumed(Event):
        """Somebody has it tried anew, at once."""

        TOPIC = "referrals.inbox_entry_sending_resumed"
        referral: UUID
        school: UUID
        message: str

    # -- commands

    @classmethod
    def place(
        cls,
        *,
        referral: UUID,
        school: UUID,
        channel: Channel,
        requested_at: datetime,
        by: Actor,
        at: datetime,
        **due: datetime,
    ) -> Self:
        """Lays a referral in the inbox; `due` holds acknowledge_by, begin_by and report_back_by."""
        return cls._begin(
            cls.Placed,
            id=inbox_stream(referral),
            by=by,
            at=at,
            referral=referral,
            school=school,
            channel=channel.value,
            requested_at=requested_at,
            **due,
        )

    def note_state(self, *, state: str, changed_at: datetime, by: Actor, at: datetime) -> None:
        """Notes how far it got; what is older than what is known already says nothing new."""
        if changed_at >= self.changed_at and state != self.state:
            facts = {"referral": self.referral, "school": self.school, "channel": self.channel.value}
            self._record(self.StateNoted, by=by, at=at, state=state, changed_at=changed_at, **facts)

    def note_told(self, *, message: str, message_id: str, by: Actor, at: datetime) -> None:
        """Notes that the agency was sent a message; telling twice changes nothing."""
        if message not in self.told:
            self._record(self.Told, by=by, at=at, referral=self.referral, message=message, message_id=message_id)

    def note_link(self, *, link: UUID, by: Actor, at: datetime) -> None:
        """A link leads to it."""
        self._record(self.LinkIssued, by=by, at=at, referral=self.referral, link=link)

    def note_failure(
        self, *, message: str, status: str, next_at: datetime | None, rule: str, by: Actor, at: datetime
    ) -> None:
        """A message did not get through."""
        facts = {"message": message, "attempt": self.attempts_of(message) + 1, "status": status}
        self._record(
            self.SendingFailed,
            by=by,
            at=at,
            referral=self.referral,
            school=self.school,
            next_at=next_at,
            rule=rule,
            **facts,
        )

    def resume_sending(self, *, message: str, by: Actor, at: datetime) -> None:
        """Has a message tried anew, also one that had come through: it may have been lost on the other side."""
        self._record(self.SendingResumed, by=by, at=at, referral=self.referral, school=self.school, message=message)

    def is_due(self, message: str, at: datetime) -> bool:
        """Whether a message is to be tried now: not told yet, not given up, and its wait is over."""
        next_at = self.next_at.get(message, at)
        return message not in self.told and next_at is not None and at >= next_at

    def attempts_of(self, message: str) -> int:
        """How often a message was tried in vain, since it was last begun."""
        return self.failed.get(message, 0)

    # -- applies

    def _placed(self, event: Placed) -> None:
        self.referral = event.referral
        self.school = event.school
        self.channel = Channel(event.channel)
        self.state = "requested"
        self.changed_at = event.requested_at
        self.told: frozenset[str] = frozenset()
        self.link: UUID | None = None
        self.failed: dict[str, int] = {}
        self.next_at: dict[str, datetime | None] = {}
        self.resent = 0

    def _state_noted(self, event: StateNoted) -> None:
        self.state = event.state
        self.changed_at = event.changed_at

    def _told(self, event: Told) -> None:
        self.told = self.told | {event.message}
        self.failed.pop(event.message, None)
        self.next_at.pop(event.message, None)

    def _link_issued(self, event: LinkIssued) -> None:
        self.link = event.link

    def _sending_failed(self, event: SendingFailed) -> None:
        self.failed[event.message] = event.attempt
        self.next_at[event.message] = event.next_at

    def _sending_resumed(self, event: SendingResumed) -> None:
        self.failed.pop(event.message, None)
        self.next_at.pop(event.message, None)
        self.resent += 1
        self.told = self.told - {event.message}
