"""A child changes school: what was released arrives as a matter of the other school's own, and no more (CON-08)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from shared.domain import Actor
from shared.ledger.tables import public_events
from tests.security.test_walls import WORD, Cast, Matter, a_matter, a_safe, somebody
from tests.support.whole_house import WholeHouse

CHILD: dict[str, Any] = {"name": "Әлихан Ғабитұлы Өмірбек", "birth_date": "2014-09-03", "class_name": "5 «Ә»"}
LATER = "Кейін жазылған нәтиже"


@dataclass(frozen=True)
class Move:
    """Two schools; the first one's case of the child, of which a teacher may know nothing wherever he works."""

    house: WholeHouse
    cast: Cast
    matter: Matter
    to: UUID
    head: Actor

    def release(self, *parts: str) -> Any:
        """The first school's head chooses."""
        asked: dict[str, Any] = {
            "case": self.matter.case,
            "to": str(self.to),
            "parts": list(parts),
            "reason": "Отбасы көшті",
        }
        return self.house.do("cases.release_parts", self.cast.head, **asked)

    def there(self, call: str, by: Actor, **data: Any) -> Any:
        """Asked at the second school."""
        return self.house.ask(call, by, data, tenant=self.to)

    def arrived(self) -> str:
        """The one matter that came."""
        [row] = self.there("cases.arrived_matters", self.head)["answer"]
        return str(row["matter"])

    def answered(self, call: str, **data: Any) -> str:
        """The second school's head answers."""
        matter = self.arrived()
        self.house.do(call, self.head, tenant=self.to, matter=matter, **data)
        return matter


@pytest.fixture
def move(tmp_path: Path) -> Iterator[Move]:
    """The case has a child and a step."""
    cast, agency, to = Cast.of_a_school(), str(uuid4()), uuid4()
    with WholeHouse.open(tmp_path) as house:
        listed = {"agency": agency, "kind": "police", "channel": "web", "virtual_host": None}
        house.hear("accounts", "accounts.agency_registered.v1", UUID(agency), listed)
        registered = {"school": str(to), "department": str(uuid4()), "language": "kk"}
        house.hear("accounts", "accounts.school_registered.v1", to, registered)
        house.settle()
        a_safe(house, cast)
        matter = a_matter(house, cast, agency, cast.teacher)
        house.do("cases.identify_child", cast.pedagogue, case=matter.case, **CHILD)
        step: dict[str, Any] = {"step": "medical_check", "role": "school_doctor", "on": "2026-11-23"}
        house.do("cases.record_assessment_step", cast.pedagogue, case=matter.case, **step, result=WORD)
        yield Move(house, cast, matter, to, somebody("head"))


