"""The gateway before recorded services, and somebody signed in before the gateway."""

from __future__ import annotations

import pytest

from services.gateway.bootstrap import build
from services.gateway.settings import Settings
from services.gateway.tests.recorded import TENANT, Browser, RecordedRpc, done


@pytest.fixture
def rpc() -> RecordedRpc:
    """Services of which accounts alone answers."""
    return RecordedRpc(
        {
            "accounts.issue_token": done(token="a person's token"),
            "accounts.issue_reporter_token": done(token="a reporter's token"),
        }
    )


@pytest.fixture
def browser(rpc: RecordedRpc) -> Browser:
    """Somebody signed in at a school, reading English."""
    client = build(Settings(), rpc).test_client()
    headers = {"Authorization": "Bearer a session", "X-Qorgan-Tenant": TENANT, "Accept-Language": "en"}
    return Browser(client, headers)
