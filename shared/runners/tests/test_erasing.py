"""Erasure: two persons, a tombstone, keys gone from database and backups, rows gone, and the ledger still verifies."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text

from shared.clock import FixedClock, SystemClock
from shared.domain import Actor, UnknownError
from shared.duties import MissDeadline
from shared.ids import new_id
from shared.ledger.erasing import ApproveErasure, RequestErasure
from shared.ledger.erasure import (
    COMPLETE,
    Erasure,
    ErasureState,
    ErasureStateError,
    NothingToEraseError,
    SamePersonError,
    StillNeededError,
)
from shared.ledger.key_rows import destroy_stream_key, renew_tenant_key
from shared.ledger.recorder import StaleKeyError
from shared.ledger.tables import positions, public_events, stream_keys
from shared.ledger.tombstone import STREAM_ERASED
from shared.ledger.verification import LogVerification
from shared.ledger.verifying_events import OpenedEventCheck
from shared.messaging.lanes import Outcome
from shared.runners.clockwork import Clockwork
from shared.runners.follower import Follower
from shared.sealing.keys import KeyCache, generation_of
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.testing.toy_services import SOMEBODY, Bell, Promise, Ring, RingAgain, ToyHouse

HEAD = Actor(id=f"person:{new_id()}", roles=frozenset({"head"}))
BASIS = "Дербес деректер туралы заң, 18-бап"


@dataclass
class Matter:
    """A tenant of alpha's with two bells, one of which is to be erased."""

    toys: ToyHouse
    tenant: UUID
    bell: UUID
    other: UUID

    @property
    def follower(self) -> Follower:
        return Follower(self.toys.toys["alpha"].service, threading.Event())

    @property
    def clockwork(self) -> Clockwork:
        return Clockwork(self.toys.toys["alpha"].service)

    def request(self, *streams: UUID, by: Actor = SOMEBODY) -> UUID:
        answer = self.toys.alpha.execute(
            RequestErasure(
                tenant=self.tenant, command_id=new_id(), by=by, streams=streams, basis=BASIS, reason="сұрау бойынша"
            )
        )
        return UUID(answer.body["erasure"])

    def approve(self, erasure: UUID, by: Actor = HEAD) -> None:
        self.toys.alpha.execute(ApproveErasure(tenant=self.tenant, command_id=new_id(), by=by, erasure=erasure))

    def erase(self, *streams: UUID) -> UUID:
        """Asked for, approved, carried out by the clock as its runner does it."""
        erasure = self.request(*streams)
        self.approve(erasure)
        self.follow()
        self.clockwork.tick()
        self.follow()
        return erasure

    def follow(self) -> None:
        while self.follower.follow_once():
            pass

    def erasure(self, erasure: UUID) -> Erasure:
        return self.toys.alpha.for_tenant(self.tenant).get(Erasure, erasure)

    def findings(self) -> list[tuple[int, str]]:
        """What verification finds in the tenant's log."""
        service = self.toys.toys["alpha"].service
        verification = LogVerification(
            database=service.database,
            tenant=self.tenant,
            log="alpha",
            public_key=service.public_keys.public_key,
            check_event=OpenedEventCheck(service.application, self.tenant, "alpha"),
        )
        for _ in verification.run():
            pass
        self.totals = verification.totals
        return [(one.position, one.code) for one in verification.findings]

    def wrapped(self) -> dict[UUID, bytes]:
        chosen = select(stream_keys.c.stream, stream_keys.c.wrapped).where(stream_keys.c.tenant == self.tenant)
        with self.toys.alpha.parts.database.tenant(self.tenant) as connection:
            return {stream: bytes(wrapped) for stream, wrapped in connection.execute(chosen)}

    def fresh_keys(self) -> StreamKeys:
        """The tenant's keys as a process has them that holds none yet."""
        parts = self.toys.alpha.parts
        return StreamKeys(parts.database, self.tenant, parts.tenant_keys, KeyCache())


@pytest.fixture
def matter(toys: ToyHouse) -> Matter:
    toys.clock = FixedClock(SystemClock().now())
    toys.toys["alpha"] = toys.reopen("alpha")
    tenant = new_id()
    bell, other = (UUID(toys.ring(tenant, number=number).body["bell"]) for number in (1, 2))
    matter = Matter(toys, tenant, bell, other)
    matter.follow()
    return matter


