"""The ground that the benchmark stands on: databases and a virtual host of its own, worker processes, built logs."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from shared.ledger.install import Roles, install_postgres, remove_postgres
from shared.ledger.merkle import MerkleEdge

LOG = "bench"
TOPIC = "bench.thing_noted"
ACTOR = "person:00000000-0000-4000-8000-000000000001"
EVENTS_OF_A_STREAM = 20
WAIT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is measured: `rounds` of each side in turn, `seconds` each; `log` events in the long log."""

    name: str
    rounds: int
    seconds: float
    log: int
    tenants: int
    messages: int


class Worker:
    """A process of `cli.benching.worker`."""

    def __init__(self, task: str, **given: Any) -> None:
        command = [sys.executable, "-m", "cli.benching.worker", task]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.tell(**given)  # not as an argument: ten thousand tenants are longer than one may be

    def ready(self) -> Worker:
        """Waits until it is set up."""
        self.heard()
        return self

    def tell(self, **settings: Any) -> None:
        """Starts a round."""
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(settings) + "\n")
            self._process.stdin.flush()

    def heard(self) -> Any:
        """What the round gave. Raises RuntimeError where the process has ended."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError(f"a worker ended: {self._process.args!r}")
        return json.loads(line)

    def round(self, **settings: Any) -> Any:
        """A whole round."""
        self.tell(**settings)
        return self.heard()

    def close(self) -> None:
        """Ends it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass
