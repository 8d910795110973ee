"""Two toy services with nothing but the mechanisms: one notes and says so, the other hears it and notes that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import MetaData

from cli.benching.appending import QuickTenantKeys
from shared.clock import SystemClock
from shared.domain import Actor, Aggregate, Command, Event, FirstEvent, registered
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger
from shared.ledger.database import Database
from shared.ledger.handling import handles
from shared.policy import Heard, PublicForm, Reaction
from shared.runners.door import LedgerDoor
from shared.runners.parts import ServiceParts
from shared.sealing.keys import KeyCache

SOMEBODY = Actor(id="person:00000000-0000-4000-8000-000000000001")
NOTED = "benchspeaks.note_begun.v1"


@registered
class Notebook(Aggregate):
    """Something with events."""

    TOPIC = "bench.notebook"

    class Begun(FirstEvent):
        """There is one."""

        TOPIC = "bench.notebook_begun"

    class Noted(Event):
        """Something was written."""

        TOPIC = "bench.note_written"
        text: str

    @classmethod
    def begin(cls, *, id: UUID, by: Actor, at: datetime) -> Self:
        """A new one."""
        return cls._begin(cls.Begun, id=id, by=by, at=at)

    def note(self, *, text: str, by: Actor, at: datetime) -> None:
        """Writes something."""
        self._record(self.Noted, by=by, at=at, text=text)

    def _begun(self, _: Begun) -> None:
        self.count = 0
        self.last = ""

    def _noted(self, event: Noted) -> None:
        self.count += 1
        self.last = event.text


@dataclass(frozen=True, kw_only=True)
class Begin(Command):
    """Asks for a notebook."""


def _begun(event: Any) -> PublicForm:
    return PublicForm(type=NOTED, body={"notebook": event.originator_id})


class Speaks(LedgerApplication):
    """Begins notebooks, and says so."""

    name = "benchspeaks"

    @handles(Begin)
    def begin(self, command: Begin, ledger: TenantLedger) -> Answer:
        """A notebook."""
        made = Notebook.begin(id=derived_id(command.command_id, "notebook"), by=command.by, at=ledger.now())
        return ledger.save(made, answer={})


class Hears(Speaks):
    """Begins a notebook for each that it hears of."""

    name = "benchhears"


def when_note_begun_begin(_: Mapping[str, Any], heard: Heard) -> list[Command]:
    """One for one."""
    policy = "when_note_begun_begin"
    return [Begin(tenant=heard.tenant, command_id=heard.command_id(policy), by=heard.actor(policy))]


def _parts_of(database: Database) -> LedgerParts:
    return LedgerParts(
        database=database,
        tenant_keys=QuickTenantKeys(),
        clock=SystemClock(),
        platform=new_id(),
        key_cache=KeyCache(),
        woken=lambda _: None,
    )


def toy_application(database: Database) -> Speaks:
    """The service that speaks, without publications."""
    return Speaks(_parts_of(database))


def speaking(parts: LedgerParts) -> LedgerApplication:
    """The service that speaks."""
    return Speaks(parts, publications={Notebook.Begun.TOPIC: _begun})


def hearing(parts: LedgerParts) -> LedgerApplication:
    """The service that hears."""
    return Hears(parts, reactions=[Reaction(listens_to=NOTED, reader=dict, policy=when_note_begun_begin)])


def _service(name: str, build: Any, listens_to: tuple[str, ...]) -> ServiceParts:
    return ServiceParts(
        name=name, build=build, door=LedgerDoor, listens_to=listens_to, metadata=MetaData(), duties={}, projections={}
    )


SPEAKS = _service("benchspeaks", speaking, ())
HEARS = _service("benchhears", hearing, ("benchspeaks",))
