"""What must be so once everything is quiet: all of it looked up in the stores, past the code that is tried."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cli.auditing.verify import verify_services
from cli.simulating.installation import TENANTS, Installation, WallClock
from cli.simulating.people import People
from cli.simulating.schedule import BEGIN, Schedule
from cli.simulating.toys import RINGING, SERVICES, Bell
from cli.simulating.watching import Follows
from shared.policy import public_event_id
from shared.runners.parts import ServiceApp
from shared.sealing.keys import KeyCache

ALARM = "alarm:"
SLACK_SECONDS = 3.0
ROLES = ("relay", "follower", "filler", "clock")


@dataclass(frozen=True)
class Lane:
    """One tenant's lane as it lies in the stores: what was handled, and what the source has."""

    listener: str
    source: str
    tenant: str
    number: int
    head: int
    waits_for: str
    handled: dict[int, tuple[str, str]]
    public: dict[int, tuple[str, str, str, str]]

    @property
    def is_stopped(self) -> bool:
        """Whether it alarms."""
        return self.waits_for.startswith(ALARM)

    @property
    def differs_at(self) -> int | None:
        """The first number handled that the source has another event under, or none."""
        for number, (told, _) in sorted(self.handled.items()):
            if number not in self.public or self.public[number][0] != told:
                return number
        return None

    def outstanding(self) -> Iterator[str]:
        """What is still to come in a lane that nothing keeps from going on."""
        if self.differs_at is not None:
            yield f"{self.name} goes on though the source has another number {self.differs_at}"
        elif self.number != self.head:
            yield f"{self.name} is at {self.number} of {self.head}, waiting for '{self.waits_for}'"
        elif self.waits_for:
            yield f"{self.name} waits for '{self.waits_for}'"

    @property
    def name(self) -> str:
        """For a failure's text."""
        tenant = [one.hex for one in TENANTS].index(self.tenant) + 1
        return f"the lane of {self.source} in {self.listener}, tenant {tenant}"


