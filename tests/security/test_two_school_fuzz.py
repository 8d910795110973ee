"""Two schools share an installation: whatever people of one ask, at any door, nothing comes back of the other (CON-08).

Every call of every service and every route of the gateway, found by looking: with the other school's ids among what
is sent, with wrong types, left out and added fields, other tenants' headers, ids of the other's commands. Answers,
refusals, headers and the public events that follow hold nothing of the other school's but what was sent; a question
and a refusal are to the letter what unknown ids get; the other school's ledgers stand as they stood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from secrets import randbits, token_hex
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from marshmallow import fields

from services.accounts import commands
from services.accounts.bootstrap import SERVICE as ACCOUNTS
from services.accounts.tests.world import REAL_NOW
from services.gateway.api.routes import Route
from services.gateway.bootstrap import AREAS, build
from services.gateway.settings import Settings
from services.reports.domain.receipt import BITS, written
from shared.domain import Actor
from shared.messaging.pull import pull_page
from shared.runners.door import OpenDoor
from shared.tokens import mint_person_token
from tests.security.test_two_schools import READERS
from tests.security.test_walls import SAID
from tests.support.doors import Call, all_calls
from tests.support.said import something
from tests.support.two_schools import TwoSchools

SECRET = f"Құпиясөз{token_hex(8)}"
WRONG: tuple[Any, ...] = (None, 1, [], {}, "", True, "2026-13-45", [None], "ә" * 300)
QUICK = settings(
    max_examples=3,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ROUTES = {f"{route.method} {route.path}": route for routes, _ in AREAS.values() for route in routes}


@dataclass(frozen=True)
class Ours:
    """Stands for something of the other school, by name."""

    name: str


@dataclass
class Asker:
    """Who asks in `theirs`, what there is of `ours` that can be sent (`known`), and what must never come (`secret`);
    `keys` are the ids of the other school's commands.
    """

    schools: TwoSchools
    known: Mapping[str, str]
    secret: frozenset[str]
    accounts: Any
    keys: list[str]
    accepted: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)

    def filled(self, value: Any, known: Mapping[str, str]) -> Any:
        """What is sent, with ids in place of their names."""
        if isinstance(value, Ours):
            return known[value.name]
        if isinstance(value, dict):
            return {name: self.filled(one, known) for name, one in value.items()}
        return [self.filled(one, known) for one in value] if isinstance(value, list) else value

    def unknown(self) -> dict[str, str]:
        """Of nothing that there is, by the same names."""
        return {name: str(uuid4()) for name in self.known} | {"receipt": written(randbits(BITS))}

    def answer(self, call: Call, by: Actor, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What the door says."""
        service, _, method = call.name.partition(".")
        door = self.accounts if service == "accounts" else self.schools.house.running[service].door
        sent = json.loads(json.dumps(payload))
        asked = getattr(door, method)
        found: dict[str, Any] = asked(sent) if call.kind == "without_token" else asked(self.token(service, by), sent)
        return found

    def token(self, service: str, by: Actor) -> str:
        """For their school, whatever is sent."""
        tenant = self.schools.theirs.tenant
        if service != "accounts":
            return self.schools.house.token(by, service, tenant)
        home, person = self.schools.people[tenant]
        key = self.schools.world.application.parts.signing_key
        assert key is not None
        whom: dict[str, Any] = {"person": person, "roles": by.roles, "home": home, "purpose": ""}
        return mint_person_token(key, tenant=home, audience=service, now=REAL_NOW, **whom)

    def check(self, call: Call, by: Actor, payload: Mapping[str, Any]) -> None:
        """Asks, and looks at all that comes of it."""
        sent = self.filled(payload, {**self.known, "command": self.keys[-1]})
        found = self.answer(call, by, sent)
        self.holds_nothing(call.name, found, sent)
        if found["ok"] and call.kind == "command":
            self.accepted |= {one for one in (*self.known.values(), self.keys[-1]) if one in json.dumps(sent)}
            if sent["command_id"] == self.keys[-1] and len(self.keys) > 1:
                self.keys.pop()  # theirs as well, from now on
            self.publishes_nothing(call.name)
        elif call.name not in READERS and not any(one in json.dumps(sent) for one in self.accepted):
            others = self.unknown()
            other = self.filled(payload, others)
            twin = self.answer(call, by, other)
            assert nameless(found, self.known, sent) == nameless(twin, others, other), (call.name, sent)

    def holds_nothing(self, what: str, answer: Any, sent: Any) -> None:
        """Beyond what was sent now, or was taken over before, as somebody's id."""
        said, known = json.dumps(answer, ensure_ascii=False), json.dumps(sent, ensure_ascii=False)
        told = {one for one in (*self.secret, *self.known.values()) if one in said and one not in known}
        assert told <= self.accepted, (what, sent, answer)

    def publishes_nothing(self, what: str) -> None:
        """The public events of their school since the last time."""
        service = what.partition(".")[0]
        if service == "accounts":
            return
        running, tenant = self.schools.house.running[service], self.schools.theirs.tenant
        page = pull_page(running.service, tenant, self.seen.get(service, 0), 500)
        said = json.dumps(page, default=str, ensure_ascii=False)
        told = {one for one in (*self.secret, *self.known.values()) if one in said} - self.accepted
        assert not told, (what, [name for name, one in self.known.items() if one in told])

    def positions(self) -> dict[str, int | None]:
        """Where the other school's ledgers stand."""
        ours = self.schools.ours.tenant
        running = self.schools.house.running.items()
        return {name: one.service.application.for_tenant(ours).recorder.max_notification_id() for name, one in running}


