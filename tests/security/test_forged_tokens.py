"""No method of any door answers to a token that is forged, changed, too old, or was given for something else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cli.house import House
from shared.runners.door import OpenDoor
from shared.runners.parts import ServiceApp
from shared.signing import SigningKey
from shared.tokens import mint_person_token, mint_service_token, mint_session_token

LONG_AGO = timedelta(minutes=3)
WITHOUT_TOKEN = {
    "accounts.sign_in": "a password is checked instead",
    "accounts.issue_token": "a session is checked instead, below",
    "accounts.issue_reporter_token": "anybody may report (REP-03)",
    "referrals.seen_by_link": "takes a one-time link, kept as a keyed hash (REF-04)",
    "referrals.answered_by_link": "takes a one-time link, too",
    "referrals.take_message": "takes a message that its agency has signed (REF-04)",
}
OF_LISTENERS: dict[str, tuple[Any, ...]] = {"pull": (str(uuid4()), 0, 10), "heads": (None,)}
"""Methods that services call, with what they are asked."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All services with keys of their own."""
    with House.open(tmp_path_factory.mktemp("tokens") / "home") as house:
        yield house


def methods_of(service: ServiceApp) -> list[str]:
    """Every RPC method of a service's door, those for other services among them."""
    door = service.parts.door
    return [name for name in dir(door) if getattr(getattr(door, name), "nameko_entrypoints", None)]


def call(service: ServiceApp, method: str, token: Any) -> dict[str, Any]:
    """What the door answers."""
    door = service.parts.door()
    door.door = OpenDoor(service)
    arguments = OF_LISTENERS.get(method, ({"command_id": str(uuid4()), "data": {}},))
    answer: dict[str, Any] = getattr(door, method)(token, *arguments)
    return answer


def each_method(house: House) -> Iterator[tuple[ServiceApp, str]]:
    """Every method of every service that takes a token."""
    for service in house.services.values():
        for method in methods_of(service):
            if f"{service.name}.{method}" not in WITHOUT_TOKEN:
                yield service, method


def a_person(key: SigningKey, audience: str, now: datetime | None = None) -> str:
    """A head's token."""
    school = uuid4()
    return mint_person_token(
        key,
        person=uuid4(),
        tenant=school,
        roles=["head", "administrator"],
        home=school,
        purpose="",
        audience=audience,
        now=now or datetime.now(UTC),
    )


def a_service(key: SigningKey, audience: str, method: str, now: datetime | None = None) -> str:
    """A service's token for one method."""
    now = now or datetime.now(UTC)
    return mint_service_token(key, service=key.service, audience=audience, method=method, cause=None, now=now)


def right_token(house: House, service: ServiceApp, method: str, now: datetime | None = None) -> str:
    """What this method is called with."""
    if method in OF_LISTENERS:
        listener = next(iter(service.heard_by), "reports")
        return a_service(house.services[listener].signing_key, service.name, method, now)
    return a_person(house.services["accounts"].signing_key, service.name, now)


def changed(token: str, part: int, **values: Any) -> str:
    """Another header (0) or other claims (1) under the same signature."""
    parts = token.split(".")
    content = json.loads(base64.urlsafe_b64decode(parts[part] + "=="))
    text = json.dumps(content | values).encode()
    parts[part] = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return ".".join(parts)


def unsigned(token: str) -> str:
    """The same claims under the algorithm `none`."""
    return changed(token, 0, alg="none").rpartition(".")[0] + "."


def stolen_name(house: House, service: ServiceApp, method: str) -> str:
    """Signed by a key that nobody published, under the name of one that is."""
    audience = service.name
    false = SigningKey.generate("accounts")
    token = a_service(false, audience, method) if method in OF_LISTENERS else a_person(false, audience)
    return changed(token, 0, kid=house.services["accounts"].signing_key.id)


def other_audience(house: House, service: ServiceApp, method: str) -> str:
    other = next(one for one in house.services if one != service.name)
    if method in OF_LISTENERS:
        return a_service(house.services["cases"].signing_key, other, method)
    return a_person(house.services["accounts"].signing_key, other)


def other_signer(house: House, service: ServiceApp, method: str) -> str:
    """Another service vouches for a person; for a listener's method, somebody vouches for a service by its own key."""
    key = house.services["reports"].signing_key
    if method in OF_LISTENERS:
        return changed(a_service(key, service.name, method), 1, iss="cases", sub="cases")
    return a_person(key, service.name)


def other_kind(house: House, service: ServiceApp, method: str) -> str:
    """A person's where a service's is asked for, and the other way round."""
    if method in OF_LISTENERS:
        return a_person(house.services["accounts"].signing_key, service.name)
    return a_service(house.services["accounts"].signing_key, service.name, method)


