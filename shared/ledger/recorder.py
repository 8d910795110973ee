"""The eventsourcing library's mapper and recorder for one tenant's log: sealed, hashed, in commit order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Mapper,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
    Transcoder,
)
from eventsourcing.utils import get_topic
from sqlalchemy import Row, select

from shared.domain import known_event
from shared.ledger.append import AppendRequest, AppendResult, InboxMark, SealedEvent, append
from shared.ledger.database import Database
from shared.ledger.leaf import Leaf, hash_of_columns
from shared.ledger.tables import events, heads
from shared.ledger.tombstone import STREAM_ERASED
from shared.policy import PublicForm
from shared.sealing.seal import Place, event_key, key_commitment, seal, unseal
from shared.sealing.stream_keys import StreamKeys

Publications = Mapping[str, Callable[[Any], PublicForm | None]]


class UnknownTopicError(Exception):
    """A stored topic that is in no registry: never imported, never guessed."""


class StreamErasedError(Exception):
    """The stream's history ends with a tombstone: it is nobody's any more."""


class LeafMismatchError(Exception):
    """A stored event's leaf hash does not match its columns: it was changed where it lies."""


@dataclass(frozen=True)
class SealedStoredEvent(StoredEvent):
    """A stored event whose state is sealed; beside the library's fields what the append and the leaf need."""

    actor: str
    key_commitment: bytes
    happened_at: int
    public: PublicForm | None
    new_key: bytes | None


