"""The suite's guards, each with a way to take it away: what the simulation must then notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import ANY

import pytest

from cli.simulating.leases import Session
from shared.domain import DomainError, VersionConflictError
from shared.ids import new_id
from shared.ledger.append import _SqliteAppend
from shared.ledger.append import append as real_append
from shared.ledger.application import LedgerApplication
from shared.messaging.filler import Filler, Head
from shared.messaging.lanes import ALARM, Lanes, Outcome
from shared.messaging.publisher import Publisher
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.signing import KeyRing

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Guard:
    """One guard: what it is, what is found without it, how it is taken away, and the faults that it is there for."""

    what: str
    finding: str
    remove: Callable[[Patch], None]
    faults: Sequence[str] = ()


GUARDS: list[Guard] = []


def guard(what: str, finding: str, *faults: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Enters what takes a guard away in the list."""

    def enter(remove: Callable[[Patch], None]) -> Callable[[Patch], None]:
        GUARDS.append(Guard(what, finding, remove, faults))
        return remove

    return enter


@guard("one leader of a role at a time", "2 lead as")
def everybody_gets_the_lock(patch: Patch) -> None:
    patch.setattr(Session, "scalar", lambda *_: True)


@guard("a leader whose lock is lost stops", "2 lead as", "leaders_locks_are_lost")
def nobody_notices_a_lost_lock(patch: Patch) -> None:
    patch.setattr(Session, "execute", lambda *_: None)


@guard(
    "the relay's cursor stays behind the confirms",
    "the broker never confirmed",
    "broker_is_down",
)
def the_relay_does_not_wait(patch: Patch) -> None:
    patch.setattr(Publisher, "_wait_for_confirms", lambda _: None)


@guard("a refused message is not a confirmed one", "the broker never confirmed", "broker_mistreats_messages")
def a_refusal_counts_as_a_confirm(patch: Patch) -> None:
    patch.setattr(Publisher, "_on_nack", Publisher._on_ack)


@guard("one handler of a process is at work on a lane", "two handlers of one process", "messages_come_many_times")
def lanes_have_no_turns(patch: Patch) -> None:
    @contextmanager
    def no_turn(*_: object) -> Iterator[None]:
        yield

    patch.setattr(Lanes, "_turn", no_turn)


@guard(
    "an append takes only the lane's next number",
    "handled twice",
    "messages_come_many_times",
)
def an_append_takes_any_number(patch: Patch) -> None:
    insert_rest = _SqliteAppend._insert_rest

    def insert_what_is_new(self: Any, size: int) -> None:
        mark = self.request.inbox
        if mark is not None and inbox_refusal(self, size) is not None:
            self.request = replace(self.request, inbox=None)
        insert_rest(self, size)

    inbox_refusal = _SqliteAppend._inbox_refusal
    patch.setattr(_SqliteAppend, "_inbox_refusal", lambda *_: None)
    patch.setattr(_SqliteAppend, "_insert_rest", insert_what_is_new)


@guard("a gap in the numbers waits", "has handled", "broker_mistreats_messages")
def gaps_are_passed_over(patch: Patch) -> None:
    position, refusal = Lanes._position, _SqliteAppend._inbox_refusal

    def just_before(self: Any, heard: Any) -> Any:
        found = position(self, heard)
        return found._replace(number=max(found.number, heard.number - 1), hash=None)

    def but_duplicates(self: Any, size: int) -> Any:
        refused = refusal(self, size)
        return None if refused is None or refused.status == "gap" else refused

    patch.setattr(Lanes, "_position", just_before)
    patch.setattr(_SqliteAppend, "_inbox_refusal", but_duplicates)


@guard("a listener's position moves in the transaction of the effects", "without its position")
def the_position_moves_afterwards(patch: Patch) -> None:
    execute = LedgerApplication.execute

    def and_then_settle(self: Any, command: Any, *, inbox: Any = None, correlation: Any = None) -> Any:
        answer = execute(self, command, correlation=correlation)
        if inbox is not None:
            self.settle(command.tenant, inbox)
        return answer

    patch.setattr(LedgerApplication, "execute", and_then_settle)


@guard("a command is done once", "", "crashes_at_durable_steps", "answers_of_the_database_are_lost")
def commands_are_forgotten(patch: Patch) -> None:
    patch.setattr(
        "shared.ledger.recorder.append",
        lambda database, request: real_append(database, replace(request, command=None)),
    )


@guard(
    "a known number with another hash stops the lane",
    "goes on though the source has another number",
    "source_is_restored",
)
def a_known_number_is_a_duplicate(patch: Patch) -> None:
    patch.setattr(Lanes, "_as_duplicate", lambda *_: Outcome.DUPLICATE)