@pytest.mark.requirement("CON-08")
class TestAChildsTransfer:
    def test_moves_what_the_head_released_and_both_trails_show_it(self, move: Move) -> None:
        """Neither sees more: not other parts, not what was written after, not who holds the case there."""
        transfer = move.release("child")["transfer"]
        step: dict[str, Any] = {"step": "medical_check", "role": "school_doctor", "on": "2026-11-23"}
        move.house.do("cases.record_assessment_step", move.cast.pedagogue, case=move.matter.case, **step, result=LATER)
        offered = move.there("cases.show_matter", move.head, matter=move.arrived())["answer"]
        assert (offered["state"], offered["parts"], offered["content"]) == ("offered", ["child"], {})
        matter = move.answered("cases.accept_matter")
        shown = move.there("cases.show_matter", move.head, matter=matter)["answer"]
        [child] = shown["content"]["child"]
        assert (set(shown["content"]), child["facts"]) == ({"child"}, CHILD)
        assert [event["topic"] for event in shown["trail"]] == ["cases.matter_offered", "cases.matter_accepted"]
        told = json.dumps(shown, ensure_ascii=False)
        assert WORD not in told and LATER not in told and str(move.cast.pedagogue.person) not in told  # noqa: PT018
        trail = move.house.do("cases.case_timeline", move.cast.head, case=move.matter.case)
        told_here = {event["topic"]: event["facts"] for event in trail}
        assert told_here["cases.parts_released"]["to"] == str(move.to)
        assert told_here["cases.release_answered"] == {"transfer": transfer, "outcome": "accepted"}
        assert move.there("cases.show_case", move.head, case=move.matter.case)["kind"] == "unknown"
        assert move.house.ask("cases.show_matter", move.cast.head, {"matter": matter})["kind"] == "unknown"

    def test_may_be_declined_and_then_nothing_comes(self, move: Move) -> None:
        move.release("child", "risk")
        matter = move.answered("cases.decline_matter", reason="Бала бізге келмеді")
        shown = move.there("cases.show_matter", move.head, matter=matter)["answer"]
        assert (shown["state"], shown["content"]) == ("declined", {})
        again = move.there("cases.accept_matter", move.head, matter=matter)
        assert again["code"] == "cases.matter_answered"
        trail = move.house.do("cases.case_timeline", move.cast.head, case=move.matter.case)
        assert trail[-1]["facts"]["outcome"] == "declined"
        move.release("child")

    def test_takes_the_walls_along(self, move: Move) -> None:
        """The teacher finds nothing there either, be he head of that school: as of an unknown id."""
        walled = Actor(id=move.cast.teacher.id, roles=frozenset({"head"}))
        move.release("child")
        matter = move.answered("cases.accept_matter")
        assert move.there("cases.arrived_matters", walled)["answer"] == []
        for call, data in (("cases.show_matter", {}), ("cases.decline_matter", {"reason": WORD})):
            found = move.there(call, walled, matter=matter, **data)
            assert found == move.there(call, walled, matter=str(uuid4()), **data)
            assert found["kind"] == "unknown"

    @pytest.mark.requirement("REP-02")
    @pytest.mark.parametrize("is_accepted", [True, False])
    def test_takes_walls_along_that_come_later(self, move: Move, is_accepted: bool) -> None:
        """Before and after the other school took it; also that school's own head, then."""
        move.release("child")
        matter = move.answered("cases.accept_matter") if is_accepted else move.arrived()
        assert move.there("cases.show_matter", move.head, matter=matter)["ok"]
        move.house.do("reports.wall_off_person", move.cast.head, report=move.matter.report, person=move.head.person)
        for call in ("cases.show_matter", "cases.accept_matter"):
            found = move.there(call, move.head, matter=matter)
            assert found == move.there(call, move.head, matter=str(uuid4()))
            assert found["kind"] == "unknown"
        assert move.there("cases.arrived_matters", move.head)["answer"] == []
        other = somebody("head")
        shown = move.there("cases.show_matter", other, matter=matter)["answer"]
        assert shown["trail"][-1]["topic"] == "cases.matter_walled_off"
        assert str(move.head.person) not in json.dumps(shown["trail"][-1]["facts"])

    @pytest.mark.requirement("REP-02")
    def test_takes_no_wall_to_a_school_that_declined(self, move: Move) -> None:
        move.release("child")
        matter = move.answered("cases.decline_matter", reason=WORD)
        move.house.do("reports.wall_off_person", move.cast.head, report=move.matter.report, person=move.head.person)
        trail = move.house.do("cases.case_timeline", move.cast.head, case=move.matter.case)
        assert "cases.wall_passed_on" not in {event["topic"] for event in trail}
        assert move.there("cases.show_matter", move.head, matter=matter)["ok"]

    def test_is_the_heads_alone_on_both_sides(self, move: Move) -> None:
        """Not the coordinator's, and not the deputy's where the head is not walled off."""
        asked = {"case": move.matter.case, "to": str(move.to), "parts": ["child"], "reason": WORD}
        refused = move.house.ask("cases.release_parts", move.cast.pedagogue, asked)
        assert (refused["kind"], refused["facts"]["rule"]) == ("not_permitted", "CON-08")
        move.release("child")
        matter = move.arrived()
        for by in (somebody("deputy"), somebody("psychologist")):
            for call in ("cases.accept_matter", "cases.show_matter"):
                assert move.there(call, by, matter=matter)["kind"] == "not_permitted"

    def test_goes_to_a_school_that_there_is_and_once_at_a_time(self, move: Move) -> None:
        asked = {"case": move.matter.case, "parts": ["child"], "reason": WORD}
        for to in (str(uuid4()), str(move.house.school)):
            refused = move.house.ask("cases.release_parts", move.cast.head, {**asked, "to": to})
            assert refused["code"] == "cases.not_a_school_here"
        move.release("child")
        again = move.house.ask("cases.release_parts", move.cast.head, {**asked, "to": str(move.to)})
        assert again["code"] == "cases.release_not_answered"

    def test_puts_no_word_of_it_in_public_events(self, move: Move) -> None:
        """Ids and codes alone travel."""
        move.release("child", "risk", "plans", "help", "change")
        move.answered("cases.accept_matter")
        with move.house.running["cases"].service.database.relay() as connection:
            bodies = [row.body for row in connection.execute(select(public_events))]
        assert any("accepted" in str(body) for body in bodies)
        assert not any(CHILD["name"] in str(body) or WORD in str(body) for body in bodies)
