"""What comes in at the door: everything that the Algorithm's lists allow, and codes for every fault."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.reports import schemas
from services.reports.commands import ReceiveReport
from services.reports.domain.values import Accused, Category, Child, Kind, Role, Source
from services.reports.schemas.asked import LONGEST_TEXT
from shared.domain import Actor
from shared.ids import new_id

LEAST: dict[str, Any] = {"source": "child_victim", "channel": "web", "description": "Мені үйде ұрады"}


def faults(schema: Any, data: dict[str, Any]) -> Any:
    """What the schema finds wrong."""
    with pytest.raises(ValidationError) as refused:
        schema.load(data)
    return refused.value.messages


class TestAReport:
    @pytest.mark.requirement("REP-01")
    def test_needs_no_more_than_source_channel_and_words(self) -> None:
        loaded = schemas.ReceiveReport().load(LEAST)
        command = ReceiveReport(**loaded, tenant=new_id(), command_id=new_id(), by=Actor(id="reporter:x"))
        assert (command.source, command.kinds, command.child) == (Source.CHILD_VICTIM, (), None)

    def test_becomes_values(self) -> None:
        loaded = schemas.ReceiveReport().load(
            LEAST
            | {
                "kinds": ["physical"],
                "child": {"name": "Іңкәр", "age": 9},
                "accused": [{"name": "директор", "category": "staff", "role": "head"}],
                "happened_at": "2026-08-31T09:00:00+05:00",
            }
        )
        assert loaded["kinds"] == (Kind.PHYSICAL,)
        assert loaded["child"] == Child(name="Іңкәр", age=9)
        assert loaded["accused"] == (Accused(name="директор", category=Category.STAFF, role=Role.HEAD),)
        assert loaded["happened_at"].isoformat() == "2026-08-31T09:00:00+05:00"

    def test_is_told_every_fault_by_field_in_codes(self) -> None:
        found = faults(
            schemas.ReceiveReport(),
            {
                "source": "ufo",
                "description": " \n ",
                "kinds": ["physical", "rudeness"],
                "child": {"age": 40},
                "accused": [{"person": "me"}],
                "immediate_danger": "perhaps",
                "happened_at": "yesterday",
                "colour": "red",
            },
        )
        assert found == {
            "source": ["unknown_choice"],
            "channel": ["required"],
            "description": ["required"],
            "kinds": {1: ["unknown_choice"]},
            "child": {"name": ["required"], "age": ["out_of_range"]},
            "accused": {0: {"person": ["not_an_id"]}},
            "immediate_danger": ["invalid"],
            "happened_at": ["invalid"],
            "colour": ["unknown_field"],
        }

    @pytest.mark.parametrize("text", ["\n\nӘке ішіп келіп ұрды", "a" * LONGEST_TEXT])
    def test_takes_texts_with_lines_up_to_the_longest(self, text: str) -> None:
        assert schemas.ReceiveReport().load(LEAST | {"description": text})["description"] == text

    def test_does_not_take_longer_ones(self) -> None:
        found = faults(schemas.ReceiveReport(), LEAST | {"description": "a" * (LONGEST_TEXT + 1)})
        assert found == {"description": ["too_long"]}


class TestAReaderOfPublicEvents:
    def test_takes_the_fields_it_uses_and_leaves_the_others(self) -> None:
        case, report = new_id(), new_id()
        read = schemas.read_case_opened({"case": str(case), "report": str(report), "new_in_v1": True})
        assert (read.case, read.report) == (case, report)

    def test_does_not_take_one_without_them(self) -> None:
        with pytest.raises(ValidationError):
            schemas.read_team_member_joined({"case": str(new_id())})
