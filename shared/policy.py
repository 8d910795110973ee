"""How services react to each other: what was heard, and which commands follow from it (pure; no framework)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain import Actor, Command
from shared.ids import derived_id


def public_event_id(tenant: UUID, source: str, number: int, leaf_hash: bytes) -> UUID:
    """The id of a public event: derived from its place and from what stands there, so that each listener works out the
    same, and nobody takes what a restored source tells under a known number for what it told before.
    """
    return derived_id(tenant, source, str(number), leaf_hash.hex())


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The envelope of another service's public event: its place in the source's log, and when it happened there."""

    source: str
    tenant: UUID
    number: int
    hash: bytes
    incarnation: UUID
    type: str
    happened_at: datetime
    recorded_at: datetime
    cause: UUID | None
    correlation: UUID | None = None
    previous: bytes | None = None
    """The hash of the tenant's public event before it; None for the first, and from sources that do not say."""

    @property
    def id(self) -> UUID:
        """The event's id, by which commands name their cause."""
        return public_event_id(self.tenant, self.source, self.number, self.hash)

    def command_id(self, policy: str) -> UUID:
        """The id of the command that `policy` answers this event with."""
        return derived_id(self.id, policy)

    def actor(self, policy: str) -> Actor:
        """The policy as the one who acts."""
        return Actor(id=f"policy:{policy}")


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """When a public event of type `listens_to` arrives, `reader` takes the fields we use and `policy` says what to do.

    `policy(event, heard)` is pure and named `when_<event>_<command>`; it returns no, one or several commands.
    """

    listens_to: str
    reader: Callable[[Mapping[str, Any]], Any]
    policy: Callable[[Any, Heard], Sequence[Command]]


@dataclass(frozen=True, kw_only=True)
class PublicForm:
    """What leaves a service of one stored event: a type such as `cases.case_opened.v1`, ids and codes only."""

    type: str
    body: Mapping[str, Any]
