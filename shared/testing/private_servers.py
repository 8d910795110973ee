"""PostgreSQL and RabbitMQ servers of a test's own: in a temporary folder, on free ports of the loopback.

They end with the test. Tests that stop, kill or wipe a server use these and never the machine's. They run from the
installed packages, as the packages' users where we are root (PostgreSQL refuses root). Standard library only:
provisioning uses them too.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from shared.testing.scratch import scratch
from shared.testing.virtual_hosts import ByRabbitmqctl
from shared.testing.waiting import wait_until
from shared.testing.wire import ServerUnusableError, speak_amqp, speak_postgres

START_SECONDS = 180.0


def free_port() -> int:
    """A TCP port of the loopback on which nothing listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class PrivatePostgres:
    """One PostgreSQL server; superuser `postgres`, no password, loopback only."""

    def __init__(self, folder: Path, port: int, settings: Mapping[str, str]) -> None:
        self.port = port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._folder = folder
        self._settings = settings
        self._user = _package_user("postgres")
        self._programs = postgres_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self.data = folder / "data"
        self._make_data()

    def start(self) -> None:
        """Starts the server and returns when it answers."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            **self._settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self.data), *options]
        self._process = _start(command, self._user, self._folder)
        _wait_for(self._process, self._folder, lambda: speak_postgres(self.url), "the private PostgreSQL to answer")

    def stop(self) -> None:
        """Ends the server in good order; does nothing where it is not running."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # its "fast shutdown"
            self._process.wait(START_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Ends the server's processes at once, as a crash would."""
        if self._process is not None:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            for pid in (self._process.pid, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait(START_SECONDS)
            self._process = None
            # Until the last child is gone, the shared memory is in use and the server would not start again.
            wait_until(lambda: not any(map(_runs, children)), 60, "the killed PostgreSQL's processes to be gone")

    def wipe(self) -> None:
        """Loses everything: the (stopped) server starts empty next time."""
        self.stop()
        shutil.rmtree(self.data)
        self._make_data()

    def _make_data(self) -> None:
        arguments = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        _run([str(self._programs / "initdb"), "--pgdata", str(self.data), *arguments], self._user, self._folder)


class PrivateRabbitmq:
    """One RabbitMQ node with a port mapper and a cookie of its own; user `guest`, loopback only."""

    def __init__(self, folder: Path, port: int, configuration: str) -> None:
        self.port = port
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._folder = folder
        self._user = _package_user("rabbitmq")
        self._programs = rabbitmq_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._mapper: subprocess.Popen[bytes] | None = None
        self._mapper_port = free_port()
        self._environment = self._environment_of_the_node()
        (folder / "plugins").write_text("[].\n")
        (folder / "environment").write_text("")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{port}\n{configuration}\n")

    @property
    def virtual_hosts(self) -> ByRabbitmqctl:
        """The way to make virtual hosts on this node."""
        return ByRabbitmqctl([str(self._programs / "rabbitmqctl")], self._environment)

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl ARGUMENTS` prints for this node."""
        return _run([str(self._programs / "rabbitmqctl"), *arguments], self._user, self._folder, self._environment)

    def start(self) -> None:
        """Starts the node and returns when it answers."""
        if self._mapper is None:
            # Else the node starts one as a daemon, which outlives it.
            mapper = ["epmd", "-port", str(self._mapper_port)]
            self._mapper = _start(mapper, self._user, self._folder, self._environment)
        command = [str(self._programs / "rabbitmq-server")]
        self._process = _start(command, self._user, self._folder, self._environment)
        _wait_for(self._process, self._folder, lambda: speak_amqp(self.url), "the private RabbitMQ to answer")

    def stop(self) -> None:
        """Ends the node in good order; does nothing where it is not running."""
        if self._process is not None:
            self.control("shutdown")
            self._process.wait(START_SECONDS)
            self._process = None

    def kill(self) -> None:
        """Ends the node's processes at once, as a crash would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(START_SECONDS)
            self._process = None

    def wipe(self) -> None:
        """Loses everything: the (stopped) node starts empty next time."""
        self.stop()
        shutil.rmtree(self._folder / "mnesia", ignore_errors=True)

    def close(self) -> None:
        """Ends node and port mapper."""
        self.kill()
        if self._mapper is not None:
            self._mapper.terminate()
            self._mapper.wait(START_SECONDS)

    def _environment_of_the_node(self) -> dict[str, str]:
        at = self._folder
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": str(at),  # where the cookie lies
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_NODENAME": f"qorgan-{secrets.token_hex(4)}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_CONFIG_FILE": str(at / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(at / "environment"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(at / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(at / "mnesia"),
            "RABBITMQ_LOG_BASE": str(at / "logs"),
            "RABBITMQ_SCHEMA_DIR": str(at / "schema"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(at / "generated"),
        }


@contextlib.contextmanager
def private_postgres(**settings: str) -> Iterator[PrivatePostgres]:
    """A running PostgreSQL of one's own; `settings` are its configuration parameters, over the defaults."""
    with _folder_of("postgres") as folder:
        server = PrivatePostgres(folder, free_port(), settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def private_rabbitmq(configuration: str = "") -> Iterator[PrivateRabbitmq]:
    """A running RabbitMQ node of one's own; `configuration` is added to its rabbitmq.conf."""
    with _folder_of("rabbitmq") as folder:
        server = PrivateRabbitmq(folder, free_port(), configuration)
        try:
            server.start()
            yield server
        finally:
            server.close()


def postgres_programs() -> Path:
    """The folder of initdb and pg_ctl: the newest of Debian's versions, else the one on the path."""
    by_version = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if by_version:
        return by_version[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise ServerUnusableError("no PostgreSQL server is installed (initdb not found); apt-get install postgresql")
    return Path(found).parent


def rabbitmq_programs() -> Path:
    """The folder of rabbitmq-server and rabbitmqctl, without the wrappers that run them for the machine's own node."""
    folders = [*Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"), Path("/usr/lib/rabbitmq/bin")]
    for folder in folders:
        if (folder / "rabbitmq-server").exists():
            return folder
    found = shutil.which("rabbitmq-server")
    if found is None:
        raise ServerUnusableError("no RabbitMQ server is installed; apt-get install rabbitmq-server")
    return Path(found).resolve().parent


@contextlib.contextmanager
def _folder_of(name: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"qorgan-{name}-", dir=scratch()))
    try:
        user = _package_user(name)
        if user is not None:
            shutil.chown(folder, user)
        folder.chmod(0o700)
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """A server's last files may still be written while the folder is being emptied."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _package_user(name: str) -> str | None:
    """The user under which a server's package runs it; None: as ourselves, being no root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(name)
    except KeyError as error:
        raise ServerUnusableError(f"there is no user {name!r} on this machine: is its server installed?") from error
    return name


def _run(command: Sequence[str], user: str | None, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        env=None if environment is None else dict(environment),
        cwd=folder,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=START_SECONDS * 2,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise ServerUnusableError(f"{' '.join(command)} ended with {done.returncode}: {said}")
    return said


def _start(
    command: Sequence[str], user: str | None, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """In the foreground, as our child: so it is ours to end, and leaves no zombie whose number blocks a restart."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            env=None if environment is None else dict(environment),
            cwd=folder,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_for(process: subprocess.Popen[bytes], folder: Path, speak: Callable[[], str], what: str) -> None:
    def answers_or_ended() -> bool:
        return process.poll() is not None or bool(speak())

    wait_until(answers_or_ended, START_SECONDS, what, pause_seconds=0.1)
    if process.poll() is not None:
        log = (folder / "log").read_text(errors="replace")
        raise ServerUnusableError(f"waited for {what}, but it ended with {process.returncode}: {log[-2000:]}")


def _runs(pid: str) -> bool:
    """Whether a process is there and is no zombie (somebody else's child once its parent was killed)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
