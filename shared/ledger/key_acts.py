"""What an operator did to keys, as events: of a tenant's log for its own keys, of the platform's for the others.

No event holds key material: generations, key ids and counts only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


@registered
class KeyAct(Aggregate):
    """One act on keys, with who did it and why; each is a stream of its own. Begun before anything is changed."""

    TOPIC = "keys.act"

    class TenantKeyRotationBegun(FirstEvent):
        """The tenant's key gets a new generation; what the older ones wrapped is wrapped anew."""

        TOPIC = "keys.tenant_key_rotation_begun"
        reason: str

    class TenantKeyRotated(Event):
        """The older generations are destroyed; `generation` wraps, `rewrapped` stream keys were wrapped anew."""

        TOPIC = "keys.tenant_key_rotated"
        generation: int
        rewrapped: int

    class MasterKeyRotationBegun(FirstEvent):
        """Every file of this service's tenant keys is wrapped anew under the master key's `generation`."""

        TOPIC = "keys.master_key_rotation_begun"
        generation: int
        reason: str

    class MasterKeyRotated(Event):
        """All `rewrapped` files are; nothing of this service needs an older master key."""

        TOPIC = "keys.master_key_rotated"
        rewrapped: int

    class SigningKeyPrepared(FirstEvent):
        """A key that the service will sign with is known to everybody; it signs nothing yet."""

        TOPIC = "keys.signing_key_prepared"
        key: str
        reason: str

    class SigningKeyRotated(FirstEvent):
        """The service signs with `key`; `succession` is the note by which the key before vouches for it."""

        TOPIC = "keys.signing_key_rotated"
        previous: str
        key: str
        succession: str
        reason: str

    class SigningKeysRetired(FirstEvent):
        """These keys are believed for what they signed of the ledger before, and for nothing that is said now."""

        TOPIC = "keys.signing_keys_retired"
        keys: list[str]
        reason: str

    class StreamKeyRenewed(FirstEvent):
        """Coming events of the stream are sealed under a new key; it has `keys` of them now."""

        TOPIC = "keys.stream_key_renewed"
        stream: UUID
        keys: int
        reason: str

    @classmethod
    def begin(cls, event_class: Any, *, id: UUID, by: Actor, at: datetime, **facts: Any) -> Self:
        """One act, as one of the first events."""
        return cls._begin(event_class, id=id, by=by, at=at, **facts)

    def end(self, event_class: Any, *, by: Actor, at: datetime, **facts: Any) -> None:
        """What became of it."""
        self._record(event_class, by=by, at=at, **facts)

    def _tenant_key_rotation_begun(self, event: TenantKeyRotationBegun) -> None:
        self.reason = event.reason

    def _tenant_key_rotated(self, event: TenantKeyRotated) -> None:
        self.generation = event.generation

    def _master_key_rotation_begun(self, event: MasterKeyRotationBegun) -> None:
        self.reason, self.generation = event.reason, event.generation

    def _master_key_rotated(self, event: MasterKeyRotated) -> None:
        self.rewrapped = event.rewrapped

    def _signing_key_prepared(self, event: SigningKeyPrepared) -> None:
        self.reason = event.reason

    def _signing_key_rotated(self, event: SigningKeyRotated) -> None:
        self.reason = event.reason

    def _signing_keys_retired(self, event: SigningKeysRetired) -> None:
        self.reason = event.reason

    def _stream_key_renewed(self, event: StreamKeyRenewed) -> None:
        self.reason = event.reason
