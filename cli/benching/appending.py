"""Workers that append: ours, sealed and hashed; the library's recorder; plain rows by pgbench."""

from __future__ import annotations

import os
import random
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cli.benching.ground import ACTOR, LOG, TOPIC
from shared.ledger.append import AppendRequest, SealedEvent, append
from shared.ledger.database import Database
from shared.sealing.folder_keys import FIRST_GENERATION, FolderTenantKeys
from shared.sealing.keys import KeyCache
from shared.sealing.master_keys import FixedMasterKey
from shared.sealing.seal import Place, event_key, key_commitment, seal
from shared.sealing.stream_keys import StreamKeys

PLAINTEXT = b'{"note":"' + b"x" * 240 + b'"}'
EVENTS_OF_A_STREAM = 8
POOL = 8


class QuickTenantKeys(FolderTenantKeys):
    """Tenant keys whose files are written without waiting for the disk: they are made beside what is measured."""

    def __init__(self) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="qorgan-bench-")), FixedMasterKey(bytes(32)))

    def _make(self, tenant: UUID, generation: int) -> None:
        draft = self.folder / f".{uuid4()}"
        draft.write_bytes(self._sealed(sha256(tenant.bytes).digest(), tenant, ""))
        draft.replace(self._path(tenant, generation))

    def generations(self, tenant: UUID) -> list[int]:
        """None is ever destroyed here: no need to list the folder for each of ten thousand new tenants."""
        path = self._path(tenant, FIRST_GENERATION)
        return [FIRST_GENERATION] if path.exists() else []


def rate(threads: int, seconds: float, work: Callable[[float], int]) -> dict[str, float]:
    """How many a second `threads` threads get done, each calling `work` with the time to end at."""
    done: list[int] = []
    begun = time.monotonic()
    ends = begun + seconds
    running = [threading.Thread(target=lambda: done.append(work(ends))) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    if len(done) < threads:
        raise RuntimeError("a thread failed")
    return {"rate": sum(done) / (time.monotonic() - begun)}


class Appends:
    """Our appends: one event each, sealed under its own key; a stream has eight of them, and begins with its key."""

    def __init__(self, url: str, tenants: Sequence[str], threads: int) -> None:
        self.database = Database(url)
        self.tenants = [UUID(one) for one in tenants]
        self.threads = threads
        self._keys = QuickTenantKeys()
        self._cache = KeyCache()

    def __call__(self, seconds: float, *, everywhere: bool = False) -> dict[str, float]:
        """A round; `everywhere`: one append in each tenant first, outside the time."""
        if everywhere:
            each = [self.tenants[at :: self.threads] for at in range(self.threads)]
            starting = [threading.Thread(target=self._once_in, args=(some,)) for some in each]
            for thread in starting:
                thread.start()
            for thread in starting:
                thread.join()
        return {**rate(self.threads, seconds, self._work), "rss": _rss()}

    def _once_in(self, tenants: Sequence[UUID]) -> None:
        for tenant in tenants:
            self._append(tenant, uuid4(), 1, None)

    def _work(self, ends: float) -> int:
        count = 0
        while time.monotonic() < ends:
            tenant, stream, key = random.choice(self.tenants), uuid4(), None  # noqa: S311 - a load, no secret
            for version in range(1, EVENTS_OF_A_STREAM + 1):
                key = self._append(tenant, stream, version, key)
                count += 1
                if time.monotonic() >= ends:
                    break
        return count

    def _append(self, tenant: UUID, stream: UUID, version: int, stream_key: bytes | None) -> bytes:
        new: list[tuple[UUID, bytes]] = []
        if stream_key is None:
            stream_key, wrapped = StreamKeys(self.database, tenant, self._keys, self._cache).new(stream)
            new = [(stream, wrapped)]
        key = event_key(stream_key, stream, version)
        place = Place(log=LOG, tenant=tenant, stream=stream, version=version, topic=TOPIC, actor=ACTOR)
        event = SealedEvent(
            stream=stream,
            version=version,
            topic=TOPIC,
            actor=ACTOR,
            payload=seal(key, place, PLAINTEXT),
            key_commitment=key_commitment(key),
            happened_at=0,
        )
        result = append(self.database, AppendRequest(tenant=tenant, log=LOG, events=[event], new_keys=new))
        if result.status != "done":
            raise RuntimeError(result.status)
        return stream_key


class LibraryAppends:
    """Appends by the library's own recorder, which locks its table: one event each, in the clear, not hashed."""

    def __init__(self, server: dict[str, Any], threads: int) -> None:
        from eventsourcing.persistence import StoredEvent
        from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

        self.threads = threads
        datastore = PostgresDatastore(**server, pool_size=min(threads, POOL))
        self._recorder = PostgresApplicationRecorder(datastore, events_table_name="bench_events")
        self._recorder.create_table()
        self._event = StoredEvent

    def __call__(self, seconds: float) -> dict[str, float]:
        """A round."""
        return rate(self.threads, seconds, self._work)

    def _work(self, ends: float) -> int:
        count = 0
        while time.monotonic() < ends:
            stream = uuid4()
            for version in range(1, EVENTS_OF_A_STREAM + 1):
                self._recorder.insert_events([self._event(stream, version, TOPIC, PLAINTEXT)])
                count += 1
                if time.monotonic() >= ends:
                    break
        return count


class PlainInserts:
    """Single rows of the same size, inserted by pgbench."""

    def __init__(self, server: dict[str, Any], clients: int) -> None:
        self._clients = clients
        self._server = server
        folder = Path(tempfile.mkdtemp(prefix="qorgan-bench-"))
        self._script = folder / "insert.sql"
        row = f"gen_random_uuid(), 1, '{TOPIC}', decode('{PLAINTEXT.hex()}', 'hex')"
        self._script.write_text(f"INSERT INTO plain (stream, version, topic, payload) VALUES ({row});\n")  # noqa: S608
        self._run(
            "psql",
            "-qc",
            "CREATE TABLE IF NOT EXISTS plain (id bigserial PRIMARY KEY, stream uuid, version bigint, "
            "topic text, payload bytea)",
        )

    def __call__(self, seconds: float) -> dict[str, float]:
        """A round, of at least a second."""
        time_of = str(max(1, round(seconds)))
        clients = str(self._clients)
        said = self._run("pgbench", "-n", "-M", "prepared", "-c", clients, "-j", "2", "-T", time_of, "-f", self._script)
        return {"rate": float(re.findall(r"tps = ([\d.]+)", said)[-1])}

    def _run(self, program: str, *arguments: str | Path) -> str:
        server = self._server
        where = ["-h", server["host"], "-p", str(server["port"]), "-U", server["user"]]
        environment = {**os.environ, "PGPASSWORD": server["password"]}
        command = [_program(program), *where, *arguments, server["dbname"]]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _program(name: str) -> str:
    """PostgreSQL's own programs: those of the newest version that the distribution put here, or those on the path."""
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(found, key=lambda path: int(path.parts[4]))[-1:]
    return str(newest[0]) if newest else name


def _rss() -> int:
    """The memory of this process, in bytes, as it is now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
