"""The simulated broker: exchanges and queues that lose, double, reorder and delay what they were given.

What is sent lies on the wire until the broker takes it up; only what it took up is `accepted`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from cli.simulating.schedule import Schedule, Waitable
from cli.simulating.store import Troubles
from cli.simulating.wire import Connection, Sent


@dataclass
class Chances:
    """How often, of all messages, each of these happens."""

    lost: float = 0.0
    doubled: float = 0.0
    reordered: float = 0.0
    delayed: float = 0.0
    refused: float = 0.0
    cut_before: float = 0.0
    cut_after: float = 0.0
    forged: float = 0.0


@dataclass(eq=False)
class Queued:
    """A message in a queue; `not_before` is when it can be delivered."""

    body: bytes
    not_before: float = 0.0


class Broker:
    """All of it."""

    def __init__(self, schedule: Schedule, troubles: Troubles) -> None:
        self.schedule = schedule
        self.troubles = troubles
        self.chances = Chances()
        self.is_up = True
        self.exchanges: dict[str, list[str]] = {}
        self.queues: dict[str, list[Queued]] = {}
        self.connections: list[Connection] = []
        self.accepted: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        self.wire: list[Sent] = []
        self._filled = Waitable()

    # -- what becomes of it -------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Takes up what is sent, one message after the other."""
        while True:
            if not self.wire:
                self.schedule.wait(self._filled, None)
                continue
            sent = self.wire.pop(0)
            if not sent.channel.connection.is_broken:
                self._take_up(sent)
            self.schedule.step("broker")

    def send(self, sent: Sent) -> None:
        """Puts a message on the wire."""
        self.wire.append(sent)
        self.schedule.notify(self._filled)

    def stop(self) -> None:
        """Is away; every connection breaks."""
        self.is_up = False
        for connection in list(self.connections):
            connection.break_off()

    def start(self) -> None:
        """Is back, with what it had."""
        self.is_up = True

    def wipe(self) -> None:
        """Forgets everything it ever had, and breaks every connection."""
        self.stop()
        self.exchanges.clear()
        self.queues.clear()
        self.start()

    def put(self, name: str, body: bytes, *, at: int | None = None, not_before: float = 0.0) -> None:
        """Puts a message into a queue."""
        queue = self.queues[name]
        queue.insert(len(queue) if at is None else at, Queued(body, not_before))
        for connection in self.connections:
            self.schedule.notify(connection.changed)

    def is_quiet(self) -> bool:
        """Whether nothing is on its way."""
        unacknowledged = any(channel.unacknowledged for one in self.connections for channel in one.channels)
        return self.is_up and not self.wire and not unacknowledged and not any(self.queues.values())

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.schedule.happens(chance)

    def _take_up(self, sent: Sent) -> None:
        if self._happens(self.chances.cut_before):
            sent.channel.connection.break_off()
            return
        if self._happens(self.chances.refused):
            sent.channel.tell("basic_nack", sent.tag)
            return
        event = json.loads(json.loads(sent.body)["event"])
        self.accepted[event["source"], event["tenant"], event["number"]].add(event["hash"])
        for name in self.exchanges.get(sent.exchange, ()):
            self._enqueue(name, sent.body)
        if self._happens(self.chances.cut_after):
            sent.channel.connection.break_off()
            return
        sent.channel.tell("basic_ack", sent.tag)

    def _enqueue(self, name: str, body: bytes) -> None:
        if self._happens(self.chances.lost):
            self.schedule.note("broker loses a message")
            return
        if self._happens(self.chances.forged):
            self.put(name, body.replace(b'times\\":', b'times\\":1'))
        chance = self.schedule.random
        for _ in range(1 + self._happens(self.chances.doubled)):
            at = chance.randint(0, len(self.queues[name])) if self._happens(self.chances.reordered) else None
            late = self.schedule.now + 3 * chance.random() if self._happens(self.chances.delayed) else 0.0
            self.put(name, body, at=at, not_before=late)
