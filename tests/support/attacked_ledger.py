"""A service's ledger of two schools, made once for each kind of database, that is attacked and put back.

The attacker is the database's superuser: no right, no trigger and no policy holds. What finds them out is the code of
`qorgan audit verify`, in a process that holds no keys from before.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, create_engine, text
from sqlalchemy.pool import NullPool

from cli.auditing.verify import verify_services
from shared.clock import Clock, SystemClock
from shared.ids import new_id
from shared.ledger.application import LedgerParts
from shared.ledger.database import Database
from shared.ledger.install import install_sqlite
from shared.ledger.tables import SCHEMAS, checkpoints, events, heads, public_events, stream_keys, tiles
from shared.ledger.verification import Finding
from shared.runners.checkpointing import Checkpointing
from shared.runners.parts import ServiceApp, ServiceParts
from shared.sealing.keys import KeyCache
from shared.signing import KeyRing, SigningKey
from shared.testing.ledger import LedgerServer
from shared.testing.sample import PUBLICATIONS, SOMEBODY, Box, SampleApplication, open_box, sample_application

LEDGER = (events, heads, stream_keys, public_events, checkpoints, tiles)
SIZE, THEIR_SIZE = 270, 12
"""Events of the main logs of `ours` and `theirs`."""
THINGS = 260
"""In the third box: with them the log has a full tile."""


@dataclass(frozen=True)
class Sample:
    """The sample service as `qorgan audit verify` is given a house."""

    services: Mapping[str, ServiceApp]
    public_keys: KeyRing
    clock: Clock


@dataclass
class AttackedLedger:
    """The database, its two schools, and what the attacker does to it.

    `ours` has boxes at positions 1, 4, 7 and 268, each the first of its events; checkpoints at 3, 6 and 267; one full
    tile. `theirs` is a second school with boxes at positions 1, 4, 7 and 10.
    """

    database: Database
    server: LedgerServer | None
    parts: LedgerParts
    key: SigningKey
    ours: UUID
    theirs: UUID
    boxes: Mapping[UUID, Sequence[UUID]]

    @property
    def name(self) -> str:
        """Of the kind of database."""
        return "sqlite" if self.server is None else "postgres"

    def application(self) -> SampleApplication:
        """The service as a process that has just begun opens it."""
        fresh = replace(self.parts, key_cache=KeyCache())
        return SampleApplication(fresh, publications=PUBLICATIONS)

    def findings(self) -> list[Finding]:
        """What `qorgan audit verify` finds."""
        service = service_of(self.application(), self.database, self.key)
        house = Sample({"sample": service}, service.public_keys, service.clock)
        return verify_services(house, lambda *_: None).findings

    def found(self, tenant: UUID | None = None, log: str = "sample") -> set[tuple[int, str]]:
        """Positions and codes of what is found in one log, of `ours` unless told."""
        tenant = tenant or self.ours
        return {(one.position, one.code) for one in self.findings() if (one.tenant, one.log) == (tenant, log)}

    @contextmanager
    def as_superuser(self) -> Iterator[Connection]:
        """A transaction in which nothing is refused and every row is seen."""
        if self.server is None:
            engine = create_engine(self.database.url, poolclass=NullPool)
            engine = engine.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))
        else:
            engine = create_engine(self.server.admin.set(database=self.server.name), poolclass=NullPool)
        with engine.begin() as connection:
            if self.server is not None:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection

    def keep(self, copy: Path) -> Callable[[], None]:
        """Keeps a copy of all that can be attacked; calling what this gives puts it back."""
        if self.server is None:
            return self._keep_file(copy)
        names = [(f'"{table.schema}"."{table.name}"', f'kept."{table.name}"') for table in LEDGER]
        with self.as_superuser() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for name, kept in names:
                connection.execute(text(f"CREATE TABLE {kept} AS TABLE {name}"))

        def put_back() -> None:
            with self.as_superuser() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(name for name, _ in names)}"))
                for name, kept in names:
                    connection.execute(text(f"INSERT INTO {name} TABLE {kept}"))

        return put_back

    def _keep_file(self, copy: Path) -> Callable[[], None]:
        path = Path(str(self.database.url.database))
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                source.execute(f'DROP TRIGGER "{name}"')
            source.commit()
            source.backup(target)

        def put_back() -> None:
            self.database.dispose()
            for leftover in path.parent.glob(f"{path.name}-*"):
                leftover.unlink()
            shutil.copyfile(copy, path)

        return put_back


Attack = Callable[[Connection], object]
"""What the superuser does in one transaction."""


def a_row(table: Table, ledger: AttackedLedger) -> Any:
    """The condition of the row of a table that is attacked, in the middle of `ours`."""
    ours = table.c.tenant == ledger.ours
    if table is stream_keys:
        return ours & (table.c.stream == ledger.boxes[ledger.ours][0])
    if table is public_events:
        return ours & (table.c.number == 2)
    of_log = ours & (table.c.log == "sample")
    return (
        of_log
        & {
            events: events.c.position == 5,
            heads: heads.c.size == SIZE,
            checkpoints: checkpoints.c.size == 6,
            tiles: tiles.c.level == 0,
        }[table]
    )


def named(table: Table, ledger: AttackedLedger) -> bool:
    """Whether what is found says where it was: the position of the row, or of what the row is about."""
    positions = {position for position, _ in ledger.found()}
    if table is checkpoints:
        entries = ledger.found(ledger.parts.platform, "sample.checkpoints")
        return 6 in positions or "entered_checkpoint_missing" in {code for _, code in entries}
    where = {events: {5}, stream_keys: {1, 2, 3}, public_events: {4}, tiles: {1}, heads: positions}[table]
    return bool(positions) and where <= positions


def attacked_ledger(folder: Path, server: LedgerServer | None) -> AttackedLedger:
    """Two schools with the same history, signed and entered as a follower does it; on SQLite without `server`."""
    database = server.open() if server else Database(f"sqlite:///{folder / 'ledger.sqlite'}")
    if server is None:
        install_sqlite(database, MetaData())
    key = SigningKey.generate("sample")
    application = sample_application(database, folder)
    follower = Checkpointing(service_of(application, database, key))
    ours, theirs = new_id(), new_id()
    boxes: dict[UUID, list[UUID]] = {ours: [], theirs: []}
    for label in ("Әлия", "Ғани", "Қарлығаш", "Өмір"):
        for tenant, made in boxes.items():
            made.append(open_box(application, tenant, label, "іс", "үй"))
            if label == "Қарлығаш" and tenant == ours:
                _fill(application, tenant, made[-1])
            application.record_read(tenant, SOMEBODY, "a box", made[-1:], "sample.rule")
        if label != "Өмір":
            follower.run_once()
    return AttackedLedger(database, server, application.parts, key, ours, theirs, boxes)


def _fill(application: SampleApplication, tenant: UUID, box: UUID) -> None:
    """All in one append."""
    ledger = application.for_tenant(tenant)
    found = ledger.get(Box, box)
    for number in range(THINGS - 2):
        found.fill(thing=f"зат {number}", by=SOMEBODY, at=ledger.now())
    ledger.save(found)


def service_of(application: SampleApplication, database: Database, key: SigningKey) -> ServiceApp:
    """The sample service as runners and verification know it."""
    parts = ServiceParts(
        name="sample",
        build=SampleApplication,
        door=object,
        listens_to=(),
        metadata=MetaData(),
        duties={},
        projections={},
    )
    return ServiceApp(
        parts=parts,
        application=application,
        database=database,
        signing_key=key,
        public_keys=KeyRing.of(key),
        clock=SystemClock(),
    )