class TestWhoMayErase:
    def test_are_two_different_persons(self, matter: Matter) -> None:
        erasure = matter.request(matter.bell)
        with pytest.raises(SamePersonError):
            matter.approve(erasure, by=SOMEBODY)
        assert matter.erasure(erasure).state is ErasureState.REQUESTED
        matter.approve(erasure)
        assert matter.erasure(erasure).state is ErasureState.APPROVED

    def test_may_not_take_what_is_still_needed(self, matter: Matter) -> None:
        due_at = matter.toys.clock.now() + timedelta(days=1)
        matter.toys.alpha.execute(
            Promise(tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, bell=matter.bell, due_at=due_at)
        )
        with pytest.raises(StillNeededError) as refused:
            matter.request(matter.bell)
        assert refused.value.facts == {"stream": str(matter.bell), "why": "alpha.bell_promised"}

    def test_may_not_take_it_either_where_it_came_to_be_needed_before_the_approval(self, matter: Matter) -> None:
        erasure = matter.request(matter.bell)
        due_at = matter.toys.clock.now() + timedelta(days=1)
        matter.toys.alpha.execute(
            Promise(tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, bell=matter.bell, due_at=due_at)
        )
        with pytest.raises(StillNeededError):
            matter.approve(erasure)

    def test_may_not_take_what_is_not_there_or_another_tenants(self, matter: Matter) -> None:
        theirs = UUID(matter.toys.ring(new_id(), number=3).body["bell"])
        for stream in (new_id(), theirs):
            with pytest.raises(NothingToEraseError):
                matter.request(stream)
        with pytest.raises(NothingToEraseError):
            matter.request()


class TestAnErasedStream:
    def test_is_read_by_nobody_any_more(self, matter: Matter) -> None:
        matter.erase(matter.bell)
        alpha = matter.toys.alpha
        with pytest.raises(UnknownError):
            alpha.execute(RingAgain(tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, bell=matter.bell))
        assert matter.toys.bells(matter.tenant) == [(2, "rung")]
        with pytest.raises(KeyDestroyedError):
            matter.fresh_keys().get(matter.bell)
        ledger = alpha.for_tenant(matter.tenant)
        with pytest.raises(KeyDestroyedError):
            ledger.mapper.open(ledger.recorder.select_events(matter.bell)[0])

    def test_leaves_the_others_alone(self, matter: Matter) -> None:
        matter.erase(matter.bell)
        alpha, by = matter.toys.alpha, SOMEBODY
        due_at = alpha.clock.now() + timedelta(days=1)
        alpha.execute(Promise(tenant=matter.tenant, command_id=new_id(), by=by, bell=matter.other, due_at=due_at))
        alpha.execute(RingAgain(tenant=matter.tenant, command_id=new_id(), by=by, bell=matter.other))
        matter.follow()
        assert matter.toys.bells(matter.tenant) == [(2, "again")]
        assert matter.fresh_keys().get(matter.other)

    def test_ends_with_a_tombstone_that_says_who_and_why(self, matter: Matter) -> None:
        erasure = matter.erase(matter.bell)
        ledger = matter.toys.alpha.for_tenant(matter.tenant)
        first, tombstone = ledger.recorder.select_events(matter.bell)
        assert (first.topic, tombstone.topic) == ("alpha.bell_rung", STREAM_ERASED)
        facts = json.loads(ledger.mapper.open(tombstone))
        assert (facts["basis"], facts["requested_by"], facts["approved_by"]) == (BASIS, SOMEBODY.id, HEAD.id)
        assert str(erasure.hex) in json.dumps(facts)

    def test_takes_its_public_rows_contents_along(self, matter: Matter) -> None:
        """Whoever has not heard of it yet hears that something was erased; whoever has takes it for what it knows."""
        before = matter.toys.events(matter.tenant)
        lanes = matter.toys.lanes()
        assert lanes.take(before[0]) is Outcome.DONE
        matter.erase(matter.bell)
        erased, other = matter.toys.events(matter.tenant)
        assert (erased.heard.type, erased.body) == ("erased", {})
        assert (erased.heard.number, erased.heard.hash) == (1, before[0].heard.hash)
        assert other == before[1]
        assert lanes.take(erased) is Outcome.DUPLICATE
        assert lanes.take(other) is Outcome.DONE

    def test_is_passed_by_a_listener_that_hears_of_it_only_then(self, matter: Matter) -> None:
        matter.erase(matter.bell)
        lanes = matter.toys.lanes()
        assert [lanes.take(event) for event in matter.toys.events(matter.tenant)] == [Outcome.DONE] * 2
        assert matter.toys.heard(matter.tenant) == [2]
        assert matter.toys.outcomes(matter.tenant) == ["ignored", "done"]

    def test_still_verifies(self, matter: Matter) -> None:
        matter.follower.checkpoint()
        matter.erase(matter.bell)
        matter.follower.checkpoint()
        assert matter.findings() == []
        assert matter.totals.erased == 1

    def test_can_be_projected_anew_from_the_beginning(self, matter: Matter) -> None:
        matter.erase(matter.bell)
        service = matter.toys.toys["alpha"].service
        with service.database.tenant(matter.tenant) as connection:
            for table in service.parts.metadata.sorted_tables:
                connection.execute(table.delete().where(table.c.tenant == matter.tenant))
        with service.database.tenant(matter.tenant) as connection:
            connection.execute(positions.update().where(positions.c.tenant == matter.tenant).values(position=0))
        matter.follow()
        assert matter.toys.bells(matter.tenant) == [(2, "rung")]

    def test_takes_no_event_more_from_a_process_that_still_holds_its_key(self, matter: Matter) -> None:
        """Its key is cached there for up to a minute: the tombstone stands in the way."""
        parts = matter.toys.alpha.parts
        held = parts.key_cache.get(matter.tenant, matter.bell)
        assert held is not None
        matter.erase(matter.bell)
        parts.key_cache.put(matter.tenant, matter.bell, held)
        with pytest.raises(UnknownError):
            matter.toys.alpha.execute(
                RingAgain(tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, bell=matter.bell)
            )
        assert matter.findings() == []


