"""`qorgan audit` on a home with one case: verify, replay, diff, export, check, and what they say of a changed byte."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from cli.audit import app
from cli.house import House
from services.accounts.domain.audit_engagement import AuditEngagement
from services.cases.domain.case import Case
from services.referrals.domain.referral import Referral
from services.reports.domain.report import Report
from shared.audit.tests.independent_checker import wrong_with
from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.tables import events

PERSON = Actor(id=f"person:{new_id()}")
AT = datetime(2026, 9, 7, 4, 30, tzinfo=UTC)
DUE = AT + timedelta(days=3)


class Played(NamedTuple):
    """A home with a case, its report and its referral, beside another case that must not be seen."""

    home: Path
    tenant: UUID
    report: UUID
    case: UUID
    referral: UUID


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The home that every test gets a copy of."""
    home = tmp_path_factory.mktemp("audit") / "home"
    played = Played(home, new_id(), new_id(), new_id(), new_id())
    with House.open(home) as house:
        _save(house, "reports", played.tenant, _report(played.report))
        _save(house, "cases", played.tenant, _case(played.case, played.report))
        _save(house, "referrals", played.tenant, _referral(played.referral, played.case))
        _save(house, "reports", played.tenant, _report(new_id()))
        _save(house, "cases", played.tenant, _case(new_id(), new_id()))
        _save(house, "referrals", played.tenant, _referral(new_id(), new_id()))
    return played


@pytest.fixture
def played(template: Played, tmp_path: Path) -> Played:
    """A home of the test's own."""
    shutil.copytree(template.home, tmp_path / "home")
    return template._replace(home=tmp_path / "home")


class TestVerifying:
    def test_finds_nothing_in_a_sound_home(self, played: Played) -> None:
        done = run("verify", "--json", "--home", played.home)
        assert done.exit_code == 0
        outcome = json.loads(done.stdout)
        assert (outcome["sound"], outcome["findings"]) == (True, [])
        assert outcome["totals"]["events"] == outcome["totals"]["opened"] == 12

    @pytest.mark.parametrize("column", ["payload", "actor", "topic", "recorded_at", "stream", "leaf_hash", "cause"])
    def test_names_whatever_was_changed(self, played: Played, column: str) -> None:
        for service, position in (("reports", 1), ("cases", 2), ("referrals", 3)):
            change(played.home, service, position, column)
        done = run("verify", "--json", "--home", played.home)
        assert done.exit_code == 1
        found = {(one["log"], one["position"]) for one in json.loads(done.stdout)["findings"]}
        assert {("reports", 1), ("cases", 2), ("referrals", 3)} <= found

    def test_prints_the_position(self, played: Played) -> None:
        change(played.home, "cases", 2, "payload")
        done = run("verify", "--home", played.home)
        assert done.exit_code == 1
        assert "the row is not what its leaf hash was made of" in done.stdout

    def test_goes_beside_a_process_that_has_the_home(self, played: Played) -> None:
        with House.open(played.home):
            assert run("verify", "--home", played.home).exit_code == 0
            assert run("replay", played.case, "--home", played.home).exit_code == 0

    def test_says_so_where_there_is_no_home(self, tmp_path: Path) -> None:
        assert run("verify", "--home", tmp_path / "nowhere").exit_code == 1
        assert not (tmp_path / "nowhere").exists()


class TestReplaying:
    @pytest.mark.requirement("CON-01")
    def test_is_recorded_in_every_log_before_anything_is_shown(self, played: Played) -> None:
        run("replay", played.case, "--home", played.home)
        with House.open(played.home) as house:
            for service, stream in (("cases", played.case), ("reports", played.report), ("referrals", played.referral)):
                log = house.services[service].application.access_log
                ((entry, facts),) = log.entries(played.tenant, mentioning=stream)
                assert entry.actor.startswith("operator:")
                assert facts["rule"] == "audit.command_line"

    def test_tells_the_whole_matter_and_nothing_of_others(self, played: Played) -> None:
        done = run("replay", played.case, "--home", played.home, "--language", "en")
        assert done.exit_code == 0
        for said in (
            "A report was received",
            "Case No. 7 of the school year 2026",
            "was drafted",
            "reports.first@2026",
        ):
            assert said in done.stdout
        assert done.stdout.count("was opened from report") == 1

    @pytest.mark.parametrize(("language", "said"), [("kk", "№ 7 іс"), ("ru", "Открыто дело № 7"), ("en", "Case No. 7")])
    def test_speaks_three_languages(self, played: Played, language: str, said: str) -> None:
        assert said in run("replay", played.case, "--home", played.home, "--language", language).stdout

    def test_as_of_a_moment_tells_what_was_recorded_by_then(self, played: Played) -> None:
        until = recorded_at(played.home, "reports", 2)
        done = run("replay", played.case, "--home", played.home, "--as-of", until.isoformat())
        assert "A report was received" in done.stdout
        assert "Case No. 7" not in done.stdout

    def test_marks_an_event_that_does_not_verify(self, played: Played) -> None:
        change(played.home, "cases", 2, "payload")
        assert "does not verify" in run("replay", played.case, "--home", played.home).stdout

    def test_of_an_unknown_case_is_refused(self, played: Played) -> None:
        for unknown in (new_id(), played.report):
            done = run("replay", unknown, "--home", played.home)
            assert (done.exit_code, "case_unknown" in done.stderr) == (1, True)


