"""Two toy services on real ledgers: `alpha` rings bells and says so, `beta` listens and repeats what it heard.

They have no domain but all the mechanisms: commands, refusals, public events, reactions, duties, a projection, a door.

    house.ring(tenant, number=7)         alpha: one event, published
    house.events(tenant)                 what alpha published, opened from its signed form, in order
    house.heard(tenant)                  the numbers that beta has heard, in the order of its log
    beta.breaks_in.add(tenant)           from now on beta's handler fails there
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import pytest
from kombu.transport import memory
from marshmallow import Schema, fields, validate
from nameko.rpc import rpc
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    create_engine,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from shared.clock import Clock, SystemClock
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
from shared.ids import derived_id, new_id
from shared.ledger.application import Answer, LedgerApplication, LedgerParts, TenantLedger, handles
from shared.ledger.database import Database
from shared.ledger.install import Roles, install_postgres, install_sqlite, remove_postgres
from shared.ledger.tables import TENANT_TABLES, due, inbox, lanes, positions, read_metadata, waiting_lanes
from shared.messaging.envelope import PublicEvent, open_event
from shared.messaging.filler import Filler
from shared.messaging.lanes import Lanes
from shared.messaging.pull import PAGE, pull_page
from shared.messaging.transport import EMBEDDED_URL
from shared.messaging.transport import connection as broker_connection
from shared.policy import Heard, PublicForm, Reaction
from shared.runners.door import LedgerDoor, OpenDoor
from shared.runners.parts import ServiceApp, ServiceParts
from shared.sealing.keys import FolderTenantKeys, KeyCache
from shared.signing import KeyRing, SigningKey
from shared.testing.virtual_hosts import in_virtual_host, virtual_hosts_of
from shared.testing.wire import amqp_address
from shared.tokens import mint_person_token

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
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012
    name = fields.String(required=True, error_messages=_CODES)


class RingSchema(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012
    number = fields.Integer(required=True, strict=True, error_messages=_CODES)
    times = fields.Integer(load_default=1, validate=validate.Range(min=1, error="too_few"), error_messages=_CODES)
    ringer = fields.String(load_default="", error_messages=_CODES)


class RingersSchema(Schema):
    """Nested, to see faults deep in a list."""

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012
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


class BetaService(LedgerDoor):
    """Beta's door."""

    name = "beta"


# -- beta -------------------------------------------------------------------------------------------------------------


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

ALPHA = ServiceParts(
    name="alpha",
    build=Alpha,
    door=AlphaService,
    listens_to=(),
    metadata=ALPHA_METADATA,
    duties=DUTIES,
    projections={"alpha.bell_rung": _add_bell, "alpha.bell_rung_again": _bell_state("again")},
)
BETA = ServiceParts(
    name="beta",
    build=Beta,
    door=BetaService,
    listens_to=("alpha",),
    metadata=MetaData(schema="read"),
    duties={},
    projections={},
)

# -- both in one house ------------------------------------------------------------------------------------------------


@dataclass
class Toy:
    """One of the two, with the events that wake its relay and its follower."""

    service: ServiceApp
    relay_woken: threading.Event = field(default_factory=threading.Event)
    follower_woken: threading.Event = field(default_factory=threading.Event)


class AtTheDoor:
    """Calls of another service that go straight to its door, in this process; `away` names those that do not answer."""

    def __init__(self, *services: ServiceApp) -> None:
        self._doors = {service.name: OpenDoor(service) for service in services}
        self.away: set[str] = set()
        self.called: list[tuple[str, str]] = []

    def call(self, service: str, method: str, *args: Any, timeout: float) -> dict[str, Any]:
        """What the door answers."""
        self.called.append((service, method))
        if service in self.away:
            raise TimeoutError
        if method == "pull":
            return self._doors[service].pull(*args)
        return self._doors[service].heads(*args)


