"""One tenant's events from one source are handled in order, each once, whatever the broker does to the messages."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text

from shared.ids import new_id
from shared.ledger.append import InboxMark
from shared.ledger.tables import inbox, waiting_lanes
from shared.messaging import lanes as lanes_module
from shared.messaging.envelope import PublicEvent
from shared.messaging.lanes import Lanes, Outcome
from shared.testing.toy_services import SOMEBODY, TOO_MUCH, UNLUCKY, Ring, ToyHouse
from shared.testing.waiting import wait_until

Run = Callable[[Callable[[threading.Event], None]], threading.Thread]


@pytest.fixture
def tenant() -> UUID:
    """A school of the test's own."""
    return new_id()


def changed(event: PublicEvent, **facts: Any) -> PublicEvent:
    """The event as another source, or another history, would tell it."""
    return PublicEvent(replace(event.heard, **facts), event.body)


class TestTheNextEvent:
    def test_is_handled_with_its_position(self, toys: ToyHouse, tenant: UUID) -> None:
        """Effect, inbox row and lane move together."""
        toys.ring(tenant, number=7)
        assert toys.lanes().take(toys.events(tenant)[0]) == Outcome.DONE
        assert (toys.heard(tenant), toys.outcomes(tenant), toys.lane(tenant)) == ([7], ["done"], 1)

    def test_leaves_no_effect_where_its_position_cannot_be_kept(
        self, toys: ToyHouse, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An inbox row that the database refuses takes the effect back with it: they are one transaction."""
        toys.ring(tenant, number=7)
        event = toys.events(tenant)[0]

        def unreadable(**facts: Any) -> InboxMark:
            return InboxMark(**{**facts, "outcome": None})

        monkeypatch.setattr(lanes_module, "InboxMark", unreadable)
        monkeypatch.setattr(lanes_module, "_with_outcome", lambda mark, _: mark)
        assert toys.lanes().take(event) == Outcome.WAITING
        assert (toys.heard(tenant), toys.outcomes(tenant), toys.lane(tenant)) == ([], [], 0)
        monkeypatch.undo()
        assert toys.lanes().take(event) == Outcome.DONE
        assert toys.heard(tenant) == [7]

    def test_that_nothing_reacts_to_is_ignored_and_counted(self, toys: ToyHouse, tenant: UUID) -> None:
        """An event of a type without reaction moves the lane."""
        toys.ring(tenant, number=7)
        event = changed(toys.events(tenant)[0], type="alpha.bell_cast.v1")
        assert toys.lanes().take(event) == Outcome.DONE
        assert (toys.heard(tenant), toys.outcomes(tenant), toys.lane(tenant)) == ([], ["ignored"], 1)

    def test_that_several_commands_follow_does_them_all(self, toys: ToyHouse, tenant: UUID) -> None:
        """The lane moves with the last of them."""
        toys.ring(tenant, number=7, times=3)
        assert toys.lanes().take(toys.events(tenant)[0]) == Outcome.DONE
        assert (toys.heard(tenant), toys.outcomes(tenant)) == ([7, 7, 7], ["done"])


class TestAnEventHeardAgain:
    def test_does_nothing(self, toys: ToyHouse, tenant: UUID) -> None:
        """Same number, same hash: a duplicate."""
        toys.ring(tenant, number=7)
        event = toys.events(tenant)[0]
        toys.lanes().take(event)
        assert [toys.lanes().take(event) for _ in range(3)] == [Outcome.DUPLICATE] * 3
        assert (toys.heard(tenant), toys.waiting(tenant)) == ([7], None)

    def test_is_harmless_after_a_crash_between_effect_and_acknowledgement(self, toys: ToyHouse, tenant: UUID) -> None:
        """Another process gets the message that the first had handled and not acknowledged."""
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        toys.lanes().take(first)
        successor = Lanes(toys.reopen("beta").service.application)
        assert [successor.take(first), successor.take(second)] == [Outcome.DUPLICATE, Outcome.DONE]
        assert toys.heard(tenant) == [101, 102]

    def test_is_handled_to_its_end_where_the_crash_came_between_two_commands(
        self, toys: ToyHouse, tenant: UUID
    ) -> None:
        """What was done in another tenant before the crash is not done twice; what was missing is done."""
        also = new_id()
        toys.ring(tenant, number=7, also=also)
        event = toys.events(tenant)[0]
        toys.beta.breaks_in.add(tenant)
        assert toys.lanes().take(event) == Outcome.WAITING
        assert (toys.heard(also), toys.heard(tenant), toys.lane(tenant)) == ([7], [], 0)
        toys.beta.breaks_in.clear()
        assert toys.lanes().take(event) == Outcome.DONE
        assert (toys.heard(also), toys.heard(tenant), toys.lane(tenant)) == ([7], [7], 1)


class TestAnotherHistory:
    def test_under_a_known_number_stops_the_lane(self, toys: ToyHouse, tenant: UUID) -> None:
        """Same number, other hash: the source was restored or lies; nothing more is taken from it for this tenant."""
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(first)
        assert lanes.take(changed(first, hash=b"\7" * 32)) == Outcome.STOPPED
        lanes.wait(tenant, "alpha", "ValueError")
        assert toys.waiting(tenant).reason == "alarm:other_hash"
        assert lanes.take(second) == Outcome.STOPPED
        assert (toys.heard(tenant), toys.lane(tenant)) == ([101], 1)

    def test_of_another_incarnation_stops_the_lane(self, toys: ToyHouse, tenant: UUID) -> None:
        """A source that began anew is not followed until somebody decides."""
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(first)
        assert lanes.take(changed(second, incarnation=new_id())) == Outcome.STOPPED
        assert toys.waiting(tenant).reason == "alarm:other_incarnation"
        assert lanes.take(second) == Outcome.STOPPED
        assert toys.heard(tenant) == [101]

    def test_is_not_filled_from_the_source(self, toys: ToyHouse, tenant: UUID) -> None:
        """The alarm stays, however often the filler comes by; another tenant's lane goes on."""
        toys.ring_all(tenant, 2)
        first, _ = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(first)
        lanes.take(changed(first, hash=b"\7" * 32))
        other = new_id()
        numbers = toys.ring_all(other, 2)
        filler = toys.filler(lanes)
        for _ in range(3):
            filler.note_silent_gaps()
            filler.fill_once()
        assert (toys.heard(tenant), toys.waiting(tenant).reason) == ([101], "alarm:other_hash")
        assert toys.heard(other) == numbers

    @pytest.mark.parametrize("reason", ["gap", "ToyBrokenError"])
    def test_stays_stopped_where_another_replica_has_it_wait_at_the_same_time(
        self, postgres_toys: ToyHouse, tenant: UUID, reason: str
    ) -> None:
        """The other has looked before the alarm was there, and writes after: the alarm stays."""
        database = postgres_toys.beta.parts.database
        alarm = {"tenant": tenant, "source": "alpha", "retry_at": 0, "attempts": 1, "reason": "alarm:other_hash"}
        waits = text("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

        def other_waits() -> bool:
            with database.autocommit() as connection:
                return bool(connection.scalar(waits))

        with ThreadPoolExecutor(1) as threads:
            with database.tenant(tenant) as connection:
                connection.execute(insert(waiting_lanes).values(**alarm))
                other = threads.submit(postgres_toys.lanes().wait, tenant, "alpha", reason)
                wait_until(other_waits, 60, "the other replica to wait for the alarm's row")
            other.result(timeout=10)
        assert postgres_toys.waiting(tenant).reason == "alarm:other_hash"


class TestAGap:
    def test_is_written_down_and_leaves_the_message_to_be_acknowledged(self, toys: ToyHouse, tenant: UUID) -> None:
        """Number 3 after number 1: the lane waits, nothing is handled out of order."""
        toys.ring_all(tenant, 3)
        first, _, third = toys.events(tenant)
        lanes = toys.lanes()
        lanes.take(first)
        assert lanes.take(third) == Outcome.WAITING
        assert (toys.waiting(tenant).reason, toys.heard(tenant)) == ("gap", [101])

    def test_has_no_effect_anywhere_before_it_is_closed(self, toys: ToyHouse, tenant: UUID) -> None:
        """Not in another tenant either, whose effects come before the position."""
        also = new_id()
        toys.ring(tenant, number=6)
        toys.ring(tenant, number=7, also=also)
        toys.lanes().take(toys.events(tenant)[1])
        assert (toys.heard(also), toys.heard(tenant), toys.beta.tried) == ([], [], [])

    def test_closes_by_itself_where_the_missing_one_was_only_late(self, toys: ToyHouse, tenant: UUID) -> None:
        """Two workers in the wrong order: the later event waits a moment for the earlier."""
        toys.ring_all(tenant, 2)
        first, second = toys.events(tenant)
        lanes = toys.lanes()
        with ThreadPoolExecutor(1) as threads:
            later = threads.submit(lanes.take, second)
            assert lanes.take(first) == Outcome.DONE
            assert later.result() == Outcome.DONE
        assert (toys.heard(tenant), toys.waiting(tenant)) == ([101, 102], None)

    def test_is_filled_from_the_source(self, toys: ToyHouse, tenant: UUID) -> None:
        """The filler pulls what is missing and what came after it, and the lane waits no more."""
        numbers = toys.ring_all(tenant, 5)
        lanes = toys.lanes()
        lanes.take(toys.events(tenant)[4])
        toys.filler(lanes).fill_once()
        assert (toys.heard(tenant), toys.waiting(tenant)) == (numbers, None)


class TestEventsOutOfOrder:
    def test_end_handled_once_and_in_order_in_every_tenant(self, toys: ToyHouse, running_threads: Run) -> None:
        """200 events of 5 tenants, shuffled and partly doubled, over 8 threads and two replicas."""
        tenants = [new_id() for _ in range(5)]
        numbers = {tenant: toys.ring_all(tenant, 40) for tenant in tenants}
        messages = [event for tenant in tenants for event in toys.events(tenant)]
        messages += random.sample(messages, 30)
        random.shuffle(messages)
        replicas = [toys.lanes(), Lanes(toys.reopen("beta").service.application)]
        running_threads(toys.filler(replicas[0]).run)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda at: replicas[at[0] % 2].take(at[1]), enumerate(messages)))
        wait_until(lambda: all(toys.lane(tenant) == 40 for tenant in tenants), 60, "every lane to come to its end")
        assert {tenant: toys.heard(tenant) for tenant in tenants} == numbers


