"""A source put back to an older copy, restored, and its listener reconciled: on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from shared.domain import Actor
from shared.ids import new_id
from shared.ledger import restoring as one_log
from shared.ledger.database import Database
from shared.ledger.incarnation import Incarnation
from shared.ledger.lane_acts import LaneAct
from shared.ledger.postgres_append import append_by
from shared.ledger.restorations import Restorations
from shared.ledger.tables import heads, lanes
from shared.ledger.verification import LogVerification
from shared.ledger.verifying_events import OpenedEventCheck
from shared.messaging.envelope import open_event
from shared.messaging.lane_commands import LaneRefusedError, Pull
from shared.messaging.lanes import Outcome
from shared.messaging.pages import PAGE
from shared.messaging.pull import pull_page
from shared.messaging.reconciling import Reconciled, Reconciling
from shared.messaging.restoring import Restored, Restoring
from shared.testing.put_back import OlderCopy
from shared.testing.sample import request, sealed_event
from shared.testing.toy_services import ToyHouse

KeepCopy = Callable[[str, UUID], OlderCopy]
OPERATOR = Actor(id="operator:әлия")
G1, G2 = 1 << 32, 2 << 32


@pytest.fixture
def tenant() -> UUID:
    """A school of the test's own."""
    return new_id()


def pull_of(toys: ToyHouse) -> Pull:
    def pull(tenant: UUID, after: int) -> list[object]:
        page = pull_page(toys.toys["alpha"].service, tenant, after, PAGE)
        return [open_event(message, "alpha", toys.public_keys) for message in page]

    return pull  # type: ignore[return-value]


def restoring(toys: ToyHouse, incident: str = "2026/17") -> Restoring:
    return Restoring(
        source=toys.toys["alpha"].service,
        listeners=[toys.toys["beta"].service],
        journal=Restorations(toys.folder / "incarnations", "alpha"),
        incident=incident,
        reason="disk lost",
        by=OPERATOR,
    )


def restore(toys: ToyHouse, tenant: UUID, incident: str = "2026/17") -> Restored | None:
    return restoring(toys, incident).restore(tenant)


def reconcile(toys: ToyHouse, tenant: UUID) -> list[Reconciled]:
    beta = toys.toys["beta"].service
    how = Reconciling(listener=beta, source="alpha", pull=pull_of(toys), by=OPERATOR, reason="restored")
    return how.reconcile(tenant)


def fill(toys: ToyHouse) -> None:
    filler = toys.filler()
    filler.note_silent_gaps()
    while filler.fill_once():
        pass


def findings(toys: ToyHouse, name: str, tenant: UUID) -> list[str]:
    """What verification says of a toy's log."""
    service = toys.toys[name].service
    check = OpenedEventCheck(service.application, tenant, name)
    verification = LogVerification(
        database=service.database, tenant=tenant, log=name, public_key=lambda _: None, check_event=check
    )
    list(verification.run())
    return [one.code for one in verification.findings]


def acts(toys: ToyHouse, tenant: UUID) -> list[object]:
    """What operators did to lanes, by beta's log."""
    ledger = toys.beta.for_tenant(tenant)
    opened = [ledger.mapper.to_domain_event(one) for one in ledger.recorder.select_notifications(1, 10_000)]
    return [event for event in opened if type(event).__qualname__.startswith("LaneAct.")]


def heard(toys: ToyHouse, tenant: UUID) -> list[int]:
    """The numbers that beta repeated, in order."""
    ledger = toys.beta.for_tenant(tenant)
    opened = [ledger.mapper.to_domain_event(one) for one in ledger.recorder.select_notifications(1, 10_000)]
    return [event.number for event in opened if type(event).__qualname__ == "Echo.Repeated"]  # type: ignore[attr-defined]


