"""What was heard has an id that every listener works out alike, and so have the commands that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
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
    def test_has_an_id_that_depends_on_its_place_alone(self) -> None:
        """Tenant, source and number; not on when or by whom it was read."""
        assert replace(HEARD, recorded_at=datetime.now(UTC), correlation=uuid4()).id == HEARD.id
        others = [replace(HEARD, tenant=UUID(int=3)), replace(HEARD, source="cases"), replace(HEARD, number=6)]
        assert len({HEARD.id, *(other.id for other in others)}) == 4

    def test_has_an_id_that_never_changes(self) -> None:
        """Ledgers hold it as the cause of what followed: a changed derivation would do everything again."""
        assert HEARD.id == UUID("f803873b-5007-5be0-933a-d89102fe1aab")
        assert HEARD.command_id("when_report_confirmed_open_case") == UUID("7eaea0bb-8082-5654-91cb-efe220b0217a")

    def test_leads_to_one_command_id_for_each_policy(self) -> None:
        """Two policies on one event don't stand in each other's way."""
        assert HEARD.command_id("when_a_do_b") == HEARD.command_id("when_a_do_b")
        assert HEARD.command_id("when_a_do_b") != HEARD.command_id("when_a_do_c")

    def test_acts_as_its_policy(self) -> None:
        """The ledger names the policy as the one who did it."""
        actor = HEARD.actor("when_a_do_b")
        assert (actor.id, actor.is_the_system, actor.person) == ("policy:when_a_do_b", True, None)