def a_session(house: House, service: ServiceApp, _: str) -> str:
    """The session that buys tokens is none."""
    key = house.services["accounts"].signing_key
    return mint_session_token(key, person=uuid4(), home=uuid4(), session=uuid4(), now=datetime.now(UTC))


Forgery = Callable[[House, ServiceApp, str], Any]
FORGERIES: dict[str, Forgery] = {
    "none": lambda *_: None,
    "empty": lambda *_: "",
    "made up": lambda *_: "a.b.c",
    "not a text": lambda *_: {"token": True},
    "expired": lambda house, service, method: right_token(house, service, method, datetime.now(UTC) - LONG_AGO),
    "of tomorrow": lambda house, service, method: right_token(house, service, method, datetime.now(UTC) + LONG_AGO),
    "unsigned": lambda house, service, method: unsigned(right_token(house, service, method)),
    "under a stolen name": stolen_name,
    "with another tenant": lambda house, service, method: changed(
        right_token(house, service, method), 1, tenant=str(uuid4()), method="heads" if method == "pull" else "pull"
    ),
    "with more roles": lambda house, service, method: changed(
        right_token(house, service, method), 1, roles=["auditor"], purpose="audit:all"
    ),
    "for ever": lambda house, service, method: changed(right_token(house, service, method), 1, exp=2**40),
    "of another audience": other_audience,
    "of another signer": other_signer,
    "of another kind": other_kind,
    "a session": a_session,
}


@pytest.mark.requirement("CON-01")
class TestADoor:
    def test_lets_in_who_has_the_right_token(self, house: House) -> None:
        """The other side of the border: no method refuses everything."""
        methods = list(each_method(house))
        assert len(methods) > 60
        for service, method in methods:
            answer = call(service, method, right_token(house, service, method))
            told = (answer.get("kind"), answer.get("code"))
            assert "token" not in told, (service.name, method, told)
            if method in OF_LISTENERS:
                assert answer["ok"] is bool(service.heard_by), (service.name, method, answer)

    @pytest.mark.parametrize("forgery", FORGERIES)
    def test_answers_no_method_to_a_token_that_is(self, house: House, forgery: str) -> None:
        for service, method in each_method(house):
            answer = call(service, method, FORGERIES[forgery](house, service, method))
            told = (answer["ok"], answer.get("kind"), answer.get("code"))
            assert told == (False, "token", "common.token_refused"), (service.name, method, told)

    def test_answers_no_listeners_method_to_a_token_for_the_other(self, house: House) -> None:
        """Replayed at another method of the same service."""
        for service in house.services.values():
            for method, other in (("pull", "heads"), ("heads", "pull")):
                assert call(service, method, right_token(house, service, other))["kind"] == "token"

    def test_lets_no_service_pull_that_does_not_listen(self, house: House) -> None:
        for service in house.services.values():
            for stranger in set(house.services) - service.heard_by:
                for method in OF_LISTENERS:
                    token = a_service(house.services[stranger].signing_key, service.name, method)
                    assert call(service, method, token)["kind"] == "not_permitted", (service.name, stranger)

    def test_without_a_token_is_only_where_something_else_is_checked(self, house: House) -> None:
        found = {
            f"{service.name}.{method}"
            for service in house.services.values()
            for method in methods_of(service)
            if getattr(service.parts.door, method).__code__.co_varnames[1] != "token"
        }
        assert found == set(WITHOUT_TOKEN)


class TestASession:
    @pytest.mark.parametrize("forgery", ["none", "made up", "expired", "unsigned", "of a stranger", "a token"])
    def test_that_is_not_one_buys_no_token(self, house: House, forgery: str) -> None:
        """`issue_token` takes it as data."""
        accounts = house.services["accounts"]
        now = datetime.now(UTC)
        facts: dict[str, Any] = {"person": uuid4(), "home": uuid4(), "session": uuid4()}
        sound = mint_session_token(accounts.signing_key, now=now, **facts)
        session = {
            "none": "",
            "made up": "a.b.c",
            "expired": mint_session_token(accounts.signing_key, now=now - timedelta(hours=9), **facts),
            "unsigned": unsigned(sound),
            "of a stranger": mint_session_token(house.services["cases"].signing_key, now=now, **facts),
            "a token": a_person(accounts.signing_key, "accounts"),
        }[forgery]
        door = accounts.parts.door()
        door.door = OpenDoor(accounts)
        data = {"session": session, "audience": "cases", "tenant": str(uuid4())}
        answer = door.issue_token({"data": data})
        assert (answer["ok"], answer["kind"]) == (False, "token"), answer