class TestAHandlerThatFails:
    def test_leaves_other_tenants_alone(self, toys: ToyHouse, tenant: UUID) -> None:
        """Its lane waits, named by the exception's type and nothing of its text; theirs go on."""
        other = new_id()
        toys.ring_all(tenant, 1)
        toys.ring_all(other, 1)
        toys.beta.breaks_in.add(tenant)
        lanes = toys.lanes()
        assert lanes.take(toys.events(tenant)[0]) == Outcome.WAITING
        assert lanes.take(toys.events(other)[0]) == Outcome.DONE
        assert (toys.waiting(tenant).reason, toys.heard(tenant), toys.heard(other)) == ("ToyBrokenError", [], [101])

    def test_is_tried_again_later_and_later(self, toys: ToyHouse, tenant: UUID) -> None:
        """The delay doubles with each attempt and has an upper limit."""
        toys.ring_all(tenant, 1)
        toys.beta.breaks_in.add(tenant)
        lanes, event = toys.lanes(), toys.events(tenant)[0]
        for attempt, delay in enumerate((0.2, 0.4, 0.8, 1.6), start=1):
            before = toys.clock.now().timestamp()
            lanes.take(event)
            row = toys.waiting(tenant)
            assert row.attempts == attempt
            assert before + delay <= row.retry_at / 1_000_000 <= toys.clock.now().timestamp() + delay
        for _ in range(12):
            lanes.take(event)
        assert toys.waiting(tenant).retry_at / 1_000_000 - toys.clock.now().timestamp() <= 300

    def test_is_not_put_off_by_news(self, toys: ToyHouse, tenant: UUID) -> None:
        """Messages behind the failing event, and the source's heads, change nothing of when it is tried again."""
        toys.ring_all(tenant, 4)
        toys.beta.breaks_in.add(tenant)
        lanes, events = toys.lanes(), toys.events(tenant)
        lanes.take(events[0])
        before = toys.waiting(tenant)
        for event in events[1:]:
            assert lanes.take(event) == Outcome.WAITING
        toys.filler(lanes).note_silent_gaps()
        assert toys.waiting(tenant) == before

    def test_heals_when_it_is_repaired(self, toys: ToyHouse, tenant: UUID, running_threads: Run) -> None:
        """The filler comes back by itself; what came meanwhile follows in order, and the lane waits no more."""
        numbers = toys.ring_all(tenant, 3)
        toys.beta.breaks_in.add(tenant)
        lanes = toys.lanes()
        for event in toys.events(tenant):
            lanes.take(event)
        running_threads(toys.filler(lanes).run)
        wait_until(lambda: toys.waiting(tenant).attempts >= 2, 60, "a second attempt")
        toys.beta.breaks_in.clear()
        wait_until(lambda: toys.waiting(tenant) is None, 60, "the lane to wait no more")
        assert toys.heard(tenant) == numbers

    def test_leaves_no_failed_attempts_behind_once_it_works(self, toys: ToyHouse, tenant: UUID) -> None:
        """Repaired and heard again from the broker: the filler looks at once for what came meanwhile."""
        toys.ring_all(tenant, 2)
        toys.beta.breaks_in.add(tenant)
        lanes, events = toys.lanes(), toys.events(tenant)
        for event in events:
            lanes.take(event)
        toys.beta.breaks_in.clear()
        assert lanes.take(events[0]) == Outcome.DONE
        row = toys.waiting(tenant)
        assert (row.reason, row.attempts) == ("gap", 0)
        toys.filler(lanes).fill_once()
        assert (toys.heard(tenant), toys.waiting(tenant)) == ([101, 102], None)

    def test_is_any_reader_or_policy_too(self, toys: ToyHouse, tenant: UUID) -> None:
        """A body that our reader does not understand stops this lane, not the listener."""
        toys.ring_all(tenant, 1)
        event = toys.events(tenant)[0]
        assert toys.lanes().take(PublicEvent(event.heard, {})) == Outcome.WAITING
        assert (toys.waiting(tenant).reason, toys.lane(tenant)) == ("KeyError", 0)