class ToyHouse:
    """Alpha and beta, opened; a fresh tenant for whoever asks."""

    def __init__(self, folder: Path, clock: Clock | None, databases: Mapping[str, Callable[[], Database]]) -> None:
        self.folder = folder
        self.clock = clock or SystemClock()
        self._databases = databases
        self._master = secrets.token_bytes(32)
        self._platform = new_id()
        (folder / "public").mkdir(parents=True, exist_ok=True)
        self.public_keys = KeyRing(folder / "public")
        self.signing_keys = {name: SigningKey.generate(name) for name in ("alpha", "beta", "accounts")}
        for key in self.signing_keys.values():
            key.publish(folder / "public")
        self._opened: list[Database] = []
        self.toys: dict[str, Toy] = {}
        for parts in (ALPHA, BETA):
            self.reopen(parts.name)
        self.rpc = AtTheDoor(self.toys["alpha"].service, self.toys["beta"].service)

    @classmethod
    def on_sqlite(cls, folder: Path, clock: Clock | None = None) -> Self:
        """Each in a SQLite file; the database is made once, as a file has one connection."""
        opened: dict[str, Database] = {}

        def database(parts: ServiceParts) -> Database:
            if parts.name not in opened:
                opened[parts.name] = Database(f"sqlite:///{folder / parts.name}.db")
                install_sqlite(opened[parts.name], parts.metadata)
            return opened[parts.name]

        return cls(folder, clock, {"alpha": lambda: database(ALPHA), "beta": lambda: database(BETA)})

    @classmethod
    def on_postgres(cls, folder: Path, admin: URL, prefix: str, clock: Clock | None = None) -> Self:
        """Each in a database of its own, `<prefix>_alpha` and `<prefix>_beta`, which must be installed."""

        def database(name: str) -> Database:
            roles = Roles(f"{prefix}_{name}")

            def url(role: str) -> Any:
                return admin.set(database=roles.database, username=role)

            return Database(url(roles.service), relay_url=url(roles.relay), clock_url=url(roles.clock))

        return cls(folder, clock, {"alpha": lambda: database("alpha"), "beta": lambda: database("beta")})

    def reopen(self, name: str) -> Toy:
        """The toy as another process would have it: built anew on the same database."""
        parts = {"alpha": ALPHA, "beta": BETA}[name]
        database = self._databases[name]()
        self._opened.append(database)
        relay_woken, follower_woken = threading.Event(), threading.Event()

        def wake(_: UUID) -> None:
            relay_woken.set()
            follower_woken.set()

        application = parts.build(
            LedgerParts(
                database=database,
                tenant_keys=FolderTenantKeys(self.folder / "tenants" / name, self._master),
                clock=self.clock,
                platform=self._platform,
                key_cache=KeyCache(),
                woken=wake,
                signing_key=self.signing_keys[name],
            )
        )
        service = ServiceApp(
            parts=parts,
            application=application,
            database=database,
            signing_key=self.signing_keys[name],
            public_keys=self.public_keys,
            clock=self.clock,
            heard_by=frozenset({"beta"} if name == "alpha" else ()),
        )
        toy = Toy(service, relay_woken, follower_woken)
        self.toys.setdefault(name, toy)
        return toy

    def close(self) -> None:
        """Closes every database."""
        for database in self._opened:
            database.dispose()

    @property
    def alpha(self) -> Alpha:
        application = self.toys["alpha"].service.application
        assert isinstance(application, Alpha)
        return application

    @property
    def beta(self) -> Beta:
        application = self.toys["beta"].service.application
        assert isinstance(application, Beta)
        return application

    def ring(self, tenant: UUID, **facts: Any) -> Answer:
        """A bell rung in alpha; `number` and whatever else a Ring has."""
        return self.alpha.execute(Ring(tenant=tenant, command_id=new_id(), by=SOMEBODY, **facts))

    def ring_all(self, tenant: UUID, count: int) -> list[int]:
        """Bells with the numbers 101, 102, …; gives the numbers."""
        numbers = [101 + step for step in range(count)]
        for number in numbers:
            self.ring(tenant, number=number)
        return numbers

    def events(self, tenant: UUID) -> list[PublicEvent]:
        """What alpha published of a tenant."""
        messages = pull_page(self.toys["alpha"].service, tenant, 0, PAGE)
        return [open_event(message, "alpha", self.public_keys) for message in messages]

    def heard(self, tenant: UUID) -> list[int]:
        """The numbers that beta repeated, in the order of its log."""
        ledger = self.beta.for_tenant(tenant)
        recorded = ledger.recorder.select_notifications(1, 10_000)
        opened: list[Any] = [ledger.mapper.to_domain_event(one) for one in recorded]
        return [event.number for event in opened]

    def lanes(self) -> Lanes:
        """The lanes of one more replica of beta."""
        return Lanes(self.beta)

    def filler(self, lanes: Lanes | None = None) -> Filler:
        """A filler of beta's that calls alpha's door."""
        return Filler(self.toys["beta"].service, lanes or self.lanes(), self.rpc)

    def lane(self, tenant: UUID) -> int:
        """The number of the last of alpha's events that beta handled."""
        with self.beta.parts.database.tenant(tenant) as connection:
            return connection.scalar(select(lanes.c.number).where(lanes.c.tenant == tenant)) or 0

    def waiting(self, tenant: UUID) -> Any:
        """The row of beta's lane in `waiting_lanes`, or None."""
        with self.beta.parts.database.tenant(tenant) as connection:
            return connection.execute(select(waiting_lanes).where(waiting_lanes.c.tenant == tenant)).one_or_none()

    def outcomes(self, tenant: UUID) -> list[str]:
        """What became of each event, in order, by beta's inbox."""
        chosen = select(inbox.c.outcome).where(inbox.c.tenant == tenant).order_by(inbox.c.number)
        with self.beta.parts.database.tenant(tenant) as connection:
            return list(connection.scalars(chosen))

    def bells(self, tenant: UUID) -> list[tuple[int, str]]:
        """Alpha's read model: number and state of each bell."""
        chosen = select(bells.c.number, bells.c.state).where(bells.c.tenant == tenant).order_by(bells.c.number)
        with self.alpha.read(tenant) as connection:
            return [(number, state) for number, state in connection.execute(chosen)]

    def duties(self, tenant: UUID) -> list[tuple[str, int]]:
        """Alpha's open duties: name and step."""
        with self.alpha.read(tenant) as connection:
            chosen = select(due.c.duty, due.c.step).where(due.c.tenant == tenant).order_by(due.c.due_at)
            return [(duty, step) for duty, step in connection.execute(chosen)]

    def position(self, tenant: UUID) -> int:
        """How far alpha's follower is."""
        with self.alpha.read(tenant) as connection:
            return connection.scalar(select(positions.c.position).where(positions.c.tenant == tenant)) or 0

    def token(self, tenant: UUID, audience: str = "alpha") -> str:
        """A person token for a door."""
        return mint_person_token(
            self.signing_keys["accounts"],
            person=PERSON,
            tenant=tenant,
            roles=["head"],
            home=tenant,
            purpose="",
            audience=audience,
            now=SystemClock().now(),
        )


