"""What goes into an append, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedEvent:
    """An event as it is stored, without a position yet; `happened_at` (microseconds) goes into its public form only."""

    stream: UUID
    version: int
    topic: str
    actor: str
    payload: bytes
    key_commitment: bytes
    happened_at: int
    public_type: str | None = None
    public_body: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxMark:
    """Another service's public event, to be marked as handled in the same transaction as its effects."""

    source: str
    number: int
    hash: bytes
    incarnation: UUID
    outcome: str = "done"


@dataclass(frozen=True, kw_only=True, slots=True)
class AppendRequest:
    """All that one append writes."""

    tenant: UUID
    log: str
    events: Sequence[SealedEvent] = ()
    new_keys: Sequence[tuple[UUID, bytes]] = ()
    cause: UUID | None = None
    correlation: UUID | None = None
    command: UUID | None = None
    answer: bytes = b""
    inbox: InboxMark | None = None
    incarnation: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class AppendResult:
    """What became of it: `done`, `repeated` (the command was done before; its answer), `conflict` (of versions),
    `duplicate` or `gap` (the inbox), `stale_key` (a new key was wrapped by a generation that is being replaced).

    `last_position` is the log's size after it, or where the earlier answer was recorded.
    """

    status: str
    answer: bytes | None
    last_position: int
    recorded_at: int | None = None
