"""`qorgan keys`: each kind of key is rotated on a home; all that was before still opens, verifies, is witnessed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from cli.commands import app
from cli.house import House
from cli.installation import found_department
from services.reports.domain.report import Report
from shared.ids import new_id
from shared.ledger.key_acts import KeyAct
from shared.messaging.envelope import ForgedError, open_event
from shared.messaging.pull import pull_page
from shared.sealing.files import shred
from shared.signing import SigningKey
from shared.tokens import TokenRefusedError, Verifier, mint_service_token
from tests.support.quiet_house import confirm_report, settle

REASON = "жылдық ауыстыру"
WIDE = {"COLUMNS": "300"}
TENANT = new_id()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a department, and a school in which a report led to a case."""
    home = tmp_path_factory.mktemp("keys") / "home"
    with House.open(home) as house:
        found_department(house, "Өскемен білім бөлімі", "әкімші", "a long enough password")
        work(house)
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    """A home of the test's own."""
    shutil.copytree(template, tmp_path / "home")
    return tmp_path / "home"


def work(house: House) -> UUID:
    report = confirm_report(house, TENANT)
    settle(house)
    house.checkpoint()
    return report


def qorgan(*arguments: object, ok: bool = True) -> Result:
    done = CliRunner().invoke(app, [str(one) for one in arguments], env=WIDE)
    assert (done.exit_code == 0) == ok, (done.output, done.exception)
    return done


def keys(home: Path, *arguments: object, ok: bool = True) -> Result:
    return qorgan("keys", *arguments, "--home", home, "--reason", REASON, ok=ok)


