"""Who owns the machine can put the whole database back, or keep two of it: only what witnesses keep elsewhere tells.

The attacker has the service's signing key and all else that lies on the machine; each history by itself verifies.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol
from uuid import UUID

import pytest
from sqlalchemy import MetaData, create_engine, text

from shared.ids import new_id
from shared.ledger.append import append
from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.checkpoint_log import CheckpointLog, Made
from shared.ledger.database import Database
from shared.ledger.install import install_postgres, install_sqlite, remove_postgres
from shared.ledger.public_key import PublicKey
from shared.ledger.verification import LogVerification
from shared.ledger.witness import WitnessRefusedError, WitnessState
from shared.ledger.witness_offer import offer_of
from shared.sealing.folder_keys import FolderTenantKeys
from shared.sealing.master_keys import FixedMasterKey
from shared.signing import SigningKey
from shared.testing.ledger import LedgerServer
from shared.testing.sample import request, sealed_event

KEY = SigningKey.generate("sample")
AT = 1_700_000_000


class Machine(Protocol):
    """A database that its owner can copy and put back as a whole."""

    database: Database

    def keep_copy(self) -> None: ...

    def put_back(self) -> None: ...


class SqliteMachine:
    def __init__(self, folder: Path) -> None:
        self.path, self.copy = folder / "ledger.sqlite", folder / "copy.sqlite"
        self.database = self._open()

    def _open(self) -> Database:
        database = Database(f"sqlite:///{self.path}")
        install_sqlite(database, MetaData())
        return database

    def keep_copy(self) -> None:
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(self.copy)) as target:
            source.backup(target)

    def put_back(self) -> None:
        self.database.dispose()
        for leftover in self.path.parent.glob("ledger.sqlite-*"):
            leftover.unlink()
        shutil.copyfile(self.copy, self.path)
        self.database = self._open()


class PostgresMachine:
    def __init__(self, server: LedgerServer) -> None:
        self.server = server
        self.database = server.open()

    def keep_copy(self) -> None:
        self.database.dispose()
        self._run(f'CREATE DATABASE "{self.server.name}_copy" TEMPLATE "{self.server.name}"')

    def put_back(self) -> None:
        self.database.dispose()
        self._run(f'DROP DATABASE "{self.server.name}" WITH (FORCE)')
        self._run(f'ALTER DATABASE "{self.server.name}_copy" RENAME TO "{self.server.name}"')

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server.admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """One on SQLite, one on PostgreSQL with a database of its own."""
    if request.param == "sqlite":
        sqlite = SqliteMachine(tmp_path)
        yield sqlite
        sqlite.database.dispose()
        return
    shared: LedgerServer = request.getfixturevalue("ledger_server")
    server = LedgerServer(shared.admin, f"{shared.name}_history")
    install_postgres(server.admin, server.name, MetaData())
    postgres = PostgresMachine(server)
    yield postgres
    postgres.database.dispose()
    remove_postgres(server.admin, f"{server.name}_copy")
    remove_postgres(server.admin, server.name)


class Installation:
    """A service on that machine, with two schools."""

    def __init__(self, machine: Machine, keys: Path) -> None:
        self.machine = machine
        self.platform = new_id()
        self.schools = [new_id(), new_id()]
        self.keys = FolderTenantKeys(keys, FixedMasterKey(bytes(32)))

    @property
    def checkpoint_log(self) -> CheckpointLog:
        return CheckpointLog(self.machine.database, "sample", self.platform, self.keys)

    def work(self, rounds: int) -> None:
        """Events of both schools, and what the follower makes of them."""
        for _ in range(rounds):
            for school in self.schools:
                append(self.machine.database, request(school, sealed_event(new_id())))
            assert self.checkpoint_log.enter([self._checkpoint(school) for school in self.schools]) == []
            make_checkpoint(self.machine.database, self.platform, "sample.checkpoints", KEY, KEY.id)

    def _checkpoint(self, school: UUID) -> Made:
        kept = make_checkpoint(self.machine.database, school, "sample", KEY, KEY.id)
        assert kept is not None
        return Made(school, "sample", kept)

    def show(self, witness: Witness) -> int:
        """What `qorgan witness update` does; how many checkpoints were news."""
        public = PublicKey(name=KEY.id, raw=KEY.public_key.public_bytes_raw())
        log = self.checkpoint_log.log
        offer = offer_of(self.machine.database, self.platform, log, public, witness.state.last_size)
        news, refused = witness.state.update([offer] if offer else [], witness.key, AT)
        if refused:
            raise refused[0]
        return news

    def verifies(self) -> bool:
        """Whether every log by itself is sound."""
        return not any(list(self._findings(tenant, log)) for tenant, log in self._logs())

    def _logs(self) -> list[tuple[UUID, str]]:
        return [*((school, "sample") for school in self.schools), (self.platform, "sample.checkpoints")]

    def _findings(self, tenant: UUID, log: str) -> list[str]:
        own = self.checkpoint_log.check_event if tenant == self.platform else None
        checked = LogVerification(
            database=self.machine.database,
            tenant=tenant,
            log=log,
            public_key=lambda _: KEY.public_key,
            check_event=own,
            has_public_events=False,
        )
        assert list(checked.run())
        return [one.code for one in checked.findings]


class Witness:
    """Somebody elsewhere."""

    def __init__(self, name: str) -> None:
        self.key = SigningKey.generate(name)
        self.state = WitnessState(witness=PublicKey(name=name, raw=self.key.public_key.public_bytes_raw()))


@pytest.fixture
def installation(machine: Machine, tmp_path: Path) -> Installation:
    """It has worked for three rounds, and a copy was kept."""
    found = Installation(machine, tmp_path / "keys")
    found.work(3)
    machine.keep_copy()
    return found


class TestADatabasePutBackToAnOlderCopy:
    def test_is_refused_as_a_rollback_naming_both_checkpoints(self, installation: Installation) -> None:
        witness = Witness("department")
        installation.work(2)
        assert installation.show(witness) == 1
        installation.machine.put_back()
        assert installation.verifies()
        with pytest.raises(WitnessRefusedError, match="rollback") as refused:
            installation.show(witness)
        assert "\n10\n" in refused.value.seen
        assert "\n6\n" in refused.value.offered

    @pytest.mark.parametrize("rounds", [2, 4])
    def test_is_refused_as_a_fork_though_it_grew_again(self, installation: Installation, rounds: int) -> None:
        """To the size that the witness saw, or beyond."""
        witness = Witness("department")
        installation.show(witness)
        installation.work(2)
        installation.show(witness)
        installation.machine.put_back()
        installation.work(rounds)
        assert installation.verifies()
        with pytest.raises(WitnessRefusedError, match="fork"):
            installation.show(witness)

    def test_to_the_copy_that_the_witness_saw_is_no_fork(self, installation: Installation) -> None:
        """The other side of the border: what nobody was shown can't be missed."""
        witness = Witness("department")
        installation.show(witness)
        installation.work(2)
        installation.machine.put_back()
        installation.work(2)
        assert installation.show(witness) == 1


