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

    class EntryRevised(Event):
        """It is reached in another way now, or under other keys."""

        TOPIC = "referrals.agency_entry_revised"
        kind: str
        channel: str
        virtual_host: str | None
        encryption_key: dict[str, Any] | None
        signing_key: dict[str, Any] | None

    # -- commands

    @classmethod
    def list(cls, *, id: UUID, by: Actor, at: datetime, **entry: Any) -> Self:
        """Enters an agency; `entry` holds kind, channel, virtual_host, encryption_key and signing_key."""
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

    # -- applies

    def _placed(self, event: Placed) -> None:
        self.referral = event.referral
        self.school = event.school
        self.channel = Channel(event.channel)
        self.state = "requested"
        self.changed_at = event.requested_at
        self.told: frozenset[str] = frozenset()

    def _state_noted(self, event: StateNoted) -> None:
        self.state = event.state
        self.changed_at = event.changed_at

    def _told(self, event: Told) -> None:
        self.told = self.told | {event.message}
