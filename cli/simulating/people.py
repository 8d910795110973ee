"""The people of one run: what they ask of `ringing`, when, and whether they were answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from cli.simulating.faults import CHAOS_SECONDS
from cli.simulating.installation import TENANTS, Installation
from cli.simulating.toys import RINGING, SOMEBODY, UNLUCKY, Promise, Ring, RingAgain
from shared.domain import DomainError

MOST_TIMES = 2
PROMISING = 0.6
IN_EACH = 0.25


@dataclass
class People:
    """They ask until they are answered, under the same id each time, and now and then twice at once."""

    installation: Installation
    waiting: int = 0
    rung: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)

    def begin(self) -> None:
        """Plans all of it, bells over the whole time of the faults."""
        chance = self.installation.schedule.random
        numbers = self._numbers()
        for _ in range(chance.randint(3, 8)):
            self._at(
                chance.uniform(0.0, CHAOS_SECONDS), next(numbers), promises=self.installation.schedule.happens(0.6)
            )

    def ring_once_more(self) -> None:
        """A bell now, in one tenant; now and then in each."""
        chance = self.installation.schedule.random
        tenants = TENANTS if chance.random() < IN_EACH else [chance.choice(TENANTS)]
        for place, tenant in enumerate(tenants):
            self._ask(Ring(tenant=tenant, command_id=self._id(), by=SOMEBODY, number=200 + place), promises=False)

    def forget(self) -> None:
        """What was answered so far may have been undone: the service's database was put back."""
        self.rung.clear()

    def _numbers(self) -> Iterator[int]:
        number = UNLUCKY - 2
        while True:
            number += 1
            yield number

    def _at(self, seconds: float, number: int, *, promises: bool) -> None:
        chance = self.installation.schedule.random
        tenant = chance.choice(TENANTS)
        also = chance.choice([None, None, *(one for one in TENANTS[:-1] if one != tenant)])
        times = chance.randint(1, MOST_TIMES)
        command = Ring(tenant=tenant, command_id=self._id(), by=SOMEBODY, number=number, times=times, also=also)
        self._ask(command, promises=promises, after=seconds)
        if self.installation.schedule.happens(0.15):
            self._ask(command, promises=False, after=seconds)

    def _ask(self, command: Ring, *, promises: bool, after: float = 0.0) -> None:
        schedule = self.installation.schedule

        def ask() -> None:
            schedule.sleep(after)
            answer = self.installation.execute(RINGING, command)
            if isinstance(answer, DomainError):
                schedule.fail(f"a bell was refused: {answer.code}")
            elif promises:
                bell = UUID(answer.body["bell"])
                self.rung[command.command_id] = (command.tenant, bell)
                self._promise(command.tenant, bell)
            else:
                self.rung[command.command_id] = (command.tenant, UUID(answer.body["bell"]))
            self.waiting -= 1

        self.waiting += 1
        schedule.spawn("person", ask, schedule.outside)

    def _promise(self, tenant: UUID, bell: UUID) -> None:
        """A bell promises to ring again in some seconds; half of them do, about then."""
        schedule = self.installation.schedule
        seconds = schedule.random.uniform(0.3, 2.5)
        due_at = schedule.wall() + timedelta(seconds=seconds)
        keeps = schedule.happens(0.4)
        promise = Promise(tenant=tenant, command_id=self._id(), by=SOMEBODY, bell=bell, due_at=due_at)
        self.installation.execute(RINGING, promise)
        if keeps:
            schedule.sleep(max(0.0, seconds + schedule.random.uniform(-1.0, 1.0)))
            self.installation.execute(RINGING, RingAgain(tenant=tenant, command_id=self._id(), by=SOMEBODY, bell=bell))

    def _id(self) -> UUID:
        return UUID(int=self.installation.schedule.random.getrandbits(128), version=4)
