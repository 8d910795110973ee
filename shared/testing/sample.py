"""A small service of no field, for tests of the ledger alone: boxes that are opened with a label and filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self
from uuid import UUID

from shared.clock import Clock
from shared.domain import Actor, Aggregate, Command, Event, FirstEvent, registered
from shared.ids import derived_id, new_id
from shared.ledger.append import AppendRequest, SealedEvent
from shared.ledger.application import Answer, LedgerApplication, TenantLedger
from shared.ledger.database import Database
from shared.ledger.erasing import Needed
from shared.ledger.handling import handles
from shared.policy import PublicForm
from shared.testing.ledger import ledger_parts

SOMEBODY = Actor(id="person:00000000-0000-4000-8000-000000000001")


@registered
class Box(Aggregate):
    """Something with events."""

    TOPIC = "sample.box"

    class Opened(FirstEvent):
        """There is a box."""

        TOPIC = "sample.box_opened"
        label: str

    class Filled(Event):
        """Something was put in; this stays within the service."""

        TOPIC = "sample.box_filled"
        thing: str

    @classmethod
    def open(cls, *, id: UUID, label: str, by: Actor, at: datetime) -> Self:
        """A box of that label."""
        return cls._begin(cls.Opened, id=id, by=by, at=at, label=label)

    def fill(self, *, thing: str, by: Actor, at: datetime) -> None:
        """Puts a thing in."""
        self._record(self.Filled, by=by, at=at, thing=thing)

    def _opened(self, event: Opened) -> None:
        self.label = event.label
        self.things: list[str] = []

    def _filled(self, event: Filled) -> None:
        self.things.append(event.thing)


@dataclass(frozen=True, kw_only=True)
class OpenBox(Command):
    """Asks for a box."""

    label: str


@dataclass(frozen=True, kw_only=True)
class FillBox(Command):
    """Asks for a thing to be put in a box."""

    box: UUID
    thing: str


def _box_opened(event: Any) -> PublicForm:
    return PublicForm(type="sample.box_opened.v1", body={"box": event.originator_id})


PUBLICATIONS = {"sample.box_opened": _box_opened}


class SampleApplication(LedgerApplication):
    """Does the two commands; `before_saving` lets a test do something between loading and saving."""

    name = "sample"
    before_saving: Callable[[], None] | None = None
    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {Box: lambda _: None}

    @handles(OpenBox)
    def open_box(self, command: OpenBox, ledger: TenantLedger) -> Answer:
        """A new box."""
        box = Box.open(id=derived_id(command.command_id, "box"), label=command.label, by=command.by, at=ledger.now())
        return ledger.save(box, answer={"box": str(box.id)})

    @handles(FillBox)
    def fill_box(self, command: FillBox, ledger: TenantLedger) -> Answer:
        """A thing in a box that is there."""
        box = ledger.get(Box, command.box)
        box.expects(command.expected_version)
        box.fill(thing=command.thing, by=command.by, at=ledger.now())
        if self.before_saving is not None:
            self.before_saving()
        return ledger.save(box, answer={"things": box.things})


def sample_application(database: Database, folder: Path, clock: Clock | None = None) -> SampleApplication:
    """The sample service over a ledger database, with keys of its own in `folder`."""
    parts = ledger_parts(database, folder / "keys", clock)
    return SampleApplication(parts, publications=PUBLICATIONS)


def open_box(application: LedgerApplication, tenant: UUID, label: str = "a box", *things: str) -> UUID:
    """A box with things in it, each by a command of its own; gives its id."""
    command = OpenBox(tenant=tenant, command_id=new_id(), by=SOMEBODY, label=label)
    box = UUID(application.execute(command).body["box"])
    for thing in things:
        application.execute(FillBox(tenant=tenant, command_id=new_id(), by=SOMEBODY, box=box, thing=thing))
    return box


def sealed_event(stream: UUID, version: int = 1, **changed: Any) -> SealedEvent:
    """An event as it goes into an append, with nothing sealed in it."""
    fields: dict[str, Any] = {
        "topic": "sample.box_opened",
        "actor": SOMEBODY.id,
        "payload": b"nothing sealed",
        "key_commitment": b"\x07" * 32,
        "happened_at": 0,
    }
    return SealedEvent(stream=stream, version=version, **(fields | changed))


def request(tenant: UUID, *events: SealedEvent, **more: Any) -> AppendRequest:
    """One append to the sample service's log."""
    return AppendRequest(tenant=tenant, log="sample", events=events, **more)
