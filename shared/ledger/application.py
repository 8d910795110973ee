"""A service's application: one handler per command, one append per command, each command done once.

`LedgerApplication` owns database, transcoder and keys; `for_tenant` makes mapper, recorder and repository for one call.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application, Repository
from eventsourcing.persistence import DatetimeAsISO as DatetimeAsIso
from eventsourcing.persistence import EventStore, JSONTranscoder, UUIDAsHex
from sqlalchemy import Connection, select

from shared.clock import Clock
from shared.domain import Actor, Aggregate, Command, DomainError, UnknownError, VersionConflictError
from shared.duties import MissDeadline
from shared.ledger import destruction, incarnation, key_acts, lane_acts
from shared.ledger.access_log import AccessLog
from shared.ledger.append import InboxMark
from shared.ledger.blobs import Blobs
from shared.ledger.database import Database
from shared.ledger.erasing import Erasing
from shared.ledger.erasure import ERASURE_DUTIES_OF_THE_CLOCK
from shared.ledger.handling import handlers_of
from shared.ledger.key_rows import erased_among, is_destroyed, is_erased
from shared.ledger.recorder import (
    Publications,
    RecordedEvent,
    SealingMapper,
    StaleKeyError,
    StreamErasedError,
    TenantRecorder,
    VersionTakenError,
)
from shared.ledger.tables import commands_done
from shared.policy import Reaction
from shared.regulation import RuleBook
from shared.sealing.keys import KeyCache, TenantDestroyedError, TenantKeys
from shared.sealing.seal import Place, UnsealError, event_key, seal, unseal
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.signing import KeyRing, SigningKey

ATTEMPTS = 5
OWN_EVENTS = (
    incarnation.Incarnation,
    lane_acts.LaneAct,
    key_acts.KeyAct,
    destruction.TenantDestruction,
)  # which every service's log may hold: known wherever one is read
CONFIDENTIAL = "confidential"

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True)
class Answer:
    """What a command is answered with: `body` (JSON values), the log's `position` after it, whether it was `repeated`:
    done before.
    """

    body: dict[str, Any]
    position: int
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class LedgerParts:
    """What an application is built from.

    `woken` is told of each tenant whose log grew (relay and follower of this process).
    `signing_key` is the service's own: `accounts` signs tokens with it, `referrals` what it sends to partners.
    `public_keys` are those of all services: what a key signed before it was rotated is believed by them.
    """

    database: Database
    tenant_keys: TenantKeys
    clock: Clock
    platform: UUID
    key_cache: KeyCache
    woken: Callable[[UUID], None]
    signing_key: SigningKey | None = None
    public_keys: KeyRing | None = None


class InboxRefusedError(Exception):
    """The inbox takes no such number now: `status` is `duplicate` or `gap`."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class RepeatedError(Exception):
    """The command was done in the meantime; carries its first answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass
class _Doing:
    """The command being done: what its append carries besides events."""

    command: UUID | None = None
    cause: UUID | None = None
    correlation: UUID | None = None
    inbox: InboxMark | None = None
    actor: str = ""
    name: str = ""
    expected: int | None = None


class CommandIdTakenError(DomainError):
    """Another command, or somebody else's, was done under this id: its answer is not for this caller."""

    code = "common.command_id_taken"


