"""The simulated installation: two replicas of each service, each a process with every role, as `qorgan run` has it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from cli.simulating.broker import Broker
from cli.simulating.leases import AsLeader, Leases
from cli.simulating.schedule import Process, Schedule, Waitable
from cli.simulating.stand_ins import Event
from cli.simulating.store import SimulatedDatabase, Store, Troubles
from cli.simulating.toys import SERVICES
from cli.simulating.wire import Connection
from shared.domain import Command, DomainError
from shared.ledger.application import Answer, LedgerParts
from shared.ledger.database import Database
from shared.messaging.filler import Filler
from shared.messaging.listener import Listener
from shared.messaging.relay import Relay
from shared.messaging.side_by_side import SideBySide
from shared.runners.clockwork import Clockwork
from shared.runners.door import OpenDoor
from shared.runners.follower import Follower
from shared.runners.leader import lead
from shared.runners.news import Grown
from shared.runners.parts import ServiceApp, ServiceParts
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.keys import KeyCache
from shared.sealing.master_keys import FixedMasterKey
from shared.signing import KeyRing, SigningKey

REPLICAS = 2
TENANTS = tuple(uuid5(NAMESPACE_URL, f"https://qorgan.example/{name}") for name in ("Әсем", "Құрмет", "Ғибрат"))
PLATFORM = uuid5(NAMESPACE_URL, "https://qorgan.example/platform")
BEGIN_AGAIN_SECONDS = 1.0
ANSWER_SECONDS = 3.0
LANES_AT_WORK = 3


class Ground:
    """What all runs stand on: empty stores and keys, made once."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="qorgan-simulation-")
        self.stores = {parts.name: Store(parts) for parts in SERVICES}
        self.signing_keys = {parts.name: SigningKey.generate(parts.name) for parts in SERVICES}
        self.public_keys = KeyRing.of(*self.signing_keys.values())
        folder = Path(self._folder.name)
        self.tenant_keys = {
            parts.name: FolderTenantKeys(folder / parts.name, FixedMasterKey(bytes(32))) for parts in SERVICES
        }

    def service(
        self,
        parts: ServiceParts,
        database: Database,
        clock: Any,
        woken: Callable[[UUID], None],
        key_cache: KeyCache,
    ) -> ServiceApp:
        """One service, built on a database."""
        key = self.signing_keys[parts.name]
        application = parts.build(
            LedgerParts(
                database=database,
                tenant_keys=self.tenant_keys[parts.name],
                clock=clock,
                platform=PLATFORM,
                key_cache=key_cache,
                woken=woken,
                signing_key=key,
            )
        )
        return ServiceApp(
            parts=parts,
            application=application,
            database=database,
            signing_key=key,
            public_keys=self.public_keys,
            clock=clock,
            heard_by=frozenset(other.name for other in SERVICES if parts.name in other.listens_to),
        )

    def close(self) -> None:
        """Removes the keys' folder."""
        self._folder.cleanup()


@dataclass
class WallClock:
    """The clock of whatever process asks."""

    schedule: Schedule

    def now(self) -> Any:
        """Its time."""
        return self.schedule.wall()


@dataclass
class Replica:
    """One process of a service; `process` changes when it is started anew."""

    name: str
    parts: ServiceParts
    process: Process
    service: ServiceApp
    drift: float = 0.0


@dataclass
class Reply:
    """What another task is waiting to be told."""

    told: Waitable = field(default_factory=Waitable)
    answer: Any = None
    error: Exception | None = None
    is_there: bool = False