class TestAnEngagement:
    """An auditor looks under an engagement: its tenants, its time, its purpose."""

    @pytest.mark.parametrize(
        ("tenants", "begins", "refused"),
        [
            ("its own", timedelta(days=-1), ""),
            ("others", timedelta(days=-1), "not_in_the_engagement"),
            ("its own", timedelta(days=1), "engagement_not_open"),
            ("its own", timedelta(days=-9), "engagement_not_open"),
        ],
    )
    def test_opens_what_it_covers_while_it_lasts(
        self, played: Played, tenants: str, begins: timedelta, refused: str
    ) -> None:
        engagement, auditor, now = new_id(), new_id(), datetime.now(UTC)
        opened = AuditEngagement._begin(
            AuditEngagement.Opened,
            id=engagement,
            by=PERSON,
            at=now,
            auditor=auditor,
            tenants=[played.tenant if tenants == "its own" else new_id()],
            scope=["cases"],
            purpose="тексеру",
            starts_at=now + begins,
            ends_at=now + begins + timedelta(days=5),
        )
        with House.open(played.home) as house:
            _save(house, "accounts", new_id(), [opened])
        done = run("replay", played.case, "--engagement", engagement, "--home", played.home)
        assert (done.exit_code, refused in done.stderr) == (1 if refused else 0, True)
        with House.open(played.home) as house:
            entries = house.services["cases"].application.access_log.entries(played.tenant)
        assert [(entry.actor, facts["purpose"]) for entry, facts in entries] == (
            [] if refused else [(f"person:{auditor}", "тексеру")]
        )

    def test_that_is_unknown_opens_nothing(self, played: Played) -> None:
        done = run("replay", played.case, "--engagement", new_id(), "--home", played.home)
        assert (done.exit_code, "engagement_unknown" in done.stderr) == (1, True)


class TestComparing:
    def test_tells_the_events_between_and_the_state_before_and_after(self, played: Played) -> None:
        since = recorded_at(played.home, "cases", 1)
        until = recorded_at(played.home, "cases", 2)
        done = run("diff", played.case, "--from", since.isoformat(), "--to", until.isoformat(), "--home", played.home)
        assert done.exit_code == 0
        assert "joined the case's team as psychologist" in done.stdout
        assert "was received" not in done.stdout
        assert "psychologist" in done.stdout.partition("State at both moments")[2]

    def test_refuses_what_is_no_time(self, played: Played) -> None:
        done = run("diff", played.case, "--from", "yesterday", "--to", "2026-09-01", "--home", played.home)
        assert done.exit_code == 2


class TestExporting:
    @pytest.mark.requirement("CON-05")
    def test_is_protected_by_the_password_and_recorded(self, played: Played, tmp_path: Path) -> None:
        file = export(played, tmp_path)
        assert b"payload" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
        with House.open(played.home) as house:
            for service in ("cases", "reports", "referrals"):
                entries = house.services[service].application.access_log.entries(played.tenant, mentioning=played.case)
                assert [entry.topic for entry, _ in entries] == ["access.exported"]

    def test_is_checked_with_nothing_but_the_file(self, played: Played, tmp_path: Path) -> None:
        file = export(played, tmp_path)
        shutil.rmtree(played.home)
        done = run("check", file, "--password-file", tmp_path / "password")
        assert done.exit_code == 0
        assert "everything verifies" in done.stdout
        assert "Case No. 7" in done.stdout

    def test_is_not_opened_by_another_password(self, played: Played, tmp_path: Path) -> None:
        file = export(played, tmp_path)
        (tmp_path / "password").write_text("another\n")
        assert run("check", file, "--password-file", tmp_path / "password").exit_code == 1

    def test_satisfies_the_independent_checker_when_plain(self, played: Played, tmp_path: Path) -> None:
        run("export", played.case, "-o", tmp_path / "plain.json", "--plain", "--home", played.home)
        assert wrong_with((tmp_path / "plain.json").read_bytes()) == []

    def test_holds_only_under_the_keys_that_are_given(self, played: Played, tmp_path: Path) -> None:
        run("export", played.case, "-o", tmp_path / "plain.json", "--plain", "--home", played.home)
        logs = json.loads((tmp_path / "plain.json").read_text())["logs"]
        keys = {f"--key={log['key']['name']}={log['key']['public_key']}" for log in logs}
        assert run("check", tmp_path / "plain.json", *keys).exit_code == 0
        assert run("check", tmp_path / "plain.json", next(iter(keys))).exit_code == 1

    @pytest.mark.parametrize("column", ["payload", "actor", "topic", "recorded_at", "stream", "leaf_hash", "cause"])
    def test_of_a_changed_event_names_it_when_checked(self, played: Played, tmp_path: Path, column: str) -> None:
        change(played.home, "cases", 1, column)
        change(played.home, "referrals", 2, column)
        file = export(played, tmp_path)
        done = run("check", file, "--password-file", tmp_path / "password")
        assert done.exit_code == 1
        table = [line.split("│") for line in done.stdout.splitlines() if line.count("│") > 3]
        assert {("cases", "1"), ("referrals", "2")} <= {(row[1].strip(), row[2].strip()) for row in table}


