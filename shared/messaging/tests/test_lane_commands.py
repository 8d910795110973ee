"""What an operator does to a lane: each act holds with its event, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger.lane_acts import LaneAct
from shared.messaging.envelope import PublicEvent, open_event
from shared.messaging.lane_commands import LaneRefusedError, all_events, event_of, lane_of, lanes_of, retry, skip
from shared.messaging.pull import pull_page
from shared.testing.toy_services import UNLUCKY, ToyHouse

OPERATOR = Actor(id="operator:гүлнәр")
WHY = "the handler is mended"


@pytest.fixture
def tenant() -> UUID:
    """A school of the test's own."""
    return new_id()


def acts(toys: ToyHouse, tenant: UUID) -> list[Any]:
    """The operator's acts in beta's log."""
    ledger = toys.beta.for_tenant(tenant)
    opened = [ledger.mapper.to_domain_event(one) for one in ledger.recorder.select_notifications(1, 1000)]
    return [event for event in opened if type(event).__qualname__.startswith("LaneAct.")]


def broken_at_the_first(toys: ToyHouse, tenant: UUID) -> list[PublicEvent]:
    """Two events, the first of which beta's handler fails at."""
    toys.ring_all(tenant, 2)
    toys.beta.breaks_in.add(tenant)
    toys.lanes().take(toys.events(tenant)[0])
    return toys.events(tenant)


def retried(toys: ToyHouse, tenant: UUID) -> Any:
    return retry(toys.toys["beta"].service, "alpha", tenant, OPERATOR, WHY)


class TestRetrying:
    def test_has_the_lane_tried_at_once_and_says_so(self, toys: ToyHouse, tenant: UUID) -> None:
        """Not when its patience would have ended."""
        broken_at_the_first(toys, tenant)
        for _ in range(5):
            toys.lanes().wait(tenant, "alpha", "ToyBrokenError")
        toys.beta.breaks_in.clear()
        toys.filler().fill_once()
        assert toys.lane(tenant) == 0
        assert retried(toys, tenant).reason == "ToyBrokenError"
        toys.filler().fill_once()
        assert (toys.lane(tenant), toys.waiting(tenant)) == (2, None)
        (act,) = acts(toys, tenant)
        assert isinstance(act, LaneAct.LaneRetried)
        assert (act.actor, act.source, act.was, act.reason) == (OPERATOR.id, "alpha", "ToyBrokenError", WHY)

    def test_does_not_make_a_lie_true(self, toys: ToyHouse, tenant: UUID) -> None:
        """What stopped the lane stops it again."""
        toys.ring_all(tenant, 1)
        (event,) = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(event)
        other = PublicEvent(replace(event.heard, hash=b"\7" * 32), event.body)
        lanes.take(other)
        retried(toys, tenant)
        lanes.take(other)
        assert toys.waiting(tenant).reason == "alarm:other_hash"

    def test_is_refused_where_the_lane_waits_for_nothing(self, toys: ToyHouse, tenant: UUID) -> None:
        with pytest.raises(LaneRefusedError, match="lane_not_waiting"):
            retried(toys, tenant)
        assert acts(toys, tenant) == []


class TestSkipping:
    def test_settles_exactly_one_event_without_effect(self, toys: ToyHouse, tenant: UUID) -> None:
        first, second = broken_at_the_first(toys, tenant)
        skip(toys.toys["beta"].service, first, OPERATOR, WHY)
        toys.beta.breaks_in.clear()
        toys.filler().fill_once()
        assert (toys.outcomes(tenant), toys.lane(tenant)) == (["skipped", "done"], 2)
        ledger = toys.beta.for_tenant(tenant)
        opened: list[Any] = [ledger.mapper.to_domain_event(one) for one in ledger.recorder.select_notifications(1, 10)]
        act, repeated = opened
        assert isinstance(act, LaneAct.PublicEventSkipped)
        assert (act.number, act.type, act.hash) == (1, "alpha.bell_rung.v1", first.heard.hash.hex())
        assert (act.actor, act.reason, repeated.number) == (OPERATOR.id, WHY, second.body["number"])

    @pytest.mark.parametrize("place", [1, 2])
    def test_is_refused_for_any_other_than_the_next(self, toys: ToyHouse, tenant: UUID, place: int) -> None:
        """One that was handled, or one behind the next."""
        toys.ring_all(tenant, 3)
        toys.lanes().take(toys.events(tenant)[0])
        event = toys.events(tenant)[0 if place == 1 else 2]
        with pytest.raises(LaneRefusedError, match="not_the_next_number"):
            skip(toys.toys["beta"].service, event, OPERATOR, WHY)
        assert (toys.lane(tenant), acts(toys, tenant)) == (1, [])

    def test_is_refused_while_the_lane_stands_still(self, toys: ToyHouse, tenant: UUID) -> None:
        """Another history is not got around one event at a time."""
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(first)
        lanes.stop(tenant, "alpha", 1, "other_hash")
        with pytest.raises(LaneRefusedError, match="lane_stopped"):
            skip(toys.toys["beta"].service, second, OPERATOR, WHY)
        assert acts(toys, tenant) == []

    def test_is_refused_for_an_event_of_another_incarnation(self, toys: ToyHouse, tenant: UUID) -> None:
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        toys.lanes().take(first)
        other = PublicEvent(replace(second.heard, incarnation=new_id()), second.body)
        with pytest.raises(LaneRefusedError, match="other_incarnation"):
            skip(toys.toys["beta"].service, other, OPERATOR, WHY)
        assert (toys.lane(tenant), acts(toys, tenant)) == (1, [])


class TestTheList:
    def test_shows_what_each_lane_waits_for_and_since_when(self, toys: ToyHouse, tenant: UUID) -> None:
        """`since` stays while it is tried again."""
        broken_at_the_first(toys, tenant)
        beta = toys.toys["beta"].service
        before = lane_of(beta, "alpha", tenant)
        toys.lanes().wait(tenant, "alpha", "ToyBrokenError")
        (after,) = [lane for lane in lanes_of(beta) if lane.tenant == tenant]
        assert (after.reason, after.attempts, before.attempts) == ("ToyBrokenError", 2, 1)
        assert after.since is not None
        assert after.since == before.since
        assert after.retry_at is not None
        assert after.retry_at > after.since

    def test_has_lanes_that_wait_for_nothing(self, toys: ToyHouse, tenant: UUID) -> None:
        toys.ring(tenant, number=UNLUCKY)
        toys.lanes().take(toys.events(tenant)[0])
        lane = lane_of(toys.toys["beta"].service, "alpha", tenant)
        assert (lane.number, lane.reason, lane.is_stopped) == (1, "", False)


class TestASourcesEvents:
    def test_are_read_page_by_page(self, sqlite_toys: ToyHouse, tenant: UUID) -> None:
        numbers = sqlite_toys.ring_all(tenant, 5)

        def pull(tenant: UUID, after: int) -> list[PublicEvent]:
            page = pull_page(sqlite_toys.toys["alpha"].service, tenant, after, 2)
            return [open_event(message, "alpha", sqlite_toys.public_keys) for message in page]

        assert [event.body["number"] for event in all_events(pull, tenant)] == numbers
        assert event_of(pull, tenant, 3).heard.number == 3
        with pytest.raises(LaneRefusedError, match="source_has_no_such_number"):
            event_of(pull, tenant, 6)