def nameless(answer: Any, known: Mapping[str, str], sent: Any) -> str:
    """An answer with names in place of the ids that were sent."""
    said, asked = json.dumps(answer, ensure_ascii=False), json.dumps(sent)
    for name, value in known.items():
        said = said.replace(value, f"<{name}>") if value in asked else said
    return said


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Both schools with a matter; the other's with words and ids that are in nothing of this one's."""
    with TwoSchools.open(tmp_path_factory.mktemp("schools")) as schools:
        yield an_asker(schools)


def an_asker(schools: TwoSchools) -> Asker:
    """Who may ask what of which."""
    ours, house, world = schools.ours, schools.house, schools.world
    with_secrets(schools)
    people = {name: str(one.person) for name, one in vars(ours.cast).items()}
    answers = house.asked_with[ours.tenant]
    keys = sorted(key for key, answer in answers.items() if not makes_something(answer))
    known = {**vars(ours.matter), **ours.prevention, **people, "tenant": str(ours.tenant), "command": keys[0]}
    known |= {
        "matter": schools.arrived,
        "safe": house.do("cases.register_of_papers", ours.cast.head, tenant=ours.tenant)[0]["safe"],
    }
    streams = [
        streams_of(one.service.application, (ours.tenant, schools.theirs.tenant)) for one in house.running.values()
    ]
    secret = {one for mine, others in streams for one in mine - others} - set(known.values())
    secret |= {SECRET, str(schools.people[ours.tenant][1])}
    door = ACCOUNTS.door()
    door.door = OpenDoor(world.follower.service)
    door.door.verifier = AtTheWorldsTime(door.door.verifier)
    return Asker(schools, known, frozenset(secret) | set(answers), door, keys)


def makes_something(answer: Mapping[str, Any]) -> bool:
    """Whether a command's answer names an id that its own leads to: whoever sends the same command, is told the same
    id of what is then theirs.
    """
    return re.search(r"-5[0-9a-f]{3}-", json.dumps(answer)) is not None


def with_secrets(schools: TwoSchools) -> None:
    """Words that only the other school's records hold."""
    ours, house = schools.ours, schools.house
    house.school = ours.tenant
    head, pedagogue = ours.cast.head, ours.cast.pedagogue
    house.do("reports.write_to_reporter", pedagogue, report=ours.matter.report, text=SECRET)
    child: Mapping[str, Any] = {"name": SECRET, "birth_date": "2014-09-03", "class_name": "5 «Ә»"}
    house.do("cases.identify_child", pedagogue, case=ours.matter.case, **child)
    told: Mapping[str, Any] = {"audiences": ["parents"], "topics": ["response"]}
    today: Mapping[str, Any] = {"starts_on": "2026-11-23", "ends_on": "2026-11-23"}
    house.do("monitoring.plan_campaign", head, title=SECRET, means="letter", **told, **today)
    schools.world.do(commands.RegisterPerson, home=schools.people[ours.tenant][0], name=SECRET, login=None)