class TestARefusal:
    def test_is_an_outcome_and_not_tried_again(self, toys: ToyHouse, tenant: UUID) -> None:
        """The domain said no: the lane moves, and its inbox keeps the code."""
        toys.ring(tenant, number=UNLUCKY)
        toys.ring(tenant, number=14)
        lanes = toys.lanes()
        assert [lanes.take(event) for event in toys.events(tenant)] == [Outcome.DONE, Outcome.DONE]
        assert toys.outcomes(tenant) == ["beta.unlucky_number", "done"]
        assert (toys.heard(tenant), toys.waiting(tenant)) == ([14], None)
        assert len(toys.beta.tried) == 2

    def test_of_one_command_does_not_keep_the_others_from_being_done(self, toys: ToyHouse, tenant: UUID) -> None:
        """Each of several commands has its own outcome."""
        also = new_id()
        toys.ring(tenant, number=UNLUCKY, also=also)
        assert toys.lanes().take(toys.events(tenant)[0]) == Outcome.DONE
        assert toys.outcomes(tenant) == ["beta.unlucky_number,beta.unlucky_number"]

    def test_on_the_publishers_side_publishes_nothing(self, toys: ToyHouse, tenant: UUID) -> None:
        """A refused command leaves neither event nor number behind."""
        with pytest.raises(Exception, match=r"alpha\.bell_too_loud"):
            toys.ring(tenant, number=TOO_MUCH + 1)
        toys.ring(tenant, number=7)
        assert [event.heard.number for event in toys.events(tenant)] == [1]


