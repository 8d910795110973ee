"""Two services that listen to each other: `ringing` rings bells, `echoing` repeats them, `ringing` applauds each echo.

Each relies on one guard of the mechanisms alone, where a careful service would have a second one: what a listener does
last for an event has a new command id at every attempt (only its position keeps it from being done twice), what it does
before that, or in another tenant, has a derived one (only the command's id does); `MissDeadline` is recorded whatever
step the bell is at (only the clock's command id keeps it from being said twice); projections count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Integer, Table, Text, Uuid
from sqlalchemy.dialects.sqlite import insert

from shared.domain import Actor, Aggregate, Command, DomainError, Event, FirstEvent, registered
from shared.duties import Meets, MissDeadline, Opens
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger
from shared.ledger.handling import handles
from shared.ledger.tables import read_metadata
from shared.policy import Heard, PublicForm, Reaction
from shared.runners.door import LedgerDoor
from shared.runners.parts import ServiceParts

SOMEBODY = Actor(id="person:00000000-0000-4000-8000-000000000001")
UNLUCKY = 13
RINGING, ECHOING = "ringing", "echoing"
RUNG, REPEATED = "ringing.bell_rung.v1", "echoing.echo_repeated.v1"


class NotOwedError(DomainError):
    """The bell owes nothing now."""

    code = "ringing.not_owed"


class UnluckyNumberError(DomainError):
    """Echoing does not repeat this one."""

    code = "echoing.unlucky_number"


class BrokenError(Exception):
    """A handler that always fails."""


@registered
class Bell(Aggregate):
    """Rings; may promise to ring again by a time."""

    TOPIC = "ringing.bell"

    class Rung(FirstEvent):
        """It rang: `times` echoes are due here, one in the tenant `also`."""

        TOPIC = "ringing.bell_rung"
        number: int
        times: int
        also: UUID | None

    class Promised(Event):
        """It is to ring again by a time."""

        TOPIC = "ringing.bell_promised"
        due_at: datetime

    class RungAgain(Event):
        """It did."""

        TOPIC = "ringing.bell_rung_again"

    class DeadlineMissed(Event):
        """It did not; the first time it has another day."""

        TOPIC = "ringing.bell_deadline_missed"
        step: int
        due_at: datetime

    @classmethod
    def ring(cls, command: Ring, at: datetime) -> Bell:
        """A new bell, rung."""
        bell = derived_id(command.command_id, "bell")
        facts = {"number": command.number, "times": command.times, "also": command.also}
        return cls._begin(cls.Rung, id=bell, by=command.by, at=at, **facts)

    def promise(self, due_at: datetime, *, by: Actor, at: datetime) -> None:
        """Owes to ring again."""
        self._record(self.Promised, by=by, at=at, due_at=due_at)

    def ring_again(self, *, by: Actor, at: datetime) -> None:
        """Does what it owes. Raises NotOwedError."""
        if self.due_at is None:
            raise NotOwedError
        self._record(self.RungAgain, by=by, at=at)

    def miss_deadline(self, step: int, *, by: Actor, at: datetime) -> None:
        """Has not rung in time; whether that was said before, it does not ask. Raises NotOwedError."""
        if self.first_due_at is None:
            raise NotOwedError
        due_at = self.first_due_at + timedelta(days=step)
        if at < due_at:
            raise NotOwedError
        self._record(self.DeadlineMissed, by=by, at=at, step=step, due_at=due_at)

    def _rung(self, event: Rung) -> None:
        self.number = event.number
        self.due_at: datetime | None = None
        self.first_due_at: datetime | None = None

    def _promised(self, event: Promised) -> None:
        self.due_at = self.first_due_at = event.due_at

    def _rung_again(self, _: RungAgain) -> None:
        self.due_at = self.first_due_at = None

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.due_at = event.due_at + timedelta(days=1) if event.step == 0 else None


@registered
class Echo(Aggregate):
    """A bell that was heard, of a tenant and public number."""

    TOPIC = "echoing.echo"

    class Repeated(FirstEvent):
        """It was repeated."""

        TOPIC = "echoing.echo_repeated"
        number: int

    def _repeated(self, event: Repeated) -> None:
        self.number = event.number


@registered
class Applause(Aggregate):
    """An echo that was heard."""

    TOPIC = "ringing.applause"

    class Given(FirstEvent):
        """It was applauded."""

        TOPIC = "ringing.applause_given"

    def _given(self, _: Given) -> None:
        """Nothing is decided by it."""


@dataclass(frozen=True, kw_only=True)
class Ring(Command):
    """Asks for a bell."""

    number: int
    times: int = 1
    also: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Promise(Command):
    """Asks a bell to ring again by a time."""

    bell: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class RingAgain(Command):
    """Asks a bell to do as it promised."""

    bell: UUID


@dataclass(frozen=True, kw_only=True)
class Repeat(Command):
    """Asks for an echo."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Applaud(Command):
    """Asks for applause."""