class SealingMapper(Mapper[UUID]):
    """Seals each event under a key of its own and opens it again; resolves topics from the registry only."""

    def __init__(self, log: str, keys: StreamKeys, transcoder: Transcoder, publications: Publications) -> None:
        super().__init__(transcoder)
        self.log = log
        self.keys = keys
        self.publications = publications
        self._fresh: dict[UUID, tuple[bytes, bytes]] = {}

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> SealedStoredEvent:
        """The event sealed; the first of a stream brings the stream's new key with it."""
        state = dict(vars(domain_event))
        stream, version = state.pop("originator_id"), state.pop("originator_version")
        actor, topic = state.pop("actor"), get_topic(type(domain_event))
        of_stream = (self._tombstone_key(), None) if topic == STREAM_ERASED else self._stream_key(stream, version)
        stream_key, new_key = of_stream
        key = event_key(stream_key, stream, version)
        place = Place(log=self.log, tenant=self.keys.tenant, stream=stream, version=version, topic=topic, actor=actor)
        publish = self.publications.get(topic)
        return SealedStoredEvent(
            originator_id=stream,
            originator_version=version,
            topic=topic,
            state=seal(key, place, self.transcoder.encode(state)),
            actor=actor,
            key_commitment=key_commitment(key),
            happened_at=microseconds(domain_event.timestamp),  # type: ignore[attr-defined]
            public=publish(domain_event) if publish else None,
            new_key=new_key,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The event opened; a changed topic, actor, place or payload does not open.

        Raises UnsealError, KeyDestroyedError, StreamErasedError at a tombstone (which `decode` gives).
        """
        if not isinstance(stored_event, RecordedEvent):
            raise TypeError(f"only what was read from a log can be opened, not a {type(stored_event).__name__}")
        if stored_event.topic == STREAM_ERASED:
            raise StreamErasedError
        return self.decode(stored_event, self.open(stored_event))

    def open(self, recorded: RecordedEvent) -> bytes:
        """The plaintext of a recorded event."""
        return unseal(self.event_key(recorded), recorded.place(), recorded.state)

    def event_key(self, recorded: RecordedEvent) -> bytes:
        """The key of one recorded event: what an export discloses."""
        if recorded.topic == STREAM_ERASED:
            return event_key(self._tombstone_key(), recorded.stream, recorded.originator_version)
        return self.keys.event_key(recorded.stream, recorded.originator_version, recorded.key_commitment)

    def decode(self, recorded: RecordedEvent, plaintext: bytes) -> DomainEventProtocol[UUID]:
        """The event object of a plaintext, upcast where it is of an older version."""
        try:
            event_class = known_event(recorded.topic)
        except KeyError:
            raise UnknownTopicError(recorded.topic) from None
        state: dict[str, Any] = self.transcoder.decode(plaintext)
        state.update(
            originator_id=recorded.stream, originator_version=recorded.originator_version, actor=recorded.actor
        )
        version = state.pop("class_version", 1)
        for older in range(version, getattr(event_class, "class_version", 1)):
            getattr(event_class, f"upcast_v{older}_v{older + 1}")(state)
        event = object.__new__(event_class)
        event.__dict__.update(state)
        return event  # type: ignore[no-any-return]

    def _tombstone_key(self) -> bytes:
        """What tombstones are sealed under: it outlives their streams' keys."""
        return self.keys.standing("tombstones")

    def _stream_key(self, stream: UUID, version: int) -> tuple[bytes, bytes | None]:
        if version == 1:
            self._fresh[stream] = self.keys.new(stream)
            return self._fresh[stream]
        if stream in self._fresh:
            return self._fresh[stream][0], None
        return self.keys.get(stream), None


@dataclass(frozen=True)
class RecordedEvent(Notification):
    """A recorded event with everything its leaf covers; `id` is its position, `state` its sealed payload."""

    originator_id: UUID
    log: str
    tenant: UUID
    actor: str
    recorded_at: int
    cause: UUID | None
    correlation: UUID | None
    key_commitment: bytes
    leaf_hash: bytes

    @property
    def stream(self) -> UUID:
        """The id of the stream that it belongs to: the ledger's word for the library's `originator_id`."""
        return self.originator_id

    def place(self) -> Place:
        """What its seal is bound to."""
        return Place(
            log=self.log,
            tenant=self.tenant,
            stream=self.stream,
            version=self.originator_version,
            topic=self.topic,
            actor=self.actor,
        )

    def leaf(self) -> Leaf:
        """What its log commits to."""
        return Leaf(
            log=self.log,
            tenant=self.tenant,
            position=self.id,
            stream=self.stream,
            version=self.originator_version,
            topic=self.topic,
            actor=self.actor,
            recorded_at=self.recorded_at,
            cause=self.cause,
            correlation=self.correlation,
            payload_hash=sha256(self.state).digest(),
            key_commitment=self.key_commitment,
        )

    @classmethod
    def of(cls, row: Row[Any]) -> RecordedEvent:
        """From a row of `ledger.events`."""
        return cls(
            originator_id=row.stream,
            originator_version=row.version,
            topic=row.topic,
            state=bytes(row.payload),
            id=row.position,
            log=row.log,
            tenant=row.tenant,
            actor=row.actor,
            recorded_at=row.recorded_at,
            cause=row.cause,
            correlation=row.correlation,
            key_commitment=bytes(row.key_commitment),
            leaf_hash=bytes(row.leaf_hash),
        )


def recorded_leaf_hash(event: RecordedEvent) -> bytes:
    """The leaf hash of a recorded event, worked out anew from what was read."""
    return hash_of_columns(
        event.log,
        event.tenant,
        event.id,
        event.stream,
        event.originator_version,
        event.topic,
        event.actor,
        event.recorded_at,
        event.cause,
        event.correlation,
        event.state,
        event.key_commitment,
    )


class VersionTakenError(IntegrityError):
    """Another append was first at a stream's next version."""


class StaleKeyError(IntegrityError):
    """The tenant's key was replaced after a new stream's key was wrapped: done again, it is wrapped by the new one."""


class TenantRecorder(ApplicationRecorder):
    """Appends to and reads one tenant's log."""

    def __init__(self, database: Database, tenant: UUID, log: str) -> None:
        self.database = database
        self.tenant = tenant
        self.log = log
        self.last_result: AppendResult | None = None

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        cause: UUID | None = None,
        correlation: UUID | None = None,
        command: UUID | None = None,
        answer: bytes = b"",
        inbox: InboxMark | None = None,
        **_: Any,
    ) -> Sequence[int]:
        """Appends in one transaction and gives the positions; `last_result` says what became of it.

        Raises VersionTakenError, StaleKeyError. A repeated command, a duplicate or a gap in the inbox writes nothing
        and gives no positions.
        """
        sealed = [event for event in stored_events if isinstance(event, SealedStoredEvent)]
        more = {"cause": cause, "correlation": correlation, "command": command, "answer": answer, "inbox": inbox}
        self.last_result = result = append(self.database, self.request(sealed, **more))
        if result.status == "conflict":
            raise VersionTakenError
        if result.status == "stale_key":
            raise StaleKeyError
        if result.status != "done":
            return []
        return range(result.last_position - len(sealed) + 1, result.last_position + 1)

    def request(self, sealed: Sequence[SealedStoredEvent], **more: Any) -> AppendRequest:
        """An append of these events to this log; `more` as in AppendRequest."""
        return AppendRequest(
            tenant=self.tenant,
            log=self.log,
            events=[_sealed(event) for event in sealed],
            new_keys=[(UUID(str(e.originator_id)), e.new_key) for e in sealed if e.new_key is not None],
            **more,
        )

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[RecordedEvent]:
        """A stream's events, oldest first unless `desc`."""
        stream = UUID(str(originator_id))
        chosen = select(events).where(
            events.c.tenant == self.tenant, events.c.log == self.log, events.c.stream == stream
        )
        if gt is not None:
            chosen = chosen.where(events.c.version > gt)
        if lte is not None:
            chosen = chosen.where(events.c.version <= lte)
        chosen = chosen.order_by(events.c.version.desc() if desc else events.c.version).limit(limit)
        with self.database.tenant(self.tenant) as connection:
            return [RecordedEvent.of(row) for row in connection.execute(chosen)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[RecordedEvent]:
        """The log's events from a position on, in commit order."""
        first = (start or 0) if inclusive_of_start else (start or 0) + 1
        chosen = select(events).where(
            events.c.tenant == self.tenant, events.c.log == self.log, events.c.position >= first
        )
        if stop is not None:
            chosen = chosen.where(events.c.position <= stop)
        if topics:
            chosen = chosen.where(events.c.topic.in_(topics))
        with self.database.tenant(self.tenant) as connection:
            return [
                RecordedEvent.of(row) for row in connection.execute(chosen.order_by(events.c.position).limit(limit))
            ]

    def max_notification_id(self) -> int | None:
        """The log's size; None while it is empty."""
        with self.database.tenant(self.tenant) as connection:
            return connection.scalar(select(heads.c.size).where(heads.c.tenant == self.tenant, heads.c.log == self.log))

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not offered: followers read by position, woken after commit (docs/decisions/0001)."""
        raise ProgrammingError("a tenant's log is followed by shared.runners.follower")


def _sealed(event: SealedStoredEvent) -> SealedEvent:
    return SealedEvent(
        stream=UUID(str(event.originator_id)),
        version=event.originator_version,
        topic=event.topic,
        actor=event.actor,
        payload=event.state,
        key_commitment=event.key_commitment,
        happened_at=event.happened_at,
        public_type=event.public.type if event.public else None,
        public_body=canonical_json(event.public.body) if event.public else None,
    )


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces; UUIDs and times as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond
