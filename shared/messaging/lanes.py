"""Lanes: one tenant's public events from one source, handled one after the other, each exactly once.

A message is a hint: what counts is the number of the last event handled, which moves in the same transaction as the
effects. Whoever is not next waits; a lane that cannot go on is written down as waiting and the message is acknowledged.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.domain import Command, DomainError, VersionConflictError
from shared.ledger.append import InboxMark
from shared.ledger.application import InboxRefusedError, LedgerApplication
from shared.ledger.incarnation import generation_of
from shared.ledger.prepared import run_prepared
from shared.ledger.recorder import microseconds
from shared.ledger.tables import inbox, lanes, waiting_lanes
from shared.logging import facts_of, log
from shared.messaging.envelope import PublicEvent
from shared.policy import Heard

GAP_PATIENCE_SECONDS = 0.1
FIRST_RETRY = timedelta(milliseconds=200)
LONGEST_RETRY = timedelta(minutes=5)
IGNORED = "ignored"
ALARM = "alarm:"
_LANE = b"SELECT number, incarnation, reason, hash FROM ledger.lane_of(%b::uuid, %b::text)"


class Outcome(StrEnum):
    """What became of a message."""

    DONE = "done"
    DUPLICATE = "duplicate"
    WAITING = "waiting"
    STOPPED = "stopped"
    PAST = "past"


class _Position(NamedTuple):
    """The number and hash of the last event handled, its log, what the lane waits for ("" where it does not)."""

    number: int
    incarnation: UUID | None
    waits_for: str
    hash: bytes | None


class Lanes:
    """The lanes of one listening service."""

    def __init__(self, application: LedgerApplication) -> None:
        self.application = application
        self.database = application.parts.database
        self._reactions = application.reactions
        self._turns: dict[tuple[str, UUID], threading.Lock] = {}
        self._turns_guard = threading.Lock()

    def take(self, event: PublicEvent) -> Outcome:
        """Handles an event if it is the next of its lane.

        Waits a moment for those before it, then leaves it to the filler.
        """
        ends = time.monotonic() + GAP_PATIENCE_SECONDS
        while True:
            with self._turn(event.heard):
                position = self._position(event.heard)
                if self._has_its_turn(event.heard, position) or time.monotonic() >= ends:
                    return self._take(event, position)
            time.sleep(0.01)  # a poll with a deadline

    def _has_its_turn(self, heard: Heard, position: _Position) -> bool:
        """Not while those before it are missing, which another worker or replica may have in hand.

        Where the lane is known to wait, they are the filler's.
        """
        return heard.number <= position.number + 1 or bool(position.waits_for)

    def _take(self, event: PublicEvent, position: _Position) -> Outcome:
        heard = event.heard
        number, waits_for = position.number, position.waits_for
        if waits_for.startswith(ALARM):
            return Outcome.STOPPED
        if generation_of(heard.number) < generation_of(number):
            return self._of_the_past(heard)
        if another := _another_history(heard, position):
            return self._stop(heard, another)
        if heard.number <= number:
            return self._as_duplicate(heard)
        if heard.number > number + 1:
            self.wait(heard.tenant, heard.source, "gap")
            return Outcome.WAITING
        outcome = self._handle(event)
        if outcome is Outcome.DONE and waits_for:
            self._go_on(heard)
        return outcome

    def take_kept(self, event: PublicEvent) -> Outcome:
        """Handles the next event of a lane that stands still until its source is reconciled (reconciling.py)."""
        with self._turn(event.heard):
            return self._handle(event)

    def _of_the_past(self, heard: Heard) -> Outcome:
        """An event of an incarnation that the lane has left: what it was to handle of it, it has handled.

        The broker may hold it since before; or the source was put back once more, which the filler then finds.
        """
        if self._known_hash(heard) == heard.hash:
            return Outcome.DUPLICATE
        log().warning("lane.event_of_the_past", source=heard.source, tenant=str(heard.tenant), number=heard.number)
        self.wait(heard.tenant, heard.source, "gap")
        return Outcome.PAST

    def _handle(self, event: PublicEvent) -> Outcome:
        heard = event.heard
        try:
            self._react(event)
        except InboxRefusedError as refused:
            return self._as_duplicate(heard) if refused.status == "duplicate" else self._wait_for(heard, "gap")
        except Exception as error:  # noqa: BLE001 - whatever it is, the lane waits and is tried again
            log().error(
                "lane.handler_failed", source=heard.source, type=heard.type, number=heard.number, **facts_of(error)
            )
            return self._wait_for(heard, type(error).__name__)
        return Outcome.DONE

    def _react(self, event: PublicEvent) -> None:
        """Does what follows from the event; the inbox moves with the last command of this tenant, or by itself."""
        heard = event.heard
        commands = list(self._commands(event))
        mark = InboxMark(source=heard.source, number=heard.number, hash=heard.hash, incarnation=heard.incarnation)
        own_last = commands.pop() if commands and commands[-1].tenant == heard.tenant else None
        outcomes = [code for command in commands if (code := self._refusal_of(command, heard))]
        if own_last is None:
            self.application.settle(heard.tenant, _with_outcome(mark, outcomes or ["done" if commands else IGNORED]))
            return
        try:
            self.application.execute(
                own_last, inbox=_with_outcome(mark, outcomes or ["done"]), correlation=heard.correlation
            )
        except VersionConflictError:
            raise
        except DomainError as refusal:
            log().info("lane.command_refused", source=heard.source, type=heard.type, code=refusal.code)
            self.application.settle(heard.tenant, _with_outcome(mark, [*outcomes, refusal.code]))

    def _refusal_of(self, command: Command, heard: Heard) -> str | None:
        """Does a command; a domain refusal is an outcome, given by its code."""
        try:
            self.application.execute(command, correlation=heard.correlation)
        except VersionConflictError:
            raise
        except DomainError as refusal:
            return refusal.code
        return None

    def _commands(self, event: PublicEvent) -> Iterator[Command]:
        for reaction in self._reactions:
            if reaction.listens_to == event.heard.type:
                yield from reaction.policy(reaction.reader(event.body), event.heard)

    def _position(self, heard: Heard) -> _Position:
        """Where the lane stands; on PostgreSQL in one round trip."""
        if self.database.is_sqlite:
            of_lane = (lanes.c.tenant == heard.tenant, lanes.c.source == heard.source)
            waits = (waiting_lanes.c.tenant == heard.tenant, waiting_lanes.c.source == heard.source)
            of_inbox = (inbox.c.tenant == heard.tenant, inbox.c.source == heard.source)
            handled = select(lanes.c.number).where(*of_lane).scalar_subquery()
            chosen = select(
                handled,
                select(lanes.c.incarnation).where(*of_lane).scalar_subquery(),
                select(waiting_lanes.c.reason).where(*waits).scalar_subquery(),
                select(inbox.c.hash).where(*of_inbox, inbox.c.number == handled).scalar_subquery(),
            )
            with self.database.tenant(heard.tenant) as connection:
                number, incarnation, reason, hash_ = connection.execute(chosen).one()
        else:
            arguments = (heard.tenant, heard.source)
            ((number, incarnation, reason, hash_),) = run_prepared(self.database.service_engine, _LANE, arguments)
        return _Position(number or 0, incarnation, reason or "", hash_ and bytes(hash_))

    def _as_duplicate(self, heard: Heard) -> Outcome:
        if self._known_hash(heard) not in (None, heard.hash):
            return self._stop(heard, "other_hash")
        return Outcome.DUPLICATE

    def _known_hash(self, heard: Heard) -> bytes | None:
        """The hash of what was handled under this number; None where nothing was."""
        chosen = select(inbox.c.hash).where(
            inbox.c.tenant == heard.tenant, inbox.c.source == heard.source, inbox.c.number == heard.number
        )
        with self.database.tenant(heard.tenant) as connection:
            known = connection.scalar(chosen)
        return None if known is None else bytes(known)

    def _stop(self, heard: Heard, reason: str) -> Outcome:
        """A source that tells another history than before was restored, or lies: its lane stops until somebody acts."""
        self.stop(heard.tenant, heard.source, heard.number, reason)
        return Outcome.STOPPED

    def stop(self, tenant: UUID, source: str, number: int, reason: str) -> None:
        """Writes a lane down as stopped, with an alarm."""
        log().critical("lane.stopped", source=source, tenant=str(tenant), number=number, reason=reason)
        self.wait(tenant, source, ALARM + reason)

    def _wait_for(self, heard: Heard, reason: str) -> Outcome:
        self.wait(heard.tenant, heard.source, reason)
        return Outcome.WAITING

    def wait(self, tenant: UUID, source: str, reason: str) -> None:
        """Writes a lane down as waiting: at once for a gap, later and later for a handler that keeps failing.

        What comes behind a waiting event is a gap, and changes nothing: else news would put off the next attempt for
        ever.
        """
        with self.database.tenant(tenant) as connection:
            of_lane = (waiting_lanes.c.tenant == tenant, waiting_lanes.c.source == source)
            row = connection.execute(select(waiting_lanes).where(*of_lane)).one_or_none()
            if row is not None and (reason == "gap" or row.reason.startswith(ALARM)):
                return
            attempts = (row.attempts if row is not None else 0) + (reason != "gap")
            now = datetime.now(UTC)
            delay = min(FIRST_RETRY * 2 ** min(attempts - 1, 20), LONGEST_RETRY) if attempts else timedelta(0)
            values = {
                "tenant": tenant,
                "source": source,
                "retry_at": microseconds(now + delay),
                "attempts": attempts,
                "reason": reason,
                "since": microseconds(now),
            }
            upsert = sqlite.insert if self.database.is_sqlite else postgresql.insert
            changed = {name: values[name] for name in ("retry_at", "attempts", "reason")}
            statement: Any = upsert(waiting_lanes).values(**values)
            if reason == "gap":
                statement = statement.on_conflict_do_nothing(index_elements=["tenant", "source"])
            else:  # another replica may have stopped the lane since it was looked at
                is_no_alarm = waiting_lanes.c.reason.not_like(ALARM + "%")
                statement = statement.on_conflict_do_update(
                    index_elements=["tenant", "source"], set_=changed, where=is_no_alarm
                )
            connection.execute(statement)

    def try_now(self, tenant: UUID, source: str, reason: str) -> None:
        """Lets a lane that waits for this reason be tried again at once."""
        with self.database.tenant(tenant) as connection:
            connection.execute(
                update(waiting_lanes)
                .where(
                    waiting_lanes.c.tenant == tenant,
                    waiting_lanes.c.source == source,
                    waiting_lanes.c.reason == reason,
                )
                .values(attempts=0, retry_at=microseconds(datetime.now(UTC)))
            )

    def _go_on(self, heard: Heard) -> None:
        """A lane that moved has no failed attempts behind it; for what came meanwhile the filler looks at once."""
        of_lane = (waiting_lanes.c.tenant == heard.tenant, waiting_lanes.c.source == heard.source)
        now = microseconds(datetime.now(UTC))
        with self.database.tenant(heard.tenant) as connection:
            connection.execute(
                update(waiting_lanes)
                .where(*of_lane, waiting_lanes.c.reason != "gap", waiting_lanes.c.reason.not_like(ALARM + "%"))
                .values(reason="gap", attempts=0, retry_at=now)
            )

    @contextmanager
    def _turn(self, heard: Heard) -> Iterator[None]:
        """One at a time in this process; across replicas the append decides, which takes the next number only once."""
        with self._turns_guard:
            turn = self._turns.setdefault((heard.source, heard.tenant), threading.Lock())
        with turn:
            yield


def _another_history(heard: Heard, position: _Position) -> str | None:
    """In what the log that this event stands in is not the one that the lane followed so far; None where it may be."""
    if position.incarnation not in (None, heard.incarnation):
        return "other_incarnation"
    is_next = heard.number == position.number + 1
    if is_next and heard.previous is not None and position.hash not in (None, heard.previous):
        return "other_hash"
    return None


def _with_outcome(mark: InboxMark, outcomes: Sequence[str]) -> InboxMark:
    return InboxMark(
        source=mark.source, number=mark.number, hash=mark.hash, incarnation=mark.incarnation, outcome=",".join(outcomes)
    )