def listed(home: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(qorgan("keys", "list", "--json", "--home", home).stdout)
    return said


def of(said: dict[str, Any], service: str) -> dict[str, Any]:
    (found,) = (one for one in said["services"] if one["service"] == service)
    return dict(found)


def is_sound(home: Path) -> bool:
    done = CliRunner().invoke(app, ["audit", "verify", "--json", "--home", str(home)], env=WIDE)
    found = json.loads(done.stdout)
    assert not found["findings"], found["findings"]
    return done.exit_code == 0


def acts(home: Path, service: str, tenant: UUID | None = None) -> list[Any]:
    """The events about keys in a log: the tenant's, or the platform's."""
    with House.open(home) as house:
        ledger = house.services[service].application.for_tenant(tenant or house.platform)
        recorded = ledger.recorder.select_notifications(1, 500)
        return [ledger.mapper.to_domain_event(one) for one in recorded if one.topic.startswith("keys.")]


class TestTheListOfKeys:
    def test_has_ids_and_generations_and_no_key(self, home: Path) -> None:
        said = listed(home)
        accounts = of(said, "accounts")
        assert said["master"] == [1]
        assert accounts["signs"].startswith("accounts-")
        assert accounts["believed"] == [accounts["signs"]]
        assert (accounts["master"], accounts["newest"]) == ([1], 1)
        assert not said["readable_by_others"]
        private = (home / "keys/signing/accounts.pem").read_text().splitlines()[1]
        assert private not in qorgan("keys", "list", "--home", home).stdout

    def test_names_private_files_that_others_can_read(self, home: Path) -> None:
        (home / "keys/master.key").chmod(0o640)
        assert listed(home)["readable_by_others"] == ["master.key"]


class TestATenantsKey:
    def test_is_rotated_in_every_service_and_its_old_one_is_gone(self, home: Path) -> None:
        keys(home, "rotate-tenant", TENANT)
        for service in ("reports", "cases"):
            folder = home / "keys/tenants" / service
            assert [path.name for path in folder.glob(f"{TENANT}.*.key")] == [f"{TENANT}.2.key"]
            begun, done = acts(home, service, TENANT)
            assert isinstance(begun, KeyAct.TenantKeyRotationBegun)
            assert (begun.reason, begun.actor.partition(":")[0]) == (REASON, "operator")
            assert done.generation == 2
        assert is_sound(home)

    def test_is_rotated_of_every_tenant(self, home: Path) -> None:
        keys(home, "rotate-tenant", "--all")
        said = listed(home)
        for one in said["services"]:
            assert (one["generations"], one["newest"]) == (one["tenants"], 2 if one["tenants"] else 0)
        assert is_sound(home)

    def test_is_not_rotated_without_a_reason(self, home: Path) -> None:
        qorgan("keys", "rotate-tenant", TENANT, "--home", home, "--reason", " ", ok=False)
        assert not acts(home, "cases", TENANT)

    def test_that_nobody_has_is_said_to_be_unknown(self, home: Path) -> None:
        assert "no service has a key" in keys(home, "rotate-tenant", new_id(), ok=False).output


class TestTheMasterKey:
    def test_is_rotated_and_its_old_one_is_gone(self, home: Path) -> None:
        old = (home / "keys/master.key").read_bytes()
        keys(home, "rotate-master")
        assert listed(home)["master"] == [2]
        assert all(old not in path.read_bytes() for path in (home / "keys").rglob("*") if path.is_file())
        for service in ("reports", "cases"):
            begun, done = acts(home, service)
            assert (begun.generation, begun.reason) == (2, REASON)
            assert done.rewrapped > 0
        assert is_sound(home)

    def test_goes_on_where_its_rotation_was_interrupted(self, home: Path) -> None:
        """A generation that was begun is used, whatever of the files it wraps already."""
        with House.open(home) as house:
            tenant_keys: Any = house.services["cases"].application.parts.tenant_keys
            assert tenant_keys._master.begin_generation() == 2
            next(tenant_keys.rewrap_all())
        assert of(listed(home), "cases")["master"] == [1, 2]
        keys(home, "rotate-master")
        assert listed(home)["master"] == [2]
        assert is_sound(home)

    def test_stays_where_anything_is_left_that_it_wraps(self, home: Path) -> None:
        folder = home / "keys/tenants/elsewhere"
        folder.mkdir(mode=0o700)
        left = next((home / "keys/tenants/cases").glob("*.key"))
        (folder / left.name).write_bytes(left.read_bytes())
        assert "elsewhere" in keys(home, "rotate-master", ok=False).output
        assert listed(home)["master"] == [1, 2]


class TestASigningKey:
    def test_is_followed_by_another_and_what_was_signed_before_is_believed(self, home: Path) -> None:
        with House.open(home) as house:
            events = pull_page(house.services["cases"], TENANT, 0, 5)
            now = datetime.now(UTC)
            token = mint_service_token(
                house.services["cases"].signing_key,
                service="cases",
                audience="reports",
                method="pull",
                now=now,
                cause=None,
            )
        before = (home / "keys/signing/cases.pem").read_bytes()
        keys(home, "rotate-signing", "cases")
        assert all(before != path.read_bytes() for path in (home / "keys").rglob("*") if path.is_file())
        with House.open(home) as house:
            assert open_event(events[0], "cases", house.public_keys).heard.source == "cases"
            Verifier(house.public_keys, "reports").service(token, "pull", now)
            work(house)
            fresh = pull_page(house.services["cases"], TENANT, 0, 500)[-1]
            assert fresh["key_id"] != events[0]["key_id"]
            assert open_event(fresh, "cases", house.public_keys).heard.source == "cases"
        assert is_sound(home)
        (event,) = acts(home, "cases")
        assert (event.previous, event.key) == (events[0]["key_id"], fresh["key_id"])

        keys(home, "rotate-signing", "cases", "--retire")
        with House.open(home) as house:
            with pytest.raises(ForgedError):
                open_event(events[0], "cases", house.public_keys)
            with pytest.raises(TokenRefusedError):
                Verifier(house.public_keys, "reports").service(token, "pull", now)
            assert open_event(fresh, "cases", house.public_keys).heard.source == "cases"
        assert is_sound(home)
        assert of(listed(home), "cases")["former"] == [events[0]["key_id"]]

    def test_is_prepared_and_known_before_it_signs(self, home: Path) -> None:
        signs = of(listed(home), "referrals")["signs"]
        keys(home, "rotate-signing", "referrals", "--prepare")
        prepared = of(listed(home), "referrals")["prepared"]
        partners = json.loads((home / "keys/partners/public.jwks.json").read_text())
        assert [key["kid"] for key in partners["keys"] if key["use"] == "sig"] == [prepared, signs]
        keys(home, "rotate-signing", "referrals")
        said = of(listed(home), "referrals")
        assert (said["signs"], said["prepared"]) == (prepared, None)
        partners = json.loads((home / "keys/partners/public.jwks.json").read_text())
        assert [key["kid"] for key in partners["keys"] if key["use"] == "sig"] == [signs, prepared]

    def test_is_prepared_for_several_services_at_once_if_all_of_them_are_known(self, home: Path) -> None:
        refused = keys(home, "rotate-signing", "cases", "nobody", "--prepare", ok=False)
        assert "a service is one of" in refused.output
        assert of(listed(home), "cases")["prepared"] is None
        said = keys(home, "rotate-signing", "reports", "cases", "--prepare").stdout
        for service in ("reports", "cases"):
            assert f"{service}: {of(listed(home), service)['prepared']} is known" in said
        assert of(listed(home), "accounts")["prepared"] is None

    def test_that_was_switched_when_all_was_interrupted_is_not_prepared_again(self, home: Path) -> None:
        keys(home, "rotate-signing", "cases", "--prepare")
        signing = home / "keys/signing"
        (signing / "cases.pem").write_bytes((signing / "cases.next.pem").read_bytes())
        keys(home, "rotate-signing", "cases")
        assert not (signing / "cases.next.pem").exists()
        assert is_sound(home)

    def test_rotates_without_signing_anybody_out(self, home: Path) -> None:
        """Sessions that the accounts' key of before signed hold, until it is retired."""
        with House.open(home) as house:
            accounts: Any = house.services["accounts"].application
            session = accounts.sign_in(login="әкімші", password="a long enough password")["session"]
        keys(home, "rotate-signing", "accounts")
        with House.open(home) as house:
            accounts = house.services["accounts"].application
            assert accounts.sessions.session(session, datetime.now(UTC))

    def test_exports_what_the_key_before_signed(self, home: Path, tmp_path: Path) -> None:
        """An export is signed by the key of today, also where a log did not grow since."""
        keys(home, "rotate-signing", "cases")
        with House.open(home) as house:
            ledger = house.services["cases"].application.for_tenant(TENANT)
            case = next(
                one.stream for one in ledger.recorder.select_notifications(1, 100) if one.topic == "cases.case_opened"
            )
        file = tmp_path / "case.json"
        qorgan("audit", "export", case, "-o", file, "--plain", "--home", home)
        (part,) = (one for one in json.loads(file.read_text())["logs"] if one["log"] == "cases")
        assert part["key"]["name"] == of(listed(home), "cases")["signs"]
        assert not part["faults"]
        qorgan("audit", "check", file)


class TestAWitness:
    def test_follows_a_rotated_key_and_no_other(self, home: Path, tmp_path: Path) -> None:
        state = tmp_path / "department.json"
        update = ("witness", "update", "--home", home, "--state", state)
        qorgan(*update)
        keys(home, "rotate-signing", "cases")
        qorgan(*update)
        keys(home, "rotate-signing", "cases")
        keys(home, "rotate-signing", "reports", "--prepare")
        qorgan(*update)
        qorgan("witness", "check", state)
        log = next(one for name, one in json.loads(state.read_text())["logs"].items() if "/cases." in name)
        assert len(log["successions"]) == 2
        stranger = SigningKey.generate("cases")
        shred(home / "keys/signing/cases.pem")
        stranger.save(home / "keys/signing/cases.pem")
        with House.open(home) as house:
            work(house)
        assert "another_key" in qorgan(*update, ok=False).output

    def test_follows_nothing_that_a_succeeded_key_says_later(self, home: Path, tmp_path: Path) -> None:
        state = tmp_path / "department.json"
        update = ("witness", "update", "--home", home, "--state", state)
        qorgan(*update)
        old = (home / "keys/signing/cases.pem").read_bytes()
        keys(home, "rotate-signing", "cases")
        qorgan(*update)
        (home / "keys/signing/cases.pem").write_bytes(old)
        with House.open(home) as house:
            work(house)
        assert "another_key" in qorgan(*update, ok=False).output or "superseded_key" in qorgan(*update, ok=False).output


class TestAStreamsKey:
    def test_is_renewed_for_what_comes(self, home: Path) -> None:
        with House.open(home) as house:
            reports = house.services["reports"].application
            ledger = reports.for_tenant(TENANT)
            (report,) = {
                one.stream for one in ledger.recorder.select_notifications(1, 100) if one.topic == Report.Received.TOPIC
            }
            leaked = ledger.keys.get(report)
        keys(home, "renew-stream", "reports", TENANT, report)
        with House.open(home) as house:
            ledger = house.services["reports"].application.for_tenant(TENANT)
            assert ledger.get(Report, report).version
            assert ledger.keys.get(report) != leaked
            assert ledger.keys.all(report)[1] == leaked
        (event,) = acts(home, "reports", TENANT)
        assert (event.stream, event.keys) == (report, 2)
        keys(home, "rotate-tenant", TENANT)
        assert is_sound(home)

    def test_of_a_stream_that_is_not_there_is_unknown(self, home: Path) -> None:
        assert "common.unknown" in keys(home, "renew-stream", "reports", TENANT, new_id(), ok=False).output
