"""Whatever knocks, the door answers with data: what was done or a kind of refusal, never the text of an exception."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog

from shared.ids import new_id
from shared.runners.door import OpenDoor
from shared.runners.follower import Follower
from shared.testing.toy_services import (
    TOO_MUCH,
    UNLUCKY,
    BellSchema,
    Promise,
    PromiseSchema,
    Ring,
    RingersSchema,
    RingSchema,
    ToyHouse,
    show_bell,
)
from shared.tokens import mint_service_token


class Caller:
    """Somebody at alpha's door, with a token for one tenant."""

    def __init__(self, toys: ToyHouse, tenant: UUID) -> None:
        self.toys = toys
        self.tenant = tenant
        self.door = OpenDoor(toys.toys["alpha"].service)
        self.token: Any = toys.token(tenant)

    def ring(self, data: Any, **payload: Any) -> dict[str, Any]:
        """The answer to `ring`."""
        payload = {"command_id": str(new_id()), "data": data} | payload
        return self.door.command(self.token, payload, RingSchema(), Ring)

    def promise(self, data: Any, **payload: Any) -> dict[str, Any]:
        """The answer to `promise`."""
        payload = {"command_id": str(new_id()), "data": data} | payload
        return self.door.command(self.token, payload, PromiseSchema(), Promise)

    def show(self, bell: Any, **payload: Any) -> dict[str, Any]:
        """The answer to `show_bell`."""
        return self.door.query(self.token, {"data": {"bell": str(bell)}} | payload, BellSchema(), show_bell)


@pytest.fixture
def caller(sqlite_toys: ToyHouse) -> Caller:
    """Somebody with a token for a school."""
    return Caller(sqlite_toys, new_id())


class TestACommand:
    def test_is_done_in_the_tokens_tenant(self, caller: Caller) -> None:
        """The payload cannot choose the tenant or the actor."""
        answer = caller.ring({"number": 7})
        assert answer["ok"]
        [recorded] = caller.toys.alpha.for_tenant(caller.tenant).recorder.select_notifications(1, 10)
        assert recorded.actor.startswith("person:")
        assert answer["answer"] == {"bell": str(recorded.stream)}

    def test_repeated_gives_the_first_answer(self, caller: Caller) -> None:
        """The same id again, even with other data: done once."""
        command = str(new_id())
        first = caller.ring({"number": 7}, command_id=command)["answer"]
        assert caller.ring({"number": 7}, command_id=command)["answer"] == first
        assert caller.ring({"number": 8}, command_id=command)["answer"] == first
        assert caller.toys.alpha.for_tenant(caller.tenant).recorder.max_notification_id() == 1

    def test_refused_by_the_domain_gives_code_and_facts(self, caller: Caller) -> None:
        """A refusal is data."""
        assert caller.ring({"number": TOO_MUCH + 1}) == {
            "ok": False,
            "kind": "refused",
            "code": "alpha.bell_too_loud",
            "facts": {"number": TOO_MUCH + 1},
        }

    def test_that_expects_another_version_is_a_conflict(self, caller: Caller) -> None:
        """Somebody else was there first."""
        bell = caller.ring({"number": 7})["answer"]["bell"]
        data = {"bell": bell, "due_at": "2026-12-01T09:00:00+05:00"}
        assert caller.promise(data, expected_version=1)["ok"]
        answer = caller.promise(data, expected_version=1)
        assert (answer["kind"], answer["facts"]) == ("conflict", {"expected": 1, "found": 2})


class TestAPosition:
    """The log's position after a command, as its caller is told it."""

    def test_tells_nothing_of_how_long_the_log_is(self, caller: Caller) -> None:
        """Text of one length, new each time, from which nobody counts what went on in between (CON-08)."""
        command = str(new_id())
        told = [caller.ring({"number": 7}, command_id=command)["position"] for _ in range(3)]
        told += [caller.ring({"number": 7})["position"] for _ in range(3)]
        assert {len(text) for text in told} == {48}
        assert len(set(told)) == len(told)

    def test_is_of_use_in_its_own_tenant_alone(self, caller: Caller) -> None:
        """Another school's position is no position here."""
        rung = Caller(caller.toys, new_id()).ring({"number": 7})
        answer = caller.show(new_id(), at_least=rung["position"])
        assert (answer["kind"], answer["facts"]) == ("unknown", {"what": "position"})


class TestAToken:
    def test_that_does_not_hold_is_refused_as_data(self, caller: Caller) -> None:
        """Whatever it is: nothing, nonsense, another service's, a service's instead of a person's."""
        key = caller.toys.signing_keys["beta"]
        now = caller.toys.clock.now()
        others = mint_service_token(key, service="beta", audience="alpha", method="ring", cause=None, now=now)
        for token in (
            None,
            "",
            "ақ-жол",
            caller.toys.token(caller.tenant, audience="beta"),
            others,
            caller.token[:-4] + "AAAA",
        ):
            caller.token = token
            for answer in (caller.ring({"number": 7}), caller.show(new_id())):
                assert (answer["ok"], answer["kind"], answer["code"]) == (False, "token", "common.token_refused")

    def test_is_looked_at_before_the_payload(self, caller: Caller) -> None:
        """Who may not call learns nothing of what is wrong with the call."""
        caller.token = "none"
        assert caller.ring({"number": "many"})["kind"] == "token"


