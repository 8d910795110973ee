"""A partner agency: a tenant, how it is reached, and its public keys (REF-02, REF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.accounts.domain import rules
from services.accounts.domain.values import AgencyChannel, AgencyKind
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class Agency(Aggregate):
    """An outside body; its stream's id is its tenant's."""

    TOPIC = "accounts.agency"

    class Registered(FirstEvent):
        TOPIC = "accounts.agency_registered"
        department: UUID
        kind: str
        name: str
        channel: str
        virtual_host: str | None
        encryption_key: dict[str, Any] | None
        signing_key: dict[str, Any] | None

    class Confirmed(Event):
        """Somebody made sure that the entry is still true (REF-02)."""

        TOPIC = "accounts.agency_confirmed"

    @classmethod
    def register(
        cls,
        *,
        id: UUID,
        department: UUID,
        kind: AgencyKind,
        name: str,
        channel: AgencyChannel,
        virtual_host: str | None,
        encryption_key: Mapping[str, Any] | None,
        signing_key: Mapping[str, Any] | None,
        by: Actor,
        at: datetime,
    ) -> Self:
        """An agency of a department's directory, and its tenant."""
        rules.keys_are_public(encryption_key, signing_key)
        rules.keys_are_of_the_exchange(encryption_key, signing_key)
        rules.broker_partner_has_keys(
            channel, virtual_host=virtual_host, encryption_key=encryption_key, signing_key=signing_key
        )
        return cls._begin(
            cls.Registered,
            id=id,
            by=by,
            at=at,
            department=department,
            kind=kind.value,
            name=name,
            channel=channel.value,
            virtual_host=virtual_host,
            encryption_key=None if encryption_key is None else dict(encryption_key),
            signing_key=None if signing_key is None else dict(signing_key),
        )

    def confirm(self, *, by: Actor, at: datetime) -> None:
        """The entry holds as of now."""
        self._record(self.Confirmed, by=by, at=at)

    def _registered(self, event: Registered) -> None:
        self.department = event.department
        self.kind = AgencyKind(event.kind)
        self.name = event.name
        self.channel = AgencyChannel(event.channel)
        self.virtual_host = event.virtual_host
        self.encryption_key = event.encryption_key
        self.signing_key = event.signing_key
        self.confirmed_at = event.timestamp

    def _confirmed(self, event: Confirmed) -> None:
        self.confirmed_at = event.timestamp