class TestAnEffectInAnotherTenant:
    def test_comes_first_and_the_position_after(self, toys: ToyHouse, tenant: UUID) -> None:
        """While the other tenant's command fails, the lane stands still, and its own effect waits too."""
        also = new_id()
        toys.ring(tenant, number=7, also=also)
        event = toys.events(tenant)[0]
        toys.beta.breaks_in.add(also)
        assert toys.lanes().take(event) == Outcome.WAITING
        assert (toys.heard(also), toys.heard(tenant), toys.lane(tenant)) == ([], [], 0)
        toys.beta.breaks_in.clear()
        toys.lanes().take(event)
        assert (toys.heard(also), toys.heard(tenant), toys.lane(tenant)) == ([7], [7], 1)

    def test_moves_no_lane_of_that_tenant(self, toys: ToyHouse, tenant: UUID) -> None:
        """The inbox belongs to the tenant that the event is of."""
        also = new_id()
        toys.ring(tenant, number=7, also=also)
        toys.lanes().take(toys.events(tenant)[0])
        with toys.beta.parts.database.tenant(also) as connection:
            assert connection.execute(select(inbox).where(inbox.c.tenant == also)).all() == []

    def test_names_its_cause(self, toys: ToyHouse, tenant: UUID) -> None:
        """Whoever reads the effect finds the event that led to it, and the chain they belong to."""
        answer = Ring(tenant=tenant, command_id=new_id(), by=SOMEBODY, number=7)
        toys.alpha.execute(answer)
        event = toys.events(tenant)[0]
        toys.lanes().take(event)
        recorded = toys.beta.for_tenant(tenant).recorder.select_notifications(1, 10)
        assert [(one.cause, one.correlation) for one in recorded] == [(event.heard.id, answer.command_id)]
        assert recorded[0].actor == "policy:when_bell_rung_repeat"