class Oracle:
    """Questions about one run; each answer is what is wrong, or nothing."""

    def __init__(self, installation: Installation, people: People, schedule: Schedule) -> None:
        self.installation = installation
        self.people = people
        self.schedule = schedule
        self.stores = installation.ground.stores
        self.were_restored = installation.watch.were_restored

    # -- is it quiet? -------------------------------------------------------------------------------------------------

    def outstanding(self, broken: frozenset[UUID] = frozenset()) -> str:
        """The first thing that is not done yet, apart from what a failing handler holds up; "" where it is quiet."""
        return next(self._outstanding({tenant.hex for tenant in broken}), "")

    def _outstanding(self, broken: set[str]) -> Iterator[str]:
        if self.people.waiting:
            yield f"{self.people.waiting} people wait for an answer"
        if not self.installation.broker.is_quiet():
            yield "messages are on their way"
        for service, store in self.stores.items():
            yield from self._behind(service, store)
            leaders = self.installation.watch.leaders
            for role in ROLES:
                if len(leaders[service, role]) != 1:
                    yield f"{len(leaders[service, role])} lead as {role} of {service}"
        for lane in self.lanes():
            if not lane.is_stopped and lane.tenant not in broken:
                yield from lane.outstanding()

    def _behind(self, service: str, store: Any) -> Iterator[str]:
        heads = store.rows("SELECT tenant, size, public_number FROM heads WHERE log = ?", service)
        positions = dict(store.rows("SELECT tenant, position FROM positions"))
        cursors = dict(store.rows("SELECT tenant, number FROM relay_cursors"))
        for tenant, size, public in heads:
            if positions.get(tenant, 0) != size:
                yield f"the follower of {service} is at {positions.get(tenant, 0)} of {size}"
            if cursors.get(tenant, 0) != public:
                yield f"the relay of {service} is at {cursors.get(tenant, 0)} of {public}"
        for (due_at,) in store.rows("SELECT due_at FROM due WHERE due_at <= ?", self._microseconds(-SLACK_SECONDS)):
            yield f"a duty of {service} is {(self._microseconds() - due_at) / 1e6:.1f} s past its time"

    def _microseconds(self, shift: float = 0.0) -> int:
        return int((self._now().timestamp() + shift) * 1e6)

    def _now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.schedule.now + self.installation.wall_shift)

    # -- is it right? -------------------------------------------------------------------------------------------------

    def findings(self) -> Iterator[str]:
        """Everything that is wrong."""
        for lane in self.lanes():
            yield from self._of_lane(lane)
        yield from self._commands()
        yield from self._projections()
        yield from self._duties()
        for finding in verify_services(self._house(), lambda _, __: None).findings:
            yield f"the ledger of {finding.log} does not verify: {finding.code} at {finding.position}"

    def lanes(self) -> Iterator[Lane]:
        """Every lane."""
        for parts in SERVICES:
            (source,) = parts.listens_to
            listener, told = self.stores[parts.name], self.stores[source]
            numbers = dict(listener.rows("SELECT tenant, number FROM lanes WHERE source = ?", source))
            waits = dict(listener.rows("SELECT tenant, reason FROM waiting_lanes WHERE source = ?", source))
            heads = told.rows("SELECT tenant, public_number FROM heads WHERE log = ?", source)
            for tenant in sorted({tenant for tenant, _ in heads} | set(numbers)):
                inbox = "SELECT number, hex(hash), outcome FROM inbox WHERE tenant = ? AND source = ?"
                public = "SELECT number, hex(hash), type, body, incarnation FROM public_events WHERE tenant = ?"
                yield Lane(
                    listener=parts.name,
                    source=source,
                    tenant=tenant,
                    number=numbers.get(tenant, 0),
                    head=dict(heads).get(tenant, 0),
                    waits_for=waits.get(tenant, ""),
                    handled={number: tuple(rest) for number, *rest in listener.rows(inbox, tenant, source)},
                    public={number: tuple(rest) for number, *rest in told.rows(public, tenant)},
                )

    def _of_lane(self, lane: Lane) -> Iterator[str]:
        if sorted(lane.handled) != list(range(1, lane.number + 1)):
            yield f"{lane.name} is at {lane.number} and has handled {sorted(lane.handled)}"
        differs_at = lane.differs_at
        if differs_at is not None and not lane.is_stopped:
            yield f"{lane.name} goes on though the source has another number {differs_at}"
        if lane.is_stopped and lane.source not in self.were_restored:
            yield f"{lane.name} is stopped though its source was never restored"
        lives = {lane.public[number][3] for number in lane.handled if number in lane.public}
        if len(lives) > 1 and not lane.is_stopped:
            yield f"{lane.name} has followed its source from one incarnation into another"
        if differs_at is None:
            yield from self._effects(lane)

    def _effects(self, lane: Lane) -> Iterator[str]:
        """Each event's effects are there as often as they are to be, and in the events' order."""
        caused = self.stores[lane.listener].rows(
            "SELECT tenant, cause, position FROM events WHERE log = ? AND cause IS NOT NULL ORDER BY position",
            lane.listener,
        )
        number_of = {
            public_event_id(UUID(lane.tenant), lane.source, number, bytes.fromhex(told)).hex: number
            for number, (told, _) in lane.handled.items()
        }
        own = Counter(number_of[c] for tenant, c, _ in caused if c in number_of and tenant == lane.tenant)
        others = Counter(number_of[c] for tenant, c, _ in caused if c in number_of and tenant != lane.tenant)
        for number in lane.handled:
            _, kind, body, _ = lane.public[number]
            follows = Follows.of(lane.source, lane.tenant, number, kind, json.loads(body))
            elsewhere = others[number]
            if lane.source in self.were_restored:  # what was done elsewhere for an event that is no more stays done
                elsewhere = min(elsewhere, follows.others)
            if (own[number], elsewhere) != (follows.own, follows.others):
                yield (
                    f"{lane.name}: number {number} has {own[number]} effects and {others[number]} elsewhere, "
                    f"not {follows.own} and {follows.others}"
                )
        order = [number_of[c] for tenant, c, _ in caused if c in number_of and tenant == lane.tenant]
        if order != sorted(order):
            yield f"{lane.name} was handled in the order {order}"

    def _commands(self) -> Iterator[str]:
        streams = Counter(
            stream
            for (stream,) in self.stores[RINGING].rows("SELECT stream FROM events WHERE topic = ?", Bell.Rung.TOPIC)
        )
        for _, bell in self.people.rung.values():
            if streams[bell.hex] != 1:
                yield f"a bell that was answered for is there {streams[bell.hex]} times"

    def _projections(self) -> Iterator[str]:
        for parts in SERVICES:
            store = self.stores[parts.name]
            recorded = store.rows("SELECT tenant, topic, count(*) FROM events WHERE log = ? GROUP BY 1, 2", parts.name)
            counted = {(tenant, topic): n for tenant, topic, n in store.rows("SELECT tenant, topic, count FROM counts")}
            expected = {(tenant, topic): n for tenant, topic, n in recorded if topic in parts.projections}
            if counted != expected:
                yield f"{parts.name} has projected {sorted(counted.values())}, not {sorted(expected.values())}"

    def _duties(self) -> Iterator[str]:
        """Each missed duty was said to be missed once a step, and none was forgotten."""
        service = self._house().services[RINGING]
        for tenant in TENANTS:
            ledger = service.application.for_tenant(tenant)
            state: dict[UUID, tuple[datetime | None, int]] = {}
            recorded = ledger.recorder.select_notifications(1, 100_000, topics=_DUTY_TOPICS)
            for one in recorded:
                event: Any = ledger.mapper.to_domain_event(one)
                due_at, step = state.get(one.stream, (None, 0))
                if isinstance(event, Bell.Promised):
                    state[one.stream] = (event.due_at, 0)
                elif isinstance(event, Bell.RungAgain):
                    state[one.stream] = (None, 0)
                elif due_at is None or event.step != step:
                    yield f"a missed deadline was said twice, or out of order: step {event.step} at {step}"
                else:
                    state[one.stream] = (event.due_at + timedelta(days=1) if step == 0 else None, step + 1)
            for due_at, step in state.values():
                if due_at is not None and due_at < self._now() - timedelta(seconds=SLACK_SECONDS):
                    yield f"a deadline was lost: step {step}, due {self._now() - due_at} ago"

    def _house(self) -> House:
        ground = self.installation.ground
        clock = WallClock(self.schedule)
        services = {
            parts.name: ground.service(parts, ground.stores[parts.name].database, clock, lambda _: None, KeyCache())
            for parts in SERVICES
        }
        return House(services, ground.public_keys, clock)


_DUTY_TOPICS = (Bell.Promised.TOPIC, Bell.RungAgain.TOPIC, Bell.DeadlineMissed.TOPIC)


@dataclass(frozen=True)
class House:
    """The services on their stores, with no schedule between."""

    services: dict[str, ServiceApp]
    public_keys: Any
    clock: Any
