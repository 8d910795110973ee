"""A tenant destroyed in one service, on both databases: ended, without keys and rows, and a ledger that verifies."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from shared.domain import UnknownError
from shared.ids import new_id
from shared.ledger.destroying import destroy_rows
from shared.ledger.destruction import NoReasonError, PlatformStaysError, SamePersonDestroysError
from shared.ledger.tables import events, public_events, stream_keys
from shared.ledger.tombstone import TENANT_DESTROYED
from shared.ledger.verification import LogVerification
from shared.ledger.verifying_events import OpenedEventCheck
from shared.runners.destroying import destroy_tenant
from shared.runners.follower import Follower
from shared.sealing.stream_keys import KeyDestroyedError, StreamKeys
from shared.testing.toy_services import SOMEBODY, Bell, ToyHouse

APPROVER = f"person:{new_id()}"


@pytest.fixture
def tenant() -> UUID:
    return new_id()


@pytest.fixture
def bell(toys: ToyHouse, tenant: UUID) -> UUID:
    """Two bells of a tenant, one of another; all followed."""
    bell = UUID(toys.ring(tenant, number=1).body["bell"])
    toys.ring(tenant, number=2)
    toys.ring(new_id(), number=3)
    follow(toys)
    return bell


def follow(toys: ToyHouse) -> None:
    follower = Follower(toys.toys["alpha"].service, threading.Event())
    while follower.follow_once():
        pass
    follower.checkpoint()


def destroy(toys: ToyHouse, tenant: UUID, **facts: Any) -> None:
    given: dict[str, Any] = {"by": SOMEBODY, "approved_by": APPROVER, "reason": "жабылды"}
    destroy_tenant(toys.toys["alpha"].service, tenant, **(given | facts))


def count(toys: ToyHouse, table: Any, tenant: UUID, *conditions: Any) -> int:
    with toys.alpha.parts.database.tenant(tenant) as connection:
        chosen = select(func.count()).select_from(table).where(table.c.tenant == tenant, *conditions)
        return int(connection.scalar(chosen) or 0)


def findings(toys: ToyHouse, tenant: UUID) -> list[tuple[int, str]]:
    service = toys.toys["alpha"].service
    verification = LogVerification(
        database=service.database,
        tenant=tenant,
        log="alpha",
        public_key=service.public_keys.public_key,
        check_event=OpenedEventCheck(service.application, tenant, "alpha"),
    )
    for _ in verification.run():
        pass
    return [(one.position, one.code) for one in verification.findings]


class TestADestroyedTenant:
    def test_has_no_key_and_no_row_and_verifies(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        destroy(toys, tenant)
        follow(toys)
        assert count(toys, stream_keys, tenant) == 0
        assert count(toys, public_events, tenant) == count(
            toys, public_events, tenant, public_events.c.type == "erased"
        )
        assert count(toys, events, tenant, events.c.topic == TENANT_DESTROYED) == 1
        for table in toys.toys["alpha"].service.parts.metadata.sorted_tables:
            assert count(toys, table, tenant) == 0
        assert findings(toys, tenant) == []
        with pytest.raises(KeyDestroyedError):
            toys.alpha.keys(tenant).get(bell)

    def test_answers_as_unknown_and_takes_nothing_new(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        destroy(toys, tenant)
        with pytest.raises(UnknownError):
            toys.alpha.for_tenant(tenant).get(Bell, bell)
        with pytest.raises(UnknownError):
            toys.ring(tenant, number=4)
        assert toys.ring(new_id(), number=5).body["bell"]

    def test_gets_no_stream_from_a_process_that_holds_its_key(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        """A key that another process wrapped with the tenant's key of before is refused by the database."""
        parts = toys.alpha.parts
        fresh = StreamKeys(parts.database, tenant, parts.tenant_keys, parts.key_cache)
        _, wrapped = fresh.new(new_id())
        destroy(toys, tenant)
        assert fresh._keep(new_id(), wrapped) is None
        assert count(toys, stream_keys, tenant) == 0

    def test_is_destroyed_once(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        destroy(toys, tenant)
        destroy(toys, tenant)
        assert count(toys, events, tenant, events.c.topic == TENANT_DESTROYED) == 1
        assert findings(toys, tenant) == []

    def test_is_not_emptied_before_its_logs_have_ended(self, toys: ToyHouse, tenant: UUID, bell: UUID) -> None:
        """The function that destroys refuses by itself: no code of ours can be made to skip the last event."""
        database = toys.alpha.parts.database
        if database.is_sqlite:
            destroy_rows(toys.alpha, tenant)
        else:
            with pytest.raises(DBAPIError), database.autocommit() as connection:
                connection.execute(text("SELECT ledger.destroy_tenant(:tenant)"), {"tenant": tenant})
        assert count(toys, stream_keys, tenant) > 0
        assert toys.alpha.for_tenant(tenant).get(Bell, bell).number == 1

    def test_takes_two_persons_and_a_reason_and_is_not_the_platform(
        self, toys: ToyHouse, tenant: UUID, bell: UUID
    ) -> None:
        for refusal, facts in (
            (SamePersonDestroysError, {"approved_by": SOMEBODY.id}),
            (NoReasonError, {"reason": " "}),
        ):
            with pytest.raises(refusal):
                destroy(toys, tenant, **facts)
        with pytest.raises(PlatformStaysError):
            destroy(toys, toys.alpha.parts.platform)
        assert toys.alpha.for_tenant(tenant).get(Bell, bell).number == 1
