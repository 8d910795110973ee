"""A house at work without processes and without a broker: commands are executed, and fillers call the doors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from cli.house import House
from services.reports import commands
from services.reports.domain.values import Channel, Kind, Place, Source, Urgency
from shared.domain import Actor, Command
from shared.ids import new_id
from shared.ledger.tables import inbox, public_events
from shared.messaging.agreement import Told, holding
from shared.messaging.filler import Filler
from shared.messaging.lane_commands import lanes_of
from shared.messaging.lanes import Lanes
from shared.runners.follower import Follower
from shared.testing.toy_services.house import AtTheDoor

HEAD = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
REPORTER = Actor(id=f"reporter:{new_id()}", roles=frozenset({"reporter"}))


def confirm_report(house: House, tenant: UUID) -> UUID:
    """A report that comes in and is confirmed, so that a case is opened where `settle` lets `cases` hear of it."""

    def ask(kind: type[Command], by: Actor, **facts: Any) -> dict[str, Any]:
        command = kind(tenant=tenant, command_id=new_id(), by=by, **facts)
        return house.services["reports"].application.execute(command).body

    received = ask(
        commands.ReceiveReport,
        REPORTER,
        source=Source.CHILD_WITNESS,
        channel=Channel.WEB,
        description="Үзілісте ұрып жүр",
        place=Place.SCHOOL,
        kinds=(Kind.PHYSICAL,),
        immediate_danger=False,
    )
    report = UUID(received["report"])
    ask(commands.TriageReport, HEAD, report=report, kinds=(Kind.PHYSICAL,), urgency=Urgency.URGENT)
    ask(commands.BeginVerification, HEAD, report=report)
    ask(commands.RecordVerificationStep, HEAD, report=report, what="Әңгіме", finding="Көгерген")
    confirmation = {"report": report, "reasons": "Екі куәгер", "kinds": (Kind.PHYSICAL,), "count_of_cases": 1}
    ask(commands.ConfirmReport, HEAD, **confirmation)
    return report


def settle(house: House) -> None:
    """Lets every listener hear all it can, until no lane moves any more; then followers catch up."""
    doors = AtTheDoor(*house.services.values())
    fillers = [
        Filler(service, Lanes(service.application), doors)
        for service in house.services.values()
        if service.parts.listens_to
    ]
    before: object = None
    while before != (before := _lanes(house)):
        for filler in fillers:
            filler.note_silent_gaps()
            while filler.fill_once():
                pass
    for name, service in house.services.items():
        follower = Follower(service, house.woken[name][1])
        while follower.follow_once():
            pass


def _lanes(house: House) -> list[Any]:
    return [(lane.service, lane.source, lane.tenant, lane.number) for lane in all_lanes(house)]


def all_lanes(house: House) -> list[Any]:
    """Every lane of every listener."""
    return [lane for service in house.services.values() for lane in lanes_of(service)]


def handled_once(house: House, listener: str, source: str, tenant: UUID) -> None:
    """Everything that holds of the source's public events was handled by the listener, in order, under its number.

    Each number once is what the inbox's primary key says.
    """
    says = select(public_events).where(public_events.c.tenant == tenant).order_by(public_events.c.number)
    with house.services[source].database.tenant(tenant) as connection:
        rows = connection.execute(says).all()
    marks = f"{source}.log_restored.v1"
    told = [
        Told(
            number=row.number,
            hash=bytes(row.hash),
            incarnation=row.incarnation,
            kept=_kept(row.body) if row.type == marks else None,
        )
        for row in rows
    ]
    heard = select(inbox).where(inbox.c.tenant == tenant, inbox.c.source == source)
    with house.services[listener].database.tenant(tenant) as connection:
        handled = {row.number: bytes(row.hash) for row in connection.execute(heard)}
    for one in holding(told):
        assert handled.get(one.number) == one.hash, (listener, source, one.number)


def _kept(body: str) -> int:
    import json

    return int(json.loads(body)["last_number_kept"])