class TestAnId:
    def test_unknown_and_foreign_answer_alike(self, caller: Caller) -> None:
        """Another school's bell is as unknown as one that never was, to the letter."""
        stranger = Caller(caller.toys, new_id())
        foreign = stranger.ring({"number": 7})["answer"]["bell"]
        unknown = str(new_id())
        due_at = "2026-12-01T09:00:00+05:00"
        assert caller.show(foreign) == caller.show(unknown)
        assert caller.promise({"bell": foreign, "due_at": due_at}) == caller.promise(
            {"bell": unknown, "due_at": due_at}
        )
        assert caller.show(foreign)["kind"] == "unknown"
        assert stranger.show(foreign)["ok"]


class TestInput:
    def test_that_is_wrong_names_every_field_by_its_path(self, caller: Caller) -> None:
        """All faults at once, as codes, deep in lists too."""
        answer = caller.ring({"number": "көп", "times": 0, "ring": True})
        assert (answer["kind"], answer["code"]) == ("invalid", "common.invalid_input")
        assert answer["facts"]["faults"] == {
            "number": ["not_a_number"],
            "times": ["too_few"],
            "ring": ["unknown_field"],
        }
        payload = {"command_id": str(new_id()), "data": {"ringers": [{"name": "Еңлік"}, {}, {"name": None}]}}
        nested = caller.door.command(caller.token, payload, RingersSchema(), Ring)
        assert nested["facts"]["faults"] == {"ringers.1.name": ["required"], "ringers.2.name": ["required"]}

    @pytest.mark.parametrize(
        ("payload", "faults"),
        [
            ({"command_id": "no id"}, {"command_id": ["required"]}),
            ({"command_id": None}, {"command_id": ["required"]}),
            ({"expected_version": "one"}, {"expected_version": ["not_a_number"]}),
            ({"expected_version": True}, {"expected_version": ["not_a_number"]}),
            ({"data": "text"}, {"data": ["not_an_object"]}),
            ({"data": None}, {"number": ["required"]}),
        ],
    )
    def test_of_the_envelope_is_checked_too(
        self, caller: Caller, payload: dict[str, Any], faults: dict[str, Any]
    ) -> None:
        """Command id, expected version, the data itself."""
        answer = caller.ring(**{"data": {"number": 7}} | payload)
        assert (answer["kind"], answer["facts"]) == ("invalid", {"faults": faults})

    def test_that_is_no_object_is_refused(self, caller: Caller) -> None:
        """A list in the place of the payload."""
        nonsense: Any = ["сөз"]
        answer = caller.door.command(caller.token, nonsense, RingSchema(), Ring)
        assert answer["facts"] == {"faults": {"payload": ["not_an_object"]}}


class TestSomethingUnforeseen:
    def test_gives_a_code_and_nothing_of_its_text(self, caller: Caller) -> None:
        """Neither the answer nor the log repeats the name in the exception."""
        bell = caller.ring({"number": UNLUCKY, "ringer": "Жібек"})["answer"]["bell"]
        with structlog.testing.capture_logs() as logged:
            answer = caller.show(bell)
        assert answer == {"ok": False, "kind": "failed", "code": "common.failed", "facts": {}}
        [failure] = [entry for entry in logged if entry["event"] == "door.call_failed"]
        assert (failure["error"], failure["place"].partition(":")[0]) == ("ToyBrokenError", "alpha.py")
        assert "Қоңыр" not in json.dumps(logged, ensure_ascii=False)


class TestAQuery:
    def test_answers_with_json_values(self, caller: Caller) -> None:
        """Ids as text, times as ISO 8601 in UTC."""
        bell = caller.ring({"number": 7})["answer"]["bell"]
        caller.promise({"bell": bell, "due_at": "2026-12-01T09:00:00+05:00"})
        answer = caller.show(bell)
        assert json.loads(json.dumps(answer)) == answer
        assert (answer["answer"]["bell"], answer["answer"]["promised"]) == (bell, "2026-12-01T04:00:00Z")

    def test_at_least_at_a_position_waits_for_the_follower(
        self, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who has just written reads what was written, though the follower comes later."""
        rung = caller.ring({"number": 7})
        follower = Follower(caller.toys.toys["alpha"].service, threading.Event())
        monkeypatch.setattr(time, "sleep", lambda _: follower.follow_once())
        answer = caller.show(rung["answer"]["bell"], at_least=rung["position"])
        assert answer["answer"]["state"] == "rung"

    def test_does_not_wait_for_ever(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        """A follower that stands still: the answer comes with what there is."""
        monkeypatch.setattr("shared.runners.door.WAIT_FOR_POSITION_SECONDS", 0.2)
        rung = caller.ring({"number": 7})
        began = time.monotonic()
        answer = caller.show(rung["answer"]["bell"], at_least=rung["position"])
        assert 0.2 <= time.monotonic() - began < 2
        assert (answer["ok"], answer["answer"]["state"]) == (True, None)

    @pytest.mark.parametrize("said", ["soon", "", 1, True, [], "A" * 48, "ә" * 48, "A" * 49])
    def test_with_a_position_that_we_did_not_tell_is_refused(self, caller: Caller, said: Any) -> None:
        """`at_least` is a position that a command was answered with: nobody makes one up."""
        assert caller.show(new_id(), at_least=said)["facts"] == {"what": "position"}

    def test_tokens_end_after_a_minute(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        """The door looks at the machine's clock, whatever a rehearsal's says."""
        later = caller.toys.clock.now() + timedelta(seconds=61)

        class Later:
            @staticmethod
            def now(_: Any) -> Any:
                return later

        monkeypatch.setattr("shared.runners.door.datetime", Later)
        assert caller.show(new_id())["facts"] == {"reason": "expired"}
