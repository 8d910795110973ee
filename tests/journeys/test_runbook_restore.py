"""deploy/runbooks/restore.md, played: an older copy of `cases` in its place, after it ran on it for a while."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from cli.house import House
from cli.services import ALL_SERVICES
from cli.settings import Settings
from shared.ids import new_id
from shared.ledger.install import remove_postgres
from tests.support.quiet_house import all_lanes, confirm_report, handled_once, settle
from tests.support.runbooks import Player, steps_of
from tests.support.tree import ROOT

PAGE = ROOT / "deploy/runbooks/restore.md"
HEARING = (("reports", "cases"), ("referrals", "cases"), ("cases", "reports"))
SAY, STOP, PUT_BACK, RESTORE, RECONCILE, SEE, WITNESS = range(7)


@dataclass
class Installation:
    """An installation that can be backed up, and the runbook's player on it."""

    where: str
    settings: Settings
    folder: Path
    environment: dict[str, str]
    tenants: list[UUID] = field(default_factory=lambda: sorted(new_id() for _ in range(3)))

    @contextmanager
    def house(self) -> Iterator[House]:
        """Its services in this process; nobody is connected after."""
        house = House.build(self.settings)
        try:
            yield house
        finally:
            house.close()

    def player(self) -> Player:
        """Of the runbook."""
        return Player(self.environment, self.folder)

    def work(self, *tenants: UUID) -> None:
        """A confirmed report in each, heard by everybody."""
        with self.house() as house:
            for tenant in tenants:
                confirm_report(house, tenant)
            settle(house)

    def stopped(self) -> set[tuple[str, str, UUID]]:
        """The lanes that stand still."""
        with self.house() as house:
            return {(lane.service, lane.source, lane.tenant) for lane in all_lanes(house) if lane.is_stopped}

    def back_up(self, player: Player) -> None:
        """`cases` as it is now, in the backup's place."""
        if self.where == "home":
            source, target = self.folder / "home/data/cases.db", self.environment["BACKUP"]
            with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
                one.backup(other)
        else:
            player.play('pg_dump --format=custom --file "$BACKUP" "${QORGAN_DATABASE_PREFIX}_cases"')


@pytest.fixture(params=["home", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A home, and an installation on PostgreSQL; nothing of it runs, no broker is needed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QORGAN_")}
    witness = str(tmp_path / "department.json")
    environment |= {"BACKUP": str(tmp_path / "backup"), "WITNESS": witness, "WITNESSED": witness, "COLUMNS": "300"}
    if request.param == "home":
        environment["QORGAN_HOME"] = str(tmp_path / "home")
        with House.open(tmp_path / "home"):
            pass
        yield Installation("home", Settings.of_home(tmp_path / "home"), tmp_path, environment)
        return
    admin = make_url(request.getfixturevalue("postgres_admin_url")).set(drivername="postgresql+psycopg")
    yield from _on_postgres(admin, tmp_path, environment)


def _on_postgres(admin: URL, folder: Path, environment: dict[str, str]) -> Iterator[Installation]:
    settings = Settings(
        home=None,
        keys_folder=folder / "keys",
        broker_url="amqp://nobody@127.0.0.1:1//",
        database_url=f"postgresql+psycopg://{{role}}@{admin.host}:{admin.port or 5432}/{{database}}",
        database_prefix=f"qrun{secrets.token_hex(4)}",
    )
    environment |= {
        "QORGAN_ADMIN_URL": admin.render_as_string(hide_password=False),
        "QORGAN_DATABASE_URL": settings.database_url or "",
        "QORGAN_DATABASE_PREFIX": settings.database_prefix,
        "QORGAN_AMQP_URL": settings.broker_url,
        "QORGAN_KEYS": str(settings.keys_folder),
        "PGHOST": admin.host or "",
        "PGPORT": str(admin.port or 5432),
        "PGUSER": admin.username or "postgres",
        "PGPASSWORD": admin.password or "",
    }
    try:
        House.build(settings, []).install(environment["QORGAN_ADMIN_URL"])
        yield Installation("postgres", settings, folder, environment)
    finally:
        _drop(admin, f"{settings.database_prefix}_cases_before_restore")
        for parts in ALL_SERVICES:
            remove_postgres(admin, f"{settings.database_prefix}_{parts.name}")


def _drop(admin: URL, database: str) -> None:
    engine = create_engine(admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))


class TestTheRunbook:
    def test_leads_from_a_lost_database_to_a_flow_in_which_everything_is_handled_once(
        self, installation: Installation
    ) -> None:
        """Listeners stop and say so, witnesses refuse; each goes on by the commands of the page alone."""
        steps, player = steps_of(PAGE, installation.where), installation.player()
        first, second, _ = installation.tenants
        player.play(steps[SAY].commands)
        installation.work(*installation.tenants)
        installation.back_up(player)
        installation.work(first, second, first)
        self._checkpoint(installation)
        player.play('qorgan witness update $AT --state "$WITNESS" --name department')

        player.play(steps[PUT_BACK].commands)
        installation.work(second)  # it ran on the older copy before anybody noticed
        stopped = installation.stopped()
        # Where it told as many events as it had lost, a message shows it, or the next one: there is no broker here.
        assert stopped >= {("reports", "cases", first), ("reports", "cases", second), ("referrals", "cases", second)}
        assert {tenant for _, _, tenant in stopped} == {first, second}
        assert "alarm:other_hash" in player.play(steps[STOP].commands).stdout
        self._checkpoint(installation)
        refused = player.play('qorgan witness update $AT --state "$WITNESS"', check=False)
        assert refused.returncode == 1
        assert "fork: qorgan/cases.checkpoints/" in refused.stderr or "rollback" in refused.stderr

        restored = player.play(steps[RESTORE].commands).stdout
        assert "witness:department" in restored
        assert "listener:reports" in restored
        assert "nothing is left to do" in player.play(steps[RESTORE].commands).stdout
        player.play(steps[RECONCILE].commands)
        installation.work(*installation.tenants)
        seen = player.play(steps[SEE].commands).stdout
        assert "0 wait, 0 of them stand still" in seen, seen
        with installation.house() as house:
            for listener, source in HEARING:
                for tenant in installation.tenants:
                    handled_once(house, listener, source, tenant)

        again = player.play('qorgan witness update $AT --state "$WITNESS"', check=False)
        assert again.returncode == 1
        accepted = player.play(steps[WITNESS].commands).stdout
        assert "1 restored logs accepted" in accepted
        player.play('qorgan witness update $AT --state "$WITNESS"')

    def _checkpoint(self, installation: Installation) -> None:
        with installation.house() as house:
            house.checkpoint()


class TestThePage:
    def test_has_no_command_that_is_not_played(self) -> None:
        """Every fenced block is one that the test runs."""
        fences = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
        assert {line for line in fences if line != "```"} == {"```sh", "```sh postgres", "```sh home"}
        assert [step.number for step in steps_of(PAGE, "home")] == list(range(1, 8))
