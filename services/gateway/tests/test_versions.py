"""Two people change one thing: every command's route takes the version that its sender saw."""

from __future__ import annotations

from uuid import uuid4

import pytest

from services.gateway.api.routes import Route
from services.gateway.bootstrap import AREAS
from services.gateway.tests.recorded import CASE, Browser, RecordedRpc, refused

COMMANDS = [route for routes, _ in AREAS.values() for route in routes if route.is_command and not route.nameless]


@pytest.mark.parametrize("route", COMMANDS, ids=lambda route: f"{route.method} {route.path}")
def test_every_command_hands_on_the_version_and_answers_a_conflict_with_what_stands(
    rpc: RecordedRpc, browser: Browser, route: Route
) -> None:
    """409 with both versions and the events between, as the service tells them."""
    between = [{"version": 8, "topic": "cases.risk_assessed", "actor": f"person:{CASE}", "at": "2026-11-28T04:00:00Z"}]
    conflict = {"expected": 7, "found": 8, "events": between}
    rpc.table[route.call] = refused("conflict", "common.version_conflict", **conflict)
    path = route.path.format_map({name: str(uuid4()) for name in route.ids})
    answer = browser.post(path, {}, If_Match='"7"')
    assert rpc.payload(route.call)["expected_version"] == 7
    assert answer.status_code == 409
    assert (answer.json or {})["facts"] == conflict