@guard("another incarnation stops the lane", "never quiet: the lane of ringing", "source_begins_anew")
def incarnations_are_alike(patch: Patch) -> None:
    position = Lanes._position

    def of_none(self: Any, heard: Any) -> Any:
        return position(self, heard)._replace(incarnation=None)

    patch.setattr(Lanes, "_position", of_none)


@guard("a source that no longer has what was handled stops the lane", "goes on though", "source_is_restored")
def a_source_may_go_back(patch: Patch) -> None:
    stop = Lanes.stop

    def but_not_for_that(self: Any, tenant: Any, source: str, number: int, reason: str) -> None:
        if reason != "source_went_back":
            stop(self, tenant, source, number, reason)

    patch.setattr(Lanes, "stop", but_not_for_that)


@guard("a lane that was stopped stays so", "", "source_begins_anew")
def an_alarm_is_passed_over(patch: Patch) -> None:
    position = Lanes._position

    def not_waiting(self: Any, heard: Any) -> Any:
        found = position(self, heard)
        is_stopped = found.waits_for.startswith(ALARM)
        return found._replace(incarnation=None, waits_for="" if is_stopped else found.waits_for)

    patch.setattr(Lanes, "_position", not_waiting)


@guard("heads are asked for", "never quiet: the lane", "broker_mistreats_messages")
def nobody_asks_for_heads(patch: Patch) -> None:
    patch.setattr(Filler, "note_silent_gaps", lambda _: None)


@guard("what a source did not sign is not heard", "effects", "messages_are_forged")
def every_signature_holds(patch: Patch) -> None:
    patch.setattr(KeyRing, "verify", lambda *_: True)


@guard(
    "a follower projects only from where the rows are",
    "has projected",
    "processes_stand_still",
    "leaders_locks_are_lost",
)
def a_follower_believes_what_it_read(patch: Patch) -> None:
    locked_position = Follower._locked_position

    def whatever_it_is(self: Any, connection: Any, tenant: Any) -> Any:
        locked_position(self, connection, tenant)
        return ANY

    patch.setattr(Follower, "_locked_position", whatever_it_is)


@guard("a follower's position moves in the transaction of the rows", "", "crashes_at_durable_steps")
def the_follower_moves_afterwards(patch: Patch) -> None:
    project, move = Follower._project, Follower._move
    moves: list[tuple[Any, int]] = []

    def project_and_then_move(self: Any, tenant: Any, after: int) -> int:
        moves.clear()
        count = project(self, tenant, after)
        for of, position in moves:
            with self.database.tenant(of) as connection:
                move(self, connection, of, position)
        return count

    patch.setattr(Follower, "_project", project_and_then_move)
    patch.setattr(Follower, "_move", lambda _, __, tenant, position: moves.append((tenant, position)))


@guard("the clock's command has the duty's id", "said twice")
def the_clock_speaks_under_a_new_id(patch: Patch) -> None:
    patch.setattr("shared.runners.clockwork.derived_id", lambda *_: new_id())


@guard("a tenant that the source no longer knows is looked at", "goes on though", "source_is_restored")
def only_heads_that_are_named_are_looked_at(patch: Patch) -> None:
    handled, heads = Filler._handled, Filler._heads

    def of_named(self: Any, source: str) -> Any:
        named = heads(self, source)
        return {tenant: head for tenant, head in handled(self, source).items() if tenant in named}

    patch.setattr(Filler, "_handled", of_named)


@guard(
    "an event that follows on another than was handled stops the lane",
    "goes on though",
    "source_is_restored",
    "broker_mistreats_messages",
)
def whatever_comes_next_follows(patch: Patch) -> None:
    position = Lanes._position

    def of_unknown_hash(self: Any, heard: Any) -> Any:
        return position(self, heard)._replace(hash=None)

    patch.setattr(Lanes, "_position", of_unknown_hash)


@guard("heads carry their events' hashes", "goes on though", "source_is_restored", "broker_mistreats_messages")
def heads_are_numbers(patch: Patch) -> None:
    patch.setattr(Head, "differs_from", lambda self, other: self.number != other.number)


@guard("what the clock was refused is said again", "past its time", "clocks_step")
def a_refusal_of_the_clocks_is_final(patch: Patch) -> None:
    def also_where_refused(self: Any, command: Any) -> bool:
        try:
            self.service.application.execute(command)
        except VersionConflictError:
            return False
        except DomainError:
            return True
        except Exception:  # noqa: BLE001 - as in what is replaced
            return False
        return True

    patch.setattr(Clockwork, "_miss", also_where_refused)