class TestKeysInBackups:
    def test_open_nothing_once_the_tenants_key_is_replaced(self, matter: Matter) -> None:
        backup = matter.wrapped()[matter.bell]
        matter.erase(matter.bell)
        tenant_keys = matter.toys.alpha.parts.tenant_keys
        with pytest.raises(UnsealError):
            tenant_keys.unwrap(matter.tenant, matter.bell, backup)
        assert {generation_of(one) for one in matter.wrapped().values()} == {2}

    def test_make_the_erasure_complete_when_the_last_has_expired(self, matter: Matter) -> None:
        erasure = matter.erase(matter.bell)
        clock = matter.toys.clock
        assert isinstance(clock, FixedClock)
        assert matter.clockwork.tick() == 0
        early = MissDeadline(
            tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, stream=erasure, duty=COMPLETE, step=0
        )
        with pytest.raises(ErasureStateError):
            matter.toys.alpha.execute(early)
        clock.advance(timedelta(days=30))
        matter.clockwork.tick()
        matter.follow()
        assert matter.erasure(erasure).state is ErasureState.COMPLETED
        assert matter.toys.duties(matter.tenant) == []

    def test_are_destroyed_again_after_a_restore(self, matter: Matter, tmp_path: Path) -> None:
        """The operator puts database and key folder back to before the erasure; the journal of that time is kept."""
        folder = matter.toys.folder / "tenants" / "alpha"
        backup, key_backup = matter.wrapped(), tmp_path / "keys"
        shutil.copytree(folder, key_backup)
        matter.erase(matter.bell)
        shutil.copy(key_backup / f"{matter.tenant}.1.key", folder)
        alpha = matter.toys.alpha
        put_back(matter, backup[matter.bell])
        assert matter.fresh_keys().get(matter.bell)
        assert [code for _, code in matter.findings()] == ["erased_key_still_there"]
        assert alpha.destroy_again(SOMEBODY) == 1
        assert alpha.destroy_again(SOMEBODY) == 0
        with pytest.raises(KeyDestroyedError):
            matter.fresh_keys().get(matter.bell)
        assert not (folder / f"{matter.tenant}.1.key").exists()
        assert matter.findings() == []


