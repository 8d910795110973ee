"""Alpha: rings bells and says so; a bell may promise to ring again by a time."""

# ruff: noqa: D101, D102, RUF012 - a toy's names say what there is to say; marshmallow declares codes so

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from marshmallow import Schema, fields, validate
from nameko.rpc import rpc
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from shared.domain import (
    Actor,
    Aggregate,
    Command,
    DomainError,
    Event,
    FirstEvent,
    registered,
)
from shared.duties import Meets, MissDeadline, Opens
from shared.ids import derived_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger
from shared.ledger.erasing import Needed
from shared.ledger.handling import handles
from shared.ledger.tables import read_metadata
from shared.policy import PublicForm
from shared.runners.door import LedgerDoor
from shared.runners.parts import ServiceParts

PERSON = UUID("9b2f0f8e-6a0e-4a2f-9d0a-0c5d9f1e7a11")
SOMEBODY = Actor(id=f"person:{PERSON}", roles=frozenset({"head"}))
UNLUCKY = 13
TOO_MUCH = 1000

# -- alpha: its domain ------------------------------------------------------------------------------------------------


class BellNotPromisedError(DomainError):
    code = "alpha.bell_not_promised"


class BellTooLoudError(DomainError):
    code = "alpha.bell_too_loud"


@registered
class Bell(Aggregate):
    """Rings once, may promise to ring again by a time, and keeps count of the times it did not."""

    TOPIC = "alpha.bell"

    class Rung(FirstEvent):
        TOPIC = "alpha.bell_rung"
        number: int
        ringer: str
        also: UUID | None
        times: int

    class Promised(Event):
        TOPIC = "alpha.bell_promised"
        due_at: datetime

    class RungAgain(Event):
        TOPIC = "alpha.bell_rung_again"

    class DeadlineMissed(Event):
        TOPIC = "alpha.bell_deadline_missed"
        step: int
        next_due_at: datetime | None

    @classmethod
    def ring(cls, command: Ring, at: datetime) -> Self:
        if command.number > TOO_MUCH:
            raise BellTooLoudError(number=command.number)
        return cls._begin(
            cls.Rung,
            id=derived_id(command.command_id, "bell"),
            by=command.by,
            at=at,
            number=command.number,
            ringer=command.ringer,
            also=command.also,
            times=command.times,
        )

    def promise(self, due_at: datetime, *, by: Actor, at: datetime) -> None:
        self._record(self.Promised, by=by, at=at, due_at=due_at)

    def ring_again(self, *, by: Actor, at: datetime) -> None:
        if self.due_at is None:
            raise BellNotPromisedError
        self._record(self.RungAgain, by=by, at=at)

    def miss_deadline(self, step: int, *, by: Actor, at: datetime) -> None:
        if self.due_at is None or step != self.step or at < self.due_at:
            raise BellNotPromisedError
        next_due_at = self.due_at + timedelta(days=1) if step == 0 else None
        self._record(self.DeadlineMissed, by=by, at=at, step=step, next_due_at=next_due_at)

    def _rung(self, event: Rung) -> None:
        self.number = event.number
        self.due_at: datetime | None = None
        self.step = 0

    def _promised(self, event: Promised) -> None:
        self.due_at, self.step = event.due_at, 0

    def _rung_again(self, _: RungAgain) -> None:
        self.due_at = None

    def _deadline_missed(self, event: DeadlineMissed) -> None:
        self.due_at, self.step = event.next_due_at, event.step + 1


# -- alpha: its commands, application, publications, duties, projection -----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Ring(Command):
    number: int
    ringer: str = "Әсел Құрманғалиқызы"
    also: UUID | None = None
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Promise(Command):
    bell: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class RingAgain(Command):
    bell: UUID


class Alpha(LedgerApplication):
    """Rings bells; `breaks_in` names the tenants in which its handlers fail."""

    name = "alpha"
    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {
        Bell: lambda bell: "alpha.bell_promised" if bell.due_at else None
    }

    def __init__(self, parts: LedgerParts) -> None:
        super().__init__(parts, publications={"alpha.bell_rung": _bell_rung})
        self.breaks_in: set[UUID] = set()

    @handles(Ring)
    def ring(self, command: Ring, ledger: TenantLedger) -> Answer:
        bell = Bell.ring(command, ledger.now())
        return ledger.save(bell, answer={"bell": str(bell.id)})

    @handles(Promise)
    def promise(self, command: Promise, ledger: TenantLedger) -> Answer:
        bell = ledger.get(Bell, command.bell)
        bell.expects(command.expected_version)
        bell.promise(command.due_at, by=command.by, at=ledger.now())
        return ledger.save(bell)

    @handles(RingAgain)
    def ring_again(self, command: RingAgain, ledger: TenantLedger) -> Answer:
        bell = ledger.get(Bell, command.bell)
        bell.ring_again(by=command.by, at=ledger.now())
        return ledger.save(bell)

    @handles(MissDeadline)
    def miss_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        if self.breaks_in & {command.tenant}:
            raise ToyBrokenError("Өтеген Бақытұлы")
        bell = ledger.get(Bell, command.stream)
        bell.miss_deadline(command.step, by=command.by, at=ledger.now())
        return ledger.save(bell)