class TenantLedger:
    """One tenant's log for the length of one call: loads and saves aggregates, all of one save in one append."""

    def __init__(self, application: LedgerApplication, tenant: UUID, doing: _Doing | None = None) -> None:
        self.tenant = tenant
        self._application = application
        self._doing = doing or _Doing()
        self.keys = application.keys(tenant)
        self.recorder = TenantRecorder(application.parts.database, tenant, application.name)
        self.mapper = SealingMapper(application.name, self.keys, application.transcoder, application.publications)
        self.event_store: EventStore[UUID] = EventStore(self.mapper, self.recorder)
        self.repository: Repository[UUID] = Repository(self.event_store)
        self.blobs = Blobs(application.parts.database, self.keys)

    def now(self) -> datetime:
        """The clock's time."""
        return self._application.parts.clock.now()

    @property
    def book(self) -> RuleBook:
        """The regulations that hold for this tenant: the service's own, with what the tenant's department changed."""
        return self._application.book_of(self.tenant)

    def get(self, kind: type[A], stream: UUID) -> A:
        """The aggregate of that id. Raises UnknownError where this tenant has none of that kind."""
        found = self.find(kind, stream)
        if found is None:
            raise UnknownError(what=kind.__name__.lower())
        return found

    def find(self, kind: type[A], stream: UUID) -> A | None:
        """The aggregate of that id, None where this tenant has none of that kind, or none any more: it was erased."""
        try:
            found: Any = self.repository.get(stream)
        except (AggregateNotFoundError, StreamErasedError):
            return None
        except KeyDestroyedError:
            if self.is_erased(stream):
                return None
            raise
        return found if isinstance(found, kind) else None

    def is_erased(self, stream: UUID) -> bool:
        """Whether only a tombstone is left of a stream."""
        return is_erased(self._application.parts.database, self.tenant, self._application.name, stream)

    def erased_among(self, streams: Collection[UUID]) -> frozenset[UUID]:
        """Of which of these streams only a tombstone is left."""
        return erased_among(self._application.parts.database, self.tenant, self._application.name, streams)

    def is_destroyed(self) -> bool:
        """Whether the tenant was destroyed."""
        return is_destroyed(self._application.parts.database, self.tenant, self._application.name)

    def events(self, stream: UUID) -> list[tuple[RecordedEvent, Any]]:
        """A stream's events in order, each as recorded (position, recorded_at, cause) and as the event object."""
        return [(recorded, self.mapper.to_domain_event(recorded)) for recorded in self.recorder.select_events(stream)]

    def save(
        self,
        *aggregates: Aggregate,
        answer: Mapping[str, Any] | None = None,
        confidential: tuple[UUID, Mapping[str, Any]] | None = None,
        first_was_seen: bool = True,
    ) -> Answer:
        """Appends what the aggregates recorded, with the command and the inbox mark that this call is for.

        `confidential` is the part of the answer that a stream's key seals, so that it goes when the stream is erased.
        The first aggregate is the one that the command is about: what its sender saw of it is what stands, or it is
        refused; `first_was_seen=False` where the sender saw another, whose version the handler holds against it.
        Raises VersionConflictError, VersionTakenError, StaleKeyError, RepeatedError (done in the meantime),
        InboxRefusedError.
        """
        if first_was_seen:
            self._expect(aggregates)
        body = _plain(answer or {})
        sealed = self._with_confidential(body, confidential)
        pending = [event for aggregate in aggregates for event in aggregate.collect_events()]
        doing = self._doing
        if pending or doing.command or doing.inbox:
            self.event_store.put(
                pending,
                cause=doing.cause,
                correlation=doing.correlation,
                command=doing.command,
                answer=self._seal_answer(doing.command, sealed) if doing.command else b"",
                inbox=doing.inbox,
            )
        body |= _plain(confidential[1]) if confidential else {}
        result = self.recorder.last_result
        if result is None:
            return Answer(body, self.recorder.max_notification_id() or 0)
        if doing.command and result.status == "repeated":
            first = self._open_answer(doing.command, result.answer or b"")
            raise RepeatedError(Answer(first, result.last_position, repeated=True))
        if result.status in ("duplicate", "gap"):
            raise InboxRefusedError(result.status)
        if pending:
            self._application.parts.woken(self.tenant)
        return Answer(body, result.last_position)

    def _expect(self, aggregates: Sequence[Aggregate]) -> None:
        """Refuses what was asked on another version than the first aggregate stood at: also where no handler looks.

        The first is the one that the command is about; one that begins with this append had no version to be seen.
        """
        if self._doing.expected is None or not aggregates:
            return
        first = aggregates[0]
        stood_at = first.version - len(first.pending_events)
        if stood_at not in (0, self._doing.expected):
            raise VersionConflictError(stream=first.id, expected=self._doing.expected, found=stood_at)

    def first_answer(self) -> Answer | None:
        """The answer that this call's command was given before, None where it was not done yet.

        Raises CommandIdTakenError where its id was another command's or another actor's.
        """
        command = self._doing.command
        if command is None:
            return None
        chosen = select(commands_done).where(commands_done.c.tenant == self.tenant, commands_done.c.command == command)
        with self._application.parts.database.tenant(self.tenant) as connection:
            row = connection.execute(chosen).one_or_none()
        if row is None:
            return None
        return Answer(self._open_answer(command, bytes(row.answer)), row.position, repeated=True)

    def _open_answer(self, command: UUID, sealed: bytes) -> dict[str, Any]:
        key = event_key(self.keys.standing("answers"), command, 0)
        try:
            body: dict[str, Any] = json.loads(unseal(key, self._answer_place(command), sealed))
        except UnsealError:
            raise CommandIdTakenError from None
        return body | self._opened_confidential(command, body.pop(CONFIDENTIAL, None))

    def _with_confidential(
        self, body: Mapping[str, Any], confidential: tuple[UUID, Mapping[str, Any]] | None
    ) -> dict[str, Any]:
        command = self._doing.command
        if confidential is None or command is None:
            return dict(body)
        stream, facts = confidential
        key = event_key(self.keys.get(stream), command, 0)
        sealed = seal(key, self._answer_place(command), json.dumps(_plain(facts), ensure_ascii=False).encode())
        return {**body, CONFIDENTIAL: {"stream": str(stream), "sealed": base64.b64encode(sealed).decode()}}

    def _opened_confidential(self, command: UUID, part: Mapping[str, str] | None) -> dict[str, Any]:
        """The confidential part of an answer; nothing, once its stream is erased."""
        if part is None:
            return {}
        try:
            keys = self.keys.all(UUID(part["stream"]))
        except KeyDestroyedError:
            return {}
        sealed, place = base64.b64decode(part["sealed"]), self._answer_place(command)
        for key in keys:
            with suppress(UnsealError):
                facts: dict[str, Any] = json.loads(unseal(event_key(key, command, 0), place, sealed))
                return facts
        raise UnsealError

    def _seal_answer(self, command: UUID, body: dict[str, Any]) -> bytes:
        key = event_key(self.keys.standing("answers"), command, 0)
        return seal(key, self._answer_place(command), json.dumps(body, ensure_ascii=False).encode())

    def _answer_place(self, command: UUID) -> Place:
        """An answer is bound to the command's kind and actor: nobody else gets it by guessing or reusing an id."""
        return Place(
            log=self._application.name,
            tenant=self.tenant,
            stream=command,
            version=0,
            topic=f"commands.{self._doing.name}",
            actor=self._doing.actor,
        )