def put_back(matter: Matter, wrapped: bytes) -> None:
    """A stream's key, back in the database as a backup would bring it."""
    database = matter.toys.alpha.parts.database
    if database.is_sqlite:
        with database.tenant(matter.tenant) as connection:
            connection.execute(insert(stream_keys).values(tenant=matter.tenant, stream=matter.bell, wrapped=wrapped))
        return
    with database.autocommit() as connection:
        # The floor refuses it as a new key would be; a backup from before the erasure has no floor.
        found = connection.scalar(
            text("SELECT ledger.keep_key(:tenant, :stream, :wrapped)"),
            {"tenant": matter.tenant, "stream": matter.bell, "wrapped": generation_two(matter, wrapped)},
        )
        assert found is not None


def generation_two(matter: Matter, wrapped: bytes) -> bytes:
    keys = matter.toys.alpha.parts.tenant_keys
    return keys.wrap(matter.tenant, matter.bell, keys.unwrap(matter.tenant, matter.bell, wrapped))


class TestDestroyingAKey:
    def test_is_refused_without_a_tombstone(self, matter: Matter) -> None:
        database = matter.toys.alpha.parts.database
        assert not destroy_stream_key(database, matter.tenant, "alpha", matter.bell)
        assert matter.fresh_keys().get(matter.bell)

    def test_may_be_broken_off_anywhere_and_goes_on(self, matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each step is cut off once; the clock comes again, and in the end all of it is done, once."""
        steps = ["note_destroyed", "begin_generation", "destroy_generations_before"]
        erasure = matter.request(matter.bell)
        matter.approve(erasure)
        matter.follow()
        for step in steps:
            with monkeypatch.context() as broken:

                def fail(*_: object) -> None:
                    raise OSError

                broken.setattr(matter.toys.alpha.parts.tenant_keys, step, fail)
                assert matter.clockwork.tick() == 0
            assert matter.erasure(erasure).state is ErasureState.APPROVED
        matter.clockwork.tick()
        matter.follow()
        assert matter.erasure(erasure).state is ErasureState.CARRIED_OUT
        ledger = matter.toys.alpha.for_tenant(matter.tenant)
        assert [one.topic for one in ledger.recorder.select_events(matter.bell)] == ["alpha.bell_rung", STREAM_ERASED]
        assert matter.findings() == []
        assert len(matter.toys.alpha.parts.tenant_keys.destroyed()) == 1


class TestReplacingATenantsKey:
    def test_loses_no_stream_that_begins_meanwhile(self, matter: Matter) -> None:
        """A process wraps a new stream's key, the tenant's key is replaced, then that process appends."""
        alpha = matter.toys.alpha
        ledger = alpha.for_tenant(matter.tenant)
        bell = Bell.ring(Ring(tenant=matter.tenant, command_id=new_id(), by=SOMEBODY, number=9), alpha.clock.now())
        sealed = [ledger.mapper.to_stored_event(event) for event in bell.collect_events()]
        for _ in renew_tenant_key(alpha.parts.database, matter.tenant, alpha.parts.tenant_keys):
            pass
        with pytest.raises(StaleKeyError):
            ledger.recorder.insert_events(sealed)
        assert bell.id not in matter.wrapped()

    def test_is_not_noticed_by_who_works(self, matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
        """The command that ran into it is done again by itself."""
        alpha = matter.toys.alpha
        wrap = alpha.parts.tenant_keys.wrap
        replaced: list[bool] = []

        def wrap_too_early(tenant: UUID, stream: UUID, key: bytes) -> bytes:
            wrapped = wrap(tenant, stream, key)
            if not replaced:
                replaced.append(True)
                list(renew_tenant_key(alpha.parts.database, matter.tenant, alpha.parts.tenant_keys))
            return wrapped

        monkeypatch.setattr(alpha.parts.tenant_keys, "wrap", wrap_too_early)
        bell = UUID(matter.toys.ring(matter.tenant, number=3).body["bell"])
        assert generation_of(matter.wrapped()[bell]) == 2
        assert matter.fresh_keys().get(bell)

    def test_keeps_public_rows_from_any_other_change(self, matter: Matter) -> None:
        database = matter.toys.alpha.parts.database
        matter.erase(matter.bell)
        with database.tenant(matter.tenant) as connection:
            rows = connection.execute(
                select(public_events.c.number, public_events.c.type).where(public_events.c.tenant == matter.tenant)
            ).all()
        assert [tuple(row) for row in sorted(rows)] == [(1, "erased"), (2, "alpha.bell_rung.v1")]
