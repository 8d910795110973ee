"""Sessions, tokens and their short lives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.gateway.access import Access, Caller
from services.gateway.clients import RefusedError, Services
from services.gateway.tests.recorded import POSITION, REPORT, TENANT, Browser, RecordedRpc, done, listed, refused

REPORTED = {"source": "child_victim", "channel": "web", "description": "…"}


class FakeClock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Now."""
        return self.seconds


def counting() -> Iterator[dict[str, object]]:
    """Tokens that differ."""
    number = 0
    while True:
        number += 1
        yield done(token=f"token {number}")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands."""
    return FakeClock()


@pytest.fixture
def access(rpc: RecordedRpc, clock: FakeClock) -> Access:
    """Access to services that issue a new token each time; three are held at most."""
    issued = counting()
    rpc.table["accounts.issue_token"] = lambda: next(issued)
    return Access(Services(rpc, 10), seconds=50, most=3, now=clock)


def caller(session: str | None = "a session", tenant: str = TENANT, purpose: str = "") -> Caller:
    """Somebody."""
    return Caller(session=session, tenant=tenant, purpose=purpose)


class TestATokenOfASession:
    def test_is_used_again_for_less_than_its_life(self, access: Access, clock: FakeClock) -> None:
        """Tokens live 60 s; ours are held for 50."""
        first = access.token(caller(), "cases")
        clock.seconds += 49.9
        assert access.token(caller(), "cases") == first
        clock.seconds += 0.1
        assert access.token(caller(), "cases") != first

    @pytest.mark.parametrize(
        ("other", "audience"),
        [
            (caller(session="another"), "cases"),
            (caller(tenant=REPORT), "cases"),
            (caller(purpose="audit:1"), "cases"),
            (caller(), "reports"),
        ],
    )
    def test_is_for_one_session_service_tenant_and_purpose(self, access: Access, other: Caller, audience: str) -> None:
        """Nobody gets what was issued for anything else."""
        assert access.token(caller(), "cases") != access.token(other, audience)

    def test_is_dropped_when_too_many_are_held(self, access: Access, rpc: RecordedRpc) -> None:
        """Memory is bounded: the one longest unused goes."""
        for number in range(4):
            access.token(caller(session=str(number)), "cases")
        access.token(caller(session="3"), "cases")
        assert len(rpc.calls("accounts.issue_token")) == 4
        access.token(caller(session="0"), "cases")
        assert len(rpc.calls("accounts.issue_token")) == 5

    def test_is_not_given_without_a_session(self, access: Access) -> None:
        """Whoever isn't signed in gets none."""
        with pytest.raises(RefusedError) as no_session:
            access.token(caller(session=None), "cases")
        assert no_session.value.kind == "token"

    def test_is_bought_anew_after_a_service_did_not_take_it(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A token that a service refuses is not used again."""
        rpc.table["cases.my_cases"] = refused("token", "common.token_refused", reason="unknown_key")
        assert browser.get("/cases").status_code == 401
        rpc.table["cases.my_cases"] = listed()
        assert browser.get("/cases").status_code == 200
        assert len(rpc.calls("accounts.issue_token")) == 2


class TestSigningIn:
    def test_gives_a_session(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Neither session nor tenant is needed for it."""
        rpc.table["accounts.sign_in"] = done(session="new", person=REPORT, home=TENANT)
        said = {"login": "aigul", "password": "құпиясөз 123"}
        answer = browser.without("Authorization", "X-Qorgan-Tenant").post("/sessions", said)
        assert (answer.status_code, answer.json) == (201, {"session": "new", "person": REPORT, "home": TENANT})
        assert rpc.calls("accounts.sign_in") == [({"data": said},)]

    def test_that_is_refused_is_401(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Wrong, unknown and locked are one answer."""
        rpc.table["accounts.sign_in"] = refused("refused", "accounts.sign_in_refused")
        answer = browser.post("/sessions", {"login": "a", "password": "b"})
        assert answer.status_code == 401
        assert answer.json is not None
        assert answer.json["code"] == "accounts.sign_in_refused"


class TestWhoeverIsNotSignedIn:
    @pytest.mark.parametrize("header", [None, "Basic YTpi", "Bearer ", "a session"])
    def test_hears_401_before_anything_else(self, rpc: RecordedRpc, browser: Browser, header: str | None) -> None:
        """No fault of the request is told, and no service asked."""
        stranger = browser.without("Authorization", "X-Qorgan-Tenant")
        answer = stranger.get("/cases") if header is None else stranger.get("/cases", Authorization=header)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert rpc.asked == []

    def test_may_report_under_a_pseudonym(self, rpc: RecordedRpc, browser: Browser) -> None:
        """An anonymous report goes with a reporter's token of the school, a new one each time."""
        rpc.table["reports.receive_report"] = done(POSITION, report=REPORT, state="received")
        stranger = browser.without("Authorization")
        for _ in range(2):
            assert stranger.post("/reports", REPORTED).status_code == 201
        assert rpc.calls("accounts.issue_reporter_token") == [({"data": {"tenant": TENANT}},)] * 2
        assert rpc.calls("reports.receive_report")[0][0] == "a reporter's token"

    def test_is_not_told_how_long_the_schools_log_is(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Positions would show how much goes on at the school."""
        rpc.table["reports.receive_report"] = done(POSITION, report=REPORT, state="received")
        assert "X-Qorgan-Position" in browser.post("/reports", REPORTED).headers
        assert "X-Qorgan-Position" not in browser.without("Authorization").post("/reports", REPORTED).headers

    @pytest.mark.requirement("REP-03")
    def test_comes_back_by_a_receipt_in_the_body_and_in_no_address(self, rpc: RecordedRpc, browser: Browser) -> None:
        """A session sent along is not looked at, so that no service is told whose it is."""
        rpc.table["reports.report_by_receipt"] = done(state="received", received_at="", messages=[])
        rpc.table["reports.add_facts"] = done(POSITION, state="received")
        receipt = "7H2K-9QXA-0000-1111-2222-3333"
        for one in (browser, browser.without("Authorization")):
            assert one.post("/receipt", {"receipt": receipt}).status_code == 200
            assert "X-Qorgan-Position" not in one.post("/receipt/facts", {"receipt": receipt, "text": "Тағы"}).headers
        for call in ("reports.report_by_receipt", "reports.add_facts"):
            assert {args[0] for args in rpc.calls(call)} == {"a reporter's token"}
            assert rpc.payload(call)["data"]["receipt"] == receipt
        assert rpc.calls("accounts.issue_token") == []
        assert browser.post(f"/receipt?receipt={receipt}", {}).status_code == 422

    def test_may_do_nothing_else(self, rpc: RecordedRpc, browser: Browser) -> None:
        """Reading reports needs a session."""
        assert browser.without("Authorization").get(f"/reports/{REPORT}").status_code == 401


class TestASessionThatHasEnded:
    def test_is_401(self, rpc: RecordedRpc, browser: Browser) -> None:
        """What accounts says of the session reaches the caller."""
        rpc.table["accounts.issue_token"] = refused("token", "common.token_refused", reason="session_ended")
        answer = browser.get("/cases")
        assert answer.status_code == 401
        assert answer.json is not None
        assert answer.json["facts"] == {"reason": "session_ended"}
