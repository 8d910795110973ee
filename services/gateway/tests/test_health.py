"""Whether the gateway and every service behind it answer."""

from __future__ import annotations

import pytest

from services.gateway.api.health import Pulse
from services.gateway.bootstrap import build
from services.gateway.clients import Services
from services.gateway.settings import Settings
from services.gateway.tests.recorded import Browser, RecordedRpc, refused
from shared.messaging.rpc import ServiceFailedError, ServiceLateError

SERVICES = ("reports", "cases", "referrals", "monitoring", "accounts")


@pytest.fixture
def rpc() -> RecordedRpc:
    """Services that refuse a call without a token, as they do when they are there."""
    there = refused("token", "common.token_refused", reason="unreadable")
    return RecordedRpc({f"{service}.heads": there for service in SERVICES})


@pytest.fixture
def browser(rpc: RecordedRpc) -> Browser:
    """Before a gateway of its own: one keeps for a second how its services were."""
    return Browser(build(Settings(), rpc).test_client(), {})


class TestHealth:
    def test_is_ok_while_every_service_answers(self, browser: Browser) -> None:
        """Without session and tenant."""
        answer = browser.client.get("/api/v1/health")
        assert answer.status_code == 200
        assert answer.json == {"status": "ok", "services": dict.fromkeys(SERVICES, "ok")}

    @pytest.mark.parametrize(
        "error", [ServiceLateError("cases", "heads"), ServiceFailedError("cases", "heads", "not_running")]
    )
    def test_names_the_service_that_does_not(self, rpc: RecordedRpc, browser: Browser, error: Exception) -> None:
        """503."""
        rpc.table["cases.heads"] = error
        answer = browser.client.get("/api/v1/health")
        assert answer.status_code == 503
        assert answer.json == {"status": "away", "services": dict.fromkeys(SERVICES, "ok") | {"cases": "away"}}

    def test_is_taken_once_a_second_however_many_ask(self, rpc: RecordedRpc) -> None:
        """Nobody makes the services busy by asking."""
        seconds = [10.0]
        pulse = Pulse(Services(rpc, 2), ("cases",), now=lambda: seconds[0])
        for passed in (0, 0.5, 0.4, 0.1, 0.9):
            seconds[0] += passed
            pulse.take()
        assert len(rpc.calls("cases.heads")) == 2