def moment_of(recorded_at: int) -> datetime:
    """A time as the ledger keeps it, microseconds since 1970 UTC."""
    return datetime.fromtimestamp(recorded_at / 1_000_000, UTC)


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as it is stored: JSON values only."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(body), default=str))
    return plain


class LedgerApplication(Erasing, Application[UUID]):
    """Base of the services' applications: finds its handlers by `@handles`, executes each command once."""

    name = "unnamed"

    def __init__(
        self,
        parts: LedgerParts,
        *,
        publications: Publications | None = None,
        reactions: Sequence[Reaction] = (),
        regulations: RuleBook | None = None,
    ) -> None:
        # The library's own constructor would open one engine and one mapper for all; here each call has its tenant's.
        self.parts = parts
        self.publications: Publications = {**incarnation.publications(self.name), **(publications or {})}
        self.reactions = tuple(reactions)
        self.regulations = regulations or RuleBook({})
        self.transcoder = JSONTranscoder()
        self.transcoder.register(UUIDAsHex())
        self.transcoder.register(DatetimeAsIso())
        self.access_log = AccessLog(parts.database, f"{self.name}.access", self.keys)
        self._handlers = dict(handlers_of(self))

    def __del__(self) -> None:
        """The library's closes what its constructor opened; here the database belongs to the caller."""

    @property
    def clock(self) -> Clock:
        """What tells the time that events happen at."""
        return self.parts.clock

    def keys(self, tenant: UUID) -> StreamKeys:
        """The stream keys of a tenant."""
        return StreamKeys(self.parts.database, tenant, self.parts.tenant_keys, self.parts.key_cache)

    def for_tenant(self, tenant: UUID) -> TenantLedger:
        """A tenant's log, for one call."""
        return TenantLedger(self, tenant)

    def book_of(self, tenant: UUID) -> RuleBook:
        """The regulations that hold for a tenant."""
        return self.regulations

    @contextmanager
    def read(self, tenant: UUID) -> Iterator[Connection]:
        """A connection that sees the tenant's read models."""
        with self.parts.database.tenant(tenant) as connection:
            yield connection

    def execute(self, command: Command, *, inbox: InboxMark | None = None, correlation: UUID | None = None) -> Answer:
        """Does a command once: asked again with the same id it gives the first answer and changes nothing.

        A write that somebody else's came before is tried again, unless the command names the version it expects:
        then VersionConflictError. Raises the domain's refusals; InboxRefusedError where `inbox` is not the next.
        """
        doing = _Doing(
            command=command.command_id,
            cause=command.cause,
            correlation=correlation or command.command_id,
            inbox=inbox,
            actor=self.asked_by(command),
            name=type(command).__name__,
            expected=command.expected_version,
        )
        try:
            return self._do(command, doing)
        except RepeatedError as done:
            answer = done.answer
        except TenantDestroyedError:
            raise UnknownError(what="tenant") from None
        except UnknownError:
            raise  # also where it was done before: what has since been hidden from its sender stays hidden
        except DomainError as refusal:
            # What refuses it now may be that it was done before: then the first answer holds.
            first = TenantLedger(self, command.tenant, doing).first_answer()
            if first is None:
                if isinstance(refusal, VersionConflictError):
                    self._tell_what_stands(command, refusal)
                raise
            answer = first
        if inbox is not None:
            self.settle(command.tenant, inbox)
        return answer

    def asked_by(self, command: Command) -> str:
        """To whom a command's first answer is given again: whoever sent it, unless the service says otherwise."""
        return command.by.id

    def _do(self, command: Command, doing: _Doing) -> Answer:
        handler = self._handler(command)
        for _ in range(ATTEMPTS):
            try:
                return handler(command, TenantLedger(self, command.tenant, doing))
            except (VersionTakenError, StaleKeyError):
                continue  # decided anew on what stands now, where a version that was expected is found to be past
        raise VersionConflictError(expected=command.expected_version)

    def may_see_history(self, ledger: TenantLedger, stream: UUID, by: Actor) -> str | None:
        """The rule by which somebody may see what happened in a stream; None where they may not, or nobody says so."""
        return None

    def _tell_what_stands(self, command: Command, conflict: VersionConflictError) -> None:
        """Adds the events between both versions, where the caller may see them; that they did is recorded."""
        expected, stream = conflict.facts.get("expected"), conflict.stream
        if stream is None or expected is None:
            return
        ledger = self.for_tenant(command.tenant)
        rule = self.may_see_history(ledger, stream, command.by)
        if rule is None:
            return
        self.record_read(command.tenant, command.by, "version_conflict", [stream], rule)
        conflict.facts["events"] = [
            {
                "version": one.originator_version,
                "topic": one.topic,
                "actor": one.actor,
                "at": moment_of(one.recorded_at),
            }
            for one in ledger.recorder.select_events(stream)
            if one.originator_version > expected
        ]

    def _handler(self, command: Command) -> Callable[[Any, TenantLedger], Answer]:
        if isinstance(command, MissDeadline) and command.duty in ERASURE_DUTIES_OF_THE_CLOCK:
            return self.miss_erasure_deadline
        return self._handlers[type(command)]

    def settle(self, tenant: UUID, mark: InboxMark) -> None:
        """Marks a public event as handled without an effect of its own. Raises InboxRefusedError."""
        TenantLedger(self, tenant, _Doing(inbox=mark)).save()

    def record_read(
        self, tenant: UUID, by: Actor, what: str, ids: Sequence[UUID], rule: str, *, allowed: bool = True
    ) -> None:
        """Appends to the tenant's access log that `by` read `ids`, or was denied, under which rule (CON-01)."""
        self.access_log.record(tenant, by, what, ids, rule, allowed=allowed)