class Ground:
    """What the rows share; everything made here is removed by `close`."""

    admin: URL
    amqp: str
    scale: Scale
    stack: ExitStack = field(default_factory=ExitStack)
    _made: dict[str, str] = field(default_factory=dict)

    def database(self, purpose: str, read: MetaData | None = None) -> str:
        """The name of a ledger database, made when first asked for."""
        if purpose not in self._made:
            name = f"qorgan_bench_{secrets.token_hex(4)}"
            self.stack.callback(remove_postgres, self.admin, name)
            install_postgres(self.admin, name, read or MetaData())
            self._made[purpose] = name
        return self._made[purpose]

    def url(self, database: str) -> str:
        """The URL with which a service opens one of these databases."""
        return self.admin.set(database=database, username=Roles(database).service).render_as_string(hide_password=False)

    def plain_database(self, purpose: str) -> dict[str, Any]:
        """An empty database for an anchor: how a superuser gets there."""
        if purpose not in self._made:
            name = f"qorgan_bench_{secrets.token_hex(4)}"
            self._admin(f'CREATE DATABASE "{name}"')
            self.stack.callback(self._admin, f'DROP DATABASE "{name}" WITH (FORCE)')
            self._made[purpose] = name
        admin = self.admin
        return {
            "dbname": self._made[purpose],
            "host": admin.host or "127.0.0.1",
            "port": admin.port or 5432,
            "user": admin.username or "postgres",
            "password": admin.password or "",
        }

    def virtual_host(self) -> str:
        """The URL of a virtual host of our own; the given one where neither way to make one works."""
        if "amqp" not in self._made:
            name = f"qorgan-bench-{secrets.token_hex(4)}"
            user = urlsplit(self.amqp).username or "guest"
            program = shlex.split(os.environ.get("QORGAN_TEST_RABBITMQCTL", "rabbitmqctl"))
            try:
                _run([*program, "add_vhost", name])
                self.stack.callback(_run, [*program, "delete_vhost", name])
                _run([*program, "set_permissions", "-p", name, user, ".*", ".*", ".*"])
                self._made["amqp"] = urlsplit(self.amqp)._replace(path="/" + quote(name, safe="")).geturl()
            except (OSError, subprocess.SubprocessError):
                self._made["amqp"] = self.amqp
        return self._made["amqp"]

    def workers(self, task: str, count: int = 1, **given: Any) -> list[Worker]:
        """Worker processes, ready; the first is so before the others start."""
        made: list[Worker] = []
        for number in range(count):
            worker = Worker(task, **given)
            self.stack.callback(worker.close)
            made.append(worker)
            if number == 0:
                worker.ready()
        for worker in made[1:]:
            worker.ready()
        return made

    def log_of(self, database: str, size: int) -> UUID:
        """A tenant with a log of `size` events, written straight into the tables; leaves and head are right."""
        key = f"log {database} {size}"
        if key not in self._made:
            tenant = uuid4()
            engine = create_engine(self.admin.set(database=database), poolclass=NullPool)
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                names = {"tenant": tenant, "log": LOG, "topic": TOPIC, "actor": ACTOR}
                connection.execute(_EVENTS, {**names, "size": size, "per_stream": EVENTS_OF_A_STREAM})
                chosen = text("SELECT leaf_hash FROM ledger.events WHERE tenant = :tenant ORDER BY position")
                edge = MerkleEdge()
                leaves = connection.scalars(chosen, {"tenant": tenant}, execution_options={"yield_per": 10_000})
                for leaf in leaves:
                    edge.append(bytes(leaf))
                connection.execute(_HEAD, {**names, "size": size, "edge": edge.pack(), "incarnation": uuid4()})
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE ledger.events"))
            self._made[key] = str(tenant)
        return UUID(self._made[key])

    def empty_logs(self, database: str, count: int) -> list[str]:
        """Tenants with nothing in their logs yet."""
        tenants = [str(uuid4()) for _ in range(count)]
        engine = create_engine(self.admin.set(database=database), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(_HEADS, {"tenants": tenants, "log": LOG})
        return tenants

    def close(self) -> None:
        """Ends the workers and removes databases and virtual host."""
        self.stack.close()

    def _admin(self, statement: str) -> None:
        server = create_engine(self.admin, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with server.connect() as connection:
            connection.execute(text(statement))


def ground(postgres: str, amqp: str, scale: Scale) -> Ground:
    """The ground for one run."""
    return Ground(make_url(postgres).set(drivername="postgresql+psycopg"), amqp, scale)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def together(workers: Sequence[Worker], total: Callable[[list[Any]], float], **settings: Any) -> float:
    """One round of several workers at the same time."""
    for worker in workers:
        worker.tell(**settings)
    return total([worker.heard() for worker in workers])


_EVENTS = text(
    r"""INSERT INTO ledger.events (tenant, log, position, stream, version, topic, actor, recorded_at, payload,
                               key_commitment, leaf_version, leaf_hash)
SELECT tenant, log, position, stream, version, topic, actor, recorded_at, payload, commitment, 1,
       sha256('\x0001'::bytea || int4send(octet_length(log)) || convert_to(log, 'UTF8') || uuid_send(tenant)
              || int8send(position) || uuid_send(stream) || int8send(version)
              || int4send(octet_length(topic)) || convert_to(topic, 'UTF8')
              || int4send(octet_length(actor)) || convert_to(actor, 'UTF8') || int8send(recorded_at)
              || decode(repeat('00', 32), 'hex') || sha256(payload) || commitment)
FROM (SELECT CAST(:tenant AS uuid) AS tenant, CAST(:log AS text) AS log, CAST(:topic AS text) AS topic,
             CAST(:actor AS text) AS actor,
             n AS position, md5(:tenant || ((n - 1) / CAST(:per_stream AS bigint))::text)::uuid AS stream,
             (n - 1) % CAST(:per_stream AS bigint) + 1 AS version, 1700000000000000 + n * 1000 AS recorded_at,
             decode(repeat(md5(n::text), 16), 'hex') AS payload, sha256(int8send(n)) AS commitment
      FROM generate_series(1, CAST(:size AS bigint)) AS n) AS made"""
)
_HEAD = text(
    "INSERT INTO ledger.heads (tenant, log, size, edge, recorded_at, public_number, incarnation) "
    "VALUES (:tenant, :log, :size, :edge, 1700000000000000 + CAST(:size AS bigint) * 1000, 0, :incarnation)"
)
_HEADS = text(
    "INSERT INTO ledger.heads (tenant, log, size, edge, recorded_at, public_number, incarnation) "
    "SELECT t, :log, 0, '', 0, 0, gen_random_uuid() FROM unnest(CAST(:tenants AS uuid[])) AS t"
)
