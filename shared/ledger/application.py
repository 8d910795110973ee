"""A service's application: one handler per command, one append per command, each command done once.

`LedgerApplication` owns database, transcoder and keys; `for_tenant` makes mapper, recorder and repository for one call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application, Repository
from eventsourcing.persistence import DatetimeAsISO as DatetimeAsIso
from eventsourcing.persistence import EventStore, JSONTranscoder, UUIDAsHex
from sqlalchemy import Connection, select

from shared.clock import Clock
from shared.domain import Actor, Aggregate, Command, DomainError, UnknownError, VersionConflictError
from shared.ledger.access_log import AccessLog
from shared.ledger.append import InboxMark
from shared.ledger.database import Database
from shared.ledger.recorder import Publications, RecordedEvent, SealingMapper, TenantRecorder, VersionTakenError
from shared.ledger.tables import commands_done
from shared.policy import Reaction
from shared.sealing.keys import KeyCache, TenantKeys
from shared.sealing.seal import Place, UnsealError, event_key, seal, unseal
from shared.sealing.stream_keys import StreamKeys
from shared.signing import SigningKey

ATTEMPTS = 5

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
    """

    database: Database
    tenant_keys: TenantKeys
    clock: Clock
    platform: UUID
    key_cache: KeyCache
    woken: Callable[[UUID], None]
    signing_key: SigningKey | None = None


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

    def now(self) -> datetime:
        """The clock's time."""
        return self._application.parts.clock.now()

    def get(self, kind: type[A], stream: UUID) -> A:
        """The aggregate of that id. Raises UnknownError where this tenant has none of that kind."""
        found = self.find(kind, stream)
        if found is None:
            raise UnknownError(what=kind.__name__.lower())
        return found

    def find(self, kind: type[A], stream: UUID) -> A | None:
        """The aggregate of that id, None where this tenant has none of that kind."""
        try:
            found: Any = self.repository.get(stream)
        except AggregateNotFoundError:
            return None
        return found if isinstance(found, kind) else None

    def events(self, stream: UUID) -> list[tuple[RecordedEvent, Any]]:
        """A stream's events in order, each as recorded (position, recorded_at, cause) and as the event object."""
        return [(recorded, self.mapper.to_domain_event(recorded)) for recorded in self.recorder.select_events(stream)]

    def save(self, *aggregates: Aggregate, answer: Mapping[str, Any] | None = None) -> Answer:
        """Appends what the aggregates recorded, with the command and the inbox mark that this call is for.

        Raises VersionTakenError, RepeatedError (done in the meantime), InboxRefusedError.
        """
        body = json.loads(json.dumps(dict(answer or {}), default=str))
        pending = [event for aggregate in aggregates for event in aggregate.collect_events()]
        doing = self._doing
        if pending or doing.command or doing.inbox:
            self.event_store.put(
                pending,
                cause=doing.cause,
                correlation=doing.correlation,
                command=doing.command,
                answer=self._seal_answer(doing.command, body) if doing.command else b"",
                inbox=doing.inbox,
            )
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
        return body

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


H = TypeVar("H", bound=Callable[..., Answer])


def handles(command: type[Command]) -> Callable[[H], H]:
    """Marks the method that does a command."""

    def mark(method: H) -> H:
        method.handles_command = command  # type: ignore[attr-defined]
        return method

    return mark


class LedgerApplication(Application[UUID]):
    """Base of the services' applications: finds its handlers by `@handles`, executes each command once."""

    name = "unnamed"

    def __init__(
        self, parts: LedgerParts, *, publications: Publications | None = None, reactions: Sequence[Reaction] = ()
    ) -> None:
        # The library's own constructor would open one engine and one mapper for all; here each call has its tenant's.
        self.parts = parts
        self.publications: Publications = publications or {}
        self.reactions = tuple(reactions)
        self.transcoder = JSONTranscoder()
        self.transcoder.register(UUIDAsHex())
        self.transcoder.register(DatetimeAsIso())
        self.access_log = AccessLog(parts.database, f"{self.name}.access", self.keys)
        self._handlers = dict(_handlers(self))

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
            actor=command.by.id,
            name=type(command).__name__,
        )
        try:
            return self._do(command, doing)
        except RepeatedError as done:
            answer = done.answer
        except UnknownError:
            raise  # also where it was done before: what has since been hidden from its sender stays hidden
        except DomainError:
            # What refuses it now may be that it was done before: then the first answer holds.
            first = TenantLedger(self, command.tenant, doing).first_answer()
            if first is None:
                raise
            answer = first
        if inbox is not None:
            self.settle(command.tenant, inbox)
        return answer

    def _do(self, command: Command, doing: _Doing) -> Answer:
        handler = self._handlers[type(command)]
        for _ in range(ATTEMPTS):
            try:
                return handler(command, TenantLedger(self, command.tenant, doing))
            except VersionTakenError:
                if command.expected_version is not None:
                    break
        raise VersionConflictError(expected=command.expected_version)

    def settle(self, tenant: UUID, mark: InboxMark) -> None:
        """Marks a public event as handled without an effect of its own. Raises InboxRefusedError."""
        TenantLedger(self, tenant, _Doing(inbox=mark)).save()

    def record_read(
        self, tenant: UUID, by: Actor, what: str, ids: Sequence[UUID], rule: str, *, allowed: bool = True
    ) -> None:
        """Appends to the tenant's access log that `by` read `ids`, or was denied, under which rule (CON-01)."""
        self.access_log.record(tenant, by, what, ids, rule, allowed=allowed)


def _handlers(application: LedgerApplication) -> Iterator[tuple[type[Command], Callable[[Any, TenantLedger], Answer]]]:
    for name in dir(type(application)):
        command = getattr(getattr(type(application), name), "handles_command", None)
        if command is not None:
            yield command, getattr(application, name)
