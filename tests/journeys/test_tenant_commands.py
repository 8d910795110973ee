"""`qorgan tenant`: a school's records leave as files, or are destroyed; the ledgers verify, and nobody is told more."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from cli.commands import app
from cli.house import House
from cli.installation import INSTALLER, found_department
from cli.keeping.exporting import FORMAT
from services.accounts import commands
from services.accounts.domain.person import Person
from services.accounts.domain.values import Language, Role
from services.cases.domain.case import Case
from shared.domain import UnknownError
from shared.ids import new_id
from shared.ledger.destroying import open_last
from shared.ledger.destruction import TenantDestruction, destruction_id
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import events, public_events, stream_keys
from shared.ledger.tombstone import TENANT_DESTROYED
from shared.runners.follower import Follower
from shared.sealing.keys import TenantDestroyedError
from tests.support.quiet_house import confirm_report, settle

WIDE = {"COLUMNS": "300"}
REASON = "мектеп жабылды"
PASSWORD = "a long enough password"


class Played(NamedTuple):
    """A home with a school that has a case, a person, and another school; who may destroy."""

    home: Path
    school: UUID
    other: UUID
    head: UUID
    administrator: UUID
    lead: UUID

    @property
    def persons(self) -> tuple[str, ...]:
        return ("--by", str(self.administrator), "--approved-by", str(self.lead))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("tenants") / "home"
    with House.open(home) as house:
        founded = found_department(house, "Түркістан білім бөлімі", "әкімші", PASSWORD)
        department = UUID(founded["department"])

        def ask(kind: Any, **facts: Any) -> dict[str, Any]:
            command = kind(tenant=department, command_id=new_id(), by=INSTALLER, **facts)
            return house.services["accounts"].application.execute(command).body

        def person(at: UUID, name: str, login: str) -> UUID:
            facts = {"home": at, "name": name, "language": Language.KAZAKH, "login": login}
            return UUID(ask(commands.RegisterPerson, **facts)["person"])

        school, other = (
            UUID(ask(commands.RegisterSchool, name=name, language=Language.KAZAKH)["school"])
            for name in ("№ 5 мектеп", "№ 6 мектеп")
        )
        head = person(school, "Ұлжан Өтегенқызы", "head")
        ask(commands.SetPassword, person=head, home=school, password=PASSWORD)
        lead = person(department, "Гүлшат Нұрланқызы", "lead")
        ask(commands.AssignRole, person=lead, home=department, at=department, role=Role.SAFEGUARDING_LEAD)
        for tenant in (school, other):
            confirm_report(house, tenant)
        settle(house)
        house.checkpoint()
    return Played(home, school, other, head, UUID(founded["administrator"]), lead)


@pytest.fixture
def played(template: Played, tmp_path: Path) -> Played:
    shutil.copytree(template.home, tmp_path / "home")
    return template._replace(home=tmp_path / "home")


def qorgan(*arguments: object, ok: bool = True) -> Result:
    done = CliRunner().invoke(app, [str(one) for one in arguments], env=WIDE)
    assert (done.exit_code == 0) == ok, (done.output, done.exception)
    return done


def destroy(played: Played, *, ok: bool = True, reason: str = REASON, persons: tuple[str, ...] = ()) -> Result:
    named = persons or played.persons
    return qorgan("tenant", "destroy", played.school, "--reason", reason, *named, "--home", played.home, ok=ok)


def verified(home: Path) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["audit", "verify", "--json", "--home", str(home)], env=WIDE)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def rows(house: House, service: str, table: Any, tenant: UUID) -> list[Any]:
    with house.services[service].database.tenant(tenant) as connection:
        return list(connection.execute(select(table).where(table.c.tenant == tenant)))


def case_of(house: House, tenant: UUID) -> UUID:
    (found,) = {row.stream for row in rows(house, "cases", events, tenant) if row.topic == Case.Opened.TOPIC}
    return UUID(str(found))


class TestExportingATenant:
    @pytest.mark.requirement("CON-05")
    def test_writes_all_there_is_and_says_so_first(self, played: Played, tmp_path: Path) -> None:
        folder, password = tmp_path / "out", tmp_path / "password"
        password.write_text("сегіз сөзден тұратын құпиясөз\n")
        qorgan("tenant", "export", played.school, "-o", folder, "--password-file", password, "--home", played.home)
        with House.open(played.home) as house:
            case = case_of(house, played.school)
            log = house.services["cases"].application.access_log
            first = next(facts for _, facts in log.entries(played.school) if facts["what"] == "export")
        assert first["rule"] == "tenant.export"
        names = {path.name for path in folder.iterdir()}
        assert f"case-{case}.json.protected" in names
        assert {f"{one}.json.protected" for one in ("accounts", "reports", "cases", "register", "people")} <= names
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        for path in folder.iterdir():
            assert "Ұлжан".encode() not in path.read_bytes()
        qorgan("audit", "check", folder / f"case-{case}.json.protected", "--password-file", password)

    def test_holds_the_files_of_reports(self, played: Played, tmp_path: Path) -> None:
        folder, blob, content = tmp_path / "out", new_id(), "Сурет – үзілісте".encode() * 40_000
        with House.open(played.home) as house:
            application = house.services["reports"].application
            report = rows(house, "reports", events, played.school)[0].stream
            application.for_tenant(played.school).blobs.keep(report, blob, content)
        qorgan("tenant", "export", played.school, "-o", folder, "--plain", "--home", played.home)
        assert (folder / f"reports-file-{blob}").read_bytes() == content

    def test_holds_events_reads_people_and_the_register(self, played: Played, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        qorgan("tenant", "export", played.school, "-o", folder, "--plain", "--home", played.home)
        cases = json.loads((folder / "cases.json").read_text())
        assert cases["format"] == FORMAT
        assert [one["position"] for one in cases["events"]] == list(range(1, len(cases["events"]) + 1))
        assert all(one["facts"] is not None for one in cases["events"])
        assert cases["access"][0]["facts"]["rule"] == "tenant.export"
        (person,) = json.loads((folder / "people.json").read_text())
        assert (person["name"], person["person"]) == ("Ұлжан Өтегенқызы", str(played.head))
        (entered,) = json.loads((folder / "register.json").read_text())
        assert entered["number"] == 1
        assert (folder / f"case-{entered['case']}.json").exists()
        everything = "".join(path.read_text() for path in folder.iterdir())
        assert str(played.other) not in everything

    def test_of_nobody_is_refused(self, played: Played, tmp_path: Path) -> None:
        out = tmp_path / "out"
        assert (
            "common.unknown"
            in qorgan("tenant", "export", new_id(), "-o", out, "--plain", "--home", played.home, ok=False).output
        )
        assert not out.exists()


class TestDestroyingATenant:
    def test_leaves_no_key_and_ledgers_that_verify(self, played: Played) -> None:
        before = verified(played.home)
        destroy(played)
        keys = played.home / "keys/tenants"
        assert {path.suffix for path in keys.rglob(f"{played.school}.*")} == {".destroyed"}
        assert list(keys.rglob(f"{played.other}.*.key"))
        after = verified(played.home)
        assert after["findings"] == before["findings"] == []
        assert after["destroyed"] == [str(played.school)]
        assert after["totals"]["erased"] > 0
        with House.open(played.home) as house:
            for service in house.services:
                assert not rows(house, service, stream_keys, played.school)
                assert {row.type for row in rows(house, service, public_events, played.school)} <= {"erased"}
                for table in house.services[service].parts.metadata.sorted_tables:
                    assert not rows(house, service, table, played.school), table.name

    def test_is_told_in_the_platforms_log_and_last_in_the_tenants_own(self, played: Played) -> None:
        destroy(played)
        with House.open(played.home) as house:
            for service in ("accounts", "reports", "cases"):
                application = house.services[service].application
                told = application.for_tenant(house.platform).get(
                    TenantDestruction, destruction_id(house.platform, played.school)
                )
                assert (told.reason, told.decided_by) == (REASON, f"person:{played.administrator}")
                assert told.approved_by == f"person:{played.lead}"
                assert told.complete_at is not None
                with house.services[service].database.tenant(played.school) as connection:
                    found = select(events).where(events.c.tenant == played.school, events.c.log == service)
                    last = connection.execute(found.order_by(events.c.position.desc()).limit(1)).one()
                assert last.topic == TENANT_DESTROYED
                assert open_last(application, RecordedEvent.of(last))["reason"] == REASON

    def test_answers_as_unknown_from_then_on(self, played: Played) -> None:
        with House.open(played.home) as house:
            case = case_of(house, played.school)
        destroy(played)
        with House.open(played.home) as house:
            for service, kind, stream in (("cases", Case, case), ("accounts", Person, played.head)):
                with pytest.raises(UnknownError):
                    house.services[service].application.for_tenant(played.school).get(kind, stream)
            with pytest.raises(UnknownError):
                confirm_report(house, played.school)
            accounts: Any = house.services["accounts"].application
            with pytest.raises(UnknownError):
                accounts.issue_reporter_token(tenant=played.school)
            with pytest.raises(Exception, match=r"accounts\.sign_in_refused"):
                accounts.sign_in(login="head", password=PASSWORD)
            assert accounts.issue_reporter_token(tenant=played.other)["reporter"]
            keys = house.services["reports"].application.parts.tenant_keys
            for needed in (keys.newest, keys.begin_generation, lambda one: keys.blind_key(one, "iin")):
                with pytest.raises(TenantDestroyedError):
                    needed(played.school)
            settle(house)
            house.checkpoint()
        assert verified(played.home)["findings"] == []

    def test_takes_two_different_persons_who_may(self, played: Played) -> None:
        one, other = str(played.administrator), str(played.lead)
        for by, approved, code in (
            (one, one, "ledger.destruction_by_the_same_person"),
            (other, one, "ledger.destruction_by_administrator"),
            (one, str(played.head), "ledger.destruction_by_department_safeguarding_lead"),
            (one, str(new_id()), "common.unknown"),
        ):
            assert code in destroy(played, ok=False, persons=("--by", by, "--approved-by", approved)).output
        assert "ledger.destruction_without_reason" in destroy(played, ok=False, reason=" ").output
        assert verified(played.home)["destroyed"] == []

    def test_goes_on_where_it_was_interrupted(self, played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        """Wherever it was broken off, run again it ends, with one decision and one last event per log."""
        for step in ("end_logs", "destroy_rows", "purge_tenant"):
            with monkeypatch.context() as broken:

                def interrupted(*_: object) -> None:
                    raise KeyboardInterrupt

                broken.setattr(f"shared.runners.destroying.{step}", interrupted)
                destroy(played, ok=False)
        destroy(played)
        destroy(played)
        with House.open(played.home) as house:
            for service in ("reports", "cases"):
                topics = [(row.log, row.topic) for row in rows(house, service, events, played.school)]
                assert topics.count((service, TENANT_DESTROYED)) == 1
        said = verified(played.home)
        assert (said["findings"], said["destroyed"]) == ([], [str(played.school)])

    def test_is_done_again_where_a_backup_brings_it_back(self, played: Played, tmp_path: Path) -> None:
        """Database and key folder come from a backup: what is gone from the folder of today is put back from it."""
        shutil.copytree(played.home, tmp_path / "backup")
        destroy(played)
        shutil.rmtree(played.home / "data")
        shutil.copytree(tmp_path / "backup/data", played.home / "data")
        for file in (tmp_path / "backup/keys/tenants").rglob("*.key"):
            shutil.copy(file, played.home / file.relative_to(tmp_path / "backup"))
        with House.open(played.home) as house:
            assert rows(house, "cases", stream_keys, played.school)
            for name, service in house.services.items():
                back = service.application.destroy_again(INSTALLER)
                assert back == (2 if name == "accounts" else 1), name  # the tenant, and a login name
                assert service.application.destroy_again(INSTALLER) == 0
                follower = Follower(service, house.woken[name][1])
                while follower.follow_once():
                    pass
            house.checkpoint()
            assert not rows(house, "cases", stream_keys, played.school)
            assert not list((played.home / "keys/tenants").rglob(f"{played.school}.*.key"))
            for table in house.services["cases"].parts.metadata.sorted_tables:
                assert not rows(house, "cases", table, played.school), table.name
        assert verified(played.home)["findings"] == []

    def test_is_not_believed_of_a_tenant_whose_keys_are_there(self, played: Played) -> None:
        destroy(played)
        for marker in (played.home / "keys/tenants/cases").glob("*.destroyed"):
            marker.unlink()
        codes = {one["code"] for one in verified(played.home)["findings"]}
        assert codes == {"erased_key_still_there"}