def streams_of(application: Any, tenants: tuple[UUID, UUID]) -> tuple[set[str], set[str]]:
    """Which streams each of two tenants has in a service."""
    ledgers = [application.for_tenant(tenant).recorder.select_notifications(1, 10_000) for tenant in tenants]
    mine, others = ({str(one.stream) for one in events} for events in ledgers)
    return mine, others


@dataclass
class AtTheWorldsTime:
    """Tokens live in real time, which stands in the world of accounts."""

    verifier: Any

    def person(self, token: str, _: datetime) -> Any:
        """The claims of a token."""
        return self.verifier.person(token, REAL_NOW)


def base_of(call: Call, known: Mapping[str, str]) -> dict[str, Any]:
    """What the call needs, every id the other school's: by name where there is one of that name."""
    said = dict(SAID.get(call.name, {}))
    for name, one in call.schema.fields.items():
        if name in known and (isinstance(one, fields.UUID) or name == "receipt"):
            said[name] = Ours(name)
        elif isinstance(one, fields.UUID):
            said[name] = Ours({"stream": "case", "person": "psychologist"}.get(name, "report"))
    return something(call.schema, said)


@st.composite
def payloads(draw: Any, call: Call, known: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, Any]:
    """Something that fits, and what is wrong with it."""
    data = base_of(call, known)
    for name in sorted(call.schema.fields):
        what = draw(st.sampled_from(["as it is", "as it is", "ours", "theirs", "wrong", "none"]))
        if what == "ours":
            data[name] = Ours(draw(st.sampled_from(sorted(known))))
        elif what == "theirs" and name in theirs:
            data[name] = theirs[name]
        elif what == "wrong":
            data[name] = draw(st.sampled_from(WRONG))
        elif what == "none":
            data.pop(name, None)
    if draw(st.booleans()):
        data |= {"tenant": Ours("tenant"), "school": Ours("tenant")}
    command = draw(st.sampled_from([Ours("command"), str(draw(st.uuids(version=4)))]))
    at_least = draw(st.sampled_from([None, "AAAA", Ours("report")]))
    version = draw(st.sampled_from([None, None, 1, 10**9]))
    return {"command_id": command, "at_least": at_least, "expected_version": version, "data": data}


def ask_in_every_way(asker: Asker, call: Call, people: Sequence[Actor], theirs: Mapping[str, str]) -> None:
    """A few of all the ways."""

    @QUICK
    @given(payloads(call, asker.known, theirs), st.sampled_from(people))
    def ask(payload: dict[str, Any], by: Actor) -> None:
        asker.check(call, by, payload)

    ask()