class TestARestoredLog:
    def test_goes_on_under_numbers_that_were_never_given(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """The event that says so is the first of them; who did it, why and what is lost stand in it."""
        toys.ring_all(tenant, 2)
        copy = older_copy("alpha", tenant)
        toys.ring(tenant, number=103)
        fill(toys)
        copy.put_back()
        restored = restore(toys, tenant)
        toys.ring(tenant, number=201)
        assert restored is not None
        assert [event.heard.number for event in toys.events(tenant)] == [1, 2, G1 + 1, G1 + 2]
        first = toys.events(tenant)[2]
        previous = toys.events(tenant)[1].heard.incarnation
        assert (first.heard.type, first.heard.incarnation) == ("alpha.log_restored.v1", restored.incarnation)
        assert first.body == {"previous_incarnation": str(previous), "last_number_kept": 2, "told_again": 0}
        assert findings(toys, "alpha", tenant) == []
        event = _restored_event(toys, tenant)
        assert (event.actor, event.reason, event.incident) == (OPERATOR.id, "disk lost", "2026/17")
        assert event.lost == [{"what": "public_numbers", "from": 3, "to": 3, "known_by": "listener:beta"}]
        assert event.kept == [{"log": "alpha", "size": 2, "checkpoint_size": 0, "checkpoint_root": None}]

    def test_is_restored_once_in_an_incident(self, toys: ToyHouse, tenant: UUID) -> None:
        toys.ring(tenant, number=7)
        assert restore(toys, tenant) is not None
        assert restore(toys, tenant) is None
        assert [event.heard.number for event in toys.events(tenant)] == [1, G1 + 1]
        assert restore(toys, tenant, "2026/18") is not None
        assert [event.heard.number for event in toys.events(tenant)] == [1, G1 + 1, G2 + 1]

    def test_gives_no_number_twice_though_it_is_put_back_to_before_it_was_restored(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """Of the first restoration only the journal outside the databases knows."""
        toys.ring(tenant, number=7)
        copy = older_copy("alpha", tenant)
        first = restore(toys, tenant)
        copy.put_back()
        second = restore(toys, tenant)
        assert first is not None
        assert second is not None
        assert (first.generation, second.generation) == (1, 2)
        assert first.incarnation != second.incarnation
        assert restore(toys, tenant) is None

    def test_gives_no_number_twice_where_it_was_broken_off(
        self, toys: ToyHouse, tenant: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the journal and the log: what was begun is not known to be, and is begun anew."""
        toys.ring(tenant, number=7)
        with monkeypatch.context() as patched:
            patched.setattr(one_log, "_open", _killed)
            with pytest.raises(KeyboardInterrupt):
                restore(toys, tenant)
        restored = restore(toys, tenant)
        assert restored is not None
        assert restored.generation == 2

    def test_gives_no_number_twice_that_a_listener_knows_though_the_journal_is_lost_too(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        toys.ring(tenant, number=7)
        copy = older_copy("alpha", tenant)
        fill(toys)
        restore(toys, tenant)
        reconcile(toys, tenant)
        copy.put_back()
        restoring(toys).journal.path.unlink()
        second = restore(toys, tenant, "2026/18")
        assert second is not None
        assert second.generation == 2

    def test_is_made_where_only_listeners_know_that_there_was_one(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """A school that came after the copy was made: its numbers too are never given twice."""
        copy = older_copy("alpha", tenant)
        toys.ring_all(tenant, 2)
        fill(toys)
        copy.put_back()
        assert tenant in restoring(toys).tenants()
        restored = restore(toys, tenant)
        assert restored is not None
        assert [event.heard.number for event in toys.events(tenant)] == [G1 + 1]
        toys.ring(tenant, number=201)
        (reconciled,) = reconcile(toys, tenant)
        fill(toys)
        assert (reconciled.lost, heard(toys, tenant)) == ([[1, 2]], [101, 102, 201])
        assert findings(toys, "alpha", tenant) == []


class TestAListenerOfARestoredSource:
    def test_stops_and_goes_on_once_it_was_reconciled(self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy) -> None:
        """What it handled and the source no longer knows is named; what comes now is handled, once each."""
        toys.ring_all(tenant, 2)
        copy = older_copy("alpha", tenant)
        toys.ring(tenant, number=103)
        fill(toys)
        copy.put_back()
        fill(toys)
        assert toys.waiting(tenant).reason == "alarm:source_went_back"
        with pytest.raises(LaneRefusedError, match="source_not_restored"):
            reconcile(toys, tenant)
        restore(toys, tenant)
        toys.ring(tenant, number=201)
        fill(toys)
        assert toys.waiting(tenant).reason.startswith("alarm:")
        (reconciled,) = reconcile(toys, tenant)
        assert (reconciled.from_number, reconciled.to_number, reconciled.lost) == (3, G1 + 1, [[3, 3]])
        fill(toys)
        assert heard(toys, tenant) == [101, 102, 103, 201]
        assert (toys.waiting(tenant), toys.lane(tenant)) == (None, G1 + 2)
        (act,) = acts(toys, tenant)
        assert isinstance(act, LaneAct.LaneReconciled)
        assert (act.actor, act.reason, act.lost) == (OPERATOR.id, "restored", [[3, 3]])
        assert findings(toys, "beta", tenant) == []
        assert reconcile(toys, tenant) == []

    def test_handles_what_was_kept_before_it_goes_on(self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy) -> None:
        toys.ring_all(tenant, 3)
        toys.lanes().take(toys.events(tenant)[0])
        copy = older_copy("alpha", tenant)
        toys.ring(tenant, number=104)
        copy.put_back()
        restore(toys, tenant)
        (reconciled,) = reconcile(toys, tenant)
        assert (reconciled.handled, reconciled.lost, heard(toys, tenant)) == ([[2, 3]], [], [101, 102, 103])

    def test_goes_no_further_while_a_kept_event_fails(self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy) -> None:
        toys.ring_all(tenant, 2)
        toys.lanes().take(toys.events(tenant)[0])
        older_copy("alpha", tenant).put_back()
        restore(toys, tenant)
        toys.beta.breaks_in.add(tenant)
        with pytest.raises(LaneRefusedError, match="kept_event_fails"):
            reconcile(toys, tenant)
        assert (toys.lane(tenant), acts(toys, tenant)) == (1, [])
        toys.beta.breaks_in.clear()
        assert [one.handled for one in reconcile(toys, tenant)] == [[[2, 2]]]

    def test_gets_anew_what_was_told_under_numbers_that_it_knows_otherwise(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """The service ran on the older copy before anybody noticed: nothing of that is lost, nothing a duplicate."""
        toys.ring_all(tenant, 1)
        copy = older_copy("alpha", tenant)
        toys.ring_all(tenant, 2)
        fill(toys)
        copy.put_back()
        for number in (301, 302, 303):
            toys.ring(tenant, number=number)
        fill(toys)
        assert toys.waiting(tenant).reason == "alarm:other_hash"
        restored = restore(toys, tenant)
        assert restored is not None
        assert (restored.last_number_kept, restored.told_again) == (1, 3)
        (reconciled,) = reconcile(toys, tenant)
        fill(toys)
        assert reconciled.lost == [[2, 3]]
        assert heard(toys, tenant) == [101, 101, 102, 301, 302, 303]
        assert findings(toys, "alpha", tenant) == []

    def test_does_not_get_again_what_it_had_handled_of_that(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """Of two listeners one was itself put back, and followed the source on the older copy."""
        toys.ring_all(tenant, 1)
        fill(toys)
        copies = older_copy("alpha", tenant), older_copy("beta", tenant)
        toys.ring(tenant, number=102)
        fill(toys)
        copies[0].put_back()
        toys.ring(tenant, number=301)
        toys.ring(tenant, number=302)
        knows_otherwise = restoring(toys)
        other = older_copy("beta", tenant)
        restored = knows_otherwise.restore(tenant)
        assert restored is not None
        assert restored.told_again == 2
        other.put_back()
        copies[1].put_back()
        toys.lanes().take(toys.events(tenant)[1])
        assert heard(toys, tenant) == [101, 301]
        (reconciled,) = reconcile(toys, tenant)
        fill(toys)
        assert (reconciled.told_before, heard(toys, tenant)) == ([[G1 + 2, G1 + 2]], [101, 301, 302])

    def test_takes_no_notice_of_what_the_broker_held_since_before(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """Neither a duplicate nor an alarm, and handled least of all: its source does not know it any more."""
        toys.ring_all(tenant, 1)
        copy = older_copy("alpha", tenant)
        toys.ring_all(tenant, 2)
        *_, held = toys.events(tenant)
        fill(toys)
        copy.put_back()
        restore(toys, tenant)
        reconcile(toys, tenant)
        fill(toys)
        before = heard(toys, tenant)
        never_known = type(held)(type(held.heard)(**{**vars(held.heard), "number": 9}), held.body)
        assert toys.lanes().take(held) == Outcome.DUPLICATE
        assert toys.lanes().take(never_known) == Outcome.PAST
        fill(toys)
        assert (heard(toys, tenant), toys.waiting(tenant)) == (before, None)

    def test_stops_again_where_the_source_is_put_back_once_more(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        """And is led out of the incarnation that is now lost itself."""
        toys.ring_all(tenant, 1)
        copy = older_copy("alpha", tenant)
        fill(toys)
        restore(toys, tenant)
        reconcile(toys, tenant)
        toys.ring(tenant, number=201)
        fill(toys)
        copy.put_back()
        fill(toys)
        assert toys.waiting(tenant).reason == "alarm:source_went_back"
        restore(toys, tenant, "2026/18")
        toys.ring(tenant, number=301)
        (reconciled,) = reconcile(toys, tenant)
        fill(toys)
        assert reconciled.lost == [[G1 + 1, G1 + 2]]
        assert heard(toys, tenant) == [101, 201, 301]

    def test_that_hears_of_a_tenant_for_the_first_time_stops_too(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        copy = older_copy("alpha", tenant)
        toys.ring_all(tenant, 1)
        gone = older_copy("beta", tenant)
        fill(toys)
        copy.put_back()
        restore(toys, tenant)
        gone.put_back()
        fill(toys)
        assert toys.waiting(tenant).reason == "alarm:other_incarnation"
        reconcile(toys, tenant)
        toys.ring(tenant, number=201)
        fill(toys)
        assert heard(toys, tenant) == [201]


class TestVerification:
    def test_finds_an_incarnation_that_no_event_opened(
        self, toys: ToyHouse, tenant: UUID, older_copy: KeepCopy
    ) -> None:
        toys.ring_all(tenant, 1)
        with older_copy("alpha", tenant)._connection() as connection:
            connection.execute(update(heads).where(heads.c.tenant == tenant).values(incarnation=new_id()))
        assert findings(toys, "alpha", tenant) == ["head_incarnation_differs"]
        toys.ring_all(tenant, 1)
        assert findings(toys, "alpha", tenant) == ["public_incarnation_differs"]


class TestThePostgresFunctions:
    """They hold by themselves, whoever calls them with whatever else."""

    def test_open_no_incarnation_without_the_event_that_says_so(self, postgres_ledger: Database, tenant: UUID) -> None:
        other = request(tenant, sealed_event(new_id(), public_type="sample.box_opened.v1", public_body="{}"))
        with pytest.raises(DBAPIError), postgres_ledger.tenant(tenant) as connection:
            append_by(connection, "open_incarnation", (("uuid", None), ("bigint", 0), ("bigint", G1)), other)

    @pytest.mark.parametrize("number", [0, G1 + 1, -G1])
    def test_open_none_of_numbers_that_were_given(self, postgres_ledger: Database, tenant: UUID, number: int) -> None:
        said = sealed_event(new_id(), topic="ledger.log_restored", public_type="x.log_restored.v1", public_body="{}")
        before = (("uuid", None), ("bigint", 0), ("bigint", number))
        with pytest.raises(DBAPIError), postgres_ledger.tenant(tenant) as connection:
            append_by(connection, "open_incarnation", before, request(tenant, said))

    def test_move_no_lane_without_the_event_that_says_so(self, postgres_ledger: Database, tenant: UUID) -> None:
        before = (
            ("text", "alpha"),
            ("bigint", 0),
            ("uuid", None),
            ("bigint", G1 + 1),
            ("uuid", new_id()),
            ("bigint[]", [G1 + 1]),
            ("bytea[]", [bytes(32)]),
            ("text", "reconciled"),
        )
        for topic, moves in (("messages.lane_retried", False), ("messages.lane_reconciled", True)):
            one = request(tenant, sealed_event(new_id(), topic=topic))
            with nullcontext() if moves else pytest.raises(DBAPIError):
                with postgres_ledger.tenant(tenant) as connection:
                    assert append_by(connection, "move_lane", before, one).status == "done"
        with postgres_ledger.tenant(tenant) as connection:
            numbers = connection.scalars(select(lanes.c.number).where(lanes.c.tenant == tenant)).all()
        assert numbers == [G1 + 1]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def _restored_event(toys: ToyHouse, tenant: UUID) -> Incarnation.LogRestored:
    ledger = toys.alpha.for_tenant(tenant)
    opened = [ledger.mapper.to_domain_event(one) for one in ledger.recorder.select_notifications(1, 10_000)]
    (event,) = [one for one in opened if isinstance(one, Incarnation.LogRestored)]
    return event
