"""What was heard has an id that every listener works out alike, and so have the commands that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.policy import Heard

AT = datetime(2026, 9, 1, 4, tzinfo=UTC)
HEARD = Heard(
    source="reports",
    tenant=UUID(int=1),
    number=5,
    hash=b"\1" * 32,
    incarnation=UUID(int=2),
    type="reports.report_confirmed.v1",
    happened_at=AT,
    recorded_at=AT,
    cause=None,
)


class TestWhatWasHeard:
    def test_has_an_id_that_depends_on_its_place_and_what_stands_there(self) -> None:
        """Tenant, source, number and hash; not on when or by whom it was read."""
        assert replace(HEARD, recorded_at=datetime.now(UTC), correlation=uuid4()).id == HEARD.id
        others: list[dict[str, Any]] = [
            {"tenant": UUID(int=3)},
            {"source": "cases"},
            {"number": 6},
            {"hash": b"\2" * 32},
        ]
        assert len({HEARD.id, *(replace(HEARD, **other).id for other in others)}) == 5

    def test_has_an_id_that_never_changes(self) -> None:
        """Ledgers hold it as the cause of what followed: a changed derivation would do everything again."""
        assert HEARD.id == UUID("57baca2d-24db-5a97-8b8f-0735bf31f3d3")
        assert HEARD.command_id("when_report_confirmed_open_case") == UUID("a816f734-7d00-5bcc-89e2-81915cd4de4b")

    def test_leads_to_one_command_id_for_each_policy(self) -> None:
        """Two policies on one event don't stand in each other's way."""
        assert HEARD.command_id("when_a_do_b") == HEARD.command_id("when_a_do_b")
        assert HEARD.command_id("when_a_do_b") != HEARD.command_id("when_a_do_c")

    def test_acts_as_its_policy(self) -> None:
        """The ledger names the policy as the one who did it."""
        actor = HEARD.actor("when_a_do_b")
        assert (actor.id, actor.is_the_system, actor.person) == ("policy:when_a_do_b", True, None)
