"""Keys that are renewed under running processes: nothing is lost, whatever a process still holds for a minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from shared.ids import new_id
from shared.ledger.application import LedgerApplication
from shared.ledger.key_acts import KeyAct
from shared.ledger.key_rows import renew_tenant_key
from shared.ledger.rotating import ReasonMissingError, record, renew_stream_key
from shared.ledger.tables import stream_keys
from shared.sealing.keys import KeyCache
from shared.sealing.seal import KEY_SIZE, event_key, key_commitment
from shared.testing.toy_services import SOMEBODY, Bell, Promise, RingAgain, ToyHouse


@pytest.fixture
def tenant() -> UUID:
    return new_id()


@pytest.fixture
def bell(toys: ToyHouse, tenant: UUID) -> UUID:
    return UUID(toys.ring(tenant, number=1).body["bell"])


def again(application: LedgerApplication, tenant: UUID, bell: UUID) -> None:
    """One more event of the bell: it is promised, or rung as it was promised."""
    asked: Any = {"tenant": tenant, "command_id": new_id(), "by": SOMEBODY, "bell": bell}
    if application.for_tenant(tenant).get(Bell, bell).due_at is None:
        application.execute(Promise(**asked, due_at=application.clock.now() + timedelta(days=1)))
    else:
        application.execute(RingAgain(**asked))


def used(application: LedgerApplication, tenant: UUID, bell: UUID) -> list[int]:
    """Which of the stream's keys sealed each of its events, counted from the oldest."""
    ledger = application.for_tenant(tenant)
    keys = ledger.keys.all(bell)[::-1]
    return [
        next(
            place
            for place, key in enumerate(keys)
            if key_commitment(event_key(key, bell, one.originator_version)) == one.key_commitment
        )
        for one in ledger.recorder.select_events(bell)
    ]


class TestARenewedStreamKey:
    def test_seals_what_comes_and_leaves_what_was(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        leaked = toys.alpha.keys(tenant).get(bell)
        assert renew_stream_key(toys.alpha, tenant, bell, SOMEBODY, "a copy was lost") == 2
        again(toys.alpha, tenant, bell)
        assert used(toys.alpha, tenant, bell) == [0, 1]
        assert toys.alpha.for_tenant(tenant).get(Bell, bell).version == 2
        assert leaked not in toys.alpha.keys(tenant).get(bell)

    def test_is_not_missed_by_a_process_that_holds_the_one_before(
        self, toys: ToyHouse, tenant: UUID, bell: UUID
    ) -> None:
        """It seals with the old key for a minute, and reads what others sealed with the new one."""
        parts = replace(toys.alpha.parts, key_cache=KeyCache())
        other = type(toys.alpha)(parts)
        other.for_tenant(tenant).get(Bell, bell)
        renew_stream_key(toys.alpha, tenant, bell, SOMEBODY, "a copy was lost")
        other.keys(tenant)._cache.put(tenant, bell, toys.alpha.keys(tenant).all(bell)[1])
        again(toys.alpha, tenant, bell)
        assert other.for_tenant(tenant).get(Bell, bell).version == 2
        other.keys(tenant)._cache.put(tenant, bell, toys.alpha.keys(tenant).all(bell)[1])
        keys = other.keys(tenant)
        assert keys.get(bell) == toys.alpha.keys(tenant).all(bell)[1]
        again(toys.alpha, tenant, bell)
        assert toys.alpha.for_tenant(tenant).get(Bell, bell).version == 3

    def test_goes_on_under_another_key_of_the_tenant(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        renew_stream_key(toys.alpha, tenant, bell, SOMEBODY, "a copy was lost")
        again(toys.alpha, tenant, bell)
        for _ in renew_tenant_key(toys.alpha.parts.database, tenant, toys.alpha.parts.tenant_keys):
            pass
        toys.alpha.parts.key_cache.forget(tenant, bell)
        assert toys.alpha.for_tenant(tenant).get(Bell, bell).version == 2
        assert len(toys.alpha.keys(tenant).all(bell)) == 2

    def test_is_an_act_with_a_reason(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        renew_stream_key(toys.alpha, tenant, bell, SOMEBODY, "a copy was lost")
        ledger = toys.alpha.for_tenant(tenant)
        (recorded,) = (
            one for one in ledger.recorder.select_notifications(1, 9) if one.topic == KeyAct.StreamKeyRenewed.TOPIC
        )
        assert recorded.actor == SOMEBODY.id
        with pytest.raises(ReasonMissingError):
            record(toys.alpha, tenant, KeyAct.StreamKeyRenewed, SOMEBODY, "", stream=bell, keys=2)

    def test_is_wrapped_in_one_with_those_before(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        """The row stays one: its content is longer by a key, and nothing of it lies in the clear."""
        with toys.alpha.parts.database.tenant(tenant) as connection:
            chosen = select(stream_keys.c.wrapped).where(stream_keys.c.tenant == tenant, stream_keys.c.stream == bell)
            before = bytes(connection.scalar(chosen) or b"")
        renew_stream_key(toys.alpha, tenant, bell, SOMEBODY, "a copy was lost")
        with toys.alpha.parts.database.tenant(tenant) as connection:
            after = bytes(connection.scalar(chosen) or b"")
        assert len(after) == len(before) + KEY_SIZE
        assert all(key not in after for key in toys.alpha.keys(tenant).all(bell))
