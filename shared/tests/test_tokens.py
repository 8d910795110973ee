"""Tokens hold for those they were made for, and for nobody and nothing else."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from shared import tokens
from shared.tokens import KeyRing, SigningKey, TokenRefusedError, Verifier

NOW = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
PERSON, SCHOOL, HOME, CAUSE = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def accounts(folder: Path) -> SigningKey:
    return a_key_of("accounts", folder)


@pytest.fixture
def cases(folder: Path) -> SigningKey:
    return a_key_of("cases", folder)


@pytest.fixture
def verifier(folder: Path) -> Verifier:
    return Verifier(KeyRing(folder), "reports")


def a_key_of(service: str, folder: Path) -> SigningKey:
    key = SigningKey.generate(service)
    key.publish(folder)
    return key


def a_person_token(key: SigningKey, *, audience: str = "reports", roles: tuple[str, ...] = ("head",)) -> str:
    return tokens.mint_person_token(
        key, person=PERSON, tenant=SCHOOL, roles=roles, home=HOME, purpose="", audience=audience, now=NOW
    )


def a_service_token(key: SigningKey, *, method: str = "pull", cause: UUID | None = CAUSE) -> str:
    return tokens.mint_service_token(key, service=key.service, audience="reports", method=method, cause=cause, now=NOW)


def encoded(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


def refusal_of(ask: Callable[[], object]) -> str:
    with pytest.raises(TokenRefusedError) as refused:
        ask()
    assert refused.value.code == "common.token_refused"
    assert set(refused.value.facts) == {"reason"}
    return refused.value.reason


class TestAPersonToken:
    def test_names_the_actor_and_the_tenant(self, accounts: SigningKey, verifier: Verifier) -> None:
        claims = verifier.person(a_person_token(accounts, roles=("head", "psychologist")), NOW)
        assert claims.actor.person == PERSON
        assert claims.actor.roles == {"head", "psychologist"}
        assert claims.actor.home == HOME
        assert claims.tenant == SCHOOL

    def test_holds_for_a_minute(self, accounts: SigningKey, verifier: Verifier) -> None:
        token = a_person_token(accounts)
        assert verifier.person(token, NOW + timedelta(seconds=59)).tenant == SCHOOL
        assert refusal_of(lambda: verifier.person(token, NOW + timedelta(seconds=60))) == "expired"

    def test_does_not_hold_before_its_time_but_for_a_little_skew(
        self, accounts: SigningKey, verifier: Verifier
    ) -> None:
        token = a_person_token(accounts)
        assert verifier.person(token, NOW - timedelta(seconds=5)).tenant == SCHOOL
        assert refusal_of(lambda: verifier.person(token, NOW - timedelta(seconds=6))) == "not_yet_valid"

    def test_is_refused_by_another_service(self, accounts: SigningKey, folder: Path) -> None:
        other = Verifier(KeyRing(folder), "cases")
        assert refusal_of(lambda: other.person(a_person_token(accounts), NOW)) == "other_audience"

    def test_is_believed_from_accounts_only(self, cases: SigningKey, verifier: Verifier) -> None:
        assert refusal_of(lambda: verifier.person(a_person_token(cases), NOW)) == "issuers_key_is_another"

    def test_is_refused_when_another_key_claims_to_be_the_issuers(
        self, accounts: SigningKey, cases: SigningKey, verifier: Verifier
    ) -> None:
        forger = SigningKey("accounts", cases.private_key)
        forger.id = accounts.id
        assert refusal_of(lambda: verifier.person(a_person_token(forger), NOW)) == "signature_does_not_hold"
        forger.id = cases.id
        assert refusal_of(lambda: verifier.person(a_person_token(forger), NOW)) == "issuers_key_is_another"

    def test_is_refused_under_a_key_that_nobody_published(self, accounts: SigningKey, verifier: Verifier) -> None:
        stranger = SigningKey.generate("accounts")
        assert refusal_of(lambda: verifier.person(a_person_token(stranger), NOW)) == "unknown_key"

    def test_is_refused_when_its_tenant_was_changed(self, accounts: SigningKey, verifier: Verifier) -> None:
        header, claims, signature = a_person_token(accounts).split(".")
        changed = encoded(decoded(claims) | {"tenant": str(uuid4())})
        assert refusal_of(lambda: verifier.person(f"{header}.{changed}.{signature}", NOW)) == "signature_does_not_hold"

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA"])
    def test_is_refused_under_another_algorithm(self, accounts: SigningKey, verifier: Verifier, algorithm: str) -> None:
        header, claims, signature = a_person_token(accounts).split(".")
        changed = encoded(decoded(header) | {"alg": algorithm})
        for token in (f"{changed}.{claims}.", f"{changed}.{claims}.{signature}"):
            assert refusal_of(partial(verifier.person, token, NOW)) == "other_algorithm"

    @pytest.mark.parametrize("text", ["", "a.b.c", "құпия", ".", "e30.e30.", "a" * 5000])
    def test_is_refused_when_it_is_no_token_at_all(self, verifier: Verifier, text: str) -> None:
        assert refusal_of(lambda: verifier.person(text, NOW)) == "unreadable"

    def test_does_not_stand_in_for_a_session(self, accounts: SigningKey, folder: Path) -> None:
        ours = Verifier(KeyRing(folder), "accounts")
        token = a_person_token(accounts, audience="accounts")
        assert refusal_of(lambda: ours.session(token, NOW)) == "other_kind"


class TestAReportersToken:
    def test_names_a_pseudonym_without_home_or_person(self, accounts: SigningKey, verifier: Verifier) -> None:
        reporter = uuid4()
        token = tokens.mint_reporter_token(accounts, reporter=reporter, tenant=SCHOOL, audience="reports", now=NOW)
        actor = verifier.person(token, NOW).actor
        assert (actor.id, actor.person, actor.home) == (f"reporter:{reporter}", None, None)
        assert actor.roles == {"reporter"}


class TestASessionToken:
    def test_lasts_eight_hours_and_is_for_accounts_alone(self, accounts: SigningKey, folder: Path) -> None:
        session = uuid4()
        token = tokens.mint_session_token(accounts, person=PERSON, home=HOME, session=session, now=NOW)
        ours = Verifier(KeyRing(folder), "accounts")
        claims = ours.session(token, NOW + timedelta(hours=7, minutes=59))
        assert (claims.person, claims.home, claims.session, claims.issued_at) == (PERSON, HOME, session, NOW)
        assert refusal_of(lambda: ours.session(token, NOW + timedelta(hours=8))) == "expired"
        assert refusal_of(lambda: Verifier(KeyRing(folder), "cases").session(token, NOW)) == "other_audience"


class TestAServiceToken:
    def test_names_its_caller_and_cause(self, cases: SigningKey, verifier: Verifier) -> None:
        claims = verifier.service(a_service_token(cases), "pull", NOW)
        assert (claims.caller, claims.method, claims.cause) == ("cases", "pull", CAUSE)
        assert verifier.service(a_service_token(cases, cause=None), "pull", NOW).cause is None

    def test_is_refused_for_another_method(self, cases: SigningKey, verifier: Verifier) -> None:
        token = a_service_token(cases)
        assert refusal_of(lambda: verifier.service(token, "show_report", NOW)) == "other_method"

    def test_is_refused_where_a_person_is_asked_for(self, accounts: SigningKey, verifier: Verifier) -> None:
        assert refusal_of(lambda: verifier.person(a_service_token(accounts), NOW)) == "other_kind"

    def test_cannot_be_minted_in_anothers_name(self, cases: SigningKey) -> None:
        with pytest.raises(ValueError, match="own key"):
            tokens.mint_service_token(cases, service="accounts", audience="reports", method="pull", cause=None, now=NOW)


class TestAKeyRing:
    def test_knows_the_old_key_beside_the_new_one(self, folder: Path, verifier: Verifier) -> None:
        old, new = a_key_of("accounts", folder), a_key_of("accounts", folder)
        assert verifier.person(a_person_token(old), NOW).tenant == SCHOOL
        assert verifier.person(a_person_token(new), NOW).tenant == SCHOOL

    def test_reads_the_folder_again_for_an_unknown_key_but_not_more_than_once_a_second(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = [100.0]
        monkeypatch.setattr("shared.signing.time.monotonic", lambda: at[0])
        ring = KeyRing(folder)
        assert ring.public_key("accounts-00000000") is None
        key = a_key_of("accounts", folder)
        at[0] += 0.9
        assert ring.public_key(key.id) is None
        at[0] += 0.1
        assert ring.public_key(key.id) is not None

    def test_leaves_out_a_key_filed_under_anothers_id(self, folder: Path) -> None:
        key = a_key_of("cases", folder)
        (folder / f"{key.id}.pem").rename(folder / f"accounts-{key.id[-8:]}.pem")
        (folder / "accounts-00000000.pem").write_bytes((folder / f"accounts-{key.id[-8:]}.pem").read_bytes())
        assert KeyRing(folder).public_key("accounts-00000000") is None

    def test_believes_a_key_that_was_taken_out_for_a_minute_at_most(
        self, folder: Path, cases: SigningKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A stolen key is worth nothing soon after its file is gone, in processes that run on too."""
        now = 1000.0
        monkeypatch.setattr("shared.signing.time.monotonic", lambda: now)
        ring = KeyRing(folder)
        assert ring.public_key(cases.id) is not None
        (folder / f"{cases.id}.pem").unlink()
        now += 59
        assert ring.public_key(cases.id) is not None
        now += 1
        assert ring.public_key(cases.id) is None

    def test_leaves_out_what_is_no_key(self, folder: Path, accounts: SigningKey) -> None:
        (folder / "torn-00000000.pem").write_bytes(b"torn")
        assert KeyRing(folder).public_key(accounts.id) is not None

    def test_verifies_signatures_of_the_named_service_only(self, folder: Path, cases: SigningKey) -> None:
        ring = KeyRing(folder)
        signature = cases.sign("оқиға".encode())
        assert ring.verify(cases.id, "оқиға".encode(), signature, "cases")
        assert not ring.verify(cases.id, "өзге".encode(), signature, "cases")
        assert not ring.verify(cases.id, "оқиға".encode(), signature, "accounts")
        assert not ring.verify("cases-00000000", "оқиға".encode(), signature, "cases")


class TestASigningKey:
    def test_comes_back_from_its_file_which_only_its_owner_reads(self, tmp_path: Path) -> None:
        key = SigningKey.generate("referrals")
        path = tmp_path / "keys" / f"{key.id}.pem"
        key.save(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert SigningKey.load(path).id == key.id

    def test_never_replaces_another(self, tmp_path: Path) -> None:
        path = tmp_path / "referrals.pem"
        SigningKey.generate("referrals").save(path)
        with pytest.raises(FileExistsError):
            SigningKey.generate("referrals").save(path)
        assert SigningKey.load(path).service == "referrals"