# -- fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite_toys(tmp_path: Path) -> Iterator[ToyHouse]:
    """The toys on SQLite."""
    house = ToyHouse.on_sqlite(tmp_path / "toys")
    yield house
    house.close()


@pytest.fixture(scope="session")
def toy_databases(postgres_admin_url: str) -> Iterator[tuple[URL, str]]:
    """PostgreSQL databases of this run's own for both: the superuser's URL, and the prefix of their names."""
    prefix = f"qorgan_toys_{secrets.token_hex(5)}"
    admin = make_url(postgres_admin_url).set(drivername="postgresql+psycopg")
    for parts in (ALPHA, BETA):
        install_postgres(admin, f"{prefix}_{parts.name}", parts.metadata)
    yield admin, prefix
    for parts in (ALPHA, BETA):
        remove_postgres(admin, f"{prefix}_{parts.name}")


@pytest.fixture
def postgres_toys(tmp_path: Path, toy_databases: tuple[URL, str]) -> Iterator[ToyHouse]:
    """The toys on PostgreSQL, with nothing of an earlier test in their databases."""
    admin, prefix = toy_databases
    house = ToyHouse.on_postgres(tmp_path / "toys", admin, prefix)
    yield house
    house.close()
    for parts in (ALPHA, BETA):
        _empty(admin.set(database=f"{prefix}_{parts.name}"), [*TENANT_TABLES, *parts.metadata.sorted_tables])


def _empty(url: URL, tables: Sequence[Table]) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the ledger refuses, as it should
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        for table in tables:
            connection.execute(table.delete())


@pytest.fixture(params=["sqlite", "postgres"])
def toys(request: pytest.FixtureRequest) -> ToyHouse:
    """The toys on SQLite and on PostgreSQL in turn."""
    house: ToyHouse = request.getfixturevalue(f"{request.param}_toys")
    return house


@pytest.fixture(scope="session")
def toys_virtual_host(amqp_url: str) -> Iterator[str]:
    """URL of a virtual host for all tests of the toys: making one takes a second."""
    hosts = virtual_hosts_of(amqp_url)
    name = f"qorgan-toys-{secrets.token_hex(6)}"
    hosts.create(name, amqp_address(amqp_url).user)
    yield in_virtual_host(amqp_url, name)
    hosts.remove(name)


@pytest.fixture
def toy_broker(toys_virtual_host: str) -> Iterator[str]:
    """URL of a broker on which the toys have left nothing yet."""
    yield toys_virtual_host
    with broker_connection(toys_virtual_host) as opened:
        for name in ("alpha", "beta"):
            opened.channel().queue_delete(f"qorgan.beta.from.{name}")
            opened.channel().exchange_delete(f"qorgan.{name}")


@pytest.fixture
def in_process_broker() -> Iterator[str]:
    """URL of the embedded broker, empty."""
    _empty_the_in_process_broker()
    yield EMBEDDED_URL
    _empty_the_in_process_broker()


def _empty_the_in_process_broker() -> None:
    memory.Channel.queues.clear()
    memory.Transport.global_state.clear()


@pytest.fixture
def running_threads() -> Iterator[Callable[[Callable[[threading.Event], None]], threading.Thread]]:
    """Runs what takes a stop event in a thread, until the test ends."""
    stop = threading.Event()
    started: list[threading.Thread] = []

    def run(target: Callable[[threading.Event], None]) -> threading.Thread:
        thread = threading.Thread(target=target, args=(stop,), daemon=True)
        thread.start()
        started.append(thread)
        return thread

    yield run
    stop.set()
    for thread in started:
        thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in started), "a part did not end when it was told to"
