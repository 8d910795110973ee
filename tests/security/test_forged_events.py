"""No listener believes a public event that its source did not sign, whichever way it comes."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from cli.house import House
from cli.services import ALL_SERVICES
from shared.ids import new_id
from shared.ledger.tables import heads, inbox, lanes
from shared.messaging.lanes import Lanes
from shared.messaging.listener import Listener
from shared.messaging.transport import connection, exchange_of, queue_of
from shared.signing import SigningKey
from shared.testing.waiting import wait_until
from tests.support.tree import ROOT

Message = Mapping[str, Any]
LISTENING = [(parts.name, source) for parts in ALL_SERVICES for source in parts.listens_to]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All services with keys of their own."""
    with House.open(tmp_path_factory.mktemp("events") / "home") as house:
        yield house


def contract_of(source: str) -> Mapping[str, Any]:
    """A public event of the source: the first of its contracts."""
    first = min((ROOT / "shared/contracts" / source).glob("*.json"))
    found: Mapping[str, Any] = json.loads(first.read_text(encoding="utf-8"))
    return found


def event_of(source: str, tenant: UUID) -> str:
    """The first public event of a tenant, as its source would sign it."""
    contract = contract_of(source)
    event = {
        "source": source,
        "tenant": str(tenant),
        "number": 1,
        "incarnation": str(new_id()),
        "hash": "07" * 32,
        "type": contract["type"],
        "body": contract["example"],
        "happened_at": 0,
        "recorded_at": 0,
        "cause": None,
        "correlation": None,
    }
    return json.dumps(event)


def signed(key: SigningKey, event: str) -> dict[str, str]:
    """The envelope."""
    return {
        "event": event,
        "key_id": key.id,
        "signature": urlsafe_b64encode(key.sign(event.encode())).decode(),
    }


def unsigned(house: House, source: str, tenant: UUID) -> Message:
    return {**signed(house.services[source].signing_key, event_of(source, tenant)), "signature": ""}


def by_another_service(house: House, source: str, tenant: UUID) -> Message:
    other = next(one for name, one in house.services.items() if name != source)
    return signed(other.signing_key, event_of(source, tenant))


def by_another_under_its_name(house: House, source: str, tenant: UUID) -> Message:
    return {**by_another_service(house, source, tenant), "key_id": house.services[source].signing_key.id}


def by_a_key_nobody_published(house: House, source: str, tenant: UUID) -> Message:
    return signed(SigningKey.generate(source), event_of(source, tenant))


def of_another_exchange(house: House, source: str, tenant: UUID) -> Message:
    """Rightly signed by its own source, but put on this one's exchange."""
    other = next(one for name, one in house.services.items() if name != source)
    return signed(other.signing_key, event_of(other.name, tenant))


def in_anothers_name(house: House, source: str, tenant: UUID) -> Message:
    """Under its own key, on its own exchange, it says what another would say."""
    other = next(name for name in house.services if name != source)
    return signed(house.services[source].signing_key, event_of(other, tenant))


def changed_body(house: House, source: str, tenant: UUID) -> Message:
    true = signed(house.services[source].signing_key, event_of(source, tenant))
    event = json.loads(true["event"])
    return {**true, "event": json.dumps({**event, "body": {**event["body"], "added": True}})}


def changed_tenant(house: House, source: str, tenant: UUID) -> Message:
    """What was said of one school is shown as said of another."""
    other = new_id()
    true = signed(house.services[source].signing_key, event_of(source, other))
    return {**true, "event": true["event"].replace(str(other), str(tenant))}


FORGERIES: Mapping[str, Callable[[House, str, UUID], Message]] = {
    forge.__name__: forge
    for forge in (
        unsigned,
        by_another_service,
        by_another_under_its_name,
        by_a_key_nobody_published,
        of_another_exchange,
        in_anothers_name,
        changed_body,
        changed_tenant,
    )
}


def handled(house: House, listener: str, source: str, tenant: UUID) -> int:
    """The number of the last event that a lane handled."""
    chosen = select(lanes.c.number).where(lanes.c.tenant == tenant, lanes.c.source == source)
    with house.services[listener].database.tenant(tenant) as connection_:
        return connection_.scalar(chosen) or 0


def left_by(house: House, listener: str, tenant: UUID) -> list[Any]:
    """Whatever a tenant has in a listener's database."""
    with house.services[listener].database.tenant(tenant) as connection_:
        return [
            row
            for table in (lanes, inbox, heads)
            for row in connection_.execute(select(table).where(table.c.tenant == tenant))
        ]


@pytest.mark.parametrize(("listener", "source"), LISTENING)
class TestAListener:
    def test_believes_nothing_but_what_its_source_signed(
        self,
        house: House,
        in_process_broker: str,
        running_threads: Callable[[Callable[[threading.Event], None]], threading.Thread],
        listener: str,
        source: str,
    ) -> None:
        """Every forgery lies in the queue before the true event; when that is handled, the others were looked at."""
        schools, honest = {name: new_id() for name in FORGERIES}, new_id()
        true = signed(house.services[source].signing_key, event_of(source, honest))
        messages = [forge(house, source, schools[name]) for name, forge in FORGERIES.items()]
        with connection(in_process_broker) as opened:
            queue_of(listener, source)(opened.channel()).declare()
            producer = opened.Producer(exchange=exchange_of(source))
            for message in [*messages, true]:
                producer.publish(message, routing_key="x", serializer="json")
        service = house.services[listener]
        lanes_ = Lanes(service.application)
        running_threads(lambda stop: Listener(service, lanes_, connection(in_process_broker), stop).run())
        wait_until(lambda: handled(house, listener, source, honest) == 1, 60, "the true event to be handled")
        left = {name for name, school in schools.items() if left_by(house, listener, school)}
        assert left == set()
