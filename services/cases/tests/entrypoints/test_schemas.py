"""What comes in at the door: every fault named by field, and every command's fields the schema's."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import uuid4

import pytest

from services.cases import commands, schemas
from services.cases.tests.builders import all_factors
from shared.domain import Command, InvalidInputError
from shared.runners.door import load

CASE = str(uuid4())
_ENVELOPE = {field.name for field in fields(Command)}
_OF_POLICIES = {"NoteNewFacts", "RaiseNotice", "SettleNotice", "OpenCase", "LinkReport", "WallOffPerson", "CaseCommand"}
_OF_POLICIES |= {"NoteMemberNamed", "NoteGrantEnded", "OfferMatter", "NoteReleaseAnswered", "WallOffFromMatter"}
ASKED = [
    command
    for name, command in vars(commands).items()
    if isinstance(command, type) and issubclass(command, Command) and command is not Command
    if name not in _OF_POLICIES and not name.startswith("NoteReferral")
]


def faults(schema: Any, data: dict[str, Any]) -> dict[str, list[str]]:
    """The codes of what is wrong, by field path."""
    with pytest.raises(InvalidInputError) as refusal:
        load(schema, data)
    found: dict[str, list[str]] = refusal.value.facts["faults"]
    return found


@pytest.mark.parametrize("command", ASKED, ids=lambda command: command.__name__)
def test_a_schema_takes_exactly_the_fields_of_its_command(command: type[Command]) -> None:
    """Neither side has one that the other lacks."""
    schema = getattr(schemas, command.__name__)
    assert set(schema().fields) == {field.name for field in fields(command)} - _ENVELOPE


def test_all_faults_are_named_at_once() -> None:
    """Missing, unknown, of the wrong kind: each under its own path."""
    found = faults(
        schemas.AssessRisk(),
        {
            "case": "7",
            "level": "enormous",
            "factors": {"future_threat": "perhaps"},
            "reasons": "  ",
            "childs_place": None,
            "mood": "good",
        },
    )
    assert found == {
        "case": ["not_an_id"],
        "level": ["unknown_choice"],
        "factors.future_threat.value": ["unknown_choice"],
        "reasons": ["required"],
        "childs_place": ["required"],
        "childs_safety": ["required"],
        "best_interests": ["required"],
        "mood": ["unknown_field"],
    }


def test_faults_in_lists_name_their_place() -> None:
    """The second goal's first measure."""
    measure = {"measure": "Әңгіме", "nature": "help", "owner": "психолог", "due_on": "2026-05-04"}
    goal = {"area": "learning", "goal": "Сенім", "measures": [measure]}
    wrong = goal | {"measures": [measure | {"due_on": "tomorrow"}]}
    assert faults(schemas.DrawUpSupportPlan(), {"case": CASE, "goals": [goal, wrong]}) == {
        "goals.1.measures.0.due_on": ["not_a_date"]
    }


def test_what_fits_is_loaded_as_values() -> None:
    """Codes become the domain's own, ids and days too."""
    loaded = load(
        schemas.AssessRisk(),
        {
            "case": CASE,
            "level": "high",
            "factors": {name: answer.value for name, answer in all_factors().items()},
            "reasons": "Қысым",
            "childs_place": "Қорқады",
            "childs_safety": "Жоқ",
            "best_interests": "Қауіпсіздік",
        },
    )
    assert loaded["factors"] == all_factors()


@pytest.mark.parametrize(("more", "codes"), [(0, ["out_of_range"]), ("x", ["not_a_number"]), (51, ["out_of_range"])])
def test_more_sessions_are_a_small_number(more: object, codes: list[str]) -> None:
    """1 to 50."""
    assert faults(schemas.ExtendSessions(), {"case": CASE, "more": more, "reason": "Керек"}) == {"more": codes}
