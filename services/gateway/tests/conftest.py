"""The gateway before recorded services, and somebody signed in before the gateway."""

from __future__ import annotations

import pytest

from services.gateway.tests.recorded import Browser, RecordedRpc, accounts_alone, signed_in


@pytest.fixture
def rpc() -> RecordedRpc:
    """Services of which accounts alone answers."""
    return accounts_alone()


@pytest.fixture
def browser(rpc: RecordedRpc) -> Browser:
    """Somebody signed in at a school, reading English."""
    return signed_in(rpc)