class Installation:
    """All processes of one run, and the ways between them."""

    def __init__(self, ground: Ground, schedule: Schedule, troubles: Troubles, watch: Any) -> None:
        self.ground = ground
        self.schedule = schedule
        self.troubles = troubles
        self.watch = watch
        self.broker = Broker(schedule, troubles)
        # One for both replicas of a service: a key is the same in each, and reading it takes a third of a run.
        self.key_caches = {name: KeyCache() for name in ground.stores}
        self.leases = {name: Leases(schedule) for name in ground.stores}
        self.replicas: list[Replica] = []
        self.held_back: set[str] = set()
        self.silent: set[str] = set()
        self.wall_shift = 0.0
        self.breaks_in: frozenset[UUID] = frozenset()
        schedule.spawn("broker", self.broker.run, schedule.outside)
        for parts in SERVICES:
            ground.stores[parts.name].put_back()
            for number in range(REPLICAS):
                self._begin(parts, f"{parts.name}.{number + 1}", drift=schedule.random.uniform(-0.05, 0.05))

    # -- processes ----------------------------------------------------------------------------------------------------

    def _begin(self, parts: ServiceParts, name: str, drift: float) -> None:
        process = Process(name, parts.name)
        replica = Replica(name, parts, process, cast("ServiceApp", None), drift)
        self.replicas.append(replica)
        self.start(replica)

    def start(self, replica: Replica) -> None:
        """Starts a replica's process, as from nothing."""
        process = replica.process = Process(replica.name, replica.parts.name, replica.drift + self.wall_shift)
        store = self.ground.stores[replica.parts.name]
        database = SimulatedDatabase(store, self.schedule, process, self.troubles, self.watch.committed)
        woken = Event(self.schedule), Event(self.schedule)

        grown = Grown(), Grown()

        def wake(tenant: UUID) -> None:
            for event, tenants in zip(woken, grown, strict=True):
                tenants.add(tenant)
                event.set()

        clock = WallClock(self.schedule)
        replica.service = service = self.ground.service(
            replica.parts, database, clock, wake, self.key_caches[replica.parts.name]
        )
        if hasattr(service.application, "breaks_in"):
            service.application.breaks_in = self.breaks_in
        process.when_killed.append(lambda: self._was_killed(replica, process))
        self.schedule.spawn(f"{replica.name}.main", lambda: self._main(service, process, woken, grown), process)

    def _main(self, service: ServiceApp, process: Process, woken: tuple[Any, Any], grown: tuple[Grown, Grown]) -> None:
        """What `cli/suite.py` starts for a service, every role of it."""
        stop: Any = Event(self.schedule)
        connection: Any = Connection(self.broker, process)
        lanes = self.watch.lanes(service, process)
        listener = Listener(service, lanes, connection, stop)
        listener._lanes_at_work = SideBySide("lanes", LANES_AT_WORK)
        rpc = Rpc(self)
        led: dict[str, Callable[[Any], None]] = {
            "relay": Relay(service, connection, woken[0], grown[0]).run,
            "follower": Follower(service, woken[1], grown[1]).run,
            "filler": Filler(service, lanes, rpc).run,
            "clock": Clockwork(service).run,
        }
        leases: Any = AsLeader(self.leases[service.name], process)
        self._keep_up(f"{process.name}.listener", listener.run)
        for role, run in led.items():
            watched = self.watch.leading(service.name, role, process, run)
            self._keep_up(f"{process.name}.{role}.lead", self._leader(leases, role, stop, watched))

    def _leader(self, leases: Any, role: str, stop: Any, run: Any) -> Callable[[], None]:
        return lambda: lead(leases, role, stop, run)

    def _keep_up(self, name: str, target: Callable[[], None]) -> None:
        """As `Suite._keep_up`: a part that came to an end is begun again."""

        def run() -> None:
            while True:
                try:
                    target()
                except Exception as error:  # noqa: BLE001 - as in the suite
                    self.schedule.note(f"part failed: {type(error).__name__}")
                self.schedule.sleep(BEGIN_AGAIN_SECONDS)

        self.schedule.spawn(name, run)

    def _was_killed(self, replica: Replica, process: Process) -> None:
        self.watch.ended(process)
        delay = self.schedule.random.uniform(0.2, 3.0)

        def again() -> None:
            self.schedule.sleep(delay)
            if replica.process is process and replica.parts.name not in self.held_back:
                self.start(replica)

        self.schedule.spawn("supervisor", again, self.schedule.outside)

    def of(self, service: str) -> list[Replica]:
        """A service's replicas."""
        return [replica for replica in self.replicas if replica.parts.name == service]

    def running(self, service: str) -> list[Replica]:
        """Those that are running."""
        return [replica for replica in self.of(service) if not replica.process.is_dead]

    def break_in(self, tenants: frozenset[UUID]) -> None:
        """From now on handlers fail in these tenants, and in no other."""
        self.breaks_in = tenants
        for replica in self.replicas:
            if hasattr(replica.service.application, "breaks_in"):
                replica.service.application.breaks_in = tenants

    def shift_clocks(self, seconds: float) -> None:
        """Moves every machine's clock."""
        self.wall_shift += seconds
        for replica in self.replicas:
            replica.process.drift = replica.drift + self.wall_shift

    # -- calls --------------------------------------------------------------------------------------------------------

    def call(self, replica: Replica, name: str, run: Callable[[], Any], seconds: float) -> Any:
        """What `run` gives, run in a replica's process. Raises TimeoutError where no answer comes in time."""
        reply = Reply()

        def answer() -> None:
            try:
                reply.answer = run()
            except Exception as error:  # noqa: BLE001 - raised where it was asked for
                reply.error = error
            reply.is_there = True
            self.schedule.notify(reply.told)

        self.schedule.spawn(f"{replica.name}.{name}", answer, replica.process)
        self.schedule.wait(reply.told, seconds)
        if not reply.is_there:
            raise TimeoutError
        if reply.error is not None:
            raise reply.error
        return reply.answer

    def execute(self, service: str, command: Command) -> Answer | DomainError:
        """A command asked of any replica, again and again under its id, until it is answered or refused."""
        while True:
            running = self.running(service)
            if running:
                replica = self.schedule.random.choice(running)
                execute = partial(replica.service.application.execute, command)
                try:
                    answer: Answer = self.call(replica, "door", execute, ANSWER_SECONDS)
                except DomainError as refusal:
                    return refusal
                except Exception as error:  # noqa: BLE001 - the caller asks again
                    self.schedule.note(f"no answer: {type(error).__name__}")
                else:
                    return answer
            self.schedule.sleep(0.5)


class Rpc:
    """The filler's calls of other services."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def call(self, service: str, method: str, *args: Any, timeout: float) -> dict[str, Any]:
        """What a replica's door answers, as it comes off the wire."""
        installation = self._installation
        running = installation.running(service)
        if not running or service in installation.silent:
            installation.schedule.sleep(timeout)
            raise TimeoutError
        replica = installation.schedule.random.choice(running)
        door = OpenDoor(replica.service)
        asked = json.loads(json.dumps(args))
        run = {"pull": lambda: door.pull(*asked), "heads": lambda: door.heads(*asked)}[method]
        answer: dict[str, Any] = json.loads(json.dumps(installation.call(replica, f"door.{method}", run, timeout)))
        return answer