class ToyBrokenError(Exception):
    """Something unforeseen, with a name in its text that no log may hold."""


def _bell_rung(event: Bell.Rung) -> PublicForm:
    also = event.also and str(event.also)
    return PublicForm(type="alpha.bell_rung.v1", body={"number": event.number, "also": also, "times": event.times})


def _missed(event: Bell.DeadlineMissed) -> Sequence[Opens | Meets]:
    if event.next_due_at is None:
        return [Meets(duty="ring_again", stream=event.originator_id)]
    return [_opens(event.originator_id, event.next_due_at, event.step + 1)]


def _opens(bell: UUID, due_at: datetime, step: int) -> Opens:
    return Opens(
        duty="ring_again", stream=bell, due_at=due_at, owner="role:head", rule="toys.ring@2026-01-01", step=step
    )


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    "alpha.bell_promised": lambda event: [_opens(event.originator_id, event.due_at, 0)],
    "alpha.bell_rung_again": lambda event: [Meets(duty="ring_again", stream=event.originator_id)],
    "alpha.bell_deadline_missed": _missed,
}

ALPHA_METADATA = read_metadata()

bells = Table(
    "bells",
    ALPHA_METADATA,
    Column("tenant", Uuid, primary_key=True),
    Column("bell", Uuid, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
)

unprojectable: set[UUID] = set()


def _add_bell(connection: Connection, tenant: UUID, event: Bell.Rung) -> None:
    connection.execute(insert(bells).values(tenant=tenant, bell=event.originator_id, number=event.number, state="rung"))
    if event.number == UNLUCKY and tenant in unprojectable:
        raise ToyBrokenError("Ұлжан Ғабитқызы")


def _bell_state(state: str) -> Callable[[Connection, UUID, Any], None]:
    def project(connection: Connection, tenant: UUID, event: Event) -> None:
        chosen = update(bells).where(bells.c.tenant == tenant, bells.c.bell == event.originator_id)
        connection.execute(chosen.values(state=state))

    return project


# -- alpha: its door --------------------------------------------------------------------------------------------------

_CODES: dict[str, Any] = {"required": "required", "null": "required", "invalid": "not_a_number"}


class _RingerSchema(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}
    name = fields.String(required=True, error_messages=_CODES)


class RingSchema(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}
    number = fields.Integer(required=True, strict=True, error_messages=_CODES)
    times = fields.Integer(load_default=1, validate=validate.Range(min=1, error="too_few"), error_messages=_CODES)
    ringer = fields.String(load_default="", error_messages=_CODES)


class RingersSchema(Schema):
    """Nested, to see faults deep in a list."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}
    ringers = fields.List(fields.Nested(_RingerSchema), required=True, error_messages=_CODES)


class BellSchema(Schema):
    bell = fields.UUID(required=True, error_messages=_CODES)


class PromiseSchema(BellSchema):
    due_at = fields.AwareDateTime(required=True, error_messages=_CODES)


def show_bell(application: Alpha, tenant: UUID, by: Actor, *, bell: UUID) -> dict[str, Any]:
    """A query over the read model, which fails with a name in its text for the bell that does not work."""
    found = application.for_tenant(tenant).get(Bell, bell)
    if found.number == UNLUCKY:
        raise ToyBrokenError("Қоңыр Әлішерұлы")
    with application.read(tenant) as connection:
        state = connection.scalar(select(bells.c.state).where(bells.c.tenant == tenant, bells.c.bell == bell))
    return {"bell": bell, "number": found.number, "state": state, "by": by.id, "promised": found.due_at}


class AlphaService(LedgerDoor):
    """Alpha's door."""

    name = "alpha"

    @rpc  # type: ignore[untyped-decorator]
    def ring(self, token: str, payload: dict[str, Any]) -> dict[str, Any]:
        return self.door.command(token, payload, RingSchema(), Ring)  # type: ignore[no-any-return]


ALPHA = ServiceParts(
    name="alpha",
    build=Alpha,
    door=AlphaService,
    listens_to=(),
    metadata=ALPHA_METADATA,
    duties=DUTIES,
    projections={"alpha.bell_rung": _add_bell, "alpha.bell_rung_again": _bell_state("again")},
)
