"""A public event is believed only as its source signed it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.ids import new_id
from shared.messaging.envelope import ForgedError, open_event
from shared.messaging.pull import pull_page
from shared.testing.toy_services import SOMEBODY, Ring, ToyHouse


@pytest.fixture
def message(sqlite_toys: ToyHouse) -> dict[str, str]:
    """What alpha says of one bell."""
    tenant = new_id()
    sqlite_toys.alpha.execute(Ring(tenant=tenant, command_id=new_id(), by=SOMEBODY, number=7, cause=new_id()))
    return pull_page(sqlite_toys.toys["alpha"].service, tenant, 0, 1)[0]


class TestASignedEvent:
    def test_opens_to_what_the_log_holds(self, sqlite_toys: ToyHouse, message: dict[str, str]) -> None:
        """Envelope and body come back as they were stored."""
        event = open_event(message, "alpha", sqlite_toys.public_keys)
        [recorded] = sqlite_toys.alpha.for_tenant(event.heard.tenant).recorder.select_notifications(1, 10)
        assert (event.heard.hash, event.heard.cause) == (recorded.leaf_hash, recorded.cause)
        assert (event.heard.source, event.heard.number, event.heard.type) == ("alpha", 1, "alpha.bell_rung.v1")
        assert int(event.heard.recorded_at.timestamp() * 1_000_000) == pytest.approx(recorded.recorded_at, abs=1)
        assert event.body == {"number": 7, "also": None, "times": 1}

    def test_names_the_one_before_it(self, sqlite_toys: ToyHouse) -> None:
        """Wherever a page begins; the first names none, and one that does not say is heard, too."""
        tenant = new_id()
        sqlite_toys.ring_all(tenant, 3)
        alpha = sqlite_toys.toys["alpha"].service
        hashes = [event.heard.hash for event in sqlite_toys.events(tenant)]
        assert [event.heard.previous for event in sqlite_toys.events(tenant)] == [None, *hashes[:2]]
        [second] = [open_event(one, "alpha", sqlite_toys.public_keys) for one in pull_page(alpha, tenant, 1, 1)]
        assert (second.heard.number, second.heard.previous) == (2, hashes[0])
        silent = json.loads(pull_page(alpha, tenant, 1, 1)[0]["event"])
        del silent["previous"]
        key, text = sqlite_toys.signing_keys["alpha"], json.dumps(silent)
        older = {"event": text, "key_id": key.id, "signature": _base64(key.sign(text.encode()))}
        assert open_event(older, "alpha", sqlite_toys.public_keys).heard.previous is None

    def test_is_refused_under_another_services_key(self, sqlite_toys: ToyHouse, message: dict[str, str]) -> None:
        """Beta's key is a good key, but not alpha's."""
        beta = sqlite_toys.signing_keys["beta"]
        signature = _base64(beta.sign(message["event"].encode()))
        with pytest.raises(ForgedError):
            open_event({**message, "key_id": beta.id, "signature": signature}, "alpha", sqlite_toys.public_keys)

    def test_is_refused_where_another_service_speaks_in_its_name(
        self, sqlite_toys: ToyHouse, message: dict[str, str]
    ) -> None:
        """Beta signs with its own key, on its own exchange, an event that claims to be alpha's."""
        beta = sqlite_toys.signing_keys["beta"]
        forged = {**message, "key_id": beta.id, "signature": _base64(beta.sign(message["event"].encode()))}
        with pytest.raises(ForgedError):
            open_event(forged, "beta", sqlite_toys.public_keys)

    def test_is_refused_with_a_changed_text(self, sqlite_toys: ToyHouse, message: dict[str, str]) -> None:
        """Whatever is changed, be it the tenant or a space."""
        for changed in (
            message["event"].replace('"number":7', '"number":8'),
            message["event"] + " ",
            json.dumps({**json.loads(message["event"]), "tenant": str(new_id())}),
        ):
            with pytest.raises(ForgedError):
                open_event({**message, "event": changed}, "alpha", sqlite_toys.public_keys)

    def test_is_refused_under_an_unknown_key(self, sqlite_toys: ToyHouse, message: dict[str, str]) -> None:
        """A key that nobody published, and a key id that is no file's name."""
        for key_id in ("alpha-00000000", "../alpha", ""):
            with pytest.raises(ForgedError):
                open_event({**message, "key_id": key_id}, "alpha", sqlite_toys.public_keys)

    @pytest.mark.parametrize(
        "nonsense",
        [None, 7, "text", [], {}, {"event": 5}, {"event": "{}", "signature": "ә", "key_id": "alpha-1"}, b"\xff"],
        ids=repr,
    )
    def test_is_refused_where_it_is_none(self, sqlite_toys: ToyHouse, nonsense: Any) -> None:
        """Whatever arrives in the queue, there is one refusal for it."""
        with pytest.raises(ForgedError):
            open_event(nonsense, "alpha", sqlite_toys.public_keys)

    def test_is_refused_with_a_time_that_is_none(self, sqlite_toys: ToyHouse, message: dict[str, str]) -> None:
        """Even where it is signed: what no reader can take must not come back from the broker for ever."""
        event = json.dumps({**json.loads(message["event"]), "happened_at": 10**30})
        signature = _base64(sqlite_toys.signing_keys["alpha"].sign(event.encode()))
        with pytest.raises(ForgedError):
            open_event({**message, "event": event, "signature": signature}, "alpha", sqlite_toys.public_keys)


def _base64(signature: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(signature).decode()
