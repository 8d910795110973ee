"""A distributed suite on servers of its own, whose processes, broker and database may be killed, wiped and restored."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from kombu import Connection as BrokerConnection
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from cli.house import House
from cli.settings import Settings
from cli.suite import ROLES
from shared.clock import ShiftedClock
from shared.messaging.transport import connection, queue_of
from shared.testing.private_servers import PrivatePostgres, PrivateRabbitmq
from shared.testing.virtual_hosts import in_virtual_host
from shared.testing.waiting import wait_until
from tests.resilience.observed import LISTENS_TO, SERVICES
from tests.support.suites import QORGAN

VIRTUAL_HOST = "resilience"
PREFIX = "resilient"
START_SECONDS = 300.0

# Two replicas of each service; of one, the second replica is a process per role, so that each can die alone.
PROCESSES: Mapping[str, Sequence[str]] = {
    "accounts.1": ["accounts"],
    "accounts.2": ["accounts"],
    "reports.1": ["reports"],
    "reports.2": ["reports"],
    "referrals.1": ["referrals"],
    "referrals.2": ["referrals"],
    "monitoring.1": ["monitoring"],
    "monitoring.2": ["monitoring"],
    "cases.1": ["cases"],
    **{f"cases.{role}": ["cases", "--role", role] for role in ("door", "relay", "follower", "clock")},
}


class Installation:
    """The servers, the processes by name, and the ways to hurt them."""

    def __init__(self, folder: Path, postgres: PrivatePostgres, rabbitmq: PrivateRabbitmq) -> None:
        self.folder = folder
        self.postgres = postgres
        self.rabbitmq = rabbitmq
        self.clock = ShiftedClock(folder / "clock")
        self.settings = Settings(
            home=None,
            keys_folder=folder / "keys",
            broker_url=in_virtual_host(rabbitmq.url, VIRTUAL_HOST),
            database_url=f"postgresql+psycopg://{{role}}@127.0.0.1:{postgres.port}/{{database}}",
            database_prefix=PREFIX,
            clock_file=folder / "clock",
        )
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._engines: dict[str, Engine] = {}  # keep no connection: databases are copied and dropped

    # ---- processes

    def start(self, *names: str) -> None:
        """Starts the processes of those names."""
        for name in names:
            with self._log(name) as log:
                self._processes[name] = subprocess.Popen(
                    [QORGAN, "run", *PROCESSES[name]],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )

    def wait_until_at_work(self) -> None:
        """Waits until every process has started all that it is to run, and every queue is listened at."""
        roles = {name: 1 if "--role" in arguments else len(ROLES) for name, arguments in PROCESSES.items()}

        def started() -> bool:
            return all(self._said(name, "suite.role_started") >= roles[name] for name in self._processes)

        wait_until(started, START_SECONDS, "all processes to be at work", pause_seconds=0.2)

    def kill(self, *names: str) -> None:
        """Ends processes with SIGKILL: at whatever they are doing."""
        for name in names:
            process = self._processes.pop(name)
            assert process.poll() is None, f"{name} had ended by itself with {process.returncode}"
            process.kill()
            process.wait()

    def end(self) -> None:
        """Ends all processes."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        self._processes.clear()

    def of_service(self, service: str) -> list[str]:
        """The names of the processes of a service that run."""
        return [name for name in self._processes if PROCESSES[name][0] == service]

    def said(self, event: str) -> int:
        """How many lines of all logs name a log event."""
        return sum(self._said(name, event) for name in PROCESSES)

    def _said(self, name: str, event: str) -> int:
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace").count(f'"{event}"') if file.exists() else 0

    def qorgan(self, *arguments: str) -> str:
        """What a `qorgan` command prints."""
        done = subprocess.run(
            [QORGAN, *arguments], env=self._environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stdout} {done.stderr}"
        return done.stdout

    @property
    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
        return inherited | {
            "QORGAN_DATABASE_URL": self.settings.database_url or "",
            "QORGAN_DATABASE_PREFIX": PREFIX,
            "QORGAN_AMQP_URL": self.settings.broker_url,
            "QORGAN_PARTNER_AMQP_URL": self.rabbitmq.url.rstrip("/"),
            "QORGAN_KEYS": str(self.settings.keys_folder),
            "QORGAN_CLOCK_FILE": str(self.settings.clock_file),
        }

    def _log(self, name: str) -> IO[bytes]:
        return (self.folder / f"{name}.log").open("ab")

    # ---- the broker

    def provide_virtual_host(self) -> None:
        """Makes the suite's virtual host on a node that has none."""
        self.rabbitmq.virtual_hosts.create(VIRTUAL_HOST, "guest")

    @contextmanager
    def broker(self) -> Iterator[BrokerConnection]:
        """A connection to the suite's virtual host, which has each message confirmed: a busy broker that is left at
        once may lose the last of them.
        """
        with connection(self.settings.broker_url).clone(transport_options={"confirm_publish": True}) as opened:
            opened.connect()
            yield opened

    def delete_queues(self) -> int:
        """Deletes every queue of events with all that is in it, and those that calls come in by; gives how many."""
        names = [queue_of(listener, source).name for listener, sources in LISTENS_TO.items() for source in sources]
        names += [f"rpc-{service}" for service in SERVICES]
        with self.broker() as opened:
            for name in names:
                opened.default_channel.queue_delete(name)
        return len(names)

    @contextmanager
    def carrying_nothing(self) -> Iterator[None]:
        """Inside, the broker takes every event and gives it to nobody: what is not pulled does not arrive."""
        queues = [queue_of(listener, source) for listener, sources in LISTENS_TO.items() for source in sources]
        with self.broker() as opened:
            for queue in queues:
                queue(opened.default_channel).unbind_from(queue.exchange, routing_key=queue.routing_key)
        try:
            yield
        finally:
            with self.broker() as opened:
                for queue in queues:
                    queue(opened.default_channel).queue_bind()

    # ---- the databases

    def house(self, *names: str) -> House:
        """The services' applications (all, if none is named) in this process, on the same databases, keys and clock."""
        return House.build(self.settings, names or None)

    def database_name(self, service: str) -> str:
        """The name of a service's database."""
        return f"{PREFIX}_{service}"

    def superuser(self, database: str) -> Engine:
        """A connection to a database that sees all tenants."""
        if database not in self._engines:
            url: URL = make_url(self.postgres.url).set(drivername="postgresql+psycopg", database=database)
            self._engines[database] = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        return self._engines[database]

    def rows(self, service: str, statement: str, **values: Any) -> list[Any]:
        """What a statement finds in a service's database, for all tenants."""
        with self.superuser(self.database_name(service)).connect() as connection_:
            return list(connection_.execute(text(statement), values))

    def copy_database(self, service: str) -> None:
        """Keeps a copy of a service's database as it is now."""
        name = self.database_name(service)
        self._alone_with(name, f"CREATE DATABASE {name}_copy TEMPLATE {name}")
        self._in_postgres(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def restore_database(self, service: str) -> None:
        """Puts the copy in the place of the database."""
        name = self.database_name(service)
        self._alone_with(name, f"DROP DATABASE {name}")
        self._in_postgres(f"ALTER DATABASE {name}_copy RENAME TO {name}")

    @contextmanager
    def failing(self, service: str, topic: str, tenant: UUID) -> Iterator[None]:
        """Inside, no event of that topic can be recorded in that tenant: who handles what leads to it, fails."""
        make = f"""CREATE FUNCTION public.always_fails() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'it always fails'; END $$;
            CREATE TRIGGER always_fails BEFORE INSERT ON ledger.events FOR EACH ROW
            WHEN (NEW.tenant = '{tenant}' AND NEW.topic = '{topic}') EXECUTE FUNCTION public.always_fails()"""
        with self.superuser(self.database_name(service)).connect() as connection_:
            connection_.execute(text(make))
        try:
            yield
        finally:
            with self.superuser(self.database_name(service)).connect() as connection_:
                connection_.execute(text("DROP FUNCTION public.always_fails() CASCADE"))

    def _alone_with(self, name: str, *statements: str) -> None:
        """Runs statements on a database to which nobody is connected meanwhile: nobody can be."""
        self._in_postgres(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        with self.superuser("postgres").connect() as connection_:
            chosen = text("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name")
            connection_.execute(chosen, {"name": name}).all()
        self._in_postgres(*statements)

    def _in_postgres(self, *statements: str) -> None:
        with self.superuser("postgres").connect() as connection_:
            for statement in statements:
                connection_.execute(text(statement))

    # ---- time

    def let_time_pass(self, by: timedelta) -> None:
        """Moves the clock of all processes forward."""
        self.clock.advance(by)