@pytest.mark.requirement("CON-08")
class TestWhateverIsAsked:
    @pytest.mark.parametrize("service", sorted({name.partition(".")[0] for name in all_calls()}))
    def test_of_a_service_tells_nothing_of_the_other_school(self, asker: Asker, service: str) -> None:
        """Every call, asked well and badly; the other school's ledgers stand as before."""
        before = asker.positions()
        calls = [call for call in all_calls().values() if call.name.startswith(f"{service}.")]
        theirs = {**vars(asker.schools.theirs.matter), **asker.schools.theirs.prevention}
        people = [one for name, one in vars(asker.schools.theirs.cast).items() if name != "officer"]
        for call in calls:
            plain = {"command_id": str(uuid4()), "data": base_of(call, asker.known)}
            asker.check(call, people[0], plain)
            ask_in_every_way(asker, call, people, theirs)
        asker.schools.house.settle()
        for one in asker.schools.house.running:
            asker.publishes_nothing(f"{one}.")
        assert asker.positions() == before

    def test_is_seen_to_tell_where_a_tenant_is_mistaken(self, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is planted is found."""
        ours, house = asker.schools.ours, asker.schools.house
        call = all_calls()["reports.show_report"]
        with monkeypatch.context() as planted:
            planted.setattr(asker, "token", lambda service, _: house.token(ours.cast.pedagogue, service, ours.tenant))
            with pytest.raises(AssertionError):
                asker.check(call, ours.cast.pedagogue, {"data": base_of(call, asker.known)})


class DoorsOfTheHouse:
    """Stands where the gateway's RPC stands: calls the doors; a session is a person's place in the cast."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker

    def call(self, service: str, method: str, *args: Any, timeout: float | None = None) -> dict[str, Any]:
        """See `services.gateway.clients.Rpc`."""
        theirs = self.asker.schools.theirs
        if method in ("issue_token", "issue_reporter_token"):
            asked = args[-1]["data"]
            if asked.get("tenant") != str(theirs.tenant):
                return {"ok": False, "kind": "not_permitted", "code": "common.not_permitted", "facts": {}}
            by = getattr(theirs.cast, asked["session"]) if "session" in asked else Actor(id=f"reporter:{uuid4()}")
            return {"ok": True, "answer": {"token": self.token(asked.get("audience", "reports"), by)}, "position": None}
        door = self.asker.accounts if service == "accounts" else self.asker.schools.house.running[service].door
        found: dict[str, Any] = getattr(door, method)(*json.loads(json.dumps(args)))
        return found

    def token(self, service: str, by: Actor) -> str:
        """As accounts would give it."""
        if by.person is None:
            return self.asker.schools.house.token(by, service, self.asker.schools.theirs.tenant)
        return self.asker.token(service, by)


@st.composite
def requests(draw: Any, known: Mapping[str, str]) -> dict[str, Any]:
    """Headers of a request, and how its ids and fields differ from what fits."""
    tenant = draw(st.sampled_from(["theirs", "theirs", "ours", "nonsense"]))
    return {
        "tenant": tenant,
        "session": draw(st.sampled_from(["head", "pedagogue", "psychologist", "teacher"])),
        "key": draw(st.sampled_from([known["command"], str(draw(st.uuids(version=4))), "x"])),
        "purpose": draw(st.sampled_from(["", f"grant:{known['case']}"])),
        "dropped": draw(st.integers(0, 3)),
        "added": draw(st.sampled_from([{}, {"tenant": known["tenant"]}, {"ә": known["case"]}])),
        "language": draw(st.sampled_from(["kk", "ru", "en"])),
    }


def ask_over_the_api(asker: Asker, client: FlaskClient, route: Route, base: Mapping[str, Any]) -> None:
    """A few of all the ways: the other school's ids in the address and the body."""

    @QUICK
    @given(requests(asker.known))
    def ask(asked: dict[str, Any]) -> None:
        fields_ = [name for name in base if name not in route.ids][asked["dropped"] :]
        sent = {name: base[name] for name in fields_} | asked["added"]
        address = "/api/v1" + route.path.format_map({one: base.get(one, asker.known["case"]) for one in route.ids})
        tenants = {"theirs": str(asker.schools.theirs.tenant), "ours": asker.known["tenant"], "nonsense": "x"}
        headers = {
            "Authorization": f"Bearer {asked['session']}",
            "X-Qorgan-Tenant": tenants[asked["tenant"]],
            "X-Qorgan-Purpose": asked["purpose"],
            "Idempotency-Key": asked["key"],
            "Accept-Language": asked["language"],
        }
        said: dict[str, Any] = {"query_string": sent} if route.method == "GET" else {"json": sent or None}
        response = client.open(address, method=route.method, headers=headers, **said)
        told = [response.status, dict(response.headers), response.get_data(as_text=True)]
        asker.holds_nothing(f"{route.method} {route.path}", told, [address, headers, sent])
        if response.status_code < HTTPStatus.BAD_REQUEST and route.is_command:
            asker.accepted |= {one for one in asker.known.values() if one in json.dumps([address, sent, asked["key"]])}

    ask()


@pytest.mark.requirement("CON-08")
class TestWhateverIsAskedOverTheApi:
    def test_tells_nothing_of_the_other_school(self, asker: Asker) -> None:
        """Every route: addresses, bodies, headers; status, headers and body of what comes back."""
        client = build(Settings(), DoorsOfTheHouse(asker)).test_client()
        calls, before = all_calls(), asker.positions()
        for route in ROUTES.values():
            base = asker.filled(base_of(calls[route.call], asker.known), asker.known)
            ask_over_the_api(asker, client, route, base)
        asker.schools.house.settle()
        for one in asker.schools.house.running:
            asker.publishes_nothing(f"{one}.")
        assert asker.positions() == before
