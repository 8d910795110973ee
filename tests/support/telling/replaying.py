"""The whole API as of a moment: the events up to it, in databases of their own, and every read model built from them.

Nothing is taken from the suite but events, keys, and the sealed pieces of files whose hashes stand in events. Who may
see what is decided by what stood in the logs at that time.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select

from cli.api_client import Api
from cli.house import House
from cli.settings import Settings
from services.gateway.bootstrap import build
from services.gateway.settings import Settings as GatewaySettings
from shared.clock import ShiftedClock
from shared.ledger.recorder import RecordedEvent, recorded_leaf_hash
from shared.ledger.tables import blobs, events, heads, stream_keys
from shared.runners.door import OpenDoor
from shared.runners.follower import Follower
from tests.support.telling.stage import Heads, Stage
from tests.support.telling.watching import Note, Question, Seen, headers_of

At = tuple[str, UUID]
TOKEN_SECONDS = 40.0
"""Less than a token's minute."""


class Doors:
    """Calls go straight to the doors, in this process; a token is asked for once, until accounts have moved."""

    def __init__(self, house: House) -> None:
        self._doors: dict[str, Any] = {}
        self._tokens: dict[str, tuple[dict[str, Any], float]] = {}
        for name, service in house.services.items():
            self._doors[name] = service.parts.door()
            self._doors[name].door = OpenDoor(service)

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See `services.gateway.clients.Rpc`."""
        if method != "issue_token":
            answer: dict[str, Any] = getattr(self._doors[service], method)(*args)
            return answer
        asked = repr(args)
        token, ends = self._tokens.get(asked, ({}, 0.0))
        if time.monotonic() >= ends:
            token = self._doors[service].issue_token(*args)
            self._tokens[asked] = token, time.monotonic() + TOKEN_SECONDS
        return token

    def forget_tokens(self) -> None:
        """They have the roles that somebody had before."""
        self._tokens.clear()


class Gateway:
    """One gateway for all replays, which takes a second to build: each call goes to the doors that are set."""

    doors: Doors

    def __init__(self) -> None:
        self.client = build(GatewaySettings(token_seconds=0), self).test_client()

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See `services.gateway.clients.Rpc`."""
        return self.doors.call(service, method, *args)


the_gateway = cache(Gateway)


class Replay:
    """A house that holds the events up to where it was brought, and answers at the API as of then."""

    def __init__(self, stage: Stage, tenants: Sequence[UUID], ends: Heads, house: House) -> None:
        self.house = house
        self.reached: dict[At, int] = {}
        self._rows: dict[At, list[Row[Any]]] = {}
        self._followers = {name: Follower(service, threading.Event()) for name, service in house.services.items()}
        for name, service in stage.house.services.items():
            for tenant in tenants:
                self._take(name, service.database, tenant, ends.get((name, tenant), 0))
        self._doors = Doors(house)

    @classmethod
    @contextmanager
    def of(cls, stage: Stage, folder: Path, tenants: Sequence[UUID], ends: Heads) -> Iterator[Replay]:
        """With the events of these tenants that there are up to `ends`, none of them played yet."""
        shutil.copytree(stage.house.settings.keys_folder, folder / "keys")
        house = House.build(Settings.of_home(folder))
        try:
            yield cls(stage, tenants, ends, house)
        finally:
            house.close()

    def _take(self, name: str, database: Any, tenant: UUID, size: int) -> None:
        chosen = select(events).where(events.c.tenant == tenant, events.c.log == name, events.c.position <= size)
        with database.tenant(tenant) as connection:
            self._rows[(name, tenant)] = list(connection.execute(chosen.order_by(events.c.position)))
            kept = {
                table: [
                    dict(row) for row in connection.execute(select(table).where(table.c.tenant == tenant)).mappings()
                ]
                for table in (stream_keys, blobs)
            }
        with self.house.services[name].database.tenant(tenant) as connection:
            for table, copied in kept.items():
                if copied:
                    connection.execute(table.insert(), copied)

    def ahead(self, goal: Heads) -> list[RecordedEvent]:
        """The events between here and there, in the order in which they were recorded."""
        rows = [
            row
            for at, rows in self._rows.items()
            for row in rows[self.reached.get(at, 0) : goal.get(at, self.reached.get(at, 0))]
        ]
        return [RecordedEvent.of(row) for row in sorted(rows, key=lambda row: (row.recorded_at, row.position))]

    def play(self, event: RecordedEvent) -> None:
        """One event more, sound as the audit understands it, and what follows from it in the read models."""
        at = (event.log, event.tenant)
        assert recorded_leaf_hash(event) == event.leaf_hash, f"{event.topic} is not what its leaf hash was made of"
        assert event.id == self.reached.get(at, 0) + 1, f"{event.log} has no event {event.id - 1}"
        self._append([self._rows[at][event.id - 1]])

    def play_to(self, goal: Heads) -> None:
        """All events up to there at once."""
        for at, rows in self._rows.items():
            reached = self.reached.get(at, 0)
            if new := rows[reached : goal.get(at, reached)]:
                self._append(new)

    def _append(self, rows: Sequence[Row[Any]]) -> None:
        last = rows[-1]
        service, of_log = self.house.services[last.log], (heads.c.tenant == last.tenant, heads.c.log == last.log)
        head = {
            "tenant": last.tenant,
            "log": last.log,
            "size": last.position,
            "edge": b"",
            "recorded_at": last.recorded_at,
            "public_number": 0,
            "incarnation": last.tenant,
        }
        with service.database.tenant(last.tenant) as connection:
            connection.execute(events.insert(), [dict(row._mapping) for row in rows])
            connection.execute(delete(heads).where(*of_log))
            connection.execute(heads.insert(), [head])
        self.reached[(last.log, last.tenant)] = last.position
        if last.log == "accounts":
            self._doors.forget_tokens()
        while self._followers[last.log].follow_once([last.tenant]):
            pass

    def set_clock(self, note: Note) -> None:
        """The time at which a note was taken."""
        assert isinstance(self.house.clock, ShiftedClock)
        self.house.clock.advance(note.at - self.house.clock.now())

    def ask(self, reader: str, api: Api, question: Question) -> Seen:
        """What the API answers this reader, as of here."""
        gateway = the_gateway()
        gateway.doors = self._doors
        sent: dict[str, Any] = {} if question.body is None else {"json": dict(question.body)}
        call: Callable[..., Any] = gateway.client.get if question.body is None else gateway.client.post
        answer = call(f"/api/v1{question.path}", headers=headers_of(api), **sent)
        return Seen(reader, question, answer.status_code, answer.data)


def told_apart(live: Seen, replayed: Seen) -> Mapping[str, Any] | None:
    """How two answers differ; None where they are the same, to the letter."""
    if (live.status, live.content) == (replayed.status, replayed.content):
        return None
    return {
        "reader": live.reader,
        "path": live.question.path,
        "live": (live.status, live.content.decode()),
        "replayed": (replayed.status, replayed.content.decode()),
    }