def run(*arguments: Any) -> Result:
    """The command with a wide terminal."""
    return CliRunner(env={"COLUMNS": "400"}).invoke(app, [str(one) for one in arguments])


def export(played: Played, folder: Path) -> Path:
    """A protected export of the case."""
    (folder / "password").write_text("құпия сөз\n")
    file = folder / "case.qorgan"
    done = run("export", played.case, "-o", file, "--password-file", folder / "password", "--home", played.home)
    assert done.exit_code == 0, done.output
    return file


def change(home: Path, service: str, position: int, column: str) -> None:
    """Changes one byte of one column of one event, where it lies."""
    with sqlite3.connect(home / "data" / f"{service}.db") as connection:
        connection.execute("DROP TRIGGER events_refuses_update")
        (value,) = connection.execute(f"SELECT {column} FROM events WHERE position = {position}").fetchone()
        if isinstance(value, int):
            changed: Any = value ^ 1
        elif isinstance(value, bytes):
            changed = value[:-1] + bytes([value[-1] ^ 1])
        else:
            text = value or new_id().hex
            changed = ("0" if text[0] != "0" else "1") + text[1:]
        connection.execute(f"UPDATE events SET {column} = ? WHERE position = {position}", (changed,))


def recorded_at(home: Path, service: str, position: int) -> datetime:
    """When an event was recorded."""
    with sqlite3.connect(home / "data" / f"{service}.db") as connection:
        (found,) = connection.execute(f"SELECT recorded_at FROM {events.name} WHERE position = {position}").fetchone()
    return datetime.fromtimestamp(found / 1_000_000, UTC)


def _save(house: House, service: str, tenant: UUID, steps: Any) -> None:
    """Saves an aggregate after each step, so that each event is an append of its own."""
    ledger = house.services[service].application.for_tenant(tenant)
    for aggregate in steps:
        ledger.save(aggregate)


def _report(report: UUID) -> Any:
    aggregate = Report._begin(
        Report.Received,
        id=report,
        by=Actor(id=f"reporter:{report}"),
        at=AT,
        source="staff",
        channel="in_person",
        place="school",
        kinds=["physical"],
        description="Көгерген жері бар.",
        child=None,
        accused=[],
        walled=[],
        walled_roles=[],
        immediate_danger=False,
        timing="past",
        happened_at=None,
        happened_text="",
        on_behalf=False,
        first_action_due_at=DUE,
        first_action_rule="reports.first@2026-01-01",
    )
    yield aggregate
    aggregate._record(Report.UrgentActionTaken, by=PERSON, at=AT, what="Дәрігерге апарылды", informed=["health"])
    yield aggregate


def _case(case: UUID, report: UUID) -> Any:
    aggregate = Case._begin(
        Case.Opened,
        id=case,
        by=Actor(id="policy:when_report_confirmed_open_case"),
        at=AT,
        number=7,
        register_year=2026,
        report=report,
        kinds=["physical"],
        place="school",
        immediate_danger=False,
        walled=[],
        previous=None,
        protocol="",
        assess_by=DUE,
        rule="cases.risk_assessment@2026-01-01",
    )
    yield aggregate
    aggregate._record(Case.TeamMemberJoined, by=PERSON, at=AT, person=new_id(), role="psychologist")
    yield aggregate


def _referral(referral: UUID, case: UUID) -> Any:
    aggregate = Referral._begin(
        Referral.Drafted,
        id=referral,
        by=PERSON,
        at=AT,
        case=case,
        agency=new_id(),
        kind="police",
        purpose="notification",
        urgency="high",
        template="referrals.police@2026-01-01",
        facts={"what": "нұсқаулық бойынша"},
    )
    yield aggregate
    aggregate._record(
        Referral.Approved, by=PERSON, at=AT, case=case, agency=aggregate.agency, fields=["what"], rule="r@2026-01-01"
    )
    yield aggregate