class Ringing(LedgerApplication):
    """Rings bells."""

    name = RINGING

    @handles(Ring)
    def ring(self, command: Ring, ledger: TenantLedger) -> Answer:
        """A new bell."""
        bell = Bell.ring(command, ledger.now())
        return ledger.save(bell, answer={"bell": str(bell.id)})

    @handles(Promise)
    def promise(self, command: Promise, ledger: TenantLedger) -> Answer:
        """A bell with a duty."""
        bell = ledger.get(Bell, command.bell)
        bell.promise(command.due_at, by=command.by, at=ledger.now())
        return ledger.save(bell)

    @handles(RingAgain)
    def ring_again(self, command: RingAgain, ledger: TenantLedger) -> Answer:
        """A bell without one."""
        bell = ledger.get(Bell, command.bell)
        bell.ring_again(by=command.by, at=ledger.now())
        return ledger.save(bell)

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """A bell that was silent."""
        bell = ledger.get(Bell, command.stream)
        bell.miss_deadline(command.step, by=command.by, at=ledger.now())
        return ledger.save(bell)

    @handles(Applaud)
    def applaud(self, command: Applaud, ledger: TenantLedger) -> Answer:
        """One applause."""
        applause = derived_id(command.command_id, "applause")
        return ledger.save(Applause._begin(Applause.Given, id=applause, by=command.by, at=ledger.now()))


class Echoing(LedgerApplication):
    """Repeats bells; `breaks_in` names the tenants in which that fails."""

    name = ECHOING
    breaks_in: frozenset[UUID] = frozenset()

    @handles(Repeat)
    def repeat(self, command: Repeat, ledger: TenantLedger) -> Answer:
        """One echo."""
        if command.tenant in self.breaks_in:
            raise BrokenError
        if command.number == UNLUCKY:
            raise UnluckyNumberError
        stream = derived_id(command.command_id, "echo")
        echo = Echo._begin(Echo.Repeated, id=stream, by=command.by, at=ledger.now(), number=command.number)
        return ledger.save(echo)


def when_bell_rung_repeat(event: Mapping[str, Any], heard: Heard) -> Sequence[Command]:
    """Once in the tenant `also`, if there is one; then as many times as it was rung, here."""
    places = [UUID(event["also"])] if event["also"] else []
    places += [heard.tenant] * event["times"]
    ids = [heard.command_id(f"when_bell_rung_repeat/{place}") for place in range(len(places) - 1)]
    actor = heard.actor("when_bell_rung_repeat")
    return [
        Repeat(tenant=tenant, command_id=one, by=actor, cause=heard.id, number=event["number"])
        for tenant, one in zip(places, [*ids, new_id()], strict=True)
    ]


def when_echo_repeated_applaud(_: Mapping[str, Any], heard: Heard) -> Sequence[Command]:
    """One for one."""
    actor = heard.actor("when_echo_repeated_applaud")
    return [Applaud(tenant=heard.tenant, command_id=new_id(), by=actor, cause=heard.id)]


def _rung(event: Any) -> PublicForm:
    also = event.also and str(event.also)
    return PublicForm(type=RUNG, body={"number": event.number, "times": event.times, "also": also})


def _repeated(event: Any) -> PublicForm:
    return PublicForm(type=REPEATED, body={"number": event.number})


def _ringing(parts: LedgerParts) -> LedgerApplication:
    reaction = Reaction(listens_to=REPEATED, reader=dict, policy=when_echo_repeated_applaud)
    return Ringing(parts, publications={Bell.Rung.TOPIC: _rung}, reactions=[reaction])


def _echoing(parts: LedgerParts) -> LedgerApplication:
    reaction = Reaction(listens_to=RUNG, reader=dict, policy=when_bell_rung_repeat)
    return Echoing(parts, publications={Echo.Repeated.TOPIC: _repeated}, reactions=[reaction])


def _opens(bell: UUID, due_at: datetime, step: int) -> Opens:
    return Opens(duty="ring_again", stream=bell, due_at=due_at, owner="role:ringer", rule="toys@2026-01-01", step=step)


def _meets(event: Any) -> Sequence[Opens | Meets]:
    return [Meets(duty="ring_again", stream=event.originator_id)]


def _missed(event: Bell.DeadlineMissed) -> Sequence[Opens | Meets]:
    if event.step:
        return _meets(event)
    return [_opens(event.originator_id, event.due_at + timedelta(days=1), 1)]


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    Bell.Promised.TOPIC: lambda event: [_opens(event.originator_id, event.due_at, 0)],
    Bell.RungAgain.TOPIC: _meets,
    Bell.DeadlineMissed.TOPIC: _missed,
}

METADATA = read_metadata()

counts = Table(
    "counts",
    METADATA,
    Column("tenant", Uuid, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)


def _count(topic: str) -> Callable[[Connection, UUID, Any], None]:
    def project(connection: Connection, tenant: UUID, _: Any) -> None:
        one_more = insert(counts).values(tenant=tenant, topic=topic, count=1)
        connection.execute(
            one_more.on_conflict_do_update(index_elements=["tenant", "topic"], set_={"count": counts.c.count + 1})
        )

    return project


def _service(name: str, build: Any, listens_to: str, duties: Any, *topics: str) -> ServiceParts:
    return ServiceParts(
        name=name,
        build=build,
        door=LedgerDoor,
        listens_to=(listens_to,),
        metadata=METADATA,
        duties=duties,
        projections={topic: _count(topic) for topic in topics},
    )


SERVICES = (
    _service(RINGING, _ringing, ECHOING, DUTIES, Bell.Rung.TOPIC, Bell.DeadlineMissed.TOPIC, Applause.Given.TOPIC),
    _service(ECHOING, _echoing, RINGING, {}, Echo.Repeated.TOPIC),
)