class TestTwoWitnessesShownDifferentHistories:
    def test_find_it_when_they_compare_what_they_saw(self, installation: Installation) -> None:
        """Both histories continue what each saw; no witness alone can tell."""
        one, other = Witness("department"), Witness("auditor")
        for witness in (one, other):
            installation.show(witness)
        installation.work(2)
        installation.show(one)
        installation.machine.put_back()
        installation.work(2)
        assert installation.show(other) == 1
        assert installation.verifies()
        with pytest.raises(WitnessRefusedError, match="fork") as refused:
            one.state.compare(other.state)
        assert "\n10\n" in refused.value.seen
        assert "\n10\n" in refused.value.offered

    def test_find_it_when_either_looks_at_the_others_history(self, installation: Installation) -> None:
        one, other = Witness("department"), Witness("auditor")
        installation.work(1)
        installation.show(one)
        installation.machine.put_back()
        installation.work(2)
        installation.show(other)
        with pytest.raises(WitnessRefusedError, match="fork"):
            installation.show(one)

    def test_find_nothing_in_one_history(self, installation: Installation) -> None:
        one, other = Witness("department"), Witness("auditor")
        for witness in (one, other, one):
            installation.work(1)
            installation.show(witness)
        installation.show(other)
        assert one.state.compare(other.state) == 1
