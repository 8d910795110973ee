"""Beta: listens to alpha and repeats what it heard."""

# ruff: noqa: D101, D102 - a toy's names say what there is to say; marshmallow declares codes so

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    MetaData,
)

from shared.domain import (
    Aggregate,
    Command,
    DomainError,
    FirstEvent,
    registered,
)
from shared.ids import derived_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger
from shared.ledger.handling import handles
from shared.policy import Heard, Reaction
from shared.runners.door import LedgerDoor
from shared.runners.parts import ServiceParts
from shared.testing.toy_services.alpha import UNLUCKY, ToyBrokenError


class BetaService(LedgerDoor):
    """Beta's door."""

    name = "beta"


class UnluckyNumberError(DomainError):
    code = "beta.unlucky_number"


@registered
class Echo(Aggregate):
    TOPIC = "beta.echo"

    class Repeated(FirstEvent):
        TOPIC = "beta.echo_repeated"
        number: int

    def _repeated(self, event: Repeated) -> None:
        self.number = event.number


@dataclass(frozen=True, kw_only=True)
class Repeat(Command):
    number: int


class Beta(LedgerApplication):
    """Repeats what it hears; `breaks_in` names the tenants in which it fails, `tried` counts its attempts by tenant."""

    name = "beta"

    def __init__(self, parts: LedgerParts) -> None:
        super().__init__(parts, reactions=REACTIONS)
        self.breaks_in: set[UUID] = set()
        self.tried: list[tuple[UUID, float]] = []

    @handles(Repeat)
    def repeat(self, command: Repeat, ledger: TenantLedger) -> Answer:
        self.tried.append((command.tenant, time.monotonic()))
        if command.tenant in self.breaks_in:
            raise ToyBrokenError("Күләш Өмірбекқызы")
        if command.number == UNLUCKY:
            raise UnluckyNumberError(number=command.number)
        echo = Echo._begin(
            Echo.Repeated,
            id=derived_id(command.command_id, "echo"),
            by=command.by,
            at=ledger.now(),
            number=command.number,
        )
        return ledger.save(echo, answer={"echo": str(echo.id)})


def when_bell_rung_repeat(event: Mapping[str, Any], heard: Heard) -> Sequence[Command]:
    """Once in the tenant `also`, if there is one; then as many times as it was rung, here."""
    places = [UUID(event["also"])] if event["also"] else []
    places += [heard.tenant] * event["times"]
    return [
        Repeat(
            tenant=tenant,
            command_id=heard.command_id(f"when_bell_rung_repeat/{tenant}/{place}"),
            by=heard.actor("when_bell_rung_repeat"),
            cause=heard.id,
            number=event["number"],
        )
        for place, tenant in enumerate(places)
    ]


REACTIONS = (Reaction(listens_to="alpha.bell_rung.v1", reader=lambda body: body, policy=when_bell_rung_repeat),)

BETA = ServiceParts(
    name="beta",
    build=Beta,
    door=BetaService,
    listens_to=("alpha",),
    metadata=MetaData(schema="read"),
    duties={},
    projections={},
)
